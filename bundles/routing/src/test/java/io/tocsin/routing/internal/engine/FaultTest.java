package io.tocsin.routing.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.OutboundMessage.Category;
import io.tocsin.channel.api.Receipt;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.persistence.testing.TestDatabase;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.Totals;
import io.tocsin.routing.testing.Conservation;
import io.tocsin.routing.testing.ScriptedCarrier;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** Nodes that die, a database that goes away, two nodes at once: nothing lost, duplicates only among those flagged. */
class FaultTest {
    private static TestDatabase db;

    private Rig rig;
    private int tenant;

    @BeforeAll
    static void startDatabase() {
        db = TestDatabase.start();
    }

    @AfterAll
    static void stopDatabase() {
        db.close();
    }

    @BeforeEach
    void setUp(TestInfo test) {
        tenant = db.tenant(
                "fault-" + test.getTestMethod().orElseThrow().getName().toLowerCase());
        rig = new Rig(db.database()).account(tenant * 10 + 1, "sms", 1, null, tenant);
    }

    @AfterEach
    void tearDown() {
        rig.close();
    }

    private void awaitClosed(long alert) {
        await().atMost(Rig.LIMIT).until(() -> rig.state(tenant, alert) == Alert.State.CLOSED);
    }

    @Test
    void whatADeadNodeMayHaveSentIsNamedThenSentAgainFlagged() {
        rig.lease(Duration.ofSeconds(1));
        ScriptedCarrier silent = new ScriptedCarrier(20).script((link, m) -> new CompletableFuture<>());
        long alert = rig.alert().category(Category.LIFE_SAFETY).recipients(100).launch(tenant);
        Engine dead = rig.engine("first-" + tenant, Map.of("sms", silent));
        await().atMost(Rig.LIMIT).until(() -> silent.sent().size() == 20);
        List<HeldBatch> held = dead.lanes().all().get(0).held();
        assertThat(held).hasSize(1);
        dead.abandon();

        ScriptedCarrier carrier = new ScriptedCarrier(20).delivers();
        Engine second = rig.engine("second-" + tenant, Map.of("sms", carrier));
        // Whoever was not below the watermark is reached at once; the others are in doubt by name, and wait.
        await().atMost(Rig.LIMIT).until(() -> rig.totals(tenant, alert).delivered() >= 20);
        await().atMost(Rig.LIMIT).until(() -> observations(alert, "in-doubt") > 0);
        long doubts = observations(alert, "in-doubt");
        assertThat(doubts).isBetween(20L, 40L);
        await().atMost(Rig.LIMIT).until(() -> rig.totals(tenant, alert).delivered() == 100 - doubts);
        assertThat(rig.totals(tenant, alert).pending()).isEqualTo(doubts);
        assertThat(new Intend(new JdbcLedger(db.database()), Duration.ofSeconds(15), System::nanoTime)
                        .intend(held.get(0), 10)
                        .going())
                .as("the dead node's token moves nothing any more")
                .isFalse();

        await().atMost(Rig.LIMIT)
                .until(() -> second.nodes().stream().anyMatch(n -> n.name().equals("first-" + tenant) && !n.alive()));

        rig.clock.plus(Duration.ofSeconds(31));
        awaitClosed(alert);
        Totals totals = Conservation.assertSettled(db.database(), tenant, alert);
        assertThat(totals.delivered()).isEqualTo(100);
        assertThat(totals.flagged()).isEqualTo(doubts);
        Set<String> twice = ConcurrentHashMap.newKeySet();
        silent.sent().forEach(m -> twice.add(m.address()));
        assertThat(carrier.sent().stream().filter(m -> twice.contains(m.address())))
                .as("second copies")
                .hasSize(20)
                .allMatch(OutboundMessage::possibleDuplicate);
    }

    @Test
    void aNodeThatStartsAgainUnderItsNameDoesNotWaitForItsFormerLeases() {
        rig.lease(Duration.ofHours(1));
        ScriptedCarrier silent = new ScriptedCarrier(10).script((link, m) -> new CompletableFuture<>());
        long alert = rig.alert().category(Category.INFORMATION).recipients(60).launch(tenant);
        Engine dead = rig.engine("again-" + tenant, Map.of("sms", silent));
        await().atMost(Rig.LIMIT).until(() -> silent.sent().size() == 10);
        dead.abandon();
        ScriptedCarrier carrier = new ScriptedCarrier(10).delivers();
        Engine next = rig.engine("again-" + tenant, Map.of("sms", carrier));
        assertThat(next.node().incarnation()).isEqualTo(dead.node().incarnation() + 1);
        assertThat(next.nodes().stream().filter(n -> n.name().equals("again-" + tenant)))
                .singleElement()
                .satisfies(n -> {
                    assertThat(n.incarnation()).isEqualTo(next.node().incarnation());
                    assertThat(n.alive()).isTrue();
                });
        await().atMost(Rig.LIMIT).until(() -> {
            Totals totals = rig.totals(tenant, alert);
            return totals.delivered() + observations(alert, "in-doubt") == 60;
        });
        assertThat(carrier.sent()).doesNotContainAnyElementsOf(silent.sent());
    }

