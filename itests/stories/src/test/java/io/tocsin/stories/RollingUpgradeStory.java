package io.tocsin.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tocsin.bench.Api;
import io.tocsin.bench.Bundles;
import io.tocsin.bench.RunningNode;
import io.tocsin.persistence.testing.Conservation;
import io.tocsin.persistence.testing.TestDatabase;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two nodes on one database are upgraded as docs/operations.md says ("Upgrade, one node after the other"), while an alert leaves by a carrier
 * that shares no code with them: a channel, then a node, then the schema. One step too early is held back. Nobody is lost, nobody gets
 * anything twice who was not flagged, and somebody answers all the time.
 */
class RollingUpgradeStory {
    /** At five a second and node this is more than all of the upgrades take. */
    private static final int PEOPLE = 8000;

    private static final int SLOW_MILLIS = 800;
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @TempDir
    private static Path files;

    private SmppPeer carrier;
    private TestDatabase database;
    private RunningNode north;
    private RunningNode south;

    @BeforeEach
    void start() throws Exception {
        carrier = SmppPeer.start("tocsin", "rollings", SLOW_MILLIS);
        database = TestDatabase.start();
        // What the release of today uses, and the one after the next takes away.
        execute("alter table alert add column was text");
        Path password = Files.writeString(
                files.resolve("owner-password"), database.address().ownerPassword());
        Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
        Combe combe = Combe.of(PEOPLE)
                .sms(
                        "sms",
                        10,
                        carrier.port(),
                        400,
                        "window: \"4\"",
                        "transmit-binds: \"1\"",
                        "receive-binds: \"1\"",
                        "message-id-format: hex-then-decimal")
                .setting("io.tocsin.routing", "swapProvingSeconds", "8")
                .setting("io.tocsin.routing", "swapWatchSeconds", "2");
        north = node(combe, "north", password);
        south = node(combe, "south", password);
    }

