package io.tocsin.channel.testkit.pager;

import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelEvents;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.api.SendOutcome.Fault;
import io.tocsin.channel.api.SendOutcome.Scope;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Pages people over a made-up protocol: a line out, a line back, a connection a message. The smallest honest channel. */
final class PagerChannel implements Channel {
    private static final int DRAIN_SECONDS = 2;

    private final String account;
    private final PagerAccount settings;
    private final ChannelEvents events;
    private final ScheduledExecutorService threads;
    private final Set<CompletableFuture<SendOutcome>> unfinished = ConcurrentHashMap.newKeySet();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile ChannelHealth health = ChannelHealth.down("connecting");
    private volatile boolean closed;

    PagerChannel(String account, PagerAccount settings, ChannelEvents events) {
        this.account = account;
        this.settings = settings;
        this.events = events;
        this.threads =
                Executors.newScheduledThreadPool(settings.window() + 1, work -> new Thread(work, "pager-" + account));
    }

    void start() {
        threads.scheduleWithFixedDelay(this::hello, 0, 200, TimeUnit.MILLISECONDS);
    }

    @Override
    public CompletionStage<SendOutcome> send(OutboundMessage message) {
        CompletableFuture<SendOutcome> outcome = new CompletableFuture<>();
        unfinished.add(outcome);
        outcome.whenComplete((said, failure) -> unfinished.remove(outcome));
        try {
            threads.execute(() -> outcome.complete(page(message)));
        } catch (RejectedExecutionException e) {
            outcome.complete(retry("channel-closed", Duration.ZERO));
        }
        return outcome;
    }

    private SendOutcome page(OutboundMessage message) {
        String line = "PAGE " + word(settings.token()) + " " + message.reference() + " " + word(message.address()) + " "
                + word(message.text());
        boolean left = false;
        try (Socket socket = connected()) {
            left = true; // from here on the operator may have it
            return understood(ask(socket, line));
        } catch (IOException e) {
            return left ? new SendOutcome.InDoubt("connection-lost") : retry("not-connected", Duration.ofSeconds(1));
        }
    }

    private static SendOutcome understood(String answer) {
        return switch (answer.split(" ")[0]) {
            case "OK" -> new SendOutcome.Accepted(answer.substring(3));
            case "SLOW" -> retry("throttled", Duration.ofSeconds(1));
            case "NOBODY" -> new SendOutcome.Rejected("no-such-pager", Fault.ADDRESS);
            case "DENIED" -> retry("login-refused", Duration.ofSeconds(10));
            default -> new SendOutcome.InDoubt("not-understood");
        };
    }

    private static SendOutcome retry(String code, Duration after) {
        return new SendOutcome.Retry(code, after, Scope.ACCOUNT);
    }

    private void hello() {
        try (Socket socket = connected()) {
            tell(
                    ask(socket, "HELLO " + word(settings.token())).equals("WELCOME")
                            ? ChannelHealth.up()
                            : ChannelHealth.down("the server refuses the token: ask the operator for another"));
        } catch (IOException e) {
            tell(ChannelHealth.down("no connection to " + settings.host() + ":" + settings.port()));
        }
    }

    private void tell(ChannelHealth now) {
        if (!now.equals(health) && !closed) {
            health = now;
            events.health(now);
        }
    }

    private Socket connected() throws IOException {
        Socket socket = new Socket() {
            @Override
            public void close() throws IOException {
                sockets.remove(this);
                super.close();
            }
        };
        sockets.add(socket);
        int limit = (int) settings.responseTimeout().toMillis();
        try {
            socket.setSoTimeout(limit);
            socket.connect(new InetSocketAddress(settings.host(), settings.port()), limit);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static String ask(Socket socket, String line) throws IOException {
        socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.US_ASCII));
        String answer = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                .readLine();
        if (answer == null) {
            throw new IOException("the server hung up");
        }
        return answer;
    }

    /** No space and no line break: what people write stays within its place. */
    private static String word(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public int window() {
        return settings.window();
    }

    @Override
    public ChannelHealth health() {
        return health;
    }

    @Override
    public void close() {
        closed = true;
        threads.shutdown();
        try {
            threads.awaitTermination(DRAIN_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads.shutdownNow();
        for (Socket socket : sockets) {
            try {
                socket.close(); // whoever reads from it is in doubt
            } catch (IOException e) {
                continue; // closed all the same
            }
        }
        unfinished.forEach(one -> one.complete(new SendOutcome.InDoubt("channel-closed")));
    }

    @Override
    public String toString() {
        return "PagerChannel[" + account + "]";
    }
}
