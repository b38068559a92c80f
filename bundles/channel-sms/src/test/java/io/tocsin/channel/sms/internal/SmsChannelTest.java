package io.tocsin.channel.sms.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.Receipt;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.testkit.RecordingEvents;
import io.tocsin.lab.people.SeededPeople;
import io.tocsin.lab.smsc.Fate;
import io.tocsin.lab.smsc.IdFormat;
import io.tocsin.lab.smsc.ReceivedMessage;
import io.tocsin.lab.smsc.SimulatedSmsc;
import io.tocsin.lab.smsc.SmscOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The channel against the simulated SMSC: receipts, replies, segments, lost connections. */
class SmsChannelTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final RecordingEvents events = new RecordingEvents();
    private SimulatedSmsc smsc;
    private Channel channel;

    @AfterEach
    void stop() {
        if (channel != null) {
            channel.close();
        }
        if (smsc != null) {
            smsc.close();
        }
    }

    @Test
    void receiptsCarryTheIdOfTheResponseWhateverItsWriting() throws Exception {
        smsc = SimulatedSmsc.start(SmscOptions.builder()
                .ids(IdFormat.HEX_UPPER, IdFormat.DECIMAL)
                .fateBySuffix(Map.of("0002", Fate.UNDELIVERABLE, "0003", Fate.EXPIRED))
                .build());
        open(Map.of("message-id-format", "hex-then-decimal", "reference-tag", "0x1400"));
        Map<String, Receipt.State> expected = new HashMap<>();
        expected.put(acceptedId(send(1, "un")), Receipt.State.DELIVERED);
        expected.put(acceptedId(send(2, "deux")), Receipt.State.FAILED);
        expected.put(acceptedId(send(3, "trois")), Receipt.State.EXPIRED);
        await().atMost(LIMIT).until(() -> events.receipts().size() == 3);
        assertThat(events.receipts().stream().collect(Collectors.toMap(Receipt::carrierId, Receipt::state)))
                .isEqualTo(expected);
        assertThat(events.receipts()).allSatisfy(receipt -> {
            assertThat(receipt.address()).hasValueSatisfying(a -> assertThat(a).startsWith("+33639980"));
            assertThat(receipt.reference())
                    .hasValueSatisfying(r -> assertThat(r).startsWith("ref-"));
        });
        assertThat(events.receipts().stream().map(Receipt::code)).contains("DELIVRD", "UNDELIV/001", "EXPIRED/027");
    }

    @Test
    void receiptBeforeTheResponseIsReportedToo() throws Exception {
        smsc = SimulatedSmsc.start(SmscOptions.builder()
                .receiptBeforeResponse(true)
                .latency(Duration.ofMillis(50))
                .build());
        open(Map.of());
        String id = acceptedId(send(1, "un"));
        await().atMost(LIMIT).until(() -> events.receipts().size() == 1);
        assertThat(events.receipts().get(0).carrierId()).isEqualTo(id);
    }

    @Test
    void receiptThatCannotBeStoredIsDeliveredAgain() throws Exception {
        smsc = SimulatedSmsc.start(
                SmscOptions.builder().redeliverAfter(Duration.ofMillis(20)).build());
        open(Map.of());
        events.refuseNext(2);
        acceptedId(send(1, "un"));
        await().atMost(LIMIT).until(() -> events.receipts().size() == 1);
        await().atMost(LIMIT).until(() -> smsc.counters().receipts() == 1);
        assertThat(smsc.counters().receiptsRefused()).isEqualTo(2);
    }

    @Test
    void replyRefusedOnceKeepsItsIdAndTheSameWordTwiceCountsTwice() throws Exception {
        smsc = SimulatedSmsc.start(
                SmscOptions.builder().redeliverAfter(Duration.ofMillis(20)).build());
        open(Map.of());
        events.refuseNext(1);
        smsc.write("+33639980001", "38000", "OUI, j'arrive à 8h");
        await().atMost(LIMIT).until(() -> events.inbound().size() == 1);
        smsc.write("+33639980001", "38000", "OUI, j'arrive à 8h");
        await().atMost(LIMIT).until(() -> events.inbound().size() == 2);
        assertThat(events.inbound()).allSatisfy(message -> {
            assertThat(message.from()).isEqualTo("+33639980001");
            assertThat(message.to()).isEqualTo("38000");
            assertThat(message.text()).isEqualTo("OUI, j'arrive à 8h");
        });
        assertThat(events.inbound().get(0).id())
                .isNotEqualTo(events.inbound().get(1).id());
    }

    @Test
    void peopleAnswerAShortCode() throws Exception {
        smsc = SimulatedSmsc.start(SmscOptions.builder()
                .people(new SeededPeople(1, List.of("1"), Duration.ZERO, Duration.ofMillis(5), 3))
                .build());
        open(Map.of());
        for (int n = 1; n <= 20; n++) {
            send(n, "Répondez 1");
        }
        await().atMost(LIMIT).until(() -> events.inbound().size() == 20);
        assertThat(events.inbound()).extracting(m -> m.from()).doesNotHaveDuplicates();
    }

    @Test
    void longTextsArriveWholeInTheirOwnAlphabet() throws Exception {
        smsc = SimulatedSmsc.start(SmscOptions.builder().build());
        open(Map.of());
        String gsm = "Crue de la Dròle : évacuez à pied, sans voiture € [zone 1] ~ ".repeat(4);
        String unicode = "Forêt fermée, œuvrez à l'abri 🔥 ".repeat(6);
        assertThat(((SendOutcome.Accepted) outcome(send(1, gsm))).carrierIds()).hasSize(2);
        assertThat(((SendOutcome.Accepted) outcome(send(2, unicode))).carrierIds())
                .hasSize(3);
        assertThat(smsc.messages()).extracting(ReceivedMessage::segments).containsExactly(2, 3);
        assertThat(smsc.messages().get(0).text()).isEqualTo(gsm);
        assertThat(smsc.messages().get(1).text()).isEqualTo(unicode);
    }

    @Test
    void severalBindsShareTheWork() throws Exception {
        smsc = SimulatedSmsc.start(
                SmscOptions.builder().latency(Duration.ofMillis(5)).build());
        open(Map.of("transmit-binds", "3", "receive-binds", "2", "window", "30"));
        List<CompletableFuture<SendOutcome>> sent = new ArrayList<>();
        for (int n = 1; n <= 500; n++) {
            sent.add(send(n, "Exercice"));
        }
        Set<String> ids = sent.stream().map(one -> acceptedId(one)).collect(Collectors.toSet());
        assertThat(ids).hasSize(500);
        await().atMost(LIMIT).until(() -> events.receipts().size() == 500);
        assertThat(events.receipts()).extracting(Receipt::carrierId).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(smsc.counters().duplicates()).isZero();
    }

    @Test
    void connectionsDroppedUnderLoadLoseAndDoubleNothing() throws Exception {
        smsc = SimulatedSmsc.start(SmscOptions.builder()
                .latency(Duration.ofMillis(10))
                .receiptDelay(Duration.ofMillis(10))
                .build());
        open(Map.of("transmit-binds", "2", "window", "20", "reference-tag", "0x1400"));
        int messages = 1_000;
        List<CompletableFuture<SendOutcome>> sent = new ArrayList<>();
        int drops = 0;
        for (int n = 1; n <= messages; n++) {
            int number = n;
            CompletableFuture<SendOutcome> one = send(n, "Exercice");
            // what certainly was not sent may be sent again; what is in doubt is left alone here
            sent.add(one.thenCompose(outcome -> resend(number, outcome)));
            if (n % 300 == 0) {
                drops++;
                await().atMost(LIMIT).until(() -> smsc.counters().accepted() > 10);
                smsc.dropConnections();
                await().atMost(LIMIT).until(() -> channel.health().state() == ChannelHealth.State.UP);
            }
        }
        int accepted = 0;
        int inDoubt = 0;
        for (CompletableFuture<SendOutcome> one : sent) {
            SendOutcome outcome = outcome(one);
            if (outcome instanceof SendOutcome.Accepted) {
                accepted++;
            } else {
                assertThat(outcome).isInstanceOf(SendOutcome.InDoubt.class);
                inDoubt++;
            }
        }
        assertThat(accepted + inDoubt).isEqualTo(messages);
        assertThat(drops).isEqualTo(3);
        assertThat(inDoubt).as("at most a window for every bind lost").isLessThanOrEqualTo(20 * 2 * drops);
        assertThat(smsc.counters().duplicates()).isZero();
        assertThat(smsc.counters().destinations()).isBetween((long) accepted, (long) messages);
        // receipts reach us also for what is in doubt: that is what settles it
        long taken = smsc.counters().accepted();
        await().atMost(LIMIT).untilAsserted(() -> assertThat(events.receipts().stream()
                        .map(receipt -> receipt.reference().orElseThrow())
                        .distinct()
                        .count())
                .isEqualTo(taken));
    }

    @Test
    void refusedBindIsToldByItsReason() throws Exception {
        smsc = SimulatedSmsc.start(
                SmscOptions.builder().account("tocsin", "another").build());
        channel = new SmsChannelProvider().open(new ChannelAccount("refused", settings(Map.of())), events);
        await().atMost(LIMIT).until(() -> channel.health()
                .detail()
                .equals("transmit 0/1, receive 0/1; smpp bind refused: invalid password 0x0e"));
        smsc.behave(options -> options.account("tocsin", "s3cret"));
        await().atMost(LIMIT).until(() -> channel.health().state() == ChannelHealth.State.UP);
        assertThat(events.healths()).extracting(ChannelHealth::state).contains(ChannelHealth.State.UP);
    }

    @Test
    void silentCarrierLeavesTheMessageInDoubt() throws Exception {
        smsc = SimulatedSmsc.start(
                SmscOptions.builder().latency(Duration.ofHours(1)).build());
        open(Map.of("response-timeout", "200ms"));
        assertThat(outcome(send(1, "un"))).isEqualTo(new SendOutcome.InDoubt("response-timeout"));
    }

    @Test
    void closingLetsWhatIsInFlightFinish() throws Exception {
        smsc = SimulatedSmsc.start(
                SmscOptions.builder().latency(Duration.ofMillis(300)).build());
        open(Map.of("window", "10"));
        List<CompletableFuture<SendOutcome>> sent = new ArrayList<>();
        for (int n = 1; n <= 15; n++) {
            sent.add(send(n, "Exercice"));
        }
        await().atMost(LIMIT).until(() -> smsc.counters().accepted() == 10);
        channel.close();
        assertThat(sent).allMatch(CompletableFuture::isDone);
        List<SendOutcome> outcomes = sent.stream().map(CompletableFuture::join).toList();
        assertThat(outcomes).filteredOn(SendOutcome.Accepted.class::isInstance).hasSize(10);
        assertThat(outcomes)
                .as("what had not begun never left")
                .filteredOn(SendOutcome.Retry.class::isInstance)
                .hasSize(5);
        assertThat(smsc.counters().submits()).isEqualTo(10);
        await().atMost(LIMIT).until(() -> smsc.counters().binds() == 0);
    }

    @Test
    void whatCannotBeSentIsRejectedBeforeItLeaves() throws Exception {
        smsc = SimulatedSmsc.start(SmscOptions.builder().build());
        open(Map.of("max-segments", "2"));
        assertThat(outcome(channel.send(message(1, "x".repeat(400)))))
                .isEqualTo(new SendOutcome.Rejected("text-too-long", SendOutcome.Fault.CONTENT));
        assertThat(outcome(channel.send(message(1, ""))))
                .isEqualTo(new SendOutcome.Rejected("text-empty", SendOutcome.Fault.CONTENT));
        assertThat(outcome(channel.send(message("0639980001", Optional.empty(), "texte"))))
                .isEqualTo(new SendOutcome.Rejected("address-not-e164", SendOutcome.Fault.ADDRESS));
        assertThat(outcome(channel.send(message("+33639980001", Optional.of("MA MAIRIE"), "texte"))))
                .isEqualTo(new SendOutcome.Rejected("sender-not-allowed", SendOutcome.Fault.CONTENT));
        assertThat(smsc.counters().submits()).isZero();
    }

    @Test
    void segmentRefusedInTheMiddleLeavesTheMessageInDoubtWithTheIdsBeforeIt() throws Exception {
        smsc = SimulatedSmsc.start(
                SmscOptions.builder().latency(Duration.ofSeconds(1)).build());
        open(Map.of());
        CompletableFuture<SendOutcome> sent = send(1, "x".repeat(400));
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> smsc.counters().accepted() == 1);
        smsc.behave(options -> options.refusedPrefixes(List.of("+33")));
        SendOutcome.InDoubt outcome = (SendOutcome.InDoubt) outcome(sent);
        assertThat(outcome.code()).isEqualTo("segments-sent-in-part");
        assertThat(outcome.carrierIds()).hasSize(1);
        assertThat(smsc.counters().submits()).isEqualTo(2);
    }

    private CompletableFuture<SendOutcome> resend(int number, SendOutcome outcome) {
        return outcome instanceof SendOutcome.Retry
                ? CompletableFuture.supplyAsync(
                                () -> send(number, "Exercice"),
                                CompletableFuture.delayedExecutor(10, TimeUnit.MILLISECONDS))
                        .thenCompose(one -> one.thenCompose(again -> resend(number, again)))
                : CompletableFuture.completedFuture(outcome);
    }

    private void open(Map<String, String> more) throws Exception {
        if (!smsc.options().password().equals("s3cret")) {
            smsc.behave(options -> options.account("tocsin", "s3cret"));
        }
        channel = new SmsChannelProvider().open(new ChannelAccount("test", settings(more)), events);
        await().atMost(LIMIT).until(() -> channel.health().state() == ChannelHealth.State.UP);
    }

    private Map<String, String> settings(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "host",
                "127.0.0.1",
                "port",
                Integer.toString(smsc.port()),
                "system-id",
                "tocsin",
                "password",
                "s3cret",
                "sender",
                "38000",
                "reconnect-delay",
                "20ms"));
        settings.putAll(more);
        return settings;
    }

    private CompletableFuture<SendOutcome> send(int n, String text) {
        return channel.send(message(n, text)).toCompletableFuture();
    }

    private static OutboundMessage message(int n, String text) {
        return message("+3363998%04d".formatted(n), Optional.empty(), text);
    }

    private static OutboundMessage message(String address, Optional<String> sender, String text) {
        return new OutboundMessage(
                "ref-" + address.substring(1),
                address,
                sender,
                "fr",
                "",
                text,
                Optional.empty(),
                Optional.empty(),
                OutboundMessage.Category.LIFE_SAFETY,
                true,
                false);
    }

    private static SendOutcome outcome(java.util.concurrent.CompletionStage<SendOutcome> sent) throws Exception {
        return sent.toCompletableFuture().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    private static String acceptedId(CompletableFuture<SendOutcome> sent) {
        SendOutcome outcome =
                sent.orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();
        assertThat(outcome).isInstanceOf(SendOutcome.Accepted.class);
        List<String> ids = ((SendOutcome.Accepted) outcome).carrierIds();
        assertThat(ids).hasSize(1);
        return ids.get(0);
    }
}
