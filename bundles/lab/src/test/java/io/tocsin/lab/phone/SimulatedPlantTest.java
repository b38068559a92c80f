package io.tocsin.lab.phone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tocsin.lab.people.PhoneFate;
import io.tocsin.lab.people.PhoneHabits.Between;
import io.tocsin.lab.people.PhonePeople;
import io.tocsin.platform.asterisk.ari.AriChannel;
import io.tocsin.platform.asterisk.ari.AriEvent;
import io.tocsin.platform.asterisk.ari.AriException;
import io.tocsin.platform.asterisk.ari.AriPlayback;
import io.tocsin.platform.asterisk.ari.AriRecording;
import io.tocsin.platform.asterisk.ari.Originate;
import io.tocsin.platform.asterisk.ari.Recording;
import io.tocsin.platform.asterisk.ari.Switch.BridgeType;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The plant as the product's own wire to a switch sees it. */
class SimulatedPlantTest {
    @TempDir
    Path sounds;

    private String sound(String name, int millis) throws IOException {
        Files.write(sounds.resolve(name + ".alaw"), new byte[millis * 8]);
        return "sound:" + sounds.resolve(name);
    }

    @Test
    void aPersonPicksUpListensAndPressesAKey() throws Exception {
        try (Rig rig = new Rig(Rig.plant(Rig.quick().patience(Duration.ofSeconds(20))))) {
            rig.call("c1", "0639980001", 30);
            AriEvent.StasisStart start = rig.event(AriEvent.StasisStart.class, "c1");
            assertThat(start.arguments()).containsExactly("alert", "c1");
            assertThat(start.channel().state()).isEqualTo(AriChannel.State.UP);
            assertThat(start.channel().callerNumber()).isEqualTo("0199001234");
            Rig.of(rig.wire.play("c1", "p1", List.of(sound("message", 150), sound("question", 50))));
            AriEvent.ChannelDtmfReceived key = rig.event(AriEvent.ChannelDtmfReceived.class, "c1");
            assertThat(key.digit()).isEqualTo('1');
            assertThat(rig.all(AriEvent.PlaybackFinished.class, "c1"))
                    .extracting(event -> event.playback().state())
                    .containsExactly(AriPlayback.State.DONE);
            assertThat(Rig.of(rig.wire.hangup("c1", 16))).isTrue();
            assertThat(rig.event(AriEvent.ChannelDestroyed.class, "c1").cause()).isEqualTo(16);
            assertThat(rig.story("c1").stream()
                            .filter(name -> !name.equals("ChannelVarset"))
                            .toList())
                    .containsExactly(
                            "Dial",
                            "ChannelStateChange",
                            "Dial",
                            "ChannelStateChange",
                            "Dial",
                            "StasisStart",
                            "PlaybackStarted",
                            "PlaybackFinished",
                            "ChannelDtmfReceived",
                            "ChannelHangupRequest",
                            "StasisEnd",
                            "ChannelDestroyed");
            PlacedCall placed = rig.placed("c1");
            assertThat(placed.heard()).hasSize(2);
            assertThat(placed.keys()).isEqualTo("1");
            assertThat(placed.byPerson()).isFalse();
            assertThat(placed.other()).isEqualTo("0199001234");
        }
    }

    @Test
    void everyWayACallEndsHasTheCauseOfARealSwitch() throws Exception {
        Map<String, PhoneFate> fates = Map.of(
                "0639980002", PhoneFate.BUSY,
                "0639980003", PhoneFate.CONGESTION,
                "0639980004", PhoneFate.UNALLOCATED,
                "0639980005", PhoneFate.UNAVAILABLE,
                "0639980006", PhoneFate.DECLINES,
                "0639980007", PhoneFate.INCOMPLETE,
                "0639980008", PhoneFate.NOT_ACCEPTABLE,
                "0639980009", PhoneFate.BROKEN,
                "0639980010", PhoneFate.RINGS_OUT,
                "0639980013", PhoneFate.DEAD_TRUNK);
        try (Rig rig = new Rig(Rig.plant(Rig.quick().fates(fates)))) {
            for (String number : fates.keySet()) {
                rig.call(number, number, number.equals("0639980010") ? 1 : 60);
            }
            Map<String, String> seen =
                    fates.keySet().stream().collect(Collectors.toMap(number -> number, number -> ended(rig, number)));
            assertThat(seen)
                    .containsOnly(
                            Map.entry("0639980002", "17/486"),
                            Map.entry("0639980003", "34/503"),
                            Map.entry("0639980004", "1/404"),
                            Map.entry("0639980005", "19/480"),
                            Map.entry("0639980006", "21/603"),
                            Map.entry("0639980007", "28/484"),
                            Map.entry("0639980008", "58/488"),
                            Map.entry("0639980009", "38/500"),
                            Map.entry("0639980010", "19/480"),
                            Map.entry("0639980013", "18/408"));
            assertThat(rig.plant.counters().pickedUp()).isZero();
            assertThat(rig.wire.attached()).isZero();
        }
    }

