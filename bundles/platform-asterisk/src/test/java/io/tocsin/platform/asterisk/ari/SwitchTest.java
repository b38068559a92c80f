package io.tocsin.platform.asterisk.ari;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tocsin.platform.asterisk.ari.Switch.BridgeType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a switch is asked, and what becomes of the answers. */
class SwitchTest {
    private final ObjectMapper mapper = new ObjectMapper();

    @Test
    void connectsAsAsteriskExpectsAndKeepsThePasswordOutOfTheAddress() throws Exception {
        try (Rig rig = Rig.up(new ScriptedSwitch())) {
            ScriptedSwitch.Handshake handshake = rig.there.handshakes.poll(2, TimeUnit.MINUTES);
            assertThat(handshake.uri()).isEqualTo("/ari/events?app=activoice&subscribeAll=false");
            assertThat(handshake.subprotocol()).isEqualTo("ari");
            assertThat(handshake.authorization())
                    .isEqualTo(ScriptedSwitch.basic(ScriptedSwitch.USER, ScriptedSwitch.PASSWORD));
            assertThat(Rig.dialing(1, Rig.LIMITS).toString()).doesNotContain(ScriptedSwitch.PASSWORD);
        }
    }

    static Stream<Arguments> operations() {
        return Stream.of(
                op("answer", s -> s.answer("c/1"), "POST", "channels/c%2F1/answer"),
                op(
                        "play",
                        s -> s.play("c1", "p1", List.of("sound:/ast/a b", "digits:12")),
                        "POST",
                        "channels/c1/play?media=sound%3A%2Fast%2Fa%20b%2Cdigits%3A12&playbackId=p1"),
                op("stop playback", s -> s.stopPlayback("p1"), "DELETE", "playbacks/p1"),
                op("hangup", s -> s.hangup("c1", 17), "DELETE", "channels/c1?reason_code=17"),
                op(
                        "create bridge",
                        s -> s.createBridge("b1", BridgeType.HOLDING),
                        "POST",
                        "bridges?type=holding&bridgeId=b1"),
                op(
                        "add to bridge",
                        s -> s.addToBridge("b1", List.of("c1", "c2")),
                        "POST",
                        "bridges/b1/addChannel?channel=c1%2Cc2"),
                op(
                        "remove from bridge",
                        s -> s.removeFromBridge("b1", List.of("c1")),
                        "POST",
                        "bridges/b1/removeChannel?channel=c1"),
                op("destroy bridge", s -> s.destroyBridge("b1"), "DELETE", "bridges/b1"),
                op("channel", s -> s.channel("c1"), "GET", "channels/c1"),
                op("channels", Switch::channels, "GET", "applications/activoice"),
                op("get variable", s -> s.variable("c1", "A&B"), "GET", "channels/c1/variable?variable=A%26B"),
                op(
                        "set variable",
                        s -> s.setVariable("c1", "NAME", "Zoë=1"),
                        "POST",
                        "channels/c1/variable?variable=NAME&value=Zo%C3%AB%3D1"),
                op("stop recording", s -> s.stopRecording("r1"), "POST", "recordings/live/r1/stop"));
    }

