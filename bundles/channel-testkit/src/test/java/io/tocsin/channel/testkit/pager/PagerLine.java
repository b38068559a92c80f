package io.tocsin.channel.testkit.pager;

import io.tocsin.channel.api.ChannelEvents;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.Receipt;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.api.SendOutcome.Accepted;
import io.tocsin.channel.api.SendOutcome.Fault;
import io.tocsin.channel.api.SendOutcome.InDoubt;
import io.tocsin.channel.api.SendOutcome.Rejected;
import io.tocsin.channel.api.SendOutcome.Retry;
import io.tocsin.channel.api.SendOutcome.Scope;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One connection to a gateway, from login to its end; a line is a command or an answer.
 *
 * <pre>
 *   LOGIN token                    WELCOME | DENIED
 *   PAGE reference address text    OK reference id | SLOW reference | NOBODY reference
 *   GOT id                         SHOWN id reference      the receipt, told again until it is got
 * </pre>
 *
 * What was written and not answered when the connection ends may have left; what was not written did certainly not.
 */
final class PagerLine implements AutoCloseable {
    private static final SendOutcome NO_ANSWER = new InDoubt("no-answer");

    private final PagerAccount settings;
    private final ChannelEvents events;
    private final Socket socket = new Socket();
    private final ExecutorService writer;
    private final Map<String, Page> waiting = new HashMap<>();
    private BufferedReader answers;
    private boolean open;

    /** The gateway does not let us in. */
    static final class Refused extends IOException {}

    private static final class Page {
        final CompletableFuture<SendOutcome> outcome = new CompletableFuture<>();
        boolean left;
    }

    PagerLine(String account, PagerAccount settings, ChannelEvents events) throws IOException {
        // makes its descriptor: a connect() that overtakes the close() of one without would leave a connection that
        // nobody can close
        socket.getSoTimeout();
        this.settings = settings;
        this.events = events;
        this.writer = Executors.newSingleThreadExecutor(work -> new Thread(work, "pager-" + account + "-writer"));
    }

    void login() throws IOException {
        int limit = (int) settings.responseTimeout().toMillis();
        socket.connect(new InetSocketAddress(settings.host(), settings.port()), limit);
        socket.setSoTimeout(limit);
        answers = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        write("LOGIN " + word(settings.token()));
        String answer = answers.readLine();
        if ("DENIED".equals(answer)) {
            throw new Refused();
        } else if (!"WELCOME".equals(answer)) {
            throw new IOException("no welcome");
        }
        socket.setSoTimeout(0);
        synchronized (this) {
            open = true;
        }
    }

    /** Reads until the connection ends. @throws IOException always, in the end */
    void listen() throws IOException {
        for (String said = answers.readLine(); said != null; said = answers.readLine()) {
            String[] words = said.split(" ");
            if (words[0].equals("SHOWN") && words.length == 3) {
                shown(words[1], words[2]);
            } else if (words.length > 1) {
                settle(words[1], understood(words));
            }
        }
        throw new IOException("the gateway hung up");
    }

    /** Never blocks: a thread of this connection writes. */
    CompletionStage<SendOutcome> page(OutboundMessage message) {
        Page page = new Page();
        synchronized (this) {
            if (!open) {
                return CompletableFuture.completedFuture(retry("not-connected"));
            }
            waiting.put(message.reference(), page);
        }
        // No word in time: the gateway may have it, and this connection is not to be trusted any more.
        page.outcome
                .completeOnTimeout(NO_ANSWER, settings.responseTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .thenAccept(said -> {
                    if (said == NO_ANSWER) {
                        end();
                    }
                });
        later(() -> {
            synchronized (this) {
                if (!open) {
                    return;
                }
                page.left = true; // from here on the gateway may have it
            }
            write("PAGE " + message.reference() + " " + word(message.address()) + " " + word(message.text()));
        });
        return page.outcome;
    }

    private static SendOutcome understood(String[] words) {
        return switch (words[0]) {
            case "OK" -> words.length > 2 ? new Accepted(words[2]) : new Accepted(List.of());
            case "SLOW" -> retry("throttled");
            case "NOBODY" -> new Rejected("no-such-pager", Fault.ADDRESS);
            default -> new InDoubt("not-understood");
        };
    }

    private static Retry retry(String code) {
        return new Retry(code, Duration.ofSeconds(1), Scope.ACCOUNT);
    }

    private void settle(String reference, SendOutcome outcome) {
        Page page;
        synchronized (this) {
            page = waiting.remove(reference);
        }
        if (page != null) {
            page.outcome.complete(outcome);
        }
    }

    /** Acknowledged once it is stored: what was not, the gateway tells again. */
    private void shown(String id, String reference) {
        Receipt receipt = new Receipt(
                id, Optional.of(reference), Optional.empty(), Receipt.State.DELIVERED, "shown", Instant.now());
        events.receipt(receipt).whenComplete((stored, failure) -> {
            if (failure == null) {
                later(() -> write("GOT " + id));
            }
        });
    }

    private interface Writing {
        void run() throws IOException;
    }

    private void later(Writing writing) {
        try {
            writer.execute(() -> {
                try {
                    writing.run();
                } catch (IOException e) {
                    end();
                }
            });
        } catch (RejectedExecutionException e) {
            end(); // which says what became of each
        }
    }

    private void write(String line) throws IOException {
        socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    /** No space and no line break: what people write stays within its place. */
    private static String word(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Waits until everything sent is answered, for so long at most. */
    void drain(Duration limit) {
        CompletableFuture<?>[] sent;
        synchronized (this) {
            sent = waiting.values().stream().map(page -> page.outcome).toArray(CompletableFuture[]::new);
        }
        try {
            CompletableFuture.allOf(sent).get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return; // in doubt, then
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void end() {
        try {
            socket.close(); // whoever reads from it or connects with it stops
        } catch (IOException e) {
            return; // closed all the same
        }
    }

    @Override
    public void close() {
        Map<String, Page> rest;
        synchronized (this) {
            open = false;
            rest = Map.copyOf(waiting);
            waiting.clear();
        }
        end();
        writer.shutdown();
        rest.values()
                .forEach(page ->
                        page.outcome.complete(page.left ? new InDoubt("connection-lost") : retry("not-connected")));
    }
}
