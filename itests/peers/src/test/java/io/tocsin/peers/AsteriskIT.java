package io.tocsin.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls through a real Asterisk to real phones, driven over ARI by the JDK's WebSocket. */
class AsteriskIT {
    private static final byte[] MESSAGE = Alaw.sweep(1.5, 0);

    private static Phones phones;
    private static Asterisk asterisk;
    private static String message;
    private Ari ari;

    @BeforeAll
    static void start() throws Exception {
        phones = Phones.builder()
                .phone("0639980001", Phone.answers())
                .phone("0639980002", Phone.busy())
                .phone("0639980003", Phone.refuses(503))
                .phone("0639980004", Phone.refuses(404))
                .phone("0639980005", Phone.refuses(480))
                .phone("0639980006", Phone.declines())
                .phone("0639980007", Phone.refuses(484))
                .phone("0639980008", Phone.refuses(488))
                .phone("0639980009", Phone.refuses(500))
                .phone("0639980010", Phone.ringsForEver())
                .phone("0639980011", Phone.answers().hangsUp(Duration.ofMillis(300)))
                .phone("0639980012", Phone.answers().hangsUp(Duration.ofMillis(300), 16))
                .phone("0639980013", Phone.ignores())
                .phone("0639980014", Phone.machine(Alaw.tone(300, 4)))
                .phone("0639980015", Phone.answers().says(Duration.ofMillis(300), Alaw.tone(300, 0.6)))
                .phone("0639980016", Phone.answers().presses(Duration.ofMillis(400), "12#"))
                .phone("02619100..", Phone.answers())
                .start();
        asterisk = Asterisk.builder()
                .trunk("carrier", phones.address())
                .ariUser("tester", "tester-secret")
                .inbound("0199000001", "alerts")
                .inbound("0199000002", "nobody-connected")
                .dialplan(
                        """
                        [machine]
                        exten => s,1,AMD()
                         same => n,Stasis(alerts,${AMDSTATUS})
                        """)
                .start();
        message = asterisk.sound("message", MESSAGE);
    }

    @AfterAll
    static void stop() throws Exception {
        try (Phones carrier = phones;
                Asterisk running = asterisk) {
            assertThat(carrier.complaints()).isEmpty();
            assertThat(running.alive()).isTrue();
        }
    }

    @BeforeEach
    void connect() {
        ari = Ari.connect(asterisk, "alerts");
    }

    @AfterEach
    void leave() {
        ari.close();
    }

    @Test
    void aPhoneRingsHearsTheMessageAndPressesAKey() throws Exception {
        assertThat(ari.originate("person-1", "PJSIP/0639980001@carrier", 20)
                        .path("status_code")
                        .asInt())
                .isEqualTo(200);
        ari.event("StasisStart", "person-1");
        assertThat(ari.ask("POST", "channels/person-1/play?media=" + message + "&playbackId=part-1", Map.of())
                        .path("status_code")
                        .asInt())
                .isEqualTo(201);
        JsonNode played = ari.event(
                "PlaybackFinished",
                event -> event.path("playback").path("id").asText().equals("part-1"));
        assertThat(played.path("playback").path("state").asText()).isEqualTo("done");

        PhoneCall call = phones.last("0639980001").orElseThrow();
        call.press("1");
        assertThat(ari.event("ChannelDtmfReceived", "person-1").path("digit").asText())
                .isEqualTo("1");
        ari.ask("DELETE", "channels/person-1?reason_code=16", Map.of());

        assertThat(ari.event("ChannelDestroyed", "person-1").path("cause").asInt())
                .isEqualTo(16);
        await().until(call::state, state -> state == PhoneCall.State.HUNG_UP_BY_OTHER);
        assertThat(call.callerNumber()).isEqualTo("0199001234");
        assertThat(call.callerName()).isEqualTo("Mairie");
        assertThat(call.reason()).contains("cause=16");
        assertThat(Alaw.share(call.heard(), MESSAGE))
                .as("of the message, octet by octet")
                .isGreaterThan(0.9);
    }