    private static String ended(Rig rig, String channel) {
        AriEvent.ChannelDestroyed end = rig.event(AriEvent.ChannelDestroyed.class, channel);
        OptionalInt sip = end.techCause();
        return end.cause() + "/" + (sip.isPresent() ? sip.getAsInt() : "");
    }

    @Test
    void whoHangsUpEarlyCutsWhatIsSaid() throws Exception {
        try (Rig rig =
                new Rig(Rig.plant(Rig.quick().share(PhoneFate.HANGS_UP, 1).leaving(Between.millis(2_000, 2_000))))) {
            for (String id : List.of("early-1", "early-2")) {
                rig.call(id, "0639980001", 30);
                rig.event(AriEvent.StasisStart.class, id);
                Rig.of(rig.wire.play(id, "of-" + id, List.of(sound("long", 60_000))));
                AriEvent.PlaybackFinished cut = rig.event(AriEvent.PlaybackFinished.class, id);
                assertThat(cut.playback().state()).isEqualTo(AriPlayback.State.FAILED);
                assertThat(rig.event(AriEvent.ChannelDestroyed.class, id).techCause())
                        .isEmpty();
            }
            // not every network says that a hang-up is a normal one
            assertThat(rig.plant.counters().causes()).containsOnlyKeys(0, 16);
            assertThat(rig.placed("early-1").byPerson()).isTrue();
            assertThat(rig.placed("early-1").heard()).isEmpty();
        }
    }

    @Test
    void aSoundIsAsLongAsItsFileAndAKeyCanStopIt() throws Exception {
        try (Rig rig = new Rig(Rig.plant(
                Rig.quick().during(1).thinking(Between.millis(100, 200)).patience(Duration.ofSeconds(20))))) {
            rig.call("c1", "0639980001", 30);
            rig.event(AriEvent.StasisStart.class, "c1");
            Rig.of(rig.wire.play("c1", "long", List.of(sound("long", 60_000))));
            Rig.of(rig.wire.play("c1", "next", List.of(sound("short", 250))));
            rig.event(AriEvent.ChannelDtmfReceived.class, "c1");
            assertThat(rig.all(AriEvent.PlaybackFinished.class, "c1")).isEmpty();
            assertThat(Rig.of(rig.wire.stopPlayback("long"))).isTrue();
            AriEvent.PlaybackFinished next = rig.event(AriEvent.PlaybackFinished.class, "c1", event -> event.playback()
                    .id()
                    .equals("next"));
            assertThat(next.playback().state()).isEqualTo(AriPlayback.State.DONE);
            AriEvent.PlaybackStarted started = rig.event(AriEvent.PlaybackStarted.class, "c1", event -> event.playback()
                    .id()
                    .equals("next"));
            assertThat(Duration.between(started.at(), next.at())).isGreaterThanOrEqualTo(Duration.ofMillis(249));
            assertThat(Rig.of(rig.wire.stopPlayback("long"))).isFalse();
        }
    }

    @Test
    void aSoundThatIsNotThereFails() throws Exception {
        try (Rig rig = new Rig(Rig.plant(Rig.quick()))) {
            rig.call("c1", "0639980001", 30);
            rig.event(AriEvent.StasisStart.class, "c1");
            Rig.of(rig.wire.play("c1", "p", List.of("sound:" + sounds.resolve("nothing"))));
            assertThat(rig.event(AriEvent.PlaybackFinished.class, "c1")
                            .playback()
                            .state())
                    .isEqualTo(AriPlayback.State.FAILED);
        }
    }

    @Test
    void whoPressesAWrongKeyFirstPressesTheRightOneAfter() throws Exception {
        try (Rig rig = new Rig(Rig.plant(Rig.quick().wrongFirst(1).pin("4711").patience(Duration.ofSeconds(20))))) {
            rig.call("c1", "0639980001", 30);
            rig.event(AriEvent.StasisStart.class, "c1");
            Rig.of(rig.wire.play("c1", "pin", List.of(sound("pin", 20))));
            await().atMost(Rig.LIMIT).until(() -> rig.plant.counters().pressed() == 6);
            rig.wire.hangup("c1", 16);
            assertThat(rig.placed("c1").keys()).isEqualTo("471191");
        }
    }

