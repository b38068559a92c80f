package io.tocsin.channel.fax.internal;

import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelEvents;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.LineCapacity;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.Reattachment;
import io.tocsin.channel.api.SelfCheck;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.api.SendOutcome.Fault;
import io.tocsin.channel.api.SendOutcome.Scope;
import io.tocsin.channel.api.Withdrawal;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open fax account: makes pages of messages, one after the other on a thread of its own, and hands them to the lines. No thread waits
 * for a call.
 */
final class FaxChannel implements Channel, LineCapacity, SelfCheck, Reattachment, Withdrawal {
    private static final Logger LOG = LoggerFactory.getLogger(FaxChannel.class);
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(3);
    /** For the pages, and for the pages of those before. */
    private static final Duration PREPARATION = Duration.ofMinutes(4);

    private final String account;
    private final FaxSettings settings;
    private final FaxPages pages;
    private final Spool spool;
    private final FaxLines lines;
    private final ExecutorService preparing;
    private final AtomicBoolean closed = new AtomicBoolean();

    FaxChannel(String account, FaxSettings settings, ChannelEvents events, Clock clock) {
        this.account = account;
        this.settings = settings;
        this.pages = new FaxPages(settings, clock);
        this.spool = new Spool(settings.spool(), settings.spoolOnSwitch());
        this.preparing = oneThread("fax-" + account + "-pages");
        this.lines = new FaxLines(account, settings, events, clock, spool);
    }

    /** Returns at once. */
    void start() {
        lines.start();
    }

    @Override
    public CompletionStage<SendOutcome> send(OutboundMessage message) {
        if (closed.get()) {
            return CompletableFuture.completedFuture(FaxLines.closedOutcome());
        }
        Optional<FaxNumber> number = FaxNumber.of(message.address());
        if (number.isEmpty()) {
            return CompletableFuture.completedFuture(new SendOutcome.Rejected("address-not-e164", Fault.ADDRESS));
        }
        if (!lines.isUp()) {
            return CompletableFuture.completedFuture(
                    new SendOutcome.Retry("switch-away", Duration.ZERO, Scope.ACCOUNT));
        }
        FaxCall call = new FaxCall(message.reference(), number.get(), false);
        if (!lines.take(call)) {
            return CompletableFuture.completedFuture(new SendOutcome.InDoubt("under-way-already"));
        }
        try {
            preparing.execute(() -> prepare(message, call));
        } catch (RejectedExecutionException closing) {
            lines.end(call, FaxLines.closedOutcome());
        }
        return call.outcome();
    }

    private void prepare(OutboundMessage message, FaxCall call) {
        if (call.outcome().isDone()) {
            return;
        }
        try {
            lines.dial(call, pages.write(message, spool.file(message.reference())));
        } catch (Unprintable e) {
            lines.end(call, new SendOutcome.Rejected(e.code(), Fault.CONTENT));
        } catch (IOException e) {
            LOG.warn(
                    "fax-spool-failed account={} failure={}",
                    account,
                    e.getClass().getSimpleName());
            lines.end(
                    call, new SendOutcome.Retry("spool-failed", settings.waits().other(), Scope.ACCOUNT));
        } catch (RuntimeException
                | OutOfMemoryError
                | StackOverflowError e) { // somebody's document must not end the account
            LOG.warn(
                    "fax-not-printable account={} failure={}",
                    account,
                    e.getClass().getName());
            lines.end(call, new SendOutcome.Rejected("not-printable", Fault.CONTENT));
        }
    }

    @Override
    public int window() {
        return settings.lines();
    }

    @Override
    public int lines() {
        return lines.isUp() ? settings.lines() : 0;
    }

    @Override
    public Duration longest() {
        return settings.longest().plus(PREPARATION);
    }

    @Override
    public ChannelHealth health() {
        return closed.get() ? ChannelHealth.down("closed") : lines.health();
    }

    @Override
    public CompletionStage<ChannelHealth> check() {
        return lines.check();
    }

    @Override
    public CompletionStage<Boolean> reattach(OutboundMessage message) {
        return FaxNumber.of(message.address())
                .map(number -> lines.adopt(new FaxCall(message.reference(), number, true)))
                .orElseGet(() -> CompletableFuture.completedFuture(false));
    }

    @Override
    public void withdraw(String reference) {
        lines.withdraw(reference);
    }

    /** Calls under way go on at the switch, and can be found again there. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            preparing.shutdownNow();
            lines.close(DRAIN_LIMIT);
            try {
                if (!preparing.awaitTermination(DRAIN_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                    LOG.warn("fax-pages-still-drawn account={}", account);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public String toString() {
        return "FaxChannel[" + account + "]";
    }

    /** A thread while there is something to do. */
    private static ExecutorService oneThread(String name) {
        ThreadPoolExecutor executor =
                new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, name);
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }
}
