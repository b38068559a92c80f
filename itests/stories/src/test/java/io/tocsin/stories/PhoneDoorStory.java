package io.tocsin.stories;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tocsin.bench.Api;
import io.tocsin.bench.RunningNode;
import io.tocsin.peers.Alaw;
import io.tocsin.peers.Asterisk;
import io.tocsin.peers.Phone;
import io.tocsin.peers.PhoneCall;
import io.tocsin.peers.Phones;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The Internet is down, the telephone is not: who missed the call rings back and answers; somebody launches, and records, from any
 * telephone. By a real switch, keys pressed in real time.
 */
class PhoneDoorStory {
    private static final String SECRET = "porte-story-secret";
    private static final String CALL = "appel";
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String LINE = "0162000001";
    private static final String ACTIVATORS = "0162000009";
    private static final int PEOPLE = 4;

    private static Phones phones;
    private static Asterisk asterisk;
    private static RunningNode node;
    private static Api api;

    @BeforeAll
    static void start() throws Exception {
        phones = Phones.builder()
                .phone(national(1), Phone.answers().presses(Duration.ofSeconds(3), "1"))
                .phone(national(2), Phone.ringsForEver())
                .phone(national(3), Phone.answers().presses(Duration.ofSeconds(4), "2"))
                .phone(national(4), Phone.busy())
                .start();
        asterisk = Asterisk.builder()
                .trunk("carrier", phones.address())
                .ariUser("tocsin", SECRET)
                .inbound(LINE, "calls-in")
                .inbound(ACTIVATORS, "calls-in")
                .start();
        node = Combe.of(PEOPLE)
                .voice("voix", 10, asterisk)
                .scenario(
                        CALL,
                        """
                        name: Crue, par téléphone
                        category: life-safety
                        lists: [tous]
                        cascade:
                          - {channel: voice, patience: PT15M, attempts: 1, until: answered}
                        question:
                          choices: {"1": Je suis en sécurité, "2": J'ai besoin d'aide}
                        call: {ring: 6s, machine: ignore}
                        fallback-language: fr
                        messages:
                          fr:
                            voice: {text: "La rivière déborde. Montez à l'école."}
                        """)
                .setting("io.tocsin.phone", "activatorNumbers", "+33162000009")
                .start(Map.of("TOCSIN_SECRET_VOIX", SECRET));
        api = Watched.signIn(node);
        Watched.awaitAccounts(node);
    }

    @AfterAll
    static void stop() throws Exception {
        try (Phones carrier = phones;
                Asterisk running = asterisk;
                RunningNode last = node) {
            assertThat(carrier.complaints()).isEmpty();
            assertThat(running).isNotNull();
            assertThat(last).isNotNull();
        }
    }

    /** As the trunk dials it. */
    private static String national(int n) {
        return "0" + Combe.number(n).substring(3);
    }

    /** Dials, and again while the door declines: its sentences are spoken in the first seconds of a node. */
    private static PhoneCall dial(String from, String number, Phone phone) {
        return Awaitility.await("somebody takes the call")
                .atMost(LIMIT)
                .until(() -> dialled(from, number, phone), call -> call.state() == PhoneCall.State.UP);
    }

    private static PhoneCall dialled(String from, String number, Phone phone) throws IOException {
        PhoneCall call = phones.dial(asterisk.sip(), from, "", number, phone);
        Awaitility.await("the call is taken or not").atMost(LIMIT).until(() -> call.state() != PhoneCall.State.RINGING);
        return call;
    }

    /** Keys something, and listens to the end of what is said then. */
    private static void key(PhoneCall call, String keys) {
        call.press(keys);
        int before = call.heard().length;
        Awaitility.await("what is said after a key")
                .atMost(LIMIT)
                .until(() -> call.heard().length > before + Alaw.RATE || call.state() != PhoneCall.State.UP);
        AtomicInteger last = new AtomicInteger();
        Awaitility.await("the end of what is said")
                .atMost(LIMIT)
                .during(Duration.ofMillis(1_500))
                .until(() -> last.getAndSet(call.heard().length) == call.heard().length);
    }

