package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.routing.internal.LogScope;
import io.tocsin.routing.internal.engine.Fact.Intent;
import java.time.Clock;
import java.time.Duration;
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
    private final Duration limit;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final Counters counters;

    Send(AlertTexts texts, Record record, Duration limit, Clock clock, LongSupplier nanoTime, Counters counters) {
        this.texts = texts;
        this.record = record;
        this.limit = limit;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.counters = counters;
    }

    static LogScope about(Intent intent) {
        return LogScope.alert(intent.target().tenantId(), intent.target().alertId());
    }

    /**
     * Renders an intended message.
     *
     * @return empty if nothing is to be sent: what became of it is recorded instead
     * @throws io.tocsin.persistence.api.DatabaseException while the alert's text cannot be read: ask again
     */
    Optional<OutboundMessage> prepare(Lane lane, Intent intent) {
        if (intent.answered()) {
            record.record(new Fact.Skipped(intent.target(), intent.batch(), clock.instant()));
            return Optional.empty();
        }
        AlertText text = texts.of(intent.target().tenantId(), intent.target().alertId());
        try {
            return Optional.of(text.render(lane.route().channel(), intent));
        } catch (IllegalArgumentException | IllegalStateException e) {
            LOG.warn(
                    "send.not-rendered tenant={} alert={} problem={}",
                    intent.target().tenantId(),
                    intent.target().alertId(),
                    e.getMessage());
            ended(lane, intent, new SendOutcome.Rejected("not-rendered", SendOutcome.Fault.CONTENT), false);
            return Optional.empty();
        }
    }

    /**
     * Hands a message to the lane's channel, if its lease certainly lasts: a node that stood still for too long must not
     * send what others may have sent again meanwhile.
     *
     * @param place in the lane's window, entered for it
     */
    void handOver(Lane lane, Intent intent, OutboundMessage message, int place) {
        if (!intent.batch().surelyOurs(nanoTime.getAsLong())) {
            lane.window().leave(place);
            notSent(lane, intent, "lease-over");
            return;
        }
        InFlight inFlight = new InFlight(
                intent,
                lane,
                place,
                nanoTime.getAsLong() + limit.toNanos(),
                (m, outcome, late) -> ended(m.lane, m.intent, outcome, late));
        lane.window().put(place, inFlight);
        counters.add("submitted", 1);
        handOver(lane, message, inFlight);
    }

    /** What is intended will not be sent after all: known for certain, so that it is tried again without a doubt. */
    void notSent(Lane lane, Intent intent, String code) {
        record(lane, intent, new SendOutcome.Retry(code, Duration.ZERO, SendOutcome.Scope.ACCOUNT), false);
    }

    /** A channel is a guest's code: whatever it throws, the message may have left. */
    @SuppressWarnings("PMD.AvoidCatchingThrowable")
    private void handOver(Lane lane, OutboundMessage message, InFlight inFlight) {
        try {
            CompletionStage<SendOutcome> stage = lane.channel().send(message);
            stage.whenComplete((outcome, failure) -> {
                if (outcome == null) {
                    // on a thread of the channel's
                    try (LogScope account = LogScope.account(lane.route().name());
                            LogScope about = about(inFlight.intent)) {
                        LOG.warn(
                                "send.channel-failed account={} failure={}",
                                lane.route().name(),
                                String.valueOf(failure));
                    }
                    inFlight.completed(new SendOutcome.InDoubt("channel-error"));
                } else {
                    inFlight.completed(outcome);
                }
            });
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("send.channel-threw account={}", lane.route().name(), e);
            inFlight.completed(new SendOutcome.InDoubt("channel-error"));
        }
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
                message.giveUp("timeout");
            }
        }
    }

    /** Closes the channel; what it does not account for is in doubt. */
    void close(Lane lane) {
        try {
            lane.channel().close();
        } catch (RuntimeException | LinkageError e) {
            try (LogScope about = LogScope.account(lane.route().name())) {
                LOG.warn("send.close-failed account={}", lane.route().name(), e);
            }
        }
        lane.window().present().forEach(message -> message.giveUp("closed"));
    }
}