    @Test
    void everyWayACallEndsHasItsCause() throws Exception {
        record Case(String number, int cause, int tech) {}
        Map<String, Case> cases = new LinkedHashMap<>();
        cases.put("busy", new Case("0639980002", 17, 486));
        cases.put("congestion", new Case("0639980003", 34, 503));
        cases.put("unallocated", new Case("0639980004", 1, 404));
        cases.put("unlisted", new Case("0639989999", 1, 404));
        cases.put("unavailable", new Case("0639980005", 19, 480));
        cases.put("declined", new Case("0639980006", 21, 603));
        cases.put("incomplete", new Case("0639980007", 28, 484));
        cases.put("not-acceptable", new Case("0639980008", 58, 488));
        cases.put("broken", new Case("0639980009", 38, 500));
        cases.put("rings-out", new Case("0639980010", 19, 480));
        cases.put("hung-up", new Case("0639980011", 0, 0));
        cases.put("hung-up-with-reason", new Case("0639980012", 16, 0));
        cases.put("dead-trunk", new Case("0639980013", 18, 408));
        for (var each : cases.entrySet()) {
            int timeout = each.getKey().equals("rings-out") ? 3 : 60;
            assertThat(ari.originate(each.getKey(), "PJSIP/" + each.getValue().number() + "@carrier", timeout)
                            .path("status_code")
                            .asInt())
                    .as(each.getKey())
                    .isEqualTo(200);
        }
        Map<String, Case> seen = new LinkedHashMap<>();
        cases.forEach((id, expected) -> {
            JsonNode end = ari.event("ChannelDestroyed", id);
            seen.put(
                    id,
                    new Case(
                            expected.number(),
                            end.path("cause").asInt(),
                            end.path("tech_cause").asInt()));
        });
        assertThat(seen).isEqualTo(cases);
        assertThat(phones.last("0639980010").orElseThrow().state()).isEqualTo(PhoneCall.State.CANCELLED);
        await().until(
                        () -> phones.last("0639980012").orElseThrow().state(),
                        state -> state == PhoneCall.State.HUNG_UP_HERE);
    }

    @Test
    void whatCannotBeCalledIsRefusedAtOnce() throws Exception {
        assertThat(ari.originate("nowhere", "PJSIP/0639980001@no-such-trunk", 20)
                        .path("status_code")
                        .asInt())
                .isGreaterThanOrEqualTo(400);

        ari.originate("twice", "PJSIP/0261910099@carrier", 20);
        ari.event("StasisStart", "twice");
        assertThat(ari.originate("twice", "PJSIP/0261910099@carrier", 20)
                        .path("status_code")
                        .asInt())
                .isEqualTo(409);
        ari.ask("DELETE", "channels/twice", Map.of());
        ari.event("ChannelDestroyed", "twice");
        assertThat(phones.calls().stream().filter(call -> call.number().equals("0261910099")))
                .hasSize(1);
    }

    @Test
    void keysAreTakenInTheirOrder() throws Exception {
        ari.originate("keys", "PJSIP/0639980016@carrier", 20);
        ari.event(
                "ChannelDtmfReceived",
                event -> event.path("channel").path("id").asText().equals("keys")
                        && event.path("digit").asText().equals("#"));
        assertThat(ari.events().stream()
                        .filter(event -> event.path("type").asText().equals("ChannelDtmfReceived"))
                        .map(event -> event.path("digit").asText()))
                .containsExactly("1", "2", "#");
        ari.ask("POST", "channels/keys/dtmf?dtmf=7", Map.of());
        PhoneCall call = phones.last("0639980016").orElseThrow();
        await().until(call::keysHeard, "7"::equals);
        ari.ask("DELETE", "channels/keys", Map.of());
    }

    @Test
    void aMachineIsHeardAsOneAndAPersonAsOne() throws Exception {
        for (String number : new String[] {"0639980014", "0639980015"}) {
            ari.ask(
                    "POST",
                    "channels",
                    Map.of(
                            "endpoint",
                            "PJSIP/" + number + "@carrier",
                            "context",
                            "machine",
                            "extension",
                            "s",
                            "priority",
                            1,
                            "channelId",
                            "amd-" + number));
        }
        assertThat(ari.event("StasisStart", "amd-0639980014")
                        .path("args")
                        .path(0)
                        .asText())
                .isEqualTo("MACHINE");
        assertThat(ari.event("StasisStart", "amd-0639980015")
                        .path("args")
                        .path(0)
                        .asText())
                .isEqualTo("HUMAN");
        ari.ask("DELETE", "channels/amd-0639980014", Map.of());
        ari.ask("DELETE", "channels/amd-0639980015", Map.of());
    }

