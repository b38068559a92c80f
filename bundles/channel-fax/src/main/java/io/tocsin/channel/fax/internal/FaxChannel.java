package io.tocsin.channel.fax.internal;

import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelEvents;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.CostEstimate;
import io.tocsin.channel.api.LineCapacity;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.Preflight;
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
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open fax account: makes pages of messages, one after the other on a thread of its own, and hands them to the lines. No thread waits
 * for a call.
 */
final class FaxChannel implements Channel, LineCapacity, CostEstimate, Preflight, SelfCheck, Reattachment, Withdrawal {
    private static final Logger LOG = LoggerFactory.getLogger(FaxChannel.class);
    /** For the pages of those before; who waited longer is sent later. */
    private static final Duration QUEUE_LIMIT = Duration.ofMinutes(2);
    /** For the pages of one. */
    private static final Duration DRAWING_LIMIT = Duration.ofMinutes(2);

    private final String account;
    private final FaxSettings settings;
    private final PageCount count;
    private final Spool spool;
    private final FaxLines lines;
    private final Press press;
    private final Duration drainLimit;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** @param drainLimit how long closing waits for faxes to end @param checkLimit how long a check waits for a connection */
    FaxChannel(
            String account,
            FaxSettings settings,
            ChannelEvents events,
            Clock clock,
            Duration drainLimit,
            Duration checkLimit) {
        this.account = account;
        this.settings = settings;
        this.drainLimit = drainLimit;
        this.count = new PageCount(new Face(), settings);
        this.spool = new Spool(settings.spool(), settings.spoolOnSwitch());
        this.lines = new FaxLines(account, settings, events, clock, spool, checkLimit);
        this.press =
                new Press("fax-" + account + "-pages", () -> new FaxPages(settings, clock), lines::loop, DRAWING_LIMIT);
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
        long takenAt = System.nanoTime();
        try {
            press.print(new Press.Job() {
                @Override
                public void draw(FaxPages pages) {
                    if (System.nanoTime() - takenAt < QUEUE_LIMIT.toNanos()) {
                        prepare(message, call, pages);
                    } else {
                        lines.end(call, new SendOutcome.Retry("too-many-to-draw", Duration.ZERO, Scope.ACCOUNT));
                    }
                }

                @Override
                public void overdue() {
                    lines.end(call, new SendOutcome.Rejected("not-drawn-in-time", Fault.CONTENT));
                }
            });
        } catch (RejectedExecutionException closing) {
            lines.end(call, FaxLines.closedOutcome());
        }
        return call.outcome();
    }

    private void prepare(OutboundMessage message, FaxCall call, FaxPages pages) {
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

    /** Faxes that another began hold no place in the core's window. */
    @Override
    public int lines() {
        return lines.isUp() ? Math.max(0, settings.lines() - lines.adopted()) : 0;
    }

    @Override
    public Duration longest() {
        return settings.longest().plus(QUEUE_LIMIT).plus(DRAWING_LIMIT);
    }

    /** Carriers charge for time; a page is what takes it. */
    @Override
    public Cost estimate(OutboundMessage message) {
        try {
            return new Cost(count.of(message));
        } catch (Unprintable e) {
            return new Cost(1);
        }
    }

    @Override
    public Optional<Objection> objection(OutboundMessage message) {
        if (FaxNumber.of(message.address()).isEmpty()) {
            return Optional.of(new Objection("address-not-e164", "write numbers in E.164, such as +33123456789"));
        }
        try {
            count.of(message);
            return Optional.empty();
        } catch (Unprintable e) {
            return Optional.of(new Objection(e.code(), e.reason().cure()));
        }
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
            press.close(); // before the lines: what it had waiting, they end
            lines.close(drainLimit);
        }
    }

    @Override
    public String toString() {
        return "FaxChannel[" + account + "]";
    }
}
