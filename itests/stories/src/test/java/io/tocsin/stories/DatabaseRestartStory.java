package io.tocsin.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.tocsin.bench.Api;
import io.tocsin.bench.RunningNode;
import io.tocsin.lab.smsc.SimulatedSmsc;
import io.tocsin.lab.smsc.SmscOptions;
import io.tocsin.persistence.testing.Conservation;
import io.tocsin.persistence.testing.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
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
    /** Of the launch that is refused. */
    private static final String LATE = "launched-without-a-database";

    private static final Duration LIMIT = Duration.ofMinutes(3);

    private static SimulatedSmsc smsc;
    private static TestDatabase database;
    private static Path password;
    private static Combe combe;
    private static RunningNode north;
    private static int northPort;
    private static int southPort;

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
        northPort = freePort();
        southPort = freePort();
        north = node("north", northPort);
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

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static RunningNode node(String name, int own) {
        return combe.start(
                Map.of(
                        "TOCSIN_SECRET_SMS", "base-sms",
                        "TOCSIN_DB_USER", database.address().owner(),
                        "TOCSIN_DB_PASSWORD_FILE", password.toString()),
                "--node",
                name,
                "--db",
                database.address().url(),
                "--site",
                name,
                "--address",
                "127.0.0.1:" + own,
                "--join",
                "127.0.0.1:" + northPort + ",127.0.0.1:" + southPort);
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
        assertThat(api.get("/api/v1/tenants/" + Combe.SLUG + "/alerts")
                        .expect(200)
                        .get("items"))
                .as("what was refused while the database was away was not launched later")
                .hasSize(1);
    }

    @Test
    @Order(2)
    void whatOneOfTwoNodesLeavesUndoneTheOtherDoes() throws Exception {
        smsc.reset();
        try (RunningNode south = node("south", southPort)) {
            Api api = Watched.signIn(south);
            Watched.awaitAccounts(south);
            await("both are in the cluster").atMost(LIMIT).untilAsserted(() -> assertThat(
                            List.of(cluster(north), cluster(south)))
                    .containsExactly("whole", "whole"));
            Watched alert = Watched.launch(api, Combe.FLOOD, Combe.ALL);
            double northBefore = Metrics.of(north, "tocsin_dispatch_submitted_total");
            alert.await(
                    "both nodes send",
                    () -> Metrics.of(north, "tocsin_dispatch_submitted_total") > northBefore + 50
                            && Metrics.of(south, "tocsin_dispatch_submitted_total") > 50);
            assertThat(smsc.duplicatesByDestination()).isEmpty();
            north.kill();
            await("the other misses it").atMost(LIMIT).until(() -> cluster(south)
                    .matches("split|incomplete"));
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
        await("whoever has a screen open is told, also while nobody can be known")
                .atMost(LIMIT)
                .until(() -> north.api().get("/api/v1/state").expect(200).findValuesAsText("code").stream()
                        .anyMatch("no-primary"::equals));
        Api.Answer launch = api.launch(
                Combe.SLUG, LATE, Map.of("scenario", Combe.FLOOD, "drill", false, "lists", List.of(Combe.ALL)));
        assertThat(launch.status()).isEqualTo(503);
        assertThat(launch.json().get("detail").asText()).contains("Idempotency-Key");
    }

    /** Where a node stands in the cluster. */
    private static String cluster(RunningNode node) throws Exception {
        for (JsonNode check : node.api().get("/health/ready").json().get("checks")) {
            if (check.get("name").asText().equals("cluster")) {
                return check.get("state").asText();
            }
        }
        return "";
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