    @Test
    void aMachineGreetsRecordsAndNeverPresses() throws Exception {
        try (Rig rig = new Rig(Rig.plant(Rig.quick().share(PhoneFate.MACHINE, 1).greeting(Duration.ofSeconds(2))))) {
            rig.call("c1", "0639980001", 30);
            rig.event(AriEvent.StasisStart.class, "c1");
            Rig.of(rig.wire.setVariable("c1", "TALK_DETECT(set)", ""));
            await().atMost(Rig.LIMIT)
                    .until(() -> rig.story("c1").stream()
                                    .filter(name -> name.startsWith("ChannelTalking"))
                                    .count()
                            == 2);
            Rig.of(rig.wire.play("c1", "left", List.of(sound("message", 50))));
            rig.event(AriEvent.PlaybackFinished.class, "c1");
            Rig.of(rig.wire.hangup("c1", 16));
            assertThat(rig.placed("c1").keys()).isEmpty();
            assertThat(rig.plant.counters().left()).isEqualTo(1);
        }
    }

    @Test
    void aCallOfAnIdThatLivesIsRefusedAndNobodyIsCalledTwice() throws Exception {
        try (Rig rig = new Rig(Rig.plant(Rig.quick().ringing(Between.millis(60_000, 60_000))))) {
            rig.call("c1", "0639980001", 120);
            rig.wire.detach("c1");
            AriException again = Rig.failure(rig.begin("c1", "0639980001", 120));
            assertThat(again.status()).isEqualTo(409);
            assertThat(rig.plant.counters().originates()).isEqualTo(1);
            assertThat(Rig.of(rig.wire.channels())).containsExactly("c1");
            assertThat(Rig.of(rig.wire.channel("c1")).orElseThrow().state()).isNotEqualTo(AriChannel.State.UP);
            assertThat(Rig.of(rig.wire.hangup("c1", 16))).isTrue();
            assertThat(ended(rig, "c1")).isEqualTo("16/");
            assertThat(Rig.of(rig.wire.channels())).isEmpty();
        }
    }

    @Test
    void whatIsNotThereIsNotFound() throws Exception {
        try (Rig rig = new Rig(Rig.plant(Rig.quick()).trunks(java.util.Set.of("carrier")))) {
            assertThat(Rig.of(rig.wire.channel("nobody"))).isEmpty();
            assertThat(Rig.of(rig.wire.hangup("nobody", 16))).isFalse();
            assertThat(Rig.of(rig.wire.variable("nobody", "X"))).isEmpty();
            assertThat(Rig.of(rig.wire.stopRecording("nothing"))).isFalse();
            assertThat(Rig.failure(rig.wire.play("nobody", "p", List.of("digits:1")))
                            .status())
                    .isEqualTo(404);
            AriException elsewhere = Rig.failure(rig.wire.originate(
                    new Originate(
                            "x",
                            "PJSIP/0639980001@elsewhere",
                            Optional.empty(),
                            Duration.ofSeconds(5),
                            List.of(),
                            Map.of()),
                    rig.hears));
            assertThat(elsewhere.status()).isEqualTo(500);
            assertThat(rig.plant.counters().refused()).isEqualTo(1);
        }
    }

    @Test
    void variablesAreKept() throws Exception {
        try (Rig rig = new Rig(Rig.plant(Rig.quick()))) {
            rig.call("c1", "0639980001", 30);
            rig.event(AriEvent.StasisStart.class, "c1");
            assertThat(Rig.of(rig.wire.variable("c1", "ALERT"))).contains("7");
            Rig.of(rig.wire.setVariable("c1", "NAME", "Zoë \"=\" 1"));
            assertThat(Rig.of(rig.wire.variable("c1", "NAME"))).contains("Zoë \"=\" 1");
            assertThat(Rig.of(rig.wire.variable("c1", "OTHER"))).isEmpty();
        }
    }

