package io.tocsin.platform.asterisk.ami;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tocsin.platform.asterisk.ami.AmiException.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SwitchConsoleTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final AmiAction ASK = AmiAction.of("CoreStatus");

    private final Ear ear = new Ear();
    private ScriptedConsole there;
    private SwitchConsole here;

    @AfterEach
    void close() throws IOException {
        if (here != null) {
            here.close();
        }
        if (there != null) {
            there.close();
        }
    }

    private static AmiSettings.Limits limits(Duration request, Duration quiet, int pending) {
        return new AmiSettings.Limits(
                Duration.ofSeconds(20),
                request,
                quiet,
                Duration.ofMillis(20),
                Duration.ofMillis(200),
                20_000,
                pending,
                100);
    }

    private static final AmiSettings.Limits PATIENT = limits(Duration.ofMinutes(1), Duration.ofSeconds(30), 50);

    private static AmiSettings settings(
            int port, String password, AmiSettings.Limits limits, AmiSettings.Filter... only) {
        return new AmiSettings(
                "test",
                "fax",
                "127.0.0.1",
                port,
                ScriptedConsole.USER,
                password,
                "call,dialplan",
                List.of(only),
                limits);
    }

    private void open(ScriptedConsole.Script script, AmiSettings.Limits limits, AmiSettings.Filter... only)
            throws Exception {
        there = new ScriptedConsole(script);
        here = SwitchConsole.open(
                settings(there.port(), ScriptedConsole.PASSWORD, limits, only), ear, Clock.systemUTC());
        assertThat(ear.nextOfLink()).isEqualTo("up");
        while (there.actions.peek() != null
                && !there.actions.peek().get("Action").equals("Events")) {
            there.actions.remove();
        }
        assertThat(there.next()).containsEntry("Action", "Events").containsEntry("EventMask", "call,dialplan");
    }

    private static <T> T of(CompletableFuture<T> future) throws Exception {
        return future.get(2, TimeUnit.MINUTES);
    }

    private static AmiException failure(CompletableFuture<?> future) throws Exception {
        try {
            throw new AssertionError("succeeded: " + of(future));
        } catch (ExecutionException e) {
            return (AmiException) e.getCause();
        }
    }

    @Test
    void asksAndHearsAndKeepsThePasswordToItself() throws Exception {
        open(ScriptedConsole::success, PATIENT);
        assertThat(of(here.ask(AmiAction.of("Getvar").with("Channel", "fax-1").with("Variable", "FAXSTATUS")))
                        .get("Message"))
                .isEqualTo("Fine");
        assertThat(there.next())
                .containsEntry("Action", "Getvar")
                .containsEntry("Channel", "fax-1")
                .containsEntry("Variable", "FAXSTATUS");
        there.say("Event: Hangup\r\nUniqueid: fax-1\r\nCause: 16\r\n\r\n");
        assertThat(ear.nextEvent().get("Uniqueid")).isEqualTo("fax-1");
        assertThat(here.isUp()).isTrue();
        assertThat(settings(1, ScriptedConsole.PASSWORD, PATIENT).toString()).doesNotContain(ScriptedConsole.PASSWORD);
    }

    @Test
    void filtersAreSetBeforeEventsComeAndARefusedOneIsSaid() throws Exception {
        there = new ScriptedConsole(action -> action.get("Action").equals("Filter")
                ? ScriptedConsole.error(action, "Permission denied")
                : ScriptedConsole.success(action));
        AmiSettings.Filter filter =
                new AmiSettings.Filter("action(include),header(Uniqueid),method(starts_with)", "fax-");
        here = SwitchConsole.open(
                settings(there.port(), ScriptedConsole.PASSWORD, PATIENT, filter), ear, Clock.systemUTC());
        assertThat(ear.nextOfLink()).isEqualTo("up");
        assertThat(there.next())
                .containsEntry("Action", "Filter")
                .containsEntry("Operation", "Add")
                .containsEntry("Filter", "fax-");
        assertThat(there.next()).containsEntry("Action", "Events");
        assertThat(here.oddities().count(Oddities.Kind.FILTER_REFUSED)).isEqualTo(1);
    }

    @Test
    void answersFindTheirQuestionsInAnyOrder() throws Exception {
        open(action -> null, PATIENT);
        CompletableFuture<AmiMessage> first = here.ask(ASK);
        CompletableFuture<AmiMessage> second = here.ask(ASK);
        Map<String, String> one = there.next();
        Map<String, String> two = there.next();
        there.say("Response: Success\r\nActionID: " + two.get("ActionID") + "\r\nMessage: two\r\n\r\n"
                + "Event: Between\r\n\r\n"
                + "Response: Success\r\nActionID: " + one.get("ActionID") + "\r\nMessage: one\r\n\r\n");
        assertThat(of(first).get("Message")).isEqualTo("one");
        assertThat(of(second).get("Message")).isEqualTo("two");
        assertThat(ear.nextEvent().event()).isEqualTo("Between");
    }

    @Test
    void aListIsOnePieceAndNoEventOfOthers() throws Exception {
        open(action -> null, PATIENT);
        CompletableFuture<List<AmiMessage>> asked = here.list(AmiAction.of("CoreShowChannels"));
        String id = there.next().get("ActionID");
        there.say("Response: Success\r\nActionID: " + id + "\r\nEventList: start\r\n\r\n"
                + "Event: CoreShowChannel\r\nActionID: " + id + "\r\nUniqueid: a\r\n\r\n"
                + "Event: Hangup\r\nUniqueid: z\r\n\r\n"
                + "Event: OriginateResponse\r\nActionID: another\r\nUniqueid: y\r\n\r\n"
                + "Event: CoreShowChannel\r\nActionID: " + id + "\r\nUniqueid: b\r\n\r\n"
                + "Event: CoreShowChannelsComplete\r\nActionID: " + id + "\r\nEventList: Complete\r\n\r\n");
        assertThat(of(asked)).extracting(one -> one.get("Uniqueid")).containsExactly("a", "b");
        assertThat(ear.nextEvent().get("Uniqueid")).isEqualTo("z");
        assertThat(ear.nextEvent().get("Uniqueid")).isEqualTo("y");

        CompletableFuture<List<AmiMessage>> endless = here.list(AmiAction.of("CoreShowChannels"));
        String next = there.next().get("ActionID");
        there.say("Response: Success\r\nActionID: " + next + "\r\nEventList: start\r\n\r\n"
                + ("Event: CoreShowChannel\r\nActionID: " + next + "\r\n\r\n").repeat(101));
        assertThat(failure(endless).kind()).isEqualTo(Kind.IN_DOUBT);
    }

    @Test
    void aRefusalSaysWhy() throws Exception {
        open(
                action -> action.get("Action").equals("Events")
                        ? null
                        : ScriptedConsole.error(action, "No such channel\u001b[31m"),
                PATIENT);
        AmiException why = failure(here.ask(ASK));
        assertThat(why.kind()).isEqualTo(Kind.REFUSED);
        assertThat(why).hasMessage("CoreStatus: No-such-channel_[31m");
    }

    @Test
    void noAnswerInTimeIsDoubtAndALateOneIsCounted() throws Exception {
        open(action -> null, limits(Duration.ofMillis(100), Duration.ofSeconds(30), 50));
        assertThat(failure(here.ask(ASK)).kind()).isEqualTo(Kind.IN_DOUBT);
        there.say(ScriptedConsole.success(there.next()));
        await().atMost(LIMIT).until(() -> here.oddities().count(Oddities.Kind.UNEXPECTED_ANSWER) == 1);
        assertThat(here.oddities().summary()).contains("no-answer ×1", "unexpected-answer ×1");
        assertThat(here.isUp()).isTrue();
    }

    @Test
    void moreActionsThanTheLimitAreNotSent() throws Exception {
        open(action -> null, limits(Duration.ofMinutes(1), Duration.ofSeconds(30), 2));
        here.ask(ASK);
        here.ask(ASK);
        assertThat(failure(here.ask(ASK)).kind()).isEqualTo(Kind.NOT_SENT);
    }

    @Test
    void aLostConnectionPutsAllInDoubtIsToldAndMadeAnew() throws Exception {
        open(action -> null, PATIENT);
        CompletableFuture<AmiMessage> asked = here.ask(ASK);
        there.next();
        there.hangUp();
        assertThat(failure(asked).kind()).isEqualTo(Kind.IN_DOUBT);
        assertThat(ear.nextOfLink()).isEqualTo("the connection was lost");
        assertThat(ear.nextOfLink()).isEqualTo("up");
    }

    @Test
    void nobodyThereIsToldAndNothingIsSent() throws Exception {
        int nobody;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = free.getLocalPort();
        }
        here = SwitchConsole.open(settings(nobody, "x", PATIENT), ear, Clock.systemUTC());
        assertThat(ear.nextOfLink()).contains("manager.conf");
        assertThat(failure(here.ask(ASK)).kind()).isEqualTo(Kind.NOT_SENT);
    }

    @Test
    void aWrongPasswordIsToldAndTriedAgain() throws Exception {
        there = new ScriptedConsole(ScriptedConsole::success);
        here = SwitchConsole.open(settings(there.port(), "wrong", PATIENT), ear, Clock.systemUTC());
        assertThat(ear.nextOfLink()).isEqualTo("the switch refused the user or the password");
        assertThat(ear.nextOfLink()).isEqualTo("the switch refused the user or the password");
        assertThat(here.isUp()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 400 Bad Request\r\n", "SSH-2.0-OpenSSH_9.2\r\n", "\r\n"})
    void whatIsNoManagerInterfaceIsLeft(String greeting) throws Exception {
        there = new ScriptedConsole(ScriptedConsole::success);
        there.greeting = greeting;
        here = SwitchConsole.open(settings(there.port(), "x", PATIENT), ear, Clock.systemUTC());
        String why = ear.nextOfLink();
        // a connection may have been made before the greeting was set
        assertThat(why.startsWith("is no manager interface") || why.contains("refused"))
                .isTrue();
        await().atMost(LIMIT).until(() -> here.oddities().count(Oddities.Kind.PROTOCOL) > 0);
    }

    @Test
    void whoeverTakesTheConnectionAndSaysNothingIsLeft() throws Exception {
        there = new ScriptedConsole(ScriptedConsole::success);
        there.greeting = "";
        here = SwitchConsole.open(
                settings(there.port(), "x", limits(Duration.ofMinutes(1), Duration.ofMillis(50), 5)),
                ear,
                Clock.systemUTC());
        assertThat(ear.nextOfLink()).isEqualTo("took the connection and says nothing");
    }

    @Test
    void aHalfOpenConnectionIsGivenUpAndOneThatAnswersPingsStays() throws Exception {
        open(ScriptedConsole::success, limits(Duration.ofMinutes(1), Duration.ofSeconds(1), 5));
        assertThat(there.next()).containsEntry("Action", "Ping");
        assertThat(there.next()).containsEntry("Action", "Ping");
        assertThat(here.isUp()).isTrue();
        there.deaf = true;
        assertThat(ear.nextOfLink()).startsWith("half-open");
    }

    @Test
    void nonsenseIsCountedAndTheNextActionIsAnswered() throws Exception {
        open(ScriptedConsole::success, PATIENT);
        there.say("nonsense\r\n\r\nPrivilege: none\r\n\r\nResponse: Success\r\nActionID: stranger\r\n\r\n"
                + "Event: Long\r\nValue: " + "x".repeat(50_000) + "\r\n\r\nEvent: After\r\nUniqueid: é\r\n\r\n");
        assertThat(ear.nextEvent().get("Uniqueid")).isEqualTo("é");
        assertThat(here.oddities().count(Oddities.Kind.MALFORMED)).isEqualTo(2);
        assertThat(here.oddities().count(Oddities.Kind.UNEXPECTED_ANSWER)).isEqualTo(1);
        assertThat(here.oddities().count(Oddities.Kind.OVERSIZED)).isEqualTo(1);
        of(here.ask(ASK));
    }

    @Test
    void aMessageWithoutEndEndsTheConnectionAndANewOneIsMade() throws Exception {
        open(ScriptedConsole::success, PATIENT);
        CompletableFuture<Void> talking = CompletableFuture.runAsync(() -> {
            try {
                for (int n = 0; n < 3_000; n++) {
                    there.say("Value: " + "x".repeat(1_000) + "\r\n");
                }
            } catch (RuntimeException e) {
                // hung up on
            }
        });
        assertThat(ear.nextOfLink()).contains("without end");
        talking.get(2, TimeUnit.MINUTES);
        assertThat(ear.nextOfLink()).isEqualTo("up");
    }

    @Test
    void aListenerThatThrowsCostsNothingElse() throws Exception {
        Ear thrower = new Ear() {
            @Override
            public void event(AmiMessage event) {
                super.event(event);
                throw new IllegalStateException("of the test");
            }
        };
        there = new ScriptedConsole(ScriptedConsole::success);
        here = SwitchConsole.open(
                settings(there.port(), ScriptedConsole.PASSWORD, PATIENT), thrower, Clock.systemUTC());
        assertThat(thrower.nextOfLink()).isEqualTo("up");
        there.say("Event: One\r\n\r\nEvent: Two\r\n\r\n");
        assertThat(thrower.nextEvent().event()).isEqualTo("One");
        assertThat(thrower.nextEvent().event()).isEqualTo("Two");
        of(here.ask(ASK));
        assertThat(here.oddities().count(Oddities.Kind.UNFORESEEN)).isEqualTo(2);
    }

    @Test
    void aFieldThatWouldBeginAnotherIsRefusedByName() {
        AmiAction originate = AmiAction.of("Originate");
        for (String value : List.of("a\r\nAction: Command", "a\nb", "a\rb", "a\u0000b", "\u007f")) {
            assertThatThrownBy(() -> originate.with("CallerID", value)).hasMessageContaining("CallerID");
        }
        assertThatThrownBy(() -> originate.with("Caller\r\nID", "x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> AmiAction.of("Ping\r\nAction: Command")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> originate.with("ActionID", "1")).hasMessageContaining("ActionID");
        assertThatThrownBy(() -> originate.with("Variable", "é".repeat(600))).hasMessageContaining("Variable");
        assertThat(originate.with("Channel", "PJSIP/0639980001@carrier").toString())
                .doesNotContain("0639980001");
    }

    @Test
    void closingLeavesNothingWhateverIsUnderWay() throws Exception {
        open(action -> null, PATIENT);
        CompletableFuture<AmiMessage> asked = here.ask(ASK);
        there.next();
        here.close();
        here.close();
        assertThat(failure(asked).kind()).isEqualTo(Kind.IN_DOUBT);
        assertThat(failure(here.ask(ASK)).kind()).isEqualTo(Kind.NOT_SENT);
        await().atMost(LIMIT).until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("fax-test")));
    }
}
