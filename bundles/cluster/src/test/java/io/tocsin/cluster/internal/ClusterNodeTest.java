package io.tocsin.cluster.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import io.tocsin.persistence.testing.TestDatabase;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
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

    private ClusterNode node(String name, Database database, Clock clock, Map<String, Object> settings) {
        ClusterNode node = new ClusterNode(name, "1.0.0", SettingsOf.cluster(settings), clock);
        node.bindDatabase(database);
        NodeLoad load = () -> new Load(name, 1, List.of(new Account(3, "combe.sms", "sms", 12, 4)));
        node.bindLoad(load);
        node.start();
        nodes.push(node);
        return node;
    }

    private ClusterNode node(String name, Map<String, Object> settings) {
        alive(name);
        return node(name, db.database(), Clock.systemUTC(), settings);
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
            assertThat(seen.facts().orElseThrow().clockOffset().orElseThrow().abs())
                    .isLessThan(Duration.ofSeconds(5));
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
        Breakable database = new Breakable();
        ClusterNode node = node("north", database, Clock.systemUTC(), Map.of());
        await().atMost(LONG).until(() -> named(node, "north")
                .flatMap(Node::facts)
                .filter(facts -> facts.database().equals("primary"))
                .isPresent());

        database.broken = true;
        await().atMost(LONG).until(() -> node.conditions().stream().anyMatch(c -> c.code() == Code.NO_PRIMARY));
        assertThat(node.nodes()).extracting(Node::name).containsExactly("north");

        database.broken = false;
        await().atMost(LONG).until(() -> node.conditions().isEmpty());
    }

    @Test
    void aDatabaseThatTakesNoWritesIsSaid() {
        Breakable database = new Breakable();
        database.readOnly = true;
        ClusterNode node = node("north", database, Clock.systemUTC(), Map.of());

        await().atMost(LONG).until(() -> node.conditions().stream().anyMatch(c -> c.code() == Code.NO_WRITES));
    }

    @Test
    void aClockThatIsWrongIsSaid() {
        Clock ahead = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(3));
        ClusterNode node = node("north", db.database(), ahead, Map.of());

        await().atMost(LONG).until(() -> node.conditions().stream().anyMatch(c -> c.code() == Code.CLOCK_SKEW));
        assertThat(node.conditions().get(0).detail()).contains("ahead of the database's");
        assertThat(node.conditions().get(0).since()).isAfter(Instant.now(Clock.system(ZoneOffset.UTC)));
    }

    /** The test's database, away or read-only when told so. */
    private static final class Breakable implements Database {
        private volatile boolean broken;
        private volatile boolean readOnly;

        @Override
        public <T> T inTenant(int tenantId, Work<T> work) {
            return asEngine(work);
        }

        @Override
        public <T> T asEngine(Work<T> work) {
            if (broken) {
                throw new DatabaseException(new SQLException("away", "08001"));
            }
            return db.database().asEngine(connection -> {
                if (readOnly) {
                    try (var statement = connection.createStatement()) {
                        statement.execute("set transaction read only");
                    }
                }
                return work.run(connection);
            });
        }

        @Override
        public boolean available() {
            return !broken;
        }

        @Override
        public Optional<String> writeProblem() {
            return Optional.empty();
        }
    }
}