    @Test
    void aDatabaseThatGoesAwayAndReturnsLosesNothing() {
        try (TestDatabase own = TestDatabase.start()) {
            int commune = own.tenant("commune");
            try (Rig mine = new Rig(own.database()).account(1, "sms", 1, null, commune)) {
                ScriptedCarrier carrier = new ScriptedCarrier(20);
                carrier.script((link, m) -> {
                    CompletableFuture<SendOutcome> accepted = carrier.accept(m).toCompletableFuture();
                    return CompletableFuture.supplyAsync(() -> {
                        link.receipt(m, Receipt.State.DELIVERED);
                        return accepted.join();
                    });
                });
                long alert = mine.alert().recipients(5000).launch(commune);
                mine.engine("node", Map.of("sms", carrier));
                await().atMost(Rig.LIMIT).until(() -> carrier.sent().size() > 200);
                own.stop();
                own.restart();
                await().atMost(Rig.LIMIT)
                        .ignoreExceptions()
                        .until(() -> mine.state(commune, alert) == Alert.State.CLOSED);
                Totals totals = Conservation.assertSettled(own.database(), commune, alert);
                assertThat(totals.delivered()).isEqualTo(5000);
                assertThat(totals.flagged()).isZero();
                assertThat(carrier.sent())
                        .extracting(OutboundMessage::reference)
                        .hasSize(5000)
                        .doesNotHaveDuplicates();
            }
        }
    }

    @Test
    void twoNodesShareAnAlertWithoutDuplicates() {
        ScriptedCarrier one = new ScriptedCarrier(10).delivers();
        ScriptedCarrier two = new ScriptedCarrier(10).delivers();
        rig.engine("left-" + tenant, Map.of("sms", one));
        rig.engine("right-" + tenant, Map.of("sms", renamed(two)));
        long alert = rig.alert().recipients(4000).launch(tenant);
        awaitClosed(alert);
        Totals totals = Conservation.assertSettled(db.database(), tenant, alert);
        assertThat(totals.delivered() + totals.failed()).isEqualTo(4000);
        assertThat(one.sent().size() + two.sent().size()).isEqualTo(4000);
        Set<String> references = ConcurrentHashMap.newKeySet();
        one.sent().forEach(m -> assertThat(references.add(m.reference())).isTrue());
        two.sent().forEach(m -> assertThat(references.add(m.reference())).isTrue());
    }

    /** Two carriers of the test would otherwise give the same ids out. */
    private static ScriptedCarrier renamed(ScriptedCarrier carrier) {
        return carrier.script((link, m) -> {
            String id = "two-" + m.reference();
            CompletableFuture<SendOutcome> accepted = CompletableFuture.completedFuture(new SendOutcome.Accepted(id));
            link.receipt(id, Receipt.State.DELIVERED);
            return accepted;
        });
    }

    @Test
    void stoppingRecordsEverythingAndGivesEverythingBack() {
        ScriptedCarrier carrier = new ScriptedCarrier(5);
        carrier.script((link, m) -> CompletableFuture.supplyAsync(
                () -> carrier.accepted(m),
                CompletableFuture.delayedExecutor(20, java.util.concurrent.TimeUnit.MILLISECONDS)));
        long alert = rig.alert().recipients(600).launch(tenant);
        Engine engine = rig.engine("stops-" + tenant, Map.of("sms", carrier));
        await().atMost(Rig.LIMIT).until(() -> carrier.sent().size() > 30);
        engine.stop();
        assertThat(held(alert)).isZero();
        assertThat(observations(alert, "in-doubt")).isZero();
        assertThat(observations(alert, "accepted")).isEqualTo(carrier.sent().size());
        Conservation.assertHolds(db.database(), tenant, alert);
    }

    @Test
    void aChannelThatIsClosedWithItsWindowFullForgetsNobody() {
        ScriptedCarrier silent = new ScriptedCarrier(4).script((link, m) -> new CompletableFuture<>());
        long alert = rig.alert().category(Category.LIFE_SAFETY).recipients(100).launch(tenant);
        Engine engine = rig.engine("full-" + tenant, Map.of("sms", silent));
        await().atMost(Rig.LIMIT).until(() -> silent.sent().size() == 4);
        await().atMost(Rig.LIMIT).until(() -> intended(alert) > 4);
        long intended = intended(alert);
        engine.stop();
        assertThat(held(alert)).isZero();
        assertThat(observations(alert, "in-doubt"))
                .as("handed over, unanswered")
                .isEqualTo(4);
        assertThat(observations(alert, "retry"))
                .as("intended, certainly not sent")
                .isEqualTo(intended - 4);
        ScriptedCarrier carrier = new ScriptedCarrier(20).delivers();
        rig.engine("next-" + tenant, Map.of("sms", carrier));
        await().atMost(Rig.LIMIT).until(() -> rig.totals(tenant, alert).delivered() >= 96);
        rig.clock.plus(Duration.ofSeconds(31));
        awaitClosed(alert);
        Totals totals = Conservation.assertSettled(db.database(), tenant, alert);
        assertThat(totals.delivered()).isEqualTo(100);
        assertThat(totals.flagged()).isEqualTo(4);
    }

    private long intended(long alert) {
        return db.database().asEngine(c -> {
            try (var q = c.prepareStatement("select sum(watermark - first_position) from batch where alert_id = ?")) {
                q.setLong(1, alert);
                var row = q.executeQuery();
                row.next();
                return row.getLong(1);
            }
        });
    }

    private long observations(long alert, String kind) {
        return rig.waves(tenant, alert).stream()
                .mapToLong(w -> w.observations().getOrDefault(kind, 0L))
                .sum();
    }

    private long held(long alert) {
        return db.database().asEngine(c -> {
            try (var q =
                    c.prepareStatement("select count(*) from batch where alert_id = ? and lease_owner is not null")) {
                q.setLong(1, alert);
                var row = q.executeQuery();
                row.next();
                return row.getLong(1);
            }
        });
    }
}
