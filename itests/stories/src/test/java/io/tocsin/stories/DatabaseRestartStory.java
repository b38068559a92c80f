package io.tocsin.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tocsin.bench.Api;
import io.tocsin.bench.RunningNode;
import io.tocsin.lab.smsc.SimulatedSmsc;
import io.tocsin.lab.smsc.SmscOptions;
import io.tocsin.persistence.testing.Conservation;
import io.tocsin.persistence.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Nodes on a PostgreSQL of their operator's, which goes away and comes back in the middle of an alert; then two nodes on
 * one database, of which one dies. Nobody is lost, and nobody gets anything twice who was not flagged.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DatabaseRestartStory {
    private static final int PEOPLE = 3000;
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private static SimulatedSmsc smsc;
    private static TestDatabase database;
    private static Path password;
    private static Combe combe;
    private static RunningNode north;

    @BeforeAll
    static void start() throws Exception {
        smsc = SimulatedSmsc.start(SmscOptions.builder()
                .account("tocsin", "base-sms")
                .latency(Duration.ofMillis(50))
                .receiptDelay(Duration.ofMillis(100))
                .build());
        database = TestDatabase.start();
        password = Files.createTempFile("tocsin-owner", ".password");
        Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(password, database.address().ownerPassword());
        combe = Combe.of(PEOPLE)
                .sms("sms", 10, smsc.port(), 300, "window: \"100\"", "reference-tag: \"0x1400\"")
                .setting("io.tocsin.routing", "leaseSeconds", "5")
                .setting("io.tocsin.routing", "inDoubtGraceSeconds", "5");
        north = node("north");
        Watched.signIn(north);
        Watched.awaitAccounts(north);
    }

    @AfterAll
    static void stop() throws Exception {
        if (north != null) {
            north.close();
        }
        if (database != null) {
            database.close();
        }
        if (password != null) {
            Files.delete(password);
        }
        if (smsc != null) {
            smsc.close();
        }
    }

    private static RunningNode node(String name) {
        return combe.start(
                Map.of(
                        "TOCSIN_SECRET_SMS", "base-sms",
                        "TOCSIN_DB_USER", database.address().owner(),
                        "TOCSIN_DB_PASSWORD_FILE", password.toString()),
                "--node",
                name,
                "--db",
                database.address().url());
    }

    @Test
    @Order(1)
    void databaseThatComesBackFindsTheNodeGoingOn() throws Exception {
        Api api = Watched.signIn(north);
        Watched alert = Watched.launch(api, Combe.FLOOD, Combe.ALL);
        alert.await("a part has left", () -> smsc.counters().submits() > PEOPLE / 6);
        database.stop();
        saysItsDatabaseIsAway(api, alert);
        database.restart();
        isReadyAgain();

        alert.await("half has left", () -> smsc.counters().submits() > PEOPLE / 2);
        crash();
        saysItsDatabaseIsAway(api, alert);
        database.restart();
        isReadyAgain();

        alert.await("everybody is delivered", t -> t.delivered() == t.recipients());
        nobodyLostNobodyTwiceUnflagged(alert);
    }

    @Test
    @Order(2)
    void whatOneOfTwoNodesLeavesUndoneTheOtherDoes() throws Exception {
        smsc.reset();
        try (RunningNode south = node("south")) {
            Api api = Watched.signIn(south);
            Watched.awaitAccounts(south);
            Watched alert = Watched.launch(api, Combe.FLOOD, Combe.ALL);
            double northBefore = Metrics.of(north, "tocsin_dispatch_submitted_total");
            alert.await(
                    "both nodes send",
                    () -> Metrics.of(north, "tocsin_dispatch_submitted_total") > northBefore + 50
                            && Metrics.of(south, "tocsin_dispatch_submitted_total") > 50);
            assertThat(smsc.duplicatesByDestination()).isEmpty();
            north.kill();
            alert.await("everybody is delivered by the other", t -> t.delivered() == t.recipients());
            nobodyLostNobodyTwiceUnflagged(alert);
        }
        north.start();
        isReadyAgain();
    }

    private static void saysItsDatabaseIsAway(Api api, Watched alert) throws Exception {
        await("the node says so")
                .atMost(LIMIT)
                .until(() -> north.api().get("/health/ready").status() == 503);
        Api.Answer answer = api.get(alert.path());
        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(503);
        assertThat(answer.raw().headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(answer.raw().headers().firstValue("Retry-After")).isPresent();
        assertThat(answer.json().get("type").asText()).endsWith("database-unavailable");
        assertThat(north.api().get("/health/live").status()).isEqualTo(200);
    }

    private static void isReadyAgain() {
        await("the node is ready again")
                .atMost(LIMIT)
                .until(() -> north.api().get("/health/ready").status() == 200);
    }

    /** As after a crash of its machine: what the server had not written, it has to recover. */
    private static void crash() throws Exception {
        Path pidFile = database.folder().resolve("data/postmaster.pid");
        ProcessHandle server = ProcessHandle.of(
                        Long.parseLong(Files.readAllLines(pidFile).get(0).strip()))
                .orElseThrow();
        server.destroyForcibly();
        server.onExit().join();
        database.stop();
    }

    private static void nobodyLostNobodyTwiceUnflagged(Watched alert) throws Exception {
        Map<Integer, Watched.Person> people = alert.people();
        assertThat(people).hasSize(PEOPLE);
        people.forEach((n, person) -> assertThat(smsc.messagesTo(Combe.number(n)))
                .as("copies of person %s, %s", n, person)
                .isBetween(1, person.possibleDuplicate() ? 3 : 1));
        assertThat(smsc.counters().duplicates())
                .as("messages that left twice under one reference")
                .isZero();
        try (Connection ledger = database.engineDataSource().getConnection()) {
            Conservation.checkAll(ledger);
        }
    }
}
