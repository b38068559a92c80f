package io.tocsin.channel.voice.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tocsin.channel.api.CallScript;
import io.tocsin.channel.api.CallScript.AnsweringMachine;
import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.InboundMessage;
import io.tocsin.channel.api.Receipt;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.testkit.RecordingEvents;
import io.tocsin.peers.Alaw;
import io.tocsin.peers.Asterisk;
import io.tocsin.peers.Phone;
import io.tocsin.peers.PhoneCall;
import io.tocsin.peers.Phones;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The channel on a real Asterisk with real telephones: every way a call goes, what is heard and what is understood. */
class RealSwitchIT {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final byte[] HELLO = Alaw.sweep(0.6, 6);
    private static final byte[] GREETING = Alaw.sweep(5, 7);

    @TempDir
    static Path sounds;

    private static Given given;
    private static Phones phones;
    private static Asterisk asterisk;
    private static Channel channel;
    private static final RecordingEvents events = new RecordingEvents();

    @BeforeAll
    static void start() throws Exception {
        given = new Given(sounds);
        phones = Phones.builder()
                .phone("0639980001", Phone.answers())
                .phone("0639980020", Phone.answers())
                .phone("0639980021", Phone.answers())
                .phone(
                        "0639980022",
                        Phone.answers()
                                .presses(Duration.ofSeconds(1), "1")
                                .presses(Duration.ofSeconds(11), "1234")
                                .presses(Duration.ofSeconds(13), "1234"))
                .phone("0639980002", Phone.busy())
                .phone("0639980003", Phone.refuses(503))
                .phone("0639980004", Phone.refuses(404))
                .phone("0639980005", Phone.refuses(480))
                .phone("0639980006", Phone.declines())
                .phone("0639980007", Phone.refuses(484))
                .phone("0639980008", Phone.refuses(488))
                .phone("0639980010", Phone.ringsForEver())
                .phone("0639980011", Phone.answers().hangsUp(Duration.ofSeconds(1)))
                .phone("0639980012", Phone.answers().presses(Duration.ofSeconds(1), "1"))
                .phone("0639980013", Phone.answers().presses(Duration.ofMillis(4500), "72"))
                .phone(
                        "0639980014",
                        Phone.answers().says(Duration.ofMillis(200), HELLO).presses(Duration.ofSeconds(6), "1"))
                .phone("0639980015", Phone.machine(GREETING).hangsUp(Duration.ofSeconds(40)))
                .phone(
                        "0639980016",
                        Phone.answers()
                                .presses(Duration.ofSeconds(1), "12349999")
                                .presses(Duration.ofSeconds(9), "1"))
                .phone(
                        "0639980017",
                        Phone.answers().presses(Duration.ofSeconds(1), "9").hangsUp(Duration.ofSeconds(8)))
                .phone(
                        "0639980018",
                        Phone.answers().presses(Duration.ofSeconds(2), "*").presses(Duration.ofSeconds(4), "1"))
                .phone("0639980019", Phone.answers().says(Duration.ofMillis(200), Alaw.sweep(4, 8)))
                .start();
        asterisk = Asterisk.builder()
                .trunk("carrier", phones.address())
                .ariUser("tocsin", Given.SECRET)
                .inbound("0199000001", "calls-in")
                .start();
        channel = Given.open(asterisk, events, Map.of("inbound", "calls-in"));
        await().atMost(LIMIT).until(() -> channel.health().state() == ChannelHealth.State.UP);
    }

    @AfterAll
    static void stop() throws Exception {
        try (Phones carrier = phones;
                Asterisk running = asterisk;
                Channel open = channel) {
            assertThat(carrier.complaints()).isEmpty();
            assertThat(running.alive()).isTrue();
            assertThat(open).isNotNull();
        }
    }

    private static CompletableFuture<SendOutcome> call(String reference, String number, CallScript script) {
        return channel.send(Given.message(reference, number, script)).toCompletableFuture();
    }