    private RunningNode node(Combe combe, String name, Path password) {
        return combe.start(
                Map.of(
                        "TOCSIN_SECRET_SMS", "rollings",
                        "TOCSIN_DIST", files.resolve("dist").toString(),
                        "TOCSIN_DB_USER", database.address().owner(),
                        "TOCSIN_DB_PASSWORD_FILE", password.toString()),
                "--node",
                name,
                "--db",
                database.address().url());
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : Arrays.asList(north, south, database, carrier)) {
            if (each != null) {
                each.close();
            }
        }
    }

    @Test
    void aChannelANodeAndTheSchemaAreUpgradedWhileAnAlertLeaves() throws Exception {
        NextReleases releases = NextReleases.after(
                Path.of(System.getenv("TOCSIN_ARCHIVE")), Files.createDirectory(files.resolve("next")));
        Path expands = releases.release(
                "1.1.0", "db/migration/V9001__becomes.sql", "alter table alert add column becomes text;");
        Path contracts = releases.release(
                "1.2.0", "db/contract/V9002__unused_since_V9001_was.sql", "alter table alert drop column was;");
        Api atSouth = Watched.signIn(south);
        Api atNorth = Watched.signIn(north);
        Watched.awaitAccounts(north);
        Watched.awaitAccounts(south);
        Watched alert = Watched.launch(atNorth, Combe.FLOOD, Combe.ALL);
        try (SteadyCaller caller = new SteadyCaller(List.of(address(north, alert), address(south, alert)), token())) {
            alert.through(atSouth);
            channelOf(north);
            channelOf(south);

            stopInOrder(north, south);
            north.startFrom(expands);
            assertThat(columns()).isEqualTo("becomes was");
            assertThat(north.console("tocsin:database")).contains("known up to step V9001");
            bothSend();

            // Too early: the other still is of the release that uses what goes.
            stopInOrder(north, south);
            north.startFrom(contracts);
            assertThat(north.console("tocsin:database"))
                    .contains("V9002 held back: south (knows V")
                    .contains("upgrade that node");
            assertThat(Files.readString(north.data().resolve("log/tocsin.log"))).contains("database.contract-held");
            assertThat(columns()).isEqualTo("becomes was");
            bothSend();

            alert.through(Watched.signIn(north));
            stopInOrder(south, north);
            south.startFrom(contracts);
            assertThat(columns()).isEqualTo("becomes");
            assertThat(south.console("tocsin:database"))
                    .contains("known up to step V9002")
                    .doesNotContain("held back");
            assertThat(south.console("tocsin:cluster")).contains("1.2.0");
            bothSend();

            assertThat(alert.totals().pending())
                    .as("the alert ran all the time")
                    .isPositive();
            carrier.latency(0);
            alert.await("everybody is delivered", t -> t.delivered() == t.recipients());
            caller.close();
            assertThat(caller.refusedByAll())
                    .as("times nobody answered, of %s", caller.asked())
                    .isZero();
            assertThat(caller.refusedBySome())
                    .as("times one of the two was away")
                    .isPositive();
        }
        nobodyLostNobodyTwiceUnflagged(alert);
    }

    private static void channelOf(RunningNode node) throws Exception {
        Path version = files.resolve("channel-sms-1.0.1.jar");
        Bundles.copy(Bundles.shipped("channel-sms"), version, Map.of("Bundle-Version", "1.0.1"), name -> true);
        assertThat(node.console("tocsin:channel-update " + version)).contains("1.0.1");
        await("the new version serves").atMost(LIMIT).until(() -> node.console("tocsin:channels")
                .lines()
                .anyMatch(line -> line.startsWith("sms") && line.contains("1.0.1") && line.contains("serving")));
    }

    /** What it held is free for the other at once, not when its leases end. */
    private void stopInOrder(RunningNode node, RunningNode other) throws Exception {
        node.stop();
        assertThat(text("select count(*) from batch where not settled and lease_until > now() and"
                        + " starts_with(lease_owner, '"
                        + (node == north ? "north" : "south") + "#')"))
                .as("batches it still holds")
                .isEqualTo("0");
        goesOn(other);
    }

    private void bothSend() throws Exception {
        Watched.awaitAccounts(north);
        Watched.awaitAccounts(south);
        goesOn(north);
        goesOn(south);
    }

    private static void goesOn(RunningNode node) throws Exception {
        double before = Metrics.of(node, "tocsin_dispatch_submitted_total");
        await("it sends").atMost(LIMIT).until(() -> Metrics.of(node, "tocsin_dispatch_submitted_total") > before);
    }

    private static URI address(RunningNode node, Watched alert) {
        return node.api().base().resolve(alert.path());
    }

    private String token() throws Exception {
        return north.api()
                .post("/api/v1/sessions", Map.of("login", Combe.LOGIN, "password", Combe.PASSWORD))
                .expect(200)
                .get("token")
                .asText();
    }

    private void nobodyLostNobodyTwiceUnflagged(Watched alert) throws Exception {
        Map<Integer, Watched.Person> people = alert.people();
        Map<String, Integer> copies = carrier.copies();
        assertThat(people).hasSize(PEOPLE);
        people.forEach(
                (n, person) -> assertThat(copies.getOrDefault(Combe.number(n).substring(1), 0))
                        .as("copies of person %s, %s", n, person)
                        .isBetween(1, person.possibleDuplicate() ? 3 : 1));
        try (Connection ledger = database.engineDataSource().getConnection()) {
            Conservation.checkAll(ledger);
        }
    }

    private String columns() throws SQLException {
        return text(
                """
                select string_agg(column_name, ' ' order by column_name) from information_schema.columns
                where table_name = 'alert' and column_name in ('was', 'becomes')
                """);
    }

    private String text(String query) throws SQLException {
        try (Connection connection = database.ownerDataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.ownerDataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
