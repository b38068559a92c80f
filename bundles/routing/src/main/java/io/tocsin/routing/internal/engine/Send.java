package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.routing.internal.LogScope;
import io.tocsin.routing.internal.engine.Fact.Intent;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Third step, and the only caller of channels: renders each intended message and hands it over within the window and the
 * time limit. Whatever a channel does — throws, completes twice, never completes — ends as one outcome for the recorder.
 */
final class Send {
    private static final Logger LOG = LoggerFactory.getLogger(Send.class);

    private final AlertTexts texts;
    private final Record record;
    private final Life life;
    private final Duration callLimit;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final Counters counters;
    private final Conducts conducts;

    Send(
            AlertTexts texts,
            Record record,
            Life life,
            Duration callLimit,
            Clock clock,
            LongSupplier nanoTime,
            Counters counters,
            Conducts conducts) {
        this.texts = texts;
        this.record = record;
        this.life = life;
        this.callLimit = callLimit;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.counters = counters;
        this.conducts = conducts;
    }

    /** What is logged meanwhile, also by a channel, is about this message. */
    static LogScope about(Intent intent) {
        return LogScope.message(
                intent.target().tenantId(),
                intent.target().alertId(),
                intent.target().reference());
    }

    /** Has spoken what the messages of a micro-batch say by telephone; blocks as long as that takes. */
    void ahead(Lane lane, List<Intent> intents) throws InterruptedException {
        try {
            texts.ahead(lane.route().channel(), intents);
        } catch (RuntimeException e) {
            // Only a head start: what is intended is sent all the same, and whatever stands in the way is met and told
            // there.
            LOG.warn("send.not-ahead account={} failure={}", lane.route().name(), Redaction.described(e));
        }
    }