    @Test
    void linesThatAreTakenBadOrOverrunAreCongestion() throws Exception {
        try (Rig rig = new Rig(Rig.plant(Rig.quick().ringing(Between.millis(60_000, 60_000)))
                .lines(3)
                .failingLines(1))) {
            // the first line, and the first to be free again after the others
            rig.call("bad", "0639980001", 90);
            assertThat(ended(rig, "bad")).isEqualTo("38/500");
            rig.call("good-1", "0639980002", 90);
            rig.call("good-2", "0639980003", 90);
            rig.call("bad-again", "0639980004", 90);
            assertThat(ended(rig, "bad-again")).isEqualTo("38/500");
            rig.plant.behave(plant -> plant.failingLines(0));
            rig.call("third", "0639980005", 90);
            rig.call("one-more", "0639980006", 90);
            assertThat(ended(rig, "one-more")).isEqualTo("34/503");
            PlantCounters counters = rig.plant.counters();
            assertThat(counters.noLine()).isEqualTo(1);
            assertThat(counters.busy()).isEqualTo(3);
            assertThat(counters.mostBusy()).isEqualTo(3);
            assertThat(counters.linesBusy()).isBetween(0.0, 1.0);
            assertThat(counters.gapP95Ms()).isPositive();
        }
    }

    @Test
    void callsThatComeTooFastAreCongestion() throws Exception {
        try (Rig rig = new Rig(Rig.plant(Rig.quick()).maxPerSecond(1))) {
            for (int i = 0; i < 20; i++) {
                rig.begin("fast-" + i, "02619100" + (10 + i), 30);
            }
            await().atMost(Rig.LIMIT)
                    .until(() -> rig.plant.counters().originates() == 20
                            && rig.plant.counters().causes().getOrDefault(34, 0L)
                                    == rig.plant.counters().throttled());
            assertThat(rig.plant.counters().throttled()).isBetween(1L, 19L);
        }
    }

    @Test
    void somebodyCallsInAndSpeaksOntoARecording() throws Exception {
        try (Rig rig = new Rig(Rig.plant(Rig.quick()).talkScale(0.2))) {
            String id = rig.plant.call(
                    "alerts",
                    "0639980001",
                    "0199000001",
                    new PhonePeople.Answers(
                            Duration.ZERO,
                            false,
                            Duration.ofMillis(100),
                            List.of(new PhonePeople.Press(false, Duration.ofMillis(20), "42")),
                            Optional.empty(),
                            Duration.ofSeconds(30),
                            Duration.ofSeconds(1)));
            AriEvent.StasisStart start = rig.event(AriEvent.StasisStart.class, id);
            assertThat(start.arguments()).containsExactly("in", "0199000001");
            assertThat(start.channel().callerNumber()).isEqualTo("0639980001");
            assertThat(start.channel().dialled()).isEqualTo("0199000001");
            assertThat(start.channel().state()).isEqualTo(AriChannel.State.RINGING);
            Rig.of(rig.wire.answer(id));
            Rig.of(rig.wire.play(id, "who", List.of(sound("who", 20))));
            rig.event(AriEvent.ChannelDtmfReceived.class, id, key -> key.digit() == '2');
            Rig.of(rig.wire.record(
                    id, new Recording("message-1", "alaw", Duration.ofMinutes(2), Optional.empty(), true, "#")));
            AriEvent.RecordingChanged done = rig.event(
                    AriEvent.RecordingChanged.class,
                    id,
                    event -> event.recording().state() == AriRecording.State.DONE);
            assertThat(done.recording().name()).isEqualTo("message-1");
            rig.event(AriEvent.ChannelDtmfReceived.class, id, key -> key.digit() == '#');
            assertThat(Rig.failure(rig.wire.record(
                                    id,
                                    new Recording(
                                            "message-1", "alaw", Duration.ofMinutes(2), Optional.empty(), false, "#")))
                            .status())
                    .isEqualTo(409);
            HttpResponse<byte[]> file = get(rig, "recordings/stored/message-1/file", "tocsin");
            assertThat(file.statusCode()).isEqualTo(200);
            assertThat(file.body().length).isBetween(4_000, 80_000);
            Rig.of(rig.wire.play(id, "again", List.of("recording:message-1")));
            rig.event(AriEvent.PlaybackFinished.class, id, event -> event.playback()
                    .id()
                    .equals("again"));
            Rig.of(rig.wire.hangup(id, 16));
            rig.event(AriEvent.StasisEnd.class, id);
            assertThat(rig.placed(id).inbound()).isTrue();
            assertThat(rig.all(AriEvent.ChannelDestroyed.class, id)).isEmpty();
        }
    }

