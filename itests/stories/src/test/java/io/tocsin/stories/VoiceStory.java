package io.tocsin.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.bench.Api;
import io.tocsin.bench.RunningNode;
import io.tocsin.peers.Alaw;
import io.tocsin.peers.Asterisk;
import io.tocsin.peers.Phone;
import io.tocsin.peers.PhoneCall;
import io.tocsin.peers.Phones;
import io.tocsin.stories.Watched.Person;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The commune calls its people through a real switch: who presses a key has answered, every other end is told apart; then the node is
 * killed with calls up, and the switch.
 */
class VoiceStory {
    private static final String SECRET = "voix-story-secret";
    private static final String CALL = "appel";
    private static final String LONG = "appel-long";

    private static Phones phones;
    private static Asterisk asterisk;
    private static RunningNode node;
    private static Api api;

    /** The first half, called in the first test; the second half, whose calls are still up when something dies. */
    private static final int PEOPLE = 16;

    @BeforeAll
    static void start() throws Exception {
        Phones.Builder carrier = Phones.builder()
                .phone(national(1), Phone.answers().presses(Duration.ofSeconds(2), "1"))
                .phone(national(2), Phone.answers().presses(Duration.ofSeconds(9), "2"))
                .phone(national(3), Phone.busy())
                .phone(national(4), Phone.refuses(404))
                .phone(national(5), Phone.answers().hangsUp(Duration.ofSeconds(1)))
                .phone(national(6), Phone.machine(Alaw.sweep(5, 3)).hangsUp(Duration.ofSeconds(25)))
                .phone(national(7), Phone.ringsForEver())
                .phone(national(8), Phone.declines());
        for (int n = 9; n <= 12; n++) {
            carrier.phone(national(n), pressing("1", 40, 60, 80, 110, 140));
        }
        for (int n = 13; n <= PEOPLE; n++) {
            carrier.phone(national(n), pressing("2", 14, 50, 75, 100, 130));
        }
        phones = carrier.start();
        asterisk = Asterisk.builder()
                .trunk("carrier", phones.address())
                .ariUser("tocsin", SECRET)
                .inbound("0162000001", "calls-in")
                .start();
        node = Combe.of(PEOPLE)
                .voice("voix", 10, asterisk)
                .scenario(CALL, scenario("La rivière déborde. Montez à l'école."))
                .scenario(LONG, scenario("La rivière déborde. Montez à l'école, maintenant. ".repeat(14)))
                .setting("io.tocsin.routing", "retryBaseSeconds", "1")
                .setting("io.tocsin.routing", "inDoubtGraceSeconds", "2")
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

    private static String scenario(String text) {
        return """
                name: Crue, par téléphone
                category: life-safety
                lists: [tous]
                cascade:
                  - {channel: voice, patience: PT15M, attempts: 2, until: answered}
                question:
                  choices: {"1": Je suis en sécurité, "2": J'ai besoin d'aide}
                call:
                  ring: 8s
                  machine: leave-message
                  retry: {busy: 1s, no-answer: 1s, hung-up: 1s, declined: 1s, voicemail: 1s}
                fallback-language: fr
                messages:
                  fr:
                    voice: {text: "%s"}
                """
                .formatted(text);
    }

    /** Somebody who presses a key again and again, as people do when nothing happens. */
    private static Phone pressing(String key, int... seconds) {
        Phone phone = Phone.answers();
        for (int after : seconds) {
            phone = phone.presses(Duration.ofSeconds(after), key);
        }
        return phone;
    }

    /** As the trunk dials it. */
    private static String national(int n) {
        return "0" + Combe.number(n).substring(3);
    }

    private static long calls(int n) {
        return phones.calls().stream()
                .filter(call -> call.number().equals(national(n)))
                .count();
    }

    @Test
    void keysAreAnswersAndNothingElseIs() throws Exception {
        Watched alert = Watched.launch(api, CALL, Combe.LEFT_BANK);
        alert.await("two have answered", t -> t.answered() == 2);
        alert.await("each of the others was called as often as it may be", () -> {
            Map<Integer, Person> people = alert.people();
            return people.values().stream().noneMatch(p -> p.code().isEmpty())
                    && List.of(3, 5, 6, 7, 8).stream().allMatch(n -> calls(n) == 2)
                    && phones.calls().stream()
                            .noneMatch(c -> c.state() == PhoneCall.State.UP || c.state() == PhoneCall.State.RINGING);
        });
        alert.await("the last of it is recorded", t -> t.failed() == 6 || t.failed() + t.pending() == 6);
        assertThat(alert.status().at("/totals/answered").asInt()).isEqualTo(2);
        assertThat(calls(4))
                .as("a number that does not exist is not tried again")
                .isEqualTo(1);
        assertThat(phones.last(national(1)).orElseThrow().callerNumber()).isEqualTo("+33162000001");
        assertThat(phones.calls()).as("what is said is heard").anyMatch(c -> c.heard().length > 5 * Alaw.RATE);
        Map<Integer, Person> people = alert.people();
        assertThat(people.get(1).state()).isEqualTo("answered");
        assertThat(people.get(2).state()).isEqualTo("answered");
        assertThat(people.get(3).code()).isEqualTo("busy");
        assertThat(people.get(4).code()).isEqualTo("unallocated");
        assertThat(people.get(5).code()).isEqualTo("hung-up");
        assertThat(people.get(6).code()).isEqualTo("voicemail");
        assertThat(people.get(7).code()).isEqualTo("no-answer");
        assertThat(people.get(8).code()).isEqualTo("declined");
        assertThat(people.values()).noneMatch(Person::possibleDuplicate);
        alert.close();
    }

    @Test
    void aNodeKilledWithCallsUpFindsThemAgainAndASwitchKilledIsSaid() throws Exception {
        Watched alert = Watched.launch(api, LONG, Combe.RIGHT_BANK);
        for (int n = 9; n <= PEOPLE; n++) {
            int each = n;
            Awaitility.await("person " + n + " listens")
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> phones.last(national(each))
                            .filter(call -> call.state() == PhoneCall.State.UP && call.heard().length > 2 * Alaw.RATE)
                            .isPresent());
        }
        node.kill();
        node.start();
        api = Watched.signIn(node);
        alert.through(api);
        alert.await("those whose call went on have pressed a key that was heard", () -> {
            Map<Integer, Person> people = alert.people();
            return List.of(9, 10, 11, 12).stream()
                    .allMatch(n -> people.get(n).state().equals("answered"));
        });
        assertThat(Files.readString(node.data().resolve("log/tocsin.log"))).contains("voice-call-reattached");
        for (int n = 9; n <= 12; n++) {
            assertThat(calls(n)).as("calls to person %s", n).isEqualTo(1);
        }

        alert.close();
        Awaitility.await("no call of before is up")
                .atMost(Duration.ofMinutes(3))
                .until(() -> phones.calls().stream().noneMatch(call -> call.state() == PhoneCall.State.UP));
        Map<Integer, Long> before = new TreeMap<>();
        for (int n = 9; n <= PEOPLE; n++) {
            before.put(n, calls(n));
        }
        Watched again = Watched.launch(api, LONG, Combe.RIGHT_BANK);
        Awaitility.await("everybody is on the line again")
                .atMost(Duration.ofMinutes(2))
                .until(() -> before.keySet().stream()
                        .allMatch(n -> calls(n) > before.get(n)
                                && phones.last(national(n)).orElseThrow().state() == PhoneCall.State.UP));
        asterisk.kill();
        asterisk.startAgain();
        again.await("everybody was called again, and it is said", () -> again.people().values().stream()
                .allMatch(Person::possibleDuplicate));
        assertThat(before.keySet()).allMatch(n -> calls(n) <= before.get(n) + 2);
        again.close();
    }
}
