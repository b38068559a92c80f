package io.tocsin.channel.sms.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.testkit.RecordingEvents;
import io.tocsin.lab.smsc.SimulatedSmsc;
import io.tocsin.lab.smsc.SmscOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A carrier that stops answering without hanging up: only enquire_link (SMPP 3.4 §4.11) tells. */
class HalfOpenCarrierTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int IN_FLIGHT = 8;

    private final RecordingEvents events = new RecordingEvents();
    private SimulatedSmsc smsc;
    private Wire wire;
    private Channel channel;

    @BeforeEach
    void open() throws Exception {
        smsc = SimulatedSmsc.start(
                SmscOptions.builder().account("tocsin", "s3cret").build());
        wire = new Wire(smsc.port());
        channel = new SmsChannelProvider()
                .open(
                        new ChannelAccount(
                                "half-open",
                                Map.of(
                                        "host", "127.0.0.1",
                                        "port", Integer.toString(wire.port()),
                                        "system-id", "tocsin",
                                        "password", "s3cret",
                                        "sender", "38000",
                                        "transmit-binds", "2",
                                        "window", Integer.toString(IN_FLIGHT),
                                        "enquire-link", "300ms",
                                        "response-timeout", "2s",
                                        "reconnect-delay", "50ms")),
                        events);
        awaitState(ChannelHealth.State.UP);
    }

    @AfterEach
    void close() throws Exception {
        channel.close();
        wire.close();
        smsc.close();
    }

    @Test
    void anIdleAccountGoesDownAndComesBackByItself() throws Exception {
        wire.cut();
        await("the account is down though nobody hung up and nothing was sent")
                .atMost(LIMIT)
                .until(() -> channel.health().state() == ChannelHealth.State.DOWN);
        wire.mend();
        awaitState(ChannelHealth.State.UP);
        assertThat(outcome(send(1))).isInstanceOf(SendOutcome.Accepted.class);
    }

    @Test
    void whatWasInFlightIsInDoubtAndIsNotSentAgainByTheChannel() throws Exception {
        smsc.behave(b -> b.latency(Duration.ofMinutes(10)));
        List<CompletableFuture<SendOutcome>> inFlight = new ArrayList<>();
        for (int n = 1; n <= IN_FLIGHT; n++) {
            inFlight.add(send(n));
        }
        await("the carrier has them all")
                .atMost(LIMIT)
                .until(() -> smsc.counters().submits() == IN_FLIGHT);
        wire.cut();
        for (CompletableFuture<SendOutcome> each : inFlight) {
            assertThat(outcome(each)).isInstanceOf(SendOutcome.InDoubt.class);
        }
        await("the account is down").atMost(LIMIT).until(() -> channel.health().state() == ChannelHealth.State.DOWN);
        smsc.behave(b -> b.latency(Duration.ZERO));
        wire.mend();
        awaitState(ChannelHealth.State.UP);
        assertThat(outcome(send(IN_FLIGHT + 1))).isInstanceOf(SendOutcome.Accepted.class);
        assertThat(smsc.counters().submits()).as("nothing left twice").isEqualTo(IN_FLIGHT + 1);
    }

    private void awaitState(ChannelHealth.State state) {
        await().atMost(LIMIT).until(() -> channel.health().state() == state);
    }

    private CompletableFuture<SendOutcome> send(int n) {
        return channel.send(new OutboundMessage(
                        "ref-" + n,
                        "+3363998%04d".formatted(n),
                        Optional.empty(),
                        "fr",
                        "",
                        "Message " + n,
                        Optional.empty(),
                        Optional.empty(),
                        OutboundMessage.Category.LIFE_SAFETY,
                        true,
                        false))
                .toCompletableFuture();
    }

    private static SendOutcome outcome(CompletableFuture<SendOutcome> sent) throws Exception {
        return sent.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }
}
