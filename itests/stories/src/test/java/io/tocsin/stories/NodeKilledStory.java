package io.tocsin.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.bench.Api;
import io.tocsin.bench.RunningNode;
import io.tocsin.lab.smsc.Fate;
import io.tocsin.lab.smsc.SimulatedSmsc;
import io.tocsin.lab.smsc.SmscOptions;
import io.tocsin.stories.Watched.Person;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * The node dies in the middle of two alerts, twice; the second time its database dies with it. Nobody is lost; who got a
 * message twice is among those it flagged, and nobody got an information twice.
 */
class NodeKilledStory {
    private static final int PEOPLE = 4000;

    /** Long enough that a hundred messages are in flight at any moment: what a crash leaves in doubt. */
    private static final Duration LATENCY = Duration.ofMillis(400);

    /** Numbers whose carrier never sends a receipt: of those in doubt, these are the ones that nothing settles. */
    private static final Map<String, Fate> SILENT = Map.of("3", Fate.SILENT, "8", Fate.SILENT);

    @Test
    void nobodyIsLostAndWhoGotItTwiceWasFlagged() throws Exception {
        SmscOptions carrier = SmscOptions.builder()
                .account("tocsin", "kill-sms")
                .latency(LATENCY)
                .receiptDelay(Duration.ofMillis(200))
                .fateBySuffix(SILENT)
                .referenceTag(0x1400)
                .build();
        try (SimulatedSmsc smsc = SimulatedSmsc.start(carrier);
                RunningNode node = Combe.of(PEOPLE)
                        .sms("sms", 10, smsc.port(), 300, "window: \"200\"", "reference-tag: \"0x1400\"")
                        .setting("io.tocsin.routing", "inDoubtGraceSeconds", "5")
                        .start(Map.of("TOCSIN_SECRET_SMS", "kill-sms"))) {
            Api api = Watched.signIn(node);
            Watched.awaitAccounts(node);
            Watched flood = Watched.launch(api, Combe.FLOOD, Combe.LEFT_BANK);
            Watched roadworks = Watched.launch(api, Combe.ROADWORKS, Combe.RIGHT_BANK);

            flood.await(
                    "a third of the flood alert has left", () -> smsc.counters().submits() > PEOPLE / 6);
            node.kill();
            node.start();
            assertThat(log(node)).as("the server outlived its node").contains("database.adopted");
            api = Watched.signIn(node);
            flood.through(api);
            roadworks.through(api);

            roadworks.await("the roadworks are on their way", () -> copies(smsc, PEOPLE / 2 + 1, PEOPLE) > PEOPLE / 6);
            node.kill();
            killDatabase(node);
            node.start();
            api = Watched.signIn(node);
            flood.through(api);
            roadworks.through(api);

            check(smsc, flood, 1, PEOPLE / 2);
            checkInformation(smsc, roadworks, PEOPLE / 2 + 1, PEOPLE);
            assertThat(smsc.counters().duplicates())
                    .as("messages that left twice under one reference")
                    .isZero();
        }
    }

    private static void check(SimulatedSmsc smsc, Watched flood, int first, int last) throws Exception {
        int silent = (last - first + 1) / 5;
        flood.await("everybody the carrier speaks of is delivered", t -> t.delivered() == t.recipients() - silent);
        flood.await("everybody has it", () -> reached(smsc, first, last) == last - first + 1);
        Watched.Totals totals = flood.totals();
        Map<Integer, Person> people = flood.people();
        assertThat(people).hasSize(last - first + 1);
        assertThat(totals.flagged())
                .as("a node killed with %s in flight leaves some in doubt", LATENCY)
                .isPositive()
                .isEqualTo(people.values().stream()
                        .filter(Person::possibleDuplicate)
                        .count());
        people.forEach((n, person) -> {
            int copies = smsc.messagesTo(Combe.number(n));
            assertThat(copies)
                    .as("copies of person %s, %s", n, person)
                    .isBetween(1, person.possibleDuplicate() ? 3 : 1);
        });
        flood.close();
        assertThat(flood.totals().unknown())
                .as("those of whom no receipt spoke")
                .isEqualTo(silent);
    }

    private static void checkInformation(SimulatedSmsc smsc, Watched roadworks, int first, int last) throws Exception {
        roadworks.await(
                "all that may leave has left, and receipts have come", () -> roadworks.people().entrySet().stream()
                        .allMatch(p -> p.getValue().state().equals("delivered")
                                || p.getValue().code().equals("crash")
                                || p.getValue().code().equals("accepted") && silent(p.getKey())));
        long silent = (last - first + 1) / 5;
        Awaitility.await("no receipt waits")
                .atMost(Duration.ofMinutes(1))
                .until(() -> smsc.counters().undelivered() == 0);
        roadworks.close();
        Watched.Totals totals = roadworks.totals();
        assertThat(totals.flagged()).as("an information is never sent again").isZero();
        assertThat(totals.pending()).isZero();
        assertThat(totals.failed()).isZero();
        roadworks.people().forEach((n, person) -> {
            int copies = smsc.messagesTo(Combe.number(n));
            assertThat(copies).as("copies of person %s, %s", n, person).isLessThan(2);
            if (copies == 0) {
                assertThat(person.state()).as("person %s, who got nothing", n).isEqualTo("unknown");
            }
        });
        assertThat(totals.unknown()).as("what the crash left in doubt is shown").isGreaterThanOrEqualTo(silent);
    }

    private static boolean silent(int person) {
        return SILENT.keySet().stream().anyMatch(Combe.number(person)::endsWith);
    }

    private static int copies(SimulatedSmsc smsc, int first, int last) {
        int copies = 0;
        for (int n = first; n <= last; n++) {
            copies += smsc.messagesTo(Combe.number(n));
        }
        return copies;
    }

    private static int reached(SimulatedSmsc smsc, int first, int last) {
        int reached = 0;
        for (int n = first; n <= last; n++) {
            reached += smsc.messagesTo(Combe.number(n)) > 0 ? 1 : 0;
        }
        return reached;
    }

    private static String log(RunningNode node) throws Exception {
        return Files.readString(node.data().resolve("log/tocsin.log"));
    }

    /** As a power cut would: the server that the killed node left behind, without a word. */
    private static void killDatabase(RunningNode node) throws Exception {
        try (Stream<Path> files = Files.walk(node.data(), java.nio.file.FileVisitOption.FOLLOW_LINKS)) {
            Path pid = files.filter(f -> f.getFileName().toString().equals("postmaster.pid"))
                    .findFirst()
                    .orElseThrow();
            ProcessHandle server = ProcessHandle.of(
                            Long.parseLong(Files.readAllLines(pid).get(0).strip()))
                    .orElseThrow();
            server.destroyForcibly();
            server.onExit().join();
        }
    }
}