    private static SendOutcome outcome(CompletableFuture<SendOutcome> call) throws Exception {
        return call.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    private static Optional<Receipt> receipt(String reference) {
        return events.receipts().stream()
                .filter(r -> r.reference().equals(Optional.of(reference)))
                .findFirst();
    }

    private static List<InboundMessage> answers(String reference) {
        return events.inbound().stream()
                .filter(m -> m.reference().equals(Optional.of(reference)))
                .toList();
    }

    @Test
    void everyWayACallEndsWithoutAnAnswerIsAnOutcomeOfItsOwn() throws Exception {
        Map<String, String> expected = new LinkedHashMap<>();
        expected.put("+33639980002", "retry busy MESSAGE PT42S");
        expected.put("+33639980003", "retry congestion MESSAGE PT30S");
        expected.put("+33639980004", "rejected unallocated ADDRESS");
        expected.put("+33639980005", "retry unavailable MESSAGE PT3M");
        expected.put("+33639980006", "retry declined MESSAGE PT10M");
        expected.put("+33639980007", "rejected number-incomplete ADDRESS");
        expected.put("+33639980008", "rejected media-refused CARRIER");
        expected.put("+33639980010", "retry no-answer MESSAGE PT3M");
        Map<String, CompletableFuture<SendOutcome>> calls = new LinkedHashMap<>();
        expected.keySet()
                .forEach(number -> calls.put(
                        number,
                        call("unanswered-" + number.substring(1), number, given.telling(AnsweringMachine.IGNORE))));
        Map<String, String> seen = new LinkedHashMap<>();
        for (var each : calls.entrySet()) {
            seen.put(each.getKey(), said(outcome(each.getValue())));
        }
        assertThat(seen).isEqualTo(expected);
        assertThat(events.receipts()).noneMatch(r -> r.reference().orElse("").startsWith("unanswered"));
    }

    private static String said(SendOutcome outcome) {
        if (outcome instanceof SendOutcome.Retry retry) {
            return "retry " + retry.code() + " " + retry.scope() + " " + retry.after();
        }
        return outcome instanceof SendOutcome.Rejected rejected
                ? "rejected " + rejected.code() + " " + rejected.fault()
                : outcome.toString();
    }

    @Test
    void whoHearsTheMessageToItsEndIsReached() throws Exception {
        assertThat(outcome(call("heard", "+33639980001", given.telling(AnsweringMachine.IGNORE))))
                .isEqualTo(new SendOutcome.Accepted("heard"));
        await().atMost(LIMIT).until(() -> receipt("heard").isPresent());
        assertThat(receipt("heard").orElseThrow().state()).isEqualTo(Receipt.State.DELIVERED);
        PhoneCall call = phones.last("0639980001").orElseThrow();
        assertThat(Alaw.share(call.heard(), Given.MESSAGE)).isGreaterThan(0.9);
        assertThat(call.callerNumber()).isEqualTo("+33162000001");
        assertThat(call.callerName()).isEqualTo("Mairie");
    }

    @Test
    void whoHangsUpEarlyOrPressesNothingWasNotReached() throws Exception {
        CompletableFuture<SendOutcome> early = call("early", "+33639980011", given.telling(AnsweringMachine.IGNORE));
        CompletableFuture<SendOutcome> silent = call("silent", "+33639980020", given.asking(AnsweringMachine.IGNORE));
        assertThat(outcome(early)).isEqualTo(CallEnd.retry("hung-up", Map.of()));
        assertThat(outcome(silent)).isEqualTo(CallEnd.retry("no-key", Map.of()));
        assertThat(Alaw.share(phones.last("0639980020").orElseThrow().heard(), Given.UNCLEAR))
                .as("asked again")
                .isGreaterThan(0.9);
        assertThat(receipt("early")).isEmpty();
    }

    @Test
    void aKeyIsAnAnswerAlsoDuringTheMessage() throws Exception {
        assertThat(outcome(call("key", "+33639980012", given.asking(AnsweringMachine.IGNORE))))
                .isEqualTo(new SendOutcome.Accepted("key"));
        await().atMost(LIMIT).until(() -> receipt("key").isPresent());
        assertThat(answers("key")).singleElement().satisfies(answer -> {
            assertThat(answer.text()).isEqualTo("1");
            assertThat(answer.from()).isEqualTo("+33639980012");
        });
        PhoneCall call = phones.last("0639980012").orElseThrow();
        assertThat(Alaw.share(call.heard(), Given.THANKS)).isGreaterThan(0.9);
    }

    @Test
    void aWrongKeyIsAskedAgainAndThenUnderstood() throws Exception {
        assertThat(outcome(call("wrong", "+33639980013", given.asking(AnsweringMachine.IGNORE))))
                .isEqualTo(new SendOutcome.Accepted("wrong"));
        assertThat(answers("wrong")).extracting(InboundMessage::text).containsExactly("2");
    }

    @Test
    void theStarSaysItAgain() throws Exception {
        assertThat(outcome(call("again", "+33639980018", given.asking(AnsweringMachine.IGNORE))))
                .isEqualTo(new SendOutcome.Accepted("again"));
        assertThat(answers("again")).extracting(InboundMessage::text).containsExactly("1");
    }

    @Test
    void aPersonWhoSaysHelloHearsTheMessageAndAMachineHearsItAfterItsGreeting() throws Exception {
        CompletableFuture<SendOutcome> person =
                call("person", "+33639980014", given.asking(AnsweringMachine.LEAVE_MESSAGE));
        CompletableFuture<SendOutcome> machine =
                call("machine", "+33639980015", given.asking(AnsweringMachine.LEAVE_MESSAGE));
        CompletableFuture<SendOutcome> notLeft =
                call("not-left", "+33639980019", given.asking(AnsweringMachine.HANG_UP));
        assertThat(outcome(person)).isEqualTo(new SendOutcome.Accepted("person"));
        assertThat(outcome(machine)).isEqualTo(CallEnd.retry("voicemail", Map.of()));
        assertThat(outcome(notLeft)).isEqualTo(CallEnd.retry("voicemail", Map.of()));
        assertThat(Alaw.share(phones.last("0639980015").orElseThrow().heard(), Given.MESSAGE))
                .isGreaterThan(0.9);
        assertThat(Alaw.share(phones.last("0639980019").orElseThrow().heard(), Given.MESSAGE))
                .isLessThan(0.3);
        assertThat(receipt("machine")).as("a machine is nobody").isEmpty();
        assertThat(answers("machine")).isEmpty();
    }

    @Test
    void withoutThePinNothingIsSaid() throws Exception {
        CallScript.Pin pin = new CallScript.Pin("9999", given.said("pin"), given.said("unclear"));
        CallScript script = new CallScript(
                given.said("message"),
                1,
                Optional.of(given.question()),
                Optional.of(pin),
                AnsweringMachine.HANG_UP,
                Duration.ofSeconds(6),
                Map.of());
        CompletableFuture<SendOutcome> knows = call("pin", "+33639980016", script);
        CompletableFuture<SendOutcome> knowsNot = call("no-pin", "+33639980022", script);
        assertThat(outcome(knows)).isEqualTo(new SendOutcome.Accepted("pin"));
        assertThat(outcome(knowsNot)).isInstanceOf(SendOutcome.Retry.class);
        assertThat(answers("no-pin")).isEmpty();
        assertThat(Alaw.share(phones.last("0639980016").orElseThrow().heard(), Given.PIN))
                .isGreaterThan(0.9);
    }

    @Test
    void aKeyConnectsWithSomebody() throws Exception {
        assertThat(outcome(call("transfer", "+33639980017", given.asking(AnsweringMachine.IGNORE))))
                .isEqualTo(new SendOutcome.Accepted("transfer"));
        await().atMost(LIMIT).until(() -> receipt("transfer").isPresent());
        assertThat(receipt("transfer").orElseThrow().code()).isEqualTo("connected");
        await().atMost(LIMIT)
                .until(() -> phones.last("0639980021").orElseThrow().state() == PhoneCall.State.HUNG_UP_BY_OTHER);
        await().atMost(LIMIT)
                .until(() -> asterisk.cli("bridge show all").lines().count() < 3);
    }
}
