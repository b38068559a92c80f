package io.tocsin.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.bench.Api;
import io.tocsin.bench.RunningNode;
import io.tocsin.lab.smsc.ReceivedMessage;
import io.tocsin.lab.smsc.SimulatedSmsc;
import io.tocsin.lab.smsc.SmscOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a carrier allows is kept, counted at the carrier; and whoever answered is left in peace, wherever their message was. */
class CarrierLimitsStory {
    private static final int PEOPLE = 300;
    private static final int PER_SECOND = 50;
    private static final int WINDOW = 20;
    private static final String QUESTION = "question";

    private static SimulatedSmsc smsc;
    private static RunningNode node;
    private static Api api;

    @BeforeAll
    static void start() throws Exception {
        smsc = SimulatedSmsc.start(
                SmscOptions.builder().account("tocsin", "limits").build());
        node = Combe.of(PEOPLE)
                .sms("sms", 10, smsc.port(), PER_SECOND, "window: \"" + WINDOW + "\"", "reference-tag: \"0x1400\"")
                .scenario(
                        QUESTION,
                        """
                        name: Question
                        category: life-safety
                        lists: [tous]
                        cascade:
                          - {channel: sms, patience: PT10M, attempts: 5, until: delivered}
                        question:
                          choices: {"1": Je suis en sécurité, "2": J'ai besoin d'aide}
                        fallback-language: fr
                        messages:
                          fr:
                            sms: {text: "CRUE a Combe-aux-Loups, {{last_name}} : repondez 1 ou 2."}
                        """)
                .setting("io.tocsin.routing", "retryBaseSeconds", "1")
                .start(Map.of("TOCSIN_SECRET_SMS", "limits"));
        api = Watched.signIn(node);
        Watched.awaitAccounts(node);
    }

    @AfterAll
    static void stop() {
        if (node != null) {
            node.close();
        }
        if (smsc != null) {
            smsc.close();
        }
    }

    @BeforeEach
    void forget() {
        smsc.reset();
    }

    @AfterEach
    void nobodyIsLostNorCountedTwice() {
        smsc.behave(b -> b.latency(Duration.ZERO).maxPerSecond(0));
        node.checkConservation();
    }

    @Test
    void noMoreLeavesInASecondThanTheAccountMay() throws Exception {
        Watched alert = Watched.launch(api, Combe.FLOOD, Combe.ALL);
        alert.await("everybody is delivered", t -> t.delivered() == PEOPLE);
        // Over two seconds, so that a carrier that reads late and in lumps is not taken for a node that hurries: a
        // tenth
        // of a second's worth may leave at once, the rest of the half second is the machine's.
        assertThat(mostWithin(Duration.ofSeconds(2)))
                .as("messages in any two seconds")
                .isLessThanOrEqualTo(2 * PER_SECOND + PER_SECOND / 2);
    }

    @Test
    void noMoreIsUnansweredThanTheWindow() throws Exception {
        Duration latency = Duration.ofSeconds(1);
        smsc.behave(b -> b.latency(latency));
        Watched alert = Watched.launch(api, Combe.FLOOD, Combe.ALL);
        alert.await("everybody is delivered", t -> t.delivered() == PEOPLE);
        // Each of them stayed unanswered that long, so as many as came within it were unanswered at once.
        assertThat(mostWithin(latency.minusMillis(50)))
                .as("messages unanswered at once")
                .isLessThanOrEqualTo(WINDOW)
                .as("and the window was used")
                .isGreaterThan(WINDOW / 2);
    }

    @Test
    void whoAnswersWhileTheirMessageIsClaimedGetsNone() throws Exception {
        smsc.behave(b -> b.latency(Duration.ofSeconds(2)));
        Watched alert = Watched.launch(api, QUESTION, Combe.ALL);
        alert.await(
                "the first have left, so the batch of all of them is claimed",
                () -> smsc.counters().submits() > 0);
        List<Integer> early = IntStream.rangeClosed(PEOPLE / 2, PEOPLE).boxed().toList();
        early.forEach(CarrierLimitsStory::answer);
        alert.await("their answers count", t -> t.answered() == early.size());
        Set<Integer> spared = unreached(early);
        assertThat(spared).as("people who answered before their message left").isNotEmpty();
        smsc.behave(b -> b.latency(Duration.ZERO));
        alert.await("the others are delivered", t -> t.delivered() + t.answered() == PEOPLE);
        leftInPeace(alert, spared);
    }

    @Test
    void whoAnswersWhileTheirMessageWaitsToBeTriedAgainGetsNone() throws Exception {
        smsc.behave(b -> b.maxPerSecond(1));
        Watched alert = Watched.launch(api, QUESTION, Combe.ALL);
        alert.await("some were refused and wait", () -> refused(alert).size() >= 5);
        Set<Integer> waiting = refused(alert);
        waiting.forEach(CarrierLimitsStory::answer);
        alert.await("their answers count", t -> t.answered() >= waiting.size());
        Set<Integer> spared = unreached(waiting);
        assertThat(spared).as("people who answered between two attempts").isNotEmpty();
        smsc.behave(b -> b.maxPerSecond(0));
        alert.await("the others are delivered", t -> t.delivered() + t.answered() == PEOPLE);
        leftInPeace(alert, spared);
    }

    private static void leftInPeace(Watched alert, Set<Integer> spared) throws Exception {
        Map<Integer, Watched.Person> people = alert.people();
        for (int n : spared) {
            assertThat(people.get(n).state()).as("person %s", n).isEqualTo("answered");
        }
        assertThat(unreached(spared))
                .as("who got no message after their answer")
                .isEqualTo(spared);
        people.forEach((n, person) -> assertThat(smsc.messagesTo(Combe.number(n)))
                .as("copies of person %s, %s", n, person)
                .isLessThanOrEqualTo(1));
    }

    private static void answer(int person) {
        smsc.write(Combe.number(person), "38999", "1");
    }

    private static Set<Integer> refused(Watched alert) throws Exception {
        return alert.people().entrySet().stream()
                .filter(p -> p.getValue().code().equals("throttled"))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private static Set<Integer> unreached(Iterable<Integer> people) {
        Set<Integer> unreached = new java.util.TreeSet<>();
        people.forEach(n -> {
            if (smsc.messagesTo(Combe.number(n)) == 0) {
                unreached.add(n);
            }
        });
        return unreached;
    }

    /** The most messages that came within any span of this length. */
    private static int mostWithin(Duration span) {
        List<Instant> came =
                smsc.messages().stream().map(ReceivedMessage::at).sorted().toList();
        int most = 0;
        int first = 0;
        for (int last = 0; last < came.size(); last++) {
            while (!came.get(first).plus(span).isAfter(came.get(last))) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return most;
    }
}