    private static Arguments op(String label, Function<Switch, CompletableFuture<?>> asked, String method, String uri) {
        return Arguments.of(label, asked, method, uri);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("operations")
    void everyOperationIsItsRequest(
            String label, Function<Switch, CompletableFuture<?>> asked, String method, String uri) throws Exception {
        try (Rig rig = Rig.up(new ScriptedSwitch(r -> null))) {
            asked.apply(rig.here);
            JsonNode request = rig.there.request();
            assertThat(request.path("type").asText()).isEqualTo("RESTRequest");
            assertThat(request.path("transaction_id").asText()).isNotEmpty();
            assertThat(request.path("method").asText()).isEqualTo(method);
            assertThat(request.path("uri").asText()).isEqualTo(uri);
            assertThat(request.has("message_body")).isFalse();
        }
    }

    @Test
    void originatesUnderOurIdAndRecordsAsAsked() throws Exception {
        try (Rig rig = Rig.up(new ScriptedSwitch(r -> r.path("uri").asText().equals("channels")
                ? ScriptedSwitch.answer(r, 200, Rig.channel("row-1"))
                : ScriptedSwitch.answer(
                        r, 201, "{\"name\":\"r1\",\"state\":\"queued\",\"target_uri\":\"channel:row-1\"}")))) {
            AriChannel channel = Rig.of(rig.here.originate(Rig.call("row-1"), event -> {}));
            assertThat(channel.id()).isEqualTo("row-1");
            JsonNode request = rig.there.request();
            assertThat(request.path("method").asText()).isEqualTo("POST");
            assertThat(request.path("content_type").asText()).isEqualTo("application/json");
            assertThat(mapper.readTree(request.path("message_body").asText()))
                    .isEqualTo(
                            mapper.readTree(
                                    """
                            {"endpoint":"PJSIP/0639981234@trunk","app":"activoice","appArgs":"alert,row-1","timeout":10,
                             "channelId":"row-1","callerId":"\\"Mairie\\" <0199001234>","variables":{"ALERTID":"row-1"}}"""));

            AriRecording recording = Rig.of(rig.here.record(
                    "row-1",
                    new Recording(
                            "r1", "alaw", Duration.ofSeconds(90), Optional.of(Duration.ofSeconds(4)), true, "#")));
            assertThat(recording)
                    .isEqualTo(
                            new AriRecording("r1", Optional.of("row-1"), AriRecording.State.QUEUED, Optional.empty()));
            assertThat(mapper.readTree(rig.there.request().path("message_body").asText()))
                    .isEqualTo(
                            mapper.readTree(
                                    """
                            {"name":"r1","format":"alaw","maxDurationSeconds":90,"maxSilenceSeconds":4,"ifExists":"fail",
                             "beep":true,"terminateOn":"#"}"""));
        }
    }

    @Test
    void aCallSeenOnARealSwitchIsHeardInOrderAndThenForgotten() throws Exception {
        List<String> transcript = Transcripts.received("rest-over-websocket");
        try (ScriptedSwitch there = new ScriptedSwitch(r -> null);
                Rig rig = Rig.up(there)) {
            BlockingQueue<AriEvent> heard = new LinkedBlockingQueue<>();
            CompletableFuture<AriChannel> begun = rig.here.originate(Rig.call("row-1"), heard::add);
            String originate = there.request().path("transaction_id").asText();
            CompletableFuture<AriPlayback> played =
                    rig.here.play("row-1", "p1", List.of("sound:/ast/sounds/message-fr"));
            String play = there.request().path("transaction_id").asText();
            CompletableFuture<Boolean> hungUp = rig.here.hangup("row-1", 16);
            String hangup = there.request().path("transaction_id").asText();
            Map<String, String> ours = Map.of("t1", originate, "t2", play, "t3", hangup);
            for (String message : transcript) {
                String answered = message;
                for (Map.Entry<String, String> id : ours.entrySet()) {
                    answered = answered.replace(
                            "\"transaction_id\":\"" + id.getKey() + "\"",
                            "\"transaction_id\":\"" + id.getValue() + "\"");
                }
                there.send(answered);
            }
            assertThat(Rig.of(begun).id()).isEqualTo("row-1");
            assertThat(Rig.of(played).state()).isEqualTo(AriPlayback.State.QUEUED);
            assertThat(Rig.of(hungUp)).isTrue();
            // a question after the last event: what came before it has been heard
            there.script(r -> ScriptedSwitch.answer(r, 200, Rig.channels()));
            assertThat(Rig.of(rig.here.channels())).isEmpty();

            assertThat(heard.stream()
                            .filter(event -> !(event instanceof AriEvent.ChannelVarset))
                            .map(Object::toString))
                    .containsExactly(
                            "Dial[row-1]",
                            "Dial[row-1]",
                            "ChannelStateChange[row-1]",
                            "ChannelStateChange[row-1]",
                            "Dial[row-1]",
                            "StasisStart[row-1]",
                            "PlaybackStarted[row-1]",
                            "ChannelHangupRequest[row-1]",
                            "PlaybackFinished[row-1]",
                            "StasisEnd[row-1]",
                            "ChannelDestroyed[row-1]");
            assertThat(rig.here.attached()).isZero();
            assertThat(rig.heard.events).isEmpty();
            assertThat(rig.here.oddities().summary()).isEmpty();
        }
    }

    @Test
    void eventsMayComeBeforeTheOriginateIsAnswered() throws Exception {
        try (Rig rig = Rig.up(new ScriptedSwitch(r -> null))) {
            BlockingQueue<AriEvent> heard = new LinkedBlockingQueue<>();
            CompletableFuture<AriChannel> begun = rig.here.originate(Rig.call("row-1"), heard::add);
            JsonNode request = rig.there.request();
            rig.there.send(Rig.event("StasisStart", "row-1"));
            rig.there.send(Rig.event("ChannelDestroyed", "row-1"));
            rig.there.send(ScriptedSwitch.answer(request, 200, Rig.channel("row-1")));
            assertThat(Rig.of(begun).id()).isEqualTo("row-1");
            assertThat(heard).hasToString("[StasisStart[row-1], ChannelDestroyed[row-1]]");
            assertThat(rig.here.attached()).isZero();
        }
    }

    @Test
    void aRefusalSaysSoWithoutTheNumberAndLeavesNobodyListening() throws Exception {
        try (Rig rig = Rig.up(new ScriptedSwitch(
                r -> ScriptedSwitch.answer(r, 500, "{\"message\":\"Allocation failed for 0639981234\"}")))) {
            AriException why = Rig.failure(rig.here.originate(Rig.call("row-1"), event -> {}));
            assertThat(why.kind()).isEqualTo(AriException.Kind.REFUSED);
            assertThat(why.status()).isEqualTo(500);
            assertThat(why).hasMessage("originate: 500 Internal_Server_Error");
            assertThat(rig.here.attached()).isZero();
        }
    }

    @Test
    void aSecondCallOfTheSameIdIsRefusedAndTheFirstGoesOn() throws Exception {
        try (Rig rig = Rig.up(new ScriptedSwitch(r -> r.path("method").asText().equals("POST")
                ? ScriptedSwitch.answer(r, 409, "{\"message\":\"exists\"}")
                : ScriptedSwitch.answer(r, 200, Rig.channel("row-1"))))) {
            BlockingQueue<AriEvent> heard = new LinkedBlockingQueue<>();
            assertThat(Rig.failure(rig.here.originate(Rig.call("row-1"), heard::add))
                            .status())
                    .isEqualTo(409);
            assertThat(Rig.failure(rig.here.originate(Rig.call("row-1"), event -> {}))
                            .kind())
                    .isEqualTo(AriException.Kind.NOT_SENT);
            rig.there.send(Rig.event("StasisStart", "row-1"));
            assertThat(heard.poll(2, TimeUnit.MINUTES)).hasToString("StasisStart[row-1]");
        }
    }

    /** Seen with Asterisk 22.10.1: an unknown endpoint, asked for after a true conflict. */
    @Test
    void aConflictAboutACallThatDoesNotLiveIsARefusal() throws Exception {
        try (Rig rig = Rig.up(new ScriptedSwitch(r -> r.path("method").asText().equals("POST")
                ? ScriptedSwitch.answer(r, 409, "{\"message\":\"exists\"}")
                : ScriptedSwitch.answer(r, 404, "{\"message\":\"not found\"}")))) {
            AriException why = Rig.failure(rig.here.originate(Rig.call("row-1"), event -> {}));
            assertThat(why.kind()).isEqualTo(AriException.Kind.REFUSED);
            assertThat(why).hasMessageContaining("no such call");
            assertThat(rig.here.attached()).isZero();
        }
    }

    @Test
    void whatIsGoneAlreadyIsNoFailure() throws Exception {
        try (Rig rig = Rig.up(new ScriptedSwitch(r -> ScriptedSwitch.answer(r, 404, "{\"message\":\"not found\"}")))) {
            assertThat(Rig.of(rig.here.hangup("c1", 16))).isFalse();
            assertThat(Rig.of(rig.here.stopPlayback("p1"))).isFalse();
            assertThat(Rig.of(rig.here.destroyBridge("b1"))).isFalse();
            assertThat(Rig.of(rig.here.stopRecording("r1"))).isFalse();
            assertThat(Rig.of(rig.here.variable("c1", "X"))).isEmpty();
            assertThat(Rig.of(rig.here.channel("c1"))).isEmpty();
            assertThat(Rig.failure(rig.here.answer("c1")).status()).isEqualTo(404);
        }
    }

    @Test
    void listsWhatLives() throws Exception {
        try (Rig rig = Rig.up(new ScriptedSwitch(r -> ScriptedSwitch.answer(r, 200, Rig.channels("a", "b"))))) {
            assertThat(Rig.of(rig.here.channels())).containsExactly("a", "b");
        }
    }

    @Test
    void noAnswerInTimeIsDoubtAndALateOneIsCounted() throws Exception {
        try (Rig rig = Rig.up(new ScriptedSwitch(r -> null), Rig.limits(Duration.ofMillis(100), Rig.LIMITS.quiet()))) {
            AriException why = Rig.failure(rig.here.originate(Rig.call("row-1"), event -> {}));
            assertThat(why.kind()).isEqualTo(AriException.Kind.IN_DOUBT);
            assertThat(why).hasMessage("originate: no answer in 100 ms");
            assertThat(rig.here.attached()).as("it may live").isEqualTo(1);
            JsonNode late = rig.there.request();
            rig.there.send(ScriptedSwitch.answer(late, 200, Rig.channel("row-1")));
            rig.there.script(r -> ScriptedSwitch.answer(r, 200, Rig.channels()));
            Rig.of(rig.here.channels());
            assertThat(rig.here.oddities().count(Oddities.Kind.UNEXPECTED_ANSWER))
                    .isEqualTo(1);
            assertThat(rig.here.oddities().summary()).isEqualTo("unexpected-answer ×1, no-answer ×1");
        }
    }

    @Test
    void anAnswerThatCannotBeReadIsDoubt() throws Exception {
        try (Rig rig = Rig.up(new ScriptedSwitch(r -> ScriptedSwitch.answer(r, 200, "{\"no\":\"id\"}")))) {
            assertThat(Rig.failure(rig.here.originate(Rig.call("row-1"), event -> {}))
                            .kind())
                    .isEqualTo(AriException.Kind.IN_DOUBT);
            assertThat(Rig.failure(rig.here.channels())).hasMessageContaining("not a list");
            assertThat(rig.here.oddities().count(Oddities.Kind.UNREADABLE_ANSWER))
                    .isEqualTo(2);
        }
    }

    @Test
    void aRequestTooLongForASwitchIsNotSentAndTheLinkGoesOn() throws Exception {
        try (Rig rig = Rig.up(new ScriptedSwitch(r -> ScriptedSwitch.answer(r, 204, null)))) {
            AriException why = Rig.failure(rig.here.setVariable("c1", "TEXT", "x".repeat(70_000)));
            assertThat(why.kind()).isEqualTo(AriException.Kind.NOT_SENT);
            assertThat(why).hasMessageContaining("shorten");
            Rig.of(rig.here.setVariable("c1", "TEXT", "x".repeat(60_000)));
            assertThat(rig.there.requests).hasSize(1);
        }
    }

    @Test
    void moreRequestsThanTheLimitWaitNowhere() throws Exception {
        AriSettings.Limits two = new AriSettings.Limits(
                Rig.LIMITS.connect(),
                Rig.LIMITS.request(),
                Rig.LIMITS.quiet(),
                Rig.LIMITS.firstWait(),
                Rig.LIMITS.longestWait(),
                Rig.LIMITS.messageBytes(),
                2);
        try (Rig rig = Rig.up(new ScriptedSwitch(r -> null), two)) {
            CompletableFuture<Void> first = rig.here.answer("c1");
            rig.here.answer("c2");
            AriException why = Rig.failure(rig.here.answer("c3"));
            assertThat(why.kind()).isEqualTo(AriException.Kind.NOT_SENT);
            rig.there.send(ScriptedSwitch.answer(rig.there.request(), 204, null));
            Rig.of(first);
            rig.there.script(r -> ScriptedSwitch.answer(r, 204, null));
            Rig.of(rig.here.answer("c3"));
        }
    }

    @Test
    void aCallThatWouldWriteHeadersIsNotEvenBegun() {
        assertThatThrownBy(() -> new Originate(
                        "row-1",
                        "PJSIP/0639981234@trunk",
                        Optional.of("\"Mairie\r\nX-Evil: 1\" <0199001234>"),
                        Duration.ofSeconds(1),
                        List.of(),
                        Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("control character")
                .message()
                .doesNotContain("0199001234");
        assertThatThrownBy(() -> new Originate(
                        "row-1", "PJSIP/1@trunk", Optional.empty(), Duration.ofSeconds(1), List.of("a,b"), Map.of()))
                .hasMessageContaining("comma");
        assertThat(Rig.call("row-1")).hasToString("Originate[row-1]");
    }
}
