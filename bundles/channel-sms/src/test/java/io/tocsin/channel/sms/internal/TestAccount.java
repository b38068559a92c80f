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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** An account open on a simulated carrier, or on whatever listens on a port. */
final class TestAccount implements AutoCloseable {
    static final Duration LIMIT = Duration.ofMinutes(2);

    private final RecordingEvents events = new RecordingEvents();
    private final SimulatedSmsc smsc;
    private final Channel channel;

    private TestAccount(SimulatedSmsc smsc, int port, Map<String, String> more) throws Exception {
        this.smsc = smsc;
        Map<String, String> settings = new HashMap<>(Map.of(
                "host",
                "127.0.0.1",
                "port",
                Integer.toString(port),
                "system-id",
                "tocsin",
                "password",
                "s3cret",
                "sender",
                "38000",
                "reference-tag",
                "0x1400",
                "reconnect-delay",
                "20ms"));
        settings.putAll(more);
        this.channel = new SmsChannelProvider().open(new ChannelAccount("test", settings), events);
    }

    /** Opens and waits until it is up. */
    static TestAccount on(SmscOptions.Builder carrier, Map<String, String> more) throws Exception {
        TestAccount account = down(carrier, more);
        await().atMost(LIMIT).until(account::isUp);
        return account;
    }

    /** Opens without waiting. */
    static TestAccount down(SmscOptions.Builder carrier, Map<String, String> more) throws Exception {
        SimulatedSmsc smsc =
                SimulatedSmsc.start(carrier.account("tocsin", "s3cret").build());
        return new TestAccount(smsc, smsc.port(), more);
    }

    static TestAccount on(int port, Map<String, String> more) throws Exception {
        return new TestAccount(null, port, more);
    }

    SimulatedSmsc smsc() {
        return smsc;
    }

    RecordingEvents events() {
        return events;
    }

    Channel channel() {
        return channel;
    }

    boolean isUp() {
        return channel.health().state() == ChannelHealth.State.UP;
    }

    String told() {
        return channel.health().detail();
    }

    CompletableFuture<SendOutcome> send(int n) {
        return send(n, "Exercice");
    }

    CompletableFuture<SendOutcome> send(int n, String text) {
        return channel.send(new OutboundMessage(
                        reference(n),
                        address(n),
                        Optional.empty(),
                        "fr",
                        "",
                        text,
                        Optional.empty(),
                        Optional.empty(),
                        OutboundMessage.Category.LIFE_SAFETY,
                        true,
                        false))
                .toCompletableFuture();
    }

    /** Outcomes of messages {@code from} to {@code to}, sent all at once. */
    List<SendOutcome> sendAll(int from, int to) throws Exception {
        List<CompletableFuture<SendOutcome>> sent = new ArrayList<>();
        for (int n = from; n <= to; n++) {
            sent.add(send(n));
        }
        List<SendOutcome> outcomes = new ArrayList<>();
        for (CompletableFuture<SendOutcome> one : sent) {
            outcomes.add(outcome(one));
        }
        return outcomes;
    }

    static String reference(int n) {
        return "ref-" + n;
    }

    static String address(int n) {
        return "+3363998%04d".formatted(n);
    }

    static SendOutcome outcome(CompletableFuture<SendOutcome> sent) throws Exception {
        return sent.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    static String id(SendOutcome outcome) {
        assertThat(outcome).isInstanceOf(SendOutcome.Accepted.class);
        List<String> ids = ((SendOutcome.Accepted) outcome).carrierIds();
        assertThat(ids).hasSize(1);
        return ids.get(0);
    }

    @Override
    public void close() {
        channel.close();
        if (smsc != null) {
            smsc.close();
        }
    }
}
