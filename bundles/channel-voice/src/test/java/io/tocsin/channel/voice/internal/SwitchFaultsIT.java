package io.tocsin.channel.voice.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tocsin.channel.api.CallScript.AnsweringMachine;
import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.InboundMessage;
import io.tocsin.channel.api.LineCapacity;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.Reattachment;
import io.tocsin.channel.api.Receipt;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.api.Withdrawal;
import io.tocsin.channel.testkit.RecordingEvents;
import io.tocsin.peers.Alaw;
import io.tocsin.peers.Asterisk;
import io.tocsin.peers.Phone;
import io.tocsin.peers.PhoneCall;
import io.tocsin.peers.Phones;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real switch and its trunk fail, or whoever drives it does, with calls up: each is accounted for, and nobody is called twice. */
class SwitchFaultsIT {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final byte[] LONG = Alaw.sweep(14, 9);

    /** A trunk that does not answer is given up after 12.8 s, not 32 (RFC 3261, timer B: 64 times T1). */
    private static final String SHORT_TIMERS = "[system]\ntype = system\ntimer_t1 = 200\ntimer_b = 12800\n";

    @TempDir
    Path sounds;

    private Given given;
    private Phones phones;
    private Asterisk asterisk;
    private final RecordingEvents events = new RecordingEvents();
    private Channel channel;

    @BeforeEach
    void start() throws Exception {
        given = new Given(sounds);
        given.sound("long", LONG);
        phones = Phones.builder()
                .phone("0639980001", Phone.answers())
                .phone("0639980002", Phone.ringsForEver())
                .phone("0639980003", Phone.ignores())
                .phone("0639980004", Phone.answers().presses(Duration.ofSeconds(10), "2"))
                .start();
        asterisk = Asterisk.builder()
                .trunk("carrier", phones.address())
                .ariUser("tocsin", Given.SECRET)
                .config("pjsip.conf", SHORT_TIMERS)
                .start();
        channel = open(events, Map.of());
    }

    @AfterEach
    void stop() throws Exception {
        try (Phones carrier = phones;
                Asterisk running = asterisk;
                Channel open = channel) {
            assertThat(carrier).isNotNull();
            assertThat(running).isNotNull();
            assertThat(open).isNotNull();
        }
    }

    private Channel open(RecordingEvents told, Map<String, String> more) throws Exception {
        Channel opened = Given.open(asterisk, told, more);
        await().atMost(LIMIT).until(() -> opened.health().state() == ChannelHealth.State.UP);
        return opened;
    }

    private CompletableFuture<SendOutcome> call(OutboundMessage message) {
        return channel.send(message).toCompletableFuture();
    }