    @Test
    void aPersonCallsIn() throws Exception {
        PhoneCall call = phones.dial(
                asterisk.sip(),
                "0639981234",
                "Jeanne Martin",
                "0199000001",
                Phone.answers().presses(Duration.ofMillis(500), "2").hangsUp(Duration.ofSeconds(3)));
        JsonNode start = ari.event(
                "StasisStart", event -> event.path("args").path(0).asText().equals("in"));
        String channel = start.path("channel").path("id").asText();
        assertThat(start.path("args").path(1).asText()).isEqualTo("0199000001");
        assertThat(start.path("channel").path("caller").path("number").asText()).isEqualTo("0639981234");
        assertThat(start.path("channel").path("caller").path("name").asText()).isEqualTo("Jeanne Martin");
        ari.ask("POST", "channels/" + channel + "/answer", Map.of());
        ari.ask("POST", "channels/" + channel + "/play?media=" + message, Map.of());
        assertThat(ari.event("ChannelDtmfReceived", channel).path("digit").asText())
                .isEqualTo("2");
        ari.event("StasisEnd", channel);
        await().until(call::state, state -> state == PhoneCall.State.HUNG_UP_HERE);
        assertThat(Alaw.share(call.heard(), MESSAGE)).isGreaterThan(0.9);
    }

    @Test
    void aHostileNameComesAsItIs() throws Exception {
        String name = "<sip:x@y>;q=1%0d%0aX: 1 'é'";
        PhoneCall call = phones.dial(
                asterisk.sip(),
                "0639984321",
                name,
                "0199000001",
                Phone.answers().hangsUp(Duration.ofSeconds(1)));
        JsonNode start = ari.event("StasisStart", event -> event.path("channel")
                .path("caller")
                .path("number")
                .asText()
                .equals("0639984321"));
        assertThat(start.path("channel").path("caller").path("name").asText()).isEqualTo(name);
        ari.ask("POST", "channels/" + start.path("channel").path("id").asText() + "/answer", Map.of());
        await().until(call::state, state -> state == PhoneCall.State.HUNG_UP_HERE);

        ari.ask(
                "POST",
                "channels",
                Map.of(
                        "endpoint",
                        "PJSIP/0639980001@carrier",
                        "app",
                        "alerts",
                        "channelId",
                        "quoted",
                        "callerId",
                        "\"A \\\"B\\\" C\" <0199001234>"));
        ari.event("StasisStart", "quoted");
        assertThat(phones.calls().stream().map(PhoneCall::callerName)).contains("A \"B\" C");
        ari.ask("DELETE", "channels/quoted", Map.of());
    }

    @Test
    void aCallForAnApplicationThatIsNotThereIsDeclined() throws Exception {
        PhoneCall call = phones.dial(asterisk.sip(), "0639981234", "", "0199000002", Phone.answers());
        await().until(call::state, state -> state == PhoneCall.State.REFUSED);
        assertThat(call.reason()).isEqualTo("603");
    }

    @Test
    void fiftyPeopleAreCalledAtOnceAndEachHearsAll() throws Exception {
        for (int i = 0; i < 50; i++) {
            ari.originate("many-" + i, "PJSIP/02619100" + String.format("%02d", i) + "@carrier", 30);
        }
        for (int i = 0; i < 50; i++) {
            ari.event("StasisStart", "many-" + i);
            ari.ask("POST", "channels/many-" + i + "/play?media=" + message + "&playbackId=many-" + i, Map.of());
        }
        for (int i = 0; i < 50; i++) {
            String id = "many-" + i;
            ari.event(
                    "PlaybackFinished",
                    event -> event.path("playback").path("id").asText().equals(id));
            ari.ask("DELETE", "channels/" + id, Map.of());
            ari.event("ChannelDestroyed", id);
        }
        assertThat(IntStream.range(0, 50).mapToObj(i -> phones.last("02619100" + String.format("%02d", i))
                        .orElseThrow()))
                .allSatisfy(
                        call -> assertThat(Alaw.share(call.heard(), MESSAGE)).isGreaterThan(0.9));
    }
}