    /**
     * Renders an intended message.
     *
     * @return empty if nothing is to be sent: what became of it is recorded instead
     * @throws io.tocsin.persistence.api.DatabaseException while the alert's text cannot be read: ask again
     */
    Optional<OutboundMessage> prepare(Lane lane, Intent intent) {
        if (intent.answered()) {
            lane.departed();
            record.record(new Fact.Skipped(intent.target(), intent.batch(), "answered", clock.instant()));
            return Optional.empty();
        }
        try {
            return Optional.of(render(lane, intent));
        } catch (IllegalArgumentException | IllegalStateException e) {
            LOG.warn(
                    "send.not-rendered tenant={} alert={} problem={}",
                    intent.target().tenantId(),
                    intent.target().alertId(),
                    e.getMessage());
            lane.departed();
            ended(lane, intent, new SendOutcome.Rejected("not-rendered", SendOutcome.Fault.CONTENT), false);
            return Optional.empty();
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof InterruptedIOException) {
                throw e;
            }
            LOG.warn(
                    "send.document-not-kept tenant={} alert={} problem={}",
                    intent.target().tenantId(),
                    intent.target().alertId(),
                    e.getMessage());
            // What this node cannot print is another's at once, and not claimed here again and again: not even the
            // first is handed over.
            if (lane.breaker().lets()) {
                lane.breaker().trip(e.getMessage(), false);
                leftAlone(lane);
                lane.letGo();
            }
            notSent(lane, intent, "document-not-kept");
            return Optional.empty();
        }
    }

    /**
     * A message as it is handed over; again the same for the same intent.
     *
     * @throws IllegalArgumentException if it cannot be rendered
     * @throws io.tocsin.persistence.api.DatabaseException while the alert's text cannot be read: ask again
     */
    OutboundMessage render(Lane lane, Intent intent) {
        return texts.of(intent.target().tenantId(), intent.target().alertId())
                .render(lane.route().channel(), intent);
    }

    /**
     * Hands a message to the lane's channel, if its lease certainly lasts and this node certainly lives: one that stood still for too
     * long, or that others cannot see any more, must not send what they may have sent again meanwhile.
     *
     * @param place in the lane's window, entered for it
     */
    void handOver(Lane lane, Intent intent, OutboundMessage message, int place) {
        if (!life.covers(intent.batch())) {
            lane.window().leave(place);
            notSent(lane, intent, "lease-over");
            return;
        }
        if (!lane.breaker().enter()) {
            lane.window().leave(place);
            notSent(lane, intent, "left-alone");
            return;
        }
        InFlight inFlight = new InFlight(intent, lane, place, nanoTime.getAsLong(), lane.sendLimit(), this::ended);
        lane.window().put(place, inFlight);
        lane.departed();
        counters.add("submitted", 1);
        handOver(lane, message, inFlight);
    }

    /** What is intended will not be sent after all: known for certain, so that it is tried again without a doubt. */
    void notSent(Lane lane, Intent intent, String code) {
        lane.departed();
        record(lane, intent, new SendOutcome.Retry(code, Duration.ZERO, SendOutcome.Scope.ACCOUNT), false);
    }

    /** Whether a message that is prepared waits: until this node's life is confirmed again, as long as its lease lasts. */
    boolean waits(Intent intent) {
        return life.mayCover(intent.batch());
    }

    /** Whether what follows waits until one message has shown how the channel does. */
    boolean waits(Lane lane) {
        return lane.breaker().waits();
    }

    /** Whether a call that began then has taken longer than any may. */
    boolean overdue(long since) {
        return nanoTime.getAsLong() - since > callLimit.toNanos();
    }

    long now() {
        return nanoTime.getAsLong();
    }

    /** A channel is a guest's code: whatever it throws, the message may have left. */
    private void handOver(Lane lane, OutboundMessage message, InFlight inFlight) {
        try {
            CompletionStage<SendOutcome> stage = lane.channel().send(message);
            stage.whenComplete((outcome, failure) -> {
                if (outcome == null) {
                    failed(inFlight, failure == null ? "a stage without an outcome" : Redaction.described(failure));
                } else {
                    answered(inFlight, outcome);
                }
            });
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
            // also a checked one: a guest need not be written in Java
            failed(inFlight, Redaction.described(e));
        }
    }

    private void answered(InFlight inFlight, SendOutcome outcome) {
        Conduct conduct = conducts.of(inFlight.lane.accountId());
        if (inFlight.completed(Outcomes.bounded(outcome))) {
            inFlight.lane.breaker().answered();
            conduct.answered(outcome, Duration.ofNanos(nanoTime.getAsLong() - inFlight.since));
        } else {
            conduct.late();
        }
    }

    /** Possibly on a thread of the channel's. What it threw is named by its class: its words may be anybody's. */
    private void failed(InFlight inFlight, String what) {
        if (inFlight.completed(new SendOutcome.InDoubt("channel-error"))) {
            Lane lane = inFlight.lane;
            conducts.of(lane.accountId()).threw();
            boolean leftAlone = lane.breaker().failed(what);
            try (LogScope account = LogScope.account(lane.route().name());
                    LogScope about = about(inFlight.intent)) {
                LOG.warn(
                        "send.channel-failed account={} failure={}",
                        lane.route().name(),
                        what);
            }
            if (leftAlone) {
                leftAlone(lane);
            }
        }
    }

    private void leftAlone(Lane lane) {
        try (LogScope about = LogScope.account(lane.route().name())) {
            LOG.warn(
                    "channel.left-alone account={} problem=\"{}\"",
                    lane.route().name(),
                    lane.breaker().trouble().orElse(""));
        }
    }

    /** What was taken back was not needed any more: it has not failed, and nothing follows. */
    private void ended(InFlight message, SendOutcome outcome, boolean late) {
        Optional<String> why = late ? Optional.empty() : message.takenBack(outcome);
        why.ifPresentOrElse(
                said -> record.record(
                        new Fact.Skipped(message.intent.target(), message.intent.batch(), said, clock.instant())),
                () -> ended(message.lane, message.intent, outcome, late));
    }

    private void ended(Lane lane, Intent intent, SendOutcome outcome, boolean late) {
        if (outcome instanceof SendOutcome.Retry retry && retry.scope() == SendOutcome.Scope.ACCOUNT) {
            if (retry.code().contains("throttl")) {
                lane.throttle().tooFast();
            } else {
                lane.throttle()
                        .closeFor(Math.min(
                                Duration.ofMinutes(1).toNanos(),
                                Math.max(
                                        Duration.ofMillis(500).toNanos(),
                                        retry.after().toNanos())));
            }
        }
        record(lane, intent, outcome, late);
    }

    private void record(Lane lane, Intent intent, SendOutcome outcome, boolean late) {
        record.record(new Fact.Sent(
                intent.target(),
                intent.batch(),
                lane.accountId(),
                intent.tryNo(),
                intent.category(),
                outcome,
                late,
                clock.instant()));
    }

    /** Gives up on whatever has had its time. Called a few times a second. */
    void giveUpOverdue(Lane lane) {
        long now = nanoTime.getAsLong();
        for (InFlight message : lane.window().present()) {
            if (now - message.givenUpAt > 0) {
                if (message.giveUp("timeout")) {
                    conducts.of(lane.accountId()).timedOut();
                    if (lane.breaker().silent()) {
                        leftAlone(lane);
                    }
                }
            }
        }
    }

    /** Closes the channel; what it does not account for is in doubt. */
    void close(Lane lane) {
        lane.channel().close();
        lane.window().present().forEach(message -> message.giveUp("closed"));
    }
}
