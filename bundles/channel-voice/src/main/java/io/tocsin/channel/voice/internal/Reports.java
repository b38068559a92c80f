package io.tocsin.channel.voice.internal;

import io.tocsin.channel.api.ChannelEvents;
import io.tocsin.channel.api.InboundMessage;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.Receipt;
import io.tocsin.platform.asterisk.ari.Switch;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the core what was learnt until it is durable: a switch tells a key once, so nobody but us can tell it again. Callable from any
 * thread.
 */
final class Reports {
    private static final Logger LOG = LoggerFactory.getLogger(Reports.class);
    private static final Duration FIRST_WAIT = Duration.ofMillis(500);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
    private static final int MOST = 40;

    private final String account;
    private final ChannelEvents events;
    private final Switch asterisk;
    private final Clock clock;

    Reports(String account, ChannelEvents events, Switch asterisk, Clock clock) {
        this.account = account;
        this.events = events;
        this.asterisk = asterisk;
        this.clock = clock;
    }

    /** A key was pressed. @param shown the number that called */
    void answer(OutboundMessage message, CallerId shown, String key) {
        InboundMessage answer = new InboundMessage(
                message.reference() + "/" + key,
                message.address(),
                shown.number(),
                Optional.of(message.reference()),
                key,
                clock.instant());
        tell(answer.id(), () -> events.inbound(answer), FIRST_WAIT, MOST);
    }

    void receipt(OutboundMessage message, Receipt.State state, String code) {
        Receipt receipt = new Receipt(
                message.reference(),
                Optional.of(message.reference()),
                Optional.of(message.address()),
                state,
                code,
                clock.instant());
        tell(receipt.carrierId(), () -> events.receipt(receipt), FIRST_WAIT, MOST);
    }

    private void tell(String what, Supplier<CompletionStage<Void>> telling, Duration wait, int left) {
        telling.get().whenComplete((durable, failure) -> {
            if (failure == null) {
                return;
            }
            if (left == 0) {
                LOG.error(
                        "voice-report-lost account={} of={} failure={}",
                        account,
                        what,
                        failure.getClass().getName());
                return;
            }
            Duration next = wait.multipliedBy(2).compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait.multipliedBy(2);
            asterisk.schedule(() -> tell(what, telling, next, left - 1), wait);
        });
    }
}
