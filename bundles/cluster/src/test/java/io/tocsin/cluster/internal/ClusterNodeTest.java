package io.tocsin.cluster.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tocsin.cluster.api.ClusterStatus.Facts;
import io.tocsin.cluster.api.ClusterStatus.Node;
import io.tocsin.cluster.api.ClusterStatus.State;
import io.tocsin.cluster.api.Condition;
import io.tocsin.cluster.api.Condition.Code;
import io.tocsin.cluster.api.Hint;
import io.tocsin.cluster.api.NodeLoad;
import io.tocsin.cluster.api.NodeLoad.Account;
import io.tocsin.cluster.api.NodeLoad.Load;
import io.tocsin.persistence.api.Database;
import io.tocsin.persistence.api.DatabaseException;
import io.tocsin.persistence.api.DatabaseState;
import io.tocsin.persistence.api.DatabaseState.Standby;
import io.tocsin.persistence.api.DatabaseStatus;
import io.tocsin.persistence.api.EngineSession;
import io.tocsin.persistence.api.SchemaState;
import io.tocsin.persistence.testing.TestDatabase;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The room as the others use it, on a database of its own. */
class ClusterNodeTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static TestDatabase db;

    private final Deque<ClusterNode> nodes = new ArrayDeque<>();

    @BeforeAll
    static void open() {
        db = TestDatabase.start();
    }

    @AfterAll
    static void end() {
        db.close();
    }

    @AfterEach
    void close() {
        nodes.forEach(ClusterNode::stop);
        db.database().asEngine(c -> {
            try (var delete = c.prepareStatement("update node set heartbeat = 'epoch'")) {
                return delete.executeUpdate();
            }
        });
    }

    private ClusterNode node(String name, Database database, DatabaseStatus status, Map<String, Object> settings) {
        ClusterNode node = new ClusterNode(name, "1.0.0", SettingsOf.cluster(settings), Clock.systemUTC());
        node.bindDatabase(database);
        node.bindStatus(status);
        NodeLoad load = () -> new Load(name, 1, List.of(new Account(3, "combe.sms", "sms", 12, 4)));
        node.bindLoad(load);
        node.start();
        nodes.push(node);
        return node;
    }

    private ClusterNode node(String name, Map<String, Object> settings) {
        alive(name);
        return node(name, db.database(), new Seen(), settings);
    }

    /** As dispatch says with each heartbeat. */
    private static void alive(String name) {
        db.database().asEngine(c -> {
            try (var insert = c.prepareStatement(
                    """
                    insert into node (name, incarnation, started_at, heartbeat) values (?, 1, now(), now() + interval '1 hour')
                    on conflict (name) do update set heartbeat = excluded.heartbeat""")) {
                insert.setString(1, name);
                return insert.executeUpdate();
            }
        });
    }

    private static Map<String, Object> at(String site, Endpoint own, Endpoint... members) {
        return new HashMap<>(Map.of(
                "site",
                site,
                "address",
                own.toString(),
                "members",
                Arrays.stream(members).map(Endpoint::toString).toArray(String[]::new)));
    }

    private static Optional<Node> named(ClusterNode by, String name) {
        return by.nodes().stream().filter(node -> node.name().equals(name)).findFirst();
    }

    @Test
    void aNodeWithoutSettingsIsAloneAndItsOwnHintsAreHeard() {
        Queue<Hint> heard = new ConcurrentLinkedQueue<>();
        ClusterNode node = node("alone", Map.of());
        node.bindListener(heard::add);

        node.give(Hint.accounts());

        await().atMost(LONG).until(() -> heard.contains(Hint.accounts()));
        assertThat(node.state()).isEqualTo(State.ALONE);
        assertThat(node.conditions()).isEmpty();
        await().atMost(LONG).until(() -> named(node, "alone")
                .filter(known -> known.version().equals("1.0.0") && known.here() && !known.connected())
                .isPresent());
        await().atMost(LONG).untilAsserted(() -> assertThat(
                        Thread.getAllStackTraces().keySet())
                .as("threads of Hazelcast, but for those of an earlier test that are ending")
                .noneMatch(thread -> thread.isAlive() && thread.getName().startsWith("hz.")));
    }

    @Test
    void nodesOfTwoSitesKnowEachOther() {
        Endpoint north = Places.free();
        Endpoint south = Places.free();
        Queue<Hint> heard = new ConcurrentLinkedQueue<>();
        ClusterNode a = node("north", at("lyon", north, north, south));
        ClusterNode b = node("south", at("lille", south, north, south));
        b.bindListener(heard::add);

        await().atMost(LONG).until(() -> a.state() == State.WHOLE && b.state() == State.WHOLE);
        await().atMost(LONG).untilAsserted(() -> {
            Node seen = named(a, "south").orElseThrow();
            assertThat(seen.site()).isEqualTo("lille");
            assertThat(seen.address()).isEqualTo(south.toString());
            assertThat(seen.connected()).isTrue();
            assertThat(seen.facts().orElseThrow().database()).isEqualTo("primary");
            assertThat(seen.facts().orElseThrow().accounts())
                    .containsExactly(new Account(3, "combe.sms", "sms", 12, 4));
            assertThat(seen.facts().orElseThrow().clockOffset()).contains(Duration.ZERO);
        });
        assertThat(a.conditions()).isEmpty();
        a.give(Hint.work(1, 2));
        await().atMost(LONG).until(() -> heard.contains(Hint.work(1, 2)));
        // by the database, also without the other
        assertThat(db.database().<String>asEngine(c -> {
                    try (var query =
                                    c.prepareStatement("select site || ' ' || address from node where name = 'south'");
                            var row = query.executeQuery()) {
                        row.next();
                        return row.getString(1);
                    }
                }))
                .isEqualTo("lille " + south);
    }

    @Test
    void aMemberThatIsMissingAndDoesNotLiveIsMissing() {
        Endpoint north = Places.free();
        Map<String, Object> settings = at("lyon", north, Places.free());
        settings.put("silenceSeconds", 5);
        ClusterNode a = node("north", settings);

        await().atMost(LONG).until(() -> a.state() == State.INCOMPLETE);

        await().atMost(LONG).untilAsserted(() -> assertThat(a.conditions())
                .extracting(Condition::code)
                .containsExactly(Code.CLUSTER_INCOMPLETE));
    }

    @Test
    void wrongSettingsAreARefusalAndMendedOnesAreNot() {
        ClusterNode node = node("north", Map.of("address", "0.0.0.0:5701", "site", "lyon"));
        assertThat(node.state()).isIn(State.ALONE, State.REFUSED);
        await().atMost(LONG).until(() -> node.state() == State.REFUSED);
        assertThat(node.detail()).contains("would listen to every network");
        await().atMost(LONG).untilAsserted(() -> assertThat(node.conditions())
                .extracting(Condition::code)
                .containsExactly(Code.CLUSTER_REFUSED));
        node.give(Hint.accounts());

        node.modified(SettingsOf.cluster(at("lyon", Places.free())));

        await().atMost(LONG).until(() -> node.state() == State.WHOLE);
        await().atMost(LONG).until(() -> node.conditions().isEmpty());

        node.modified(SettingsOf.cluster(Map.of()));

        await().atMost(LONG).until(() -> node.state() == State.ALONE);
    }

    @Test
    void aDatabaseThatGoesAwayAndComesBackIsSaid() {
        Seen seen = new Seen();
        ClusterNode node = node("north", db.database(), seen, Map.of());
        await().atMost(LONG).until(() -> saysItsDatabaseIs(node, "primary"));

        seen.as(DatabaseState.Condition.UNREACHABLE, Duration.ZERO);
        await().atMost(LONG).until(() -> has(node, Code.NO_PRIMARY));
        assertThat(node.conditions().get(0).detail()).contains("unreachable", "some detail");

        node.unbindStatus(seen);
        seen.as(DatabaseState.Condition.PRIMARY, Duration.ZERO);
        await().atMost(LONG).until(() -> saysItsDatabaseIs(node, "unreachable") && has(node, Code.NO_PRIMARY));

        node.bindStatus(seen);
        await().atMost(LONG).until(() -> node.conditions().isEmpty());
    }

    @Test
    void nodesAreToldWithoutADatabaseAsWell() {
        ClusterNode node = node("north", new Away(), new Seen(), Map.of());

        await().atMost(LONG).untilAsserted(() -> assertThat(node.nodes())
                .singleElement()
                .satisfies(here -> assertThat(here.name() + " " + here.alive()).isEqualTo("north true")));
    }

    @ParameterizedTest
    @CsvSource({
        "WAITING_FOR_STANDBY, NO_WRITES",
        "READ_ONLY, NO_WRITES",
        "NO_PRIMARY, NO_PRIMARY",
        "REFUSED_TIMELINE, NO_PRIMARY",
        "REFUSED_SYSTEM, NO_PRIMARY",
        "UNPROTECTED, UNPROTECTED",
        "SLOW, DATABASE_SLOW"
    })
    void howTheDatabaseStandsIsACondition(DatabaseState.Condition stands, Code said) {
        Seen seen = new Seen();
        ClusterNode node = node("north", db.database(), seen, Map.of());

        seen.as(stands, Duration.ZERO);

        await().atMost(LONG).until(() -> has(node, said));
        assertThat(node.conditions()).hasSize(1);
        await().atMost(LONG).until(() -> saysItsDatabaseIs(node, stands.word()));
    }

    @Test
    void howFarTheStandbyIsThatCommitsWaitForIsSaid() {
        ClusterNode node = node("north", db.database(), new Seen(), Map.of());

        await().atMost(LONG).until(() -> named(node, "north")
                .flatMap(Node::facts)
                .flatMap(Facts::lag)
                .equals(Optional.of(Duration.ofMillis(40))));
    }

    @Test
    void aClockThatIsWrongIsSaid() {
        Seen seen = new Seen();
        ClusterNode node = node("north", db.database(), seen, Map.of());

        seen.as(DatabaseState.Condition.CLOCK_APART, Duration.ofMinutes(3));

        await().atMost(LONG).until(() -> has(node, Code.CLOCK_SKEW));
        assertThat(node.conditions()).hasSize(1);
        assertThat(node.conditions().get(0).detail()).contains("180 s ahead of the database's");
    }

    @Test
    void aNodeThatGaveNoSignOfLifeLatelyIsNotAlive() {
        ClusterNode node = node("north", Map.of());
        db.database().asEngine(c -> {
            try (var insert = c.prepareStatement(
                    """
                    insert into node (name, incarnation, started_at, heartbeat) values ('gone', 1, now(), now() - interval '1 hour')
                    on conflict (name) do update set heartbeat = excluded.heartbeat""")) {
                return insert.executeUpdate();
            }
        });

        assertThat(named(node, "gone").orElseThrow().alive()).isFalse();
        assertThat(named(node, "north").orElseThrow().alive()).isTrue();
    }

    private static boolean has(ClusterNode node, Code code) {
        return node.conditions().stream().anyMatch(condition -> condition.code() == code);
    }

    private static boolean saysItsDatabaseIs(ClusterNode node, String word) {
        return named(node, "north")
                .flatMap(Node::facts)
                .filter(facts -> facts.database().equals(word))
                .isPresent();
    }

    @Test
    void aCarrierThatOneNodeReachesAndAnotherDoesNotIsSaidByBoth() {
        int tenant = db.tenant("reach");
        int account = db.database().<Integer>asEngine(c -> {
            try (var insert = c.prepareStatement(
                    "insert into carrier_account (agency_id, slug, channel, settings) select agency_id, 'sms', 'sms', '{}'"
                            + " from tenant where tenant_id = ? returning account_id")) {
                insert.setInt(1, tenant);
                var row = insert.executeQuery();
                row.next();
                return row.getInt(1);
            }
        });
        ClusterNode a = node("north", Map.of());
        ClusterNode b = node("south", Map.of());
        sends("north", account, true);
        sends("south", account, false);

        for (ClusterNode each : List.of(a, b)) {
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(each.conditions()).anySatisfy(condition -> {
                        assertThat(condition.code()).isEqualTo(Code.CARRIER_AT_ONE_SITE);
                        assertThat(condition.detail())
                                .contains("sms leaves from north only, not from south, by 1 account");
                    }));
        }
        sends("north", account, false);
        for (ClusterNode each : List.of(a, b)) {
            await().atMost(LONG).until(() -> each.conditions().stream()
                    .noneMatch(condition -> condition.code() == Code.CARRIER_AT_ONE_SITE));
        }
    }

    /** As dispatch says, for longer than a connection takes to be made. */
    private static void sends(String node, int account, boolean can) {
        db.database().asEngine(c -> {
            try (var upsert = c.prepareStatement(
                    """
                    insert into node_account values (?, ?, ?, now() - interval '1 minute')
                    on conflict (node, account_id) do update set sends = excluded.sends""")) {
                upsert.setString(1, node);
                upsert.setInt(2, account);
                upsert.setBoolean(3, can);
                return upsert.executeUpdate();
            }
        });
    }

    @Test
    void aFullDiskAndNamesThatAreGoneAreSaid() {
        Seen seen = new Seen();
        ClusterNode node = node("north", db.database(), seen, Map.of());
        seen.as(DatabaseState.Condition.DISK_FULL, Duration.ZERO);
        await().atMost(LONG).until(() -> node.conditions().stream().anyMatch(c -> c.code() == Code.DISK_FULL));
        seen.as(DatabaseState.Condition.NAMES_GONE, Duration.ZERO);
        await().atMost(LONG)
                .until(() ->
                        node.conditions().stream().map(Condition::code).toList().equals(List.of(Code.NAMES_GONE)));
    }

    /** How persistence says that the database stands. */
    private static final class Seen implements DatabaseStatus {
        private volatile DatabaseState state;

        Seen() {
            as(DatabaseState.Condition.PRIMARY, Duration.ZERO);
        }

        void as(DatabaseState.Condition condition, Duration clockOffset) {
            state = new DatabaseState(
                    condition,
                    condition == DatabaseState.Condition.PRIMARY ? "" : "some detail",
                    "10.0.0.1:5432",
                    7,
                    1,
                    Instant.EPOCH,
                    List.of(
                            new Standby("b", true, 100, Duration.ofMillis(40)),
                            new Standby("backup", false, 100, Duration.ofHours(1))),
                    Optional.of(clockOffset),
                    Duration.ofMillis(2));
        }

        @Override
        public DatabaseState state() {
            return state;
        }

        @Override
        public SchemaState schema() {
            return SchemaState.UNKNOWN;
        }
    }

    /** A database nobody gets a connection to. */
    private static final class Away implements Database {
        @Override
        public <T> T inTenant(int tenantId, Work<T> work) {
            return asEngine(work);
        }

        @Override
        public <T> T asEngine(Work<T> work) {
            throw new DatabaseException(new SQLException("away", "08001"));
        }

        @Override
        public EngineSession engineSession() {
            return asEngine(connection -> null);
        }

        @Override
        public boolean available() {
            return false;
        }

        @Override
        public Optional<String> writeProblem() {
            return Optional.of("away");
        }
    }
}