    private static SendOutcome outcome(CompletableFuture<SendOutcome> call) throws Exception {
        return call.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    private PhoneCall talking(String number) {
        await().atMost(LIMIT).until(() -> phones.last(number)
                .filter(call -> call.state() == PhoneCall.State.UP && call.heard().length > 8_000)
                .isPresent());
        return phones.last(number).orElseThrow();
    }

    @Test
    void whoeverComesAfterFindsTheCallAgainAndHearsItsKey() throws Exception {
        OutboundMessage message = Given.message(
                "goes-on",
                "+33639980004",
                given.script(given.said("long"), Optional.of(given.question()), AnsweringMachine.IGNORE));
        CompletableFuture<SendOutcome> begun = call(message);
        PhoneCall call = talking("0639980004");
        channel.close();
        assertThat(outcome(begun)).as("who is gone cannot say").isInstanceOf(SendOutcome.InDoubt.class);
        assertThat(call.state()).as("the call goes on").isEqualTo(PhoneCall.State.UP);

        RecordingEvents after = new RecordingEvents();
        channel = open(after, Map.of());
        assertThat(((Reattachment) channel)
                        .reattach(message)
                        .toCompletableFuture()
                        .get(60, TimeUnit.SECONDS))
                .isTrue();
        await().atMost(LIMIT).until(() -> !after.inbound().isEmpty());
        await().atMost(LIMIT).until(() -> !after.receipts().isEmpty());
        assertThat(after.inbound()).extracting(InboundMessage::text).containsExactly("2");
        assertThat(after.receipts()).singleElement().satisfies(receipt -> {
            assertThat(receipt.reference()).contains("goes-on");
            assertThat(receipt.state()).isEqualTo(Receipt.State.DELIVERED);
        });
        assertThat(phones.calls()).hasSize(1);
        assertThat(((Reattachment) channel)
                        .reattach(message)
                        .toCompletableFuture()
                        .get(60, TimeUnit.SECONDS))
                .as("it is over")
                .isFalse();
    }

    @Test
    void aSwitchThatDiesWithCallsUpLeavesThemInDoubtAndComesBack() throws Exception {
        CompletableFuture<SendOutcome> up = call(Given.message(
                "dies", "+33639980001", given.script(given.said("long"), Optional.empty(), AnsweringMachine.IGNORE)));
        CompletableFuture<SendOutcome> rings =
                call(Given.message("rings", "+33639980002", given.telling(AnsweringMachine.IGNORE)));
        talking("0639980001");
        await().atMost(LIMIT).until(() -> phones.last("0639980002").isPresent());
        asterisk.kill();
        await().atMost(LIMIT).until(() -> channel.health().state() == ChannelHealth.State.DOWN);
        assertThat(((LineCapacity) channel).lines()).isZero();
        asterisk.startAgain();
        assertThat(outcome(up)).isEqualTo(new SendOutcome.InDoubt("call-lost"));
        assertThat(outcome(rings)).isEqualTo(new SendOutcome.InDoubt("call-lost"));
        await().atMost(LIMIT).until(() -> channel.health().state() == ChannelHealth.State.UP);
        assertThat(((LineCapacity) channel).lines()).isEqualTo(50);
        assertThat(outcome(call(Given.message("next", "+33639980001", given.telling(AnsweringMachine.IGNORE)))))
                .isEqualTo(new SendOutcome.Accepted("next"));
    }

    @Test
    void whatRingsIsWithdrawnAndWhoListensHearsItToTheEnd() throws Exception {
        CompletableFuture<SendOutcome> rings =
                call(Given.message("rings", "+33639980002", given.telling(AnsweringMachine.IGNORE)));
        CompletableFuture<SendOutcome> listens =
                call(Given.message("listens", "+33639980001", given.telling(AnsweringMachine.IGNORE)));
        talking("0639980001");
        await().atMost(LIMIT).until(() -> phones.last("0639980002").isPresent());
        ((Withdrawal) channel).withdraw("rings");
        ((Withdrawal) channel).withdraw("listens");
        ((Withdrawal) channel).withdraw("nobody");
        assertThat(outcome(rings)).isEqualTo(new SendOutcome.Rejected("withdrawn", SendOutcome.Fault.CARRIER));
        assertThat(outcome(listens)).isEqualTo(new SendOutcome.Accepted("listens"));
        await().atMost(LIMIT)
                .until(() -> phones.last("0639980002").orElseThrow().state() == PhoneCall.State.CANCELLED);
    }

    @Test
    void aTrunkThatIsDeadCostsNobodyAnAttempt() throws Exception {
        List<CompletableFuture<SendOutcome>> calls = java.util.stream.IntStream.range(0, 5)
                .mapToObj(n -> call(new OutboundMessage(
                        "dead-" + n,
                        "+33639980003",
                        Optional.empty(),
                        "fr",
                        "",
                        "Exercice",
                        Optional.empty(),
                        Optional.empty(),
                        OutboundMessage.Category.OPERATIONAL,
                        true,
                        false,
                        "dead-" + n,
                        Optional.of(new io.tocsin.channel.api.CallScript(
                                given.said("message"),
                                1,
                                Optional.empty(),
                                Optional.empty(),
                                AnsweringMachine.IGNORE,
                                Duration.ofSeconds(60),
                                Map.of())),
                        Optional.empty())))
                .toList();
        for (CompletableFuture<SendOutcome> call : calls) {
            assertThat(outcome(call)).isEqualTo(CallEnd.trunk("trunk-dead"));
        }
        assertThat(channel.health().state()).isEqualTo(ChannelHealth.State.DOWN);
        assertThat(channel.health().detail()).contains("trunk-dead");
        Channel nowhere = Given.open(asterisk, new RecordingEvents(), Map.of("dial", "PJSIP/{number}@no-such-trunk"));
        try (nowhere) {
            await().atMost(LIMIT).until(() -> nowhere.health().state() == ChannelHealth.State.UP);
            assertThat(outcome(nowhere.send(
                                    Given.message("nowhere", "+33639980001", given.telling(AnsweringMachine.IGNORE)))
                            .toCompletableFuture()))
                    .isEqualTo(CallEnd.trunk("switch-refused"));
        }
    }

    @Test
    void aSoundThatIsNotThereIsNotTakenForHeard() throws Exception {
        assertThat(outcome(call(Given.message(
                        "no-sound",
                        "+33639980001",
                        given.script(
                                List.of(sounds.resolve("missing.alaw")), Optional.empty(), AnsweringMachine.IGNORE)))))
                .isEqualTo(CallEnd.retry("sound-not-played", Map.of()));
    }

    @Test
    void aCallNobodyCaresForAnyMoreIsEndedByTheSwitch() throws Exception {
        try (Channel brief = open(new RecordingEvents(), Map.of("longest-call", "1m"))) {
            brief.send(Given.message("left", "+33639980001", given.asking(AnsweringMachine.IGNORE)));
            talking("0639980001");
            assertThat(asterisk.cli("core show channel " + channelName())).containsPattern("Time to Hangup: [1-9]");
        }
    }

    private String channelName() throws Exception {
        return asterisk.cli("core show channels concise")
                .lines()
                .findFirst()
                .orElseThrow()
                .split("!")[0];
    }
}