    @Test
    void whoMissedACallCallsTheDisplayedNumber() throws Exception {
        try (Rig rig = new Rig(Rig.plant(
                Rig.quick().share(PhoneFate.RINGS_OUT, 1).callBack(1).callBackAfter(Between.millis(50, 100))))) {
            rig.call("c1", "0639980001", 1);
            await().atMost(Rig.LIMIT).until(() -> rig.events.stream()
                    .anyMatch(event -> event instanceof AriEvent.StasisStart start
                            && start.arguments().equals(List.of("in", "0199001234"))
                            && start.channel().callerNumber().equals("0639980001")));
        }
    }

    @Test
    void peopleInABridgeTalkAndThenOneLeaves() throws Exception {
        try (Rig rig = new Rig(Rig.plant(Rig.quick().patience(Duration.ofSeconds(20))))) {
            rig.call("a", "0639980001", 30);
            rig.call("b", "0639980002", 30);
            rig.event(AriEvent.StasisStart.class, "a");
            rig.event(AriEvent.StasisStart.class, "b");
            Rig.of(rig.wire.createBridge("talk", BridgeType.MIXING));
            Rig.of(rig.wire.addToBridge("talk", List.of("a", "b")));
            rig.event(AriEvent.ChannelEnteredBridge.class, "b");
            await().atMost(Rig.LIMIT)
                    .until(() -> rig.events.stream().anyMatch(AriEvent.ChannelLeftBridge.class::isInstance));
            assertThat(Rig.of(rig.wire.destroyBridge("talk"))).isTrue();
            assertThat(Rig.of(rig.wire.destroyBridge("talk"))).isFalse();
        }
    }

    @Test
    void callsOutliveTheConnectionAndASecondOneTakesThemOver() throws Exception {
        try (Rig rig = new Rig(Rig.plant(Rig.quick().patience(Duration.ofMinutes(5))))) {
            rig.call("c1", "0639980001", 30);
            rig.event(AriEvent.StasisStart.class, "c1");
            rig.plant.dropConnections();
            await().atMost(Rig.LIMIT).until(() -> rig.ups.get() == 2);
            assertThat(Rig.of(rig.wire.channels())).containsExactly("c1");
            try (Rig other = new Rig(rig.plant, "alerts")) {
                await().atMost(Rig.LIMIT)
                        .until(() -> rig.events.stream().anyMatch(AriEvent.ApplicationReplaced.class::isInstance));
                assertThat(Rig.of(other.wire.channels())).containsExactly("c1");
            }
        }
    }

    @Test
    void aSwitchThatDiesForgetsItsCallsAndFreesItsLines() throws Exception {
        try (Rig rig = new Rig(Rig.plant(Rig.quick().patience(Duration.ofMinutes(5))))) {
            rig.call("c1", "0639980001", 30);
            rig.event(AriEvent.StasisStart.class, "c1");
            rig.plant.crash();
            await().atMost(Rig.LIMIT).until(() -> rig.ups.get() == 2);
            assertThat(Rig.of(rig.wire.channels())).isEmpty();
            assertThat(rig.plant.counters().busy()).isZero();
            assertThat(rig.all(AriEvent.ChannelDestroyed.class, "c1")).isEmpty();
        }
    }

    @Test
    void aSwitchThatHangsAnswersNothing() throws Exception {
        try (Rig rig = new Rig(Rig.plant(Rig.quick()))) {
            rig.plant.behave(plant -> plant.mute(true));
            assertThat(Rig.failure(rig.begin("c1", "0639980001", 30)).kind()).isEqualTo(AriException.Kind.IN_DOUBT);
        }
    }

    @Test
    void whoHasTheWrongPasswordIsNotLetIn() throws Exception {
        try (Rig rig = new Rig(Rig.plant(Rig.quick()))) {
            assertThat(get(rig, "asterisk/info", "wrong").statusCode()).isEqualTo(401);
            assertThat(get(rig, "asterisk/info", "tocsin").statusCode()).isEqualTo(200);
            assertThat(get(rig, "nothing", "tocsin").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void aTakenPortIsNamed() throws Exception {
        try (Rig rig = new Rig(Rig.plant(Rig.quick()))) {
            PlantOptions same = PlantOptions.builder().port(rig.plant.port()).build();
            assertThatThrownBy(() -> SimulatedPlant.start(same))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("127.0.0.1:" + rig.plant.port());
        }
    }

    private static HttpResponse<byte[]> get(Rig rig, String path, String password) throws Exception {
        String login = Base64.getEncoder().encodeToString(("tocsin:" + password).getBytes());
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + rig.plant.port() + "/ari/" + path))
                                .header("Authorization", "Basic " + login)
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
    }
}
