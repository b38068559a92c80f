package io.tocsin.platform.asterisk.ari;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The connection itself: lost, half-open, flooded, fed with nonsense, taken over, closed. */
class LinkTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @Test
    void aLostConnectionPutsAllInDoubtIsToldAndMadeAnew() throws Exception {
        try (Rig rig = Rig.up(new ScriptedSwitch(r -> null))) {
            List<CompletableFuture<?>> pending = new ArrayList<>();
            for (int n = 0; n < 100; n++) {
                pending.add(rig.here.originate(Rig.call("row-" + n), event -> {}));
            }
            await().atMost(LIMIT).until(() -> rig.there.requests.size() == 100);
            rig.there.drop();
            for (CompletableFuture<?> one : pending) {
                assertThat(Rig.failure(one).kind()).isEqualTo(AriException.Kind.IN_DOUBT);
            }
            assertThat(rig.heard.next()).isEqualTo("down");
            assertThat(rig.heard.next()).isEqualTo("up");
            assertThat(rig.here.attached()).as("in doubt: they may live").isEqualTo(100);
            rig.there.script(r -> ScriptedSwitch.answer(r, 200, Rig.channels("row-7")));
            assertThat(Rig.of(rig.here.channels())).containsExactly("row-7");
        }
    }

    @Test
    void withoutAConnectionNothingIsSentAndEachAttemptThatFailsIsTold() throws Exception {
        int nobody;
        try (ServerSocket taken = new ServerSocket(0)) {
            nobody = taken.getLocalPort();
        }
        Heard heard = new Heard();
        try (Switch here = Switch.open(Rig.dialing(nobody, Rig.LIMITS), heard, Clock.systemUTC())) {
            assertThat(heard.next()).isEqualTo("down");
            assertThat(heard.next()).isEqualTo("down");
            assertThat(heard.lastReason()).contains("takes no connection on port " + nobody);
            AriException why = Rig.failure(here.originate(Rig.call("row-1"), event -> {}));
            assertThat(why.kind()).isEqualTo(AriException.Kind.NOT_SENT);
            assertThat(here.attached()).isZero();
            assertThat(here.isUp()).isFalse();
        }
    }

    @Test
    void aWrongPasswordIsToldAndTriedAgain() throws Exception {
        ScriptedSwitch there = new ScriptedSwitch();
        there.password = "another";
        try (Rig rig = new Rig(there, Rig.LIMITS)) {
            assertThat(rig.heard.next()).isEqualTo("down");
            assertThat(rig.heard.lastReason())
                    .isEqualTo("the switch refused the connection: 401, wrong user or password");
            assertThat(rig.heard.next()).isEqualTo("down");
            there.password = ScriptedSwitch.PASSWORD;
            await().atMost(LIMIT).until(rig.here::isUp);
        }
    }

    @Test
    void aHalfOpenConnectionIsGivenUp() throws Exception {
        try (Rig rig =
                Rig.up(new ScriptedSwitch(r -> null), Rig.limits(Duration.ofMinutes(2), Duration.ofMillis(250)))) {
            rig.there.freeze();
            CompletableFuture<Void> asked = rig.here.answer("c1");
            assertThat(rig.heard.next()).isEqualTo("down");
            assertThat(rig.heard.lastReason()).startsWith("half-open");
            assertThat(Rig.failure(asked).kind()).isEqualTo(AriException.Kind.IN_DOUBT);
            assertThat(rig.heard.next()).isEqualTo("up");
        }
    }

    @Test
    void aQuietConnectionThatAnswersPingsStays() throws Exception {
        try (Rig rig = Rig.up(new ScriptedSwitch(), Rig.limits(Duration.ofMinutes(2), Duration.ofMillis(50)))) {
            await().pollDelay(Duration.ofMillis(600)).atMost(LIMIT).until(() -> true);
            assertThat(rig.here.isUp()).isTrue();
            assertThat(rig.heard.news).isEmpty();
        }
    }

    @Test
    void nonsenseIsCountedAndTheNextRequestIsAnswered() throws Exception {
        try (Rig rig = Rig.up(new ScriptedSwitch(r -> ScriptedSwitch.answer(r, 200, Rig.channels())))) {
            ScriptedSwitch there = rig.there;
            there.send("{\"type\":");
            there.send("");
            there.send(new TextWebSocketFrame(Unpooled.wrappedBuffer(new byte[] {'"', (byte) 0xc3, (byte) 0x28, '"'})));
            there.send(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(new byte[] {1, 2, 3})));
            there.send("{\"type\":\"ChannelDreamt\",\"channel\":{\"id\":\"c9\"}}");
            there.send(Rig.event("ChannelStateChange", "nobodys\\r\\nchannel"));
            there.send("{\"type\":\"StasisStart\",\"pad\":\"" + "x".repeat(Rig.LIMITS.messageBytes()) + "\"}");
            there.send("{\"type\":\"RESTResponse\",\"transaction_id\":\"4711\",\"status_code\":200}");

            assertThat(Rig.of(rig.here.channels())).isEmpty();
            assertThat(rig.here.oddities().summary())
                    .isEqualTo("malformed ×3, oversized ×1, binary ×1, unknown-event ×1, unknown-channel ×1,"
                            + " unexpected-answer ×1");
            assertThat(rig.heard.nextEvent()).hasToString("ChannelDreamt[c9]");
            assertThat(rig.heard.nextEvent()).hasToString("ChannelStateChange[nobodyschannel]");
            assertThat(rig.heard.news).as("never down").isEmpty();
        }
    }

    @Test
    void fragmentsAreJoinedUpToTheLimit() throws Exception {
        try (Rig rig = Rig.up(new ScriptedSwitch(r -> ScriptedSwitch.answer(r, 200, Rig.channels())))) {
            String event = Rig.event("StasisStart", "c1");
            fragmented(rig.there, event.substring(0, 10), event.substring(10, 11), event.substring(11));
            String third = "x".repeat(Rig.LIMITS.messageBytes() / 2);
            fragmented(rig.there, "{\"type\":\"", third, third, third, "\"}"); // too long together
            String whole = "x".repeat(Rig.LIMITS.messageBytes() + 1);
            fragmented(rig.there, "{\"type\":\"", whole, "\"}"); // too long in the middle
            fragmented(rig.there, whole, "\"}"); // too long at once
            fragmented(rig.there, "{\"type\":\"", whole); // too long at the end
            rig.there.send(Rig.event("StasisStart", "c2"));

            assertThat(rig.heard.nextEvent()).hasToString("StasisStart[c1]");
            assertThat(rig.heard.nextEvent()).hasToString("StasisStart[c2]");
            assertThat(Rig.of(rig.here.channels())).isEmpty();
            assertThat(rig.here.oddities().summary()).isEqualTo("oversized ×4");
            assertThat(rig.heard.news).as("never down").isEmpty();
        }
    }

    private static void fragmented(ScriptedSwitch there, String... pieces) {
        for (int n = 0; n < pieces.length; n++) {
            var content = Unpooled.copiedBuffer(pieces[n], StandardCharsets.UTF_8);
            boolean last = n == pieces.length - 1;
            there.send(
                    n == 0
                            ? new TextWebSocketFrame(last, 0, content)
                            : new ContinuationWebSocketFrame(last, 0, content));
        }
    }

    @Test
    void aFrameOfNoLengthEndsTheConnectionAndANewOneIsMade() throws Exception {
        try (Rig rig = Rig.up(new ScriptedSwitch(r -> ScriptedSwitch.answer(r, 200, Rig.channels())))) {
            rig.there.raw(Unpooled.buffer().writeByte(0x81).writeByte(127).writeLong(-1));
            assertThat(rig.heard.next()).isEqualTo("down");
            assertThat(rig.heard.lastReason()).isEqualTo("broke the rules of WebSocket");
            assertThat(rig.heard.next()).isEqualTo("up");
            assertThat(Rig.of(rig.here.channels())).isEmpty();
        }
    }

    @Test
    void aFloodOfEventsReachesEachCallInOrder() throws Exception {
        int calls = 200;
        int each = 250;
        try (Rig rig = Rig.up(new ScriptedSwitch(r -> ScriptedSwitch.answer(r, 200, Rig.channels())))) {
            Map<String, List<String>> heard = new ConcurrentHashMap<>();
            for (int call = 0; call < calls; call++) {
                List<String> of = new ArrayList<>(); // the link's thread only, read after its last answer
                heard.put("c" + call, of);
                assertThat(rig.here.attach("c" + call, event -> of.add(((AriEvent.ChannelVarset) event).value())))
                        .isTrue();
            }
            for (int n = 0; n < each; n++) {
                for (int call = 0; call < calls; call++) {
                    rig.there.send("{\"type\":\"ChannelVarset\",\"variable\":\"N\",\"value\":\"" + n
                            + "\",\"channel\":{\"id\":\"c" + call + "\"}}");
                }
            }
            // answered on the switch's thread, after all it had to send
            assertThat(Rig.of(rig.here.channels())).isEmpty();
            List<String> order = java.util.stream.IntStream.range(0, each)
                    .mapToObj(Integer::toString)
                    .toList();
            assertThat(heard.values()).hasSize(calls).allSatisfy(of -> assertThat(of)
                    .isEqualTo(order));
            assertThat(rig.here.oddities().summary()).isEmpty();
        }
    }

    @Test
    void repeatedAndLateEventsOfAnEndedCallReachNobodysCall() throws Exception {
        try (Rig rig = Rig.up(new ScriptedSwitch(r -> ScriptedSwitch.answer(r, 200, Rig.channels())))) {
            List<String> heard = new ArrayList<>();
            rig.here.attach("c1", event -> heard.add(event.toString()));
            rig.there.send(Rig.event("ChannelDestroyed", "c1"));
            rig.there.send(Rig.event("ChannelDestroyed", "c1"));
            rig.there.send(Rig.event("ChannelStateChange", "c1"));
            Rig.of(rig.here.channels());
            assertThat(heard).containsExactly("ChannelDestroyed[c1]");
            assertThat(rig.here.oddities().count(Oddities.Kind.UNKNOWN_CHANNEL)).isEqualTo(2);
        }
    }

    @Test
    void aListenerThatThrowsCostsNobodyElseAnything() throws Exception {
        try (Rig rig = Rig.up(new ScriptedSwitch(r -> ScriptedSwitch.answer(r, 200, Rig.channels())))) {
            List<String> heard = new ArrayList<>();
            rig.here.attach("bad", event -> {
                throw new IllegalStateException("0639981234");
            });
            rig.here.attach("good", event -> heard.add(event.toString()));
            rig.there.send(Rig.event("ChannelStateChange", "bad"));
            rig.there.send(Rig.event("ChannelStateChange", "good"));
            Rig.of(rig.here.channels());
            assertThat(heard).containsExactly("ChannelStateChange[good]");
            assertThat(rig.here.oddities().count(Oddities.Kind.UNFORESEEN)).isEqualTo(1);
        }
    }

    @Test
    void whoeverTakesTheApplicationHasIt() throws Exception {
        try (Rig rig = Rig.up(new ScriptedSwitch())) {
            rig.there.send(Transcripts.received("client-dies").stream()
                    .filter(message -> message.contains("ApplicationReplaced"))
                    .findFirst()
                    .orElseThrow());
            assertThat(rig.heard.next()).isEqualTo("down");
            assertThat(rig.heard.lastReason()).isEqualTo("another connection took the application activoice");
            assertThat(rig.heard.next()).isEqualTo("up");
        }
    }

    @Test
    void closingTwiceLeavesNothing() throws Exception {
        Rig rig = Rig.up(new ScriptedSwitch(r -> null));
        CompletableFuture<Void> asked = rig.here.answer("c1");
        rig.there.request();
        rig.here.close();
        rig.here.close();
        assertThat(Rig.failure(asked).kind()).isEqualTo(AriException.Kind.IN_DOUBT);
        assertThat(Rig.failure(rig.here.answer("c2")).kind()).isEqualTo(AriException.Kind.NOT_SENT);
        await().atMost(LIMIT).until(() -> !rig.there.connected());
        await().atMost(LIMIT).until(() -> threads().isEmpty());
        assertThat(rig.heard.news).as("who closes is not told").isEmpty();
        rig.close();
    }

    @Test
    void closingWhileNobodyAnswersLeavesNothing() throws Exception {
        Rig rig = Rig.up(new ScriptedSwitch(r -> null));
        rig.there.freeze();
        rig.here.answer("c1");
        rig.close();
        await().atMost(LIMIT).until(() -> threads().isEmpty());
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("voice-test"))
                .toList();
    }

    @Test
    void asteriskConnectsToUs() throws Exception {
        Heard heard = new Heard();
        try (ScriptedSwitch there = new ScriptedSwitch(r -> ScriptedSwitch.answer(r, 201, playback()));
                Switch here = Switch.open(listening(), heard, Clock.systemUTC())) {
            int port = here.port().orElseThrow();
            String right = ScriptedSwitch.basic(ScriptedSwitch.USER, ScriptedSwitch.PASSWORD);
            for (Channel stranger : List.of(
                    there.dial(port, "/ari", null),
                    there.dial(port, "/ari", ScriptedSwitch.basic(ScriptedSwitch.USER, "guess")),
                    there.dial(port, "/other", right))) {
                assertThat(stranger.closeFuture().await(2, TimeUnit.MINUTES)).isTrue();
            }
            assertThat(here.oddities().count(Oddities.Kind.STRANGER)).isEqualTo(3);
            assertThat(heard.news).isEmpty();

            there.dial(port, "/ari", right);
            assertThat(heard.next()).isEqualTo("up");
            await().atMost(LIMIT).until(there::connected);
            Transcripts.received("outbound-websocket").stream()
                    .filter(message -> !message.contains("RESTResponse"))
                    .forEach(there::send);
            assertThat(heard.nextEvent())
                    .isInstanceOfSatisfying(
                            AriEvent.ApplicationRegistered.class,
                            event -> assertThat(event.application()).isEqualTo("outapp"));
            AriEvent arrived = heard.nextEvent();
            assertThat(arrived).hasToString("StasisStart[1795282589.1206]");
            AriPlayback played = Rig.of(here.play(arrived.channelId().orElseThrow(), "p1", List.of("sound:hello")));
            assertThat(played.id()).isEqualTo("p1");
        }
    }

    @Test
    void aNewerConnectionOfTheSwitchTakesOver() throws Exception {
        Heard heard = new Heard();
        try (ScriptedSwitch there = new ScriptedSwitch(r -> null);
                Switch here = Switch.open(listening(), heard, Clock.systemUTC())) {
            String right = ScriptedSwitch.basic(ScriptedSwitch.USER, ScriptedSwitch.PASSWORD);
            Channel first = there.dial(here.port().orElseThrow(), "/ari", right);
            assertThat(heard.next()).isEqualTo("up");
            CompletableFuture<Void> asked = here.answer("c1");
            there.request();
            there.dial(here.port().orElseThrow(), "/ari", right);
            assertThat(heard.next()).isEqualTo("down");
            assertThat(heard.next()).isEqualTo("up");
            assertThat(Rig.failure(asked).kind()).isEqualTo(AriException.Kind.IN_DOUBT);
            assertThat(first.closeFuture().await(2, TimeUnit.MINUTES)).isTrue();
            there.script(r -> ScriptedSwitch.answer(r, 204, null));
            Rig.of(here.answer("c1"));
            assertThat(here.isUp()).isTrue();
        }
    }

    @Test
    void aPortThatIsTakenIsSaidAtOnceAndLeavesNothing() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            AriSettings settings = Rig.settings(AriSettings.Direction.LISTEN, taken.getLocalPort(), Rig.LIMITS);
            assertThatThrownBy(() -> Switch.open(settings, new Heard(), Clock.systemUTC()))
                    .hasMessageContaining(Integer.toString(taken.getLocalPort()));
            await().atMost(LIMIT).until(() -> threads().isEmpty());
        }
    }

    private static AriSettings listening() {
        return Rig.settings(AriSettings.Direction.LISTEN, 0, Rig.LIMITS);
    }

    private static String playback() {
        return "{\"id\":\"p1\",\"state\":\"queued\",\"target_uri\":\"channel:1795282589.1206\"}";
    }
}