    @Test
    void whoMissedTheCallRingsTheNumberBackHearsThatAlertAndIsCounted() throws Exception {
        Watched alert = Watched.launch(api, CALL, Combe.ALL);
        alert.await(
                "two answered; two could not be reached",
                t -> t.answered() == 2
                        && phones.last(national(2))
                                .filter(c -> c.state() == PhoneCall.State.CANCELLED)
                                .isPresent());
        PhoneCall called = phones.last(national(1)).orElseThrow();

        PhoneCall back = dial(national(2), LINE, Phone.answers().hangsUp(Duration.ofSeconds(60)));
        Awaitility.await("the message is said").atMost(LIMIT).until(() -> back.heard().length > 6 * Alaw.RATE);
        assertThat(Alaw.share(back.heard(), part(called.heard())))
                .as("the same sounds as the others heard")
                .isGreaterThan(0.8);
        back.press("2");
        alert.await("the call-back counts", t -> t.answered() == 3);
        assertThat(alert.people().get(2).state()).isEqualTo("answered");
        JsonNode history = api.get(alert.path() + "/people?limit=10").expect(200);
        assertThat(history.toString()).contains("answered");
        alert.close();
    }

    /** A second of speech, from where it surely speaks. */
    private static byte[] part(byte[] heard) {
        return java.util.Arrays.copyOfRange(heard, Alaw.RATE, 2 * Alaw.RATE);
    }

    @Test
    void anActivatorLaunchesAndRecordsFromAnyTelephone() throws Exception {
        JsonNode phone =
                api.put("/api/v1/me/phone", Map.of("pin", "830416"), Map.of()).expect(200);
        String id = phone.get("id").asText();
        int number = 0;
        for (JsonNode each : api.get("/api/v1/tenants/" + Combe.SLUG + "/phone/scenarios")
                .expect(200)
                .get("items")) {
            if (each.get("scenario").asText().equals(CALL)) {
                number = each.get("number").asInt();
            }
        }
        assertThat(number).isPositive();
        long before = launched();

        PhoneCall call = dial("0536490001", ACTIVATORS, Phone.answers().hangsUp(Duration.ofSeconds(120)));
        // Who knows the way waits for no sentence: launch, an exercise, its number.
        key(call, id + "#" + "830416#" + "1" + "1" + number + "#");
        key(call, "1#");
        Awaitility.await("launched").atMost(LIMIT).until(() -> launched() == before + 1);
        JsonNode alert = api.get("/api/v1/tenants/" + Combe.SLUG + "/alerts")
                .expect(200)
                .get("items")
                .get(0);
        assertThat(alert.toString()).contains("EXERCICE");

        PhoneCall wrong = dial("0536490002", ACTIVATORS, Phone.answers().hangsUp(Duration.ofSeconds(60)));
        key(wrong, id + "#" + "111111#");
        key(wrong, "1");
        assertThat(launched()).as("a wrong PIN opens nothing").isEqualTo(before + 1);

        PhoneCall take = dial("0536490003", ACTIVATORS, Phone.answers().hangsUp(Duration.ofSeconds(120)));
        key(take, id + "#" + "830416#" + "2" + "7#"); // record
        Awaitility.await("the signal to speak").atMost(LIMIT).until(() -> Alaw.hasTone(take.heard(), 1_000));
        take.say(Alaw.sweep(4, 21));
        take.press("#");
        int said = take.heard().length;
        Awaitility.await("the take is played").atMost(LIMIT).until(() -> take.heard().length > said + 6 * Alaw.RATE);
        key(take, "1"); // keep
        Awaitility.await("it is kept")
                .atMost(LIMIT)
                .until(() -> api.get("/api/v1/tenants/" + Combe.SLUG + "/recordings/phone-7")
                                .status()
                        == 200);
    }

    private static long launched() throws IOException, InterruptedException {
        return api.get("/api/v1/tenants/" + Combe.SLUG + "/alerts")
                .expect(200)
                .get("items")
                .size();
    }
}
