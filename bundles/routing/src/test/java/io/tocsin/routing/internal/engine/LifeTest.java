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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** Nodes seen to be gone, and nodes that are not although their session is; leases are too long here for anybody to wait for. */
class LifeTest {
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
        tenant =
                db.tenant("life-" + test.getTestMethod().orElseThrow().getName().toLowerCase());
        rig = new Rig(db.database())
                .account(tenant * 10 + 1, "sms", 1, null, tenant)
                .lease(Duration.ofHours(1));
    }

    @AfterEach
    void tearDown() {
        rig.close();
    }

    @Test
    void whatADeadNodeHeldGoesOnLongBeforeItsLeaseIsOver() {
        ScriptedCarrier silent = new ScriptedCarrier(20).script((link, m) -> new CompletableFuture<>());
        long alert = rig.alert().category(Category.LIFE_SAFETY).recipients(100).launch(tenant);
        Engine dead = rig.engine("dead-" + tenant, Map.of("sms", silent));
        await().atMost(Rig.LIMIT).until(() -> silent.sent().size() == 20);
        ScriptedCarrier carrier = new ScriptedCarrier(20).delivers();
        Engine other = rig.engine("other-" + tenant, Map.of("sms", carrier));
        long diedAt = System.nanoTime();
        dead.abandon();

        await().atMost(Rig.LIMIT).pollInterval(Duration.ofMillis(10)).until(() -> !carrier.sent()
                .isEmpty());
        System.out.println("life: the first message of what a dead node held left after "
                + Duration.ofNanos(System.nanoTime() - diedAt).toMillis() + " ms");
        await().atMost(Rig.LIMIT).until(() -> rig.totals(tenant, alert).delivered() >= 60);
        assertThat(other.nodes())
                .filteredOn(n -> n.name().equals("dead-" + tenant))
                .singleElement()
                .satisfies(n -> assertThat(n.alive()).isFalse());
        rig.clock.plus(Duration.ofSeconds(31));
        awaitClosed(alert);
        Totals totals = Conservation.assertSettled(db.database(), tenant, alert);
        assertThat(totals.delivered()).isEqualTo(100);
        assertThat(carrier.sent().stream().filter(m -> copies(m, silent.sent())))
                .hasSize(20)
                .allMatch(OutboundMessage::possibleDuplicate);
    }

    private static boolean copies(OutboundMessage message, List<OutboundMessage> sent) {
        return sent.stream().anyMatch(m -> m.address().equals(message.address()));
    }

    /** As an administrator, a firewall or a restarted server does it, again and again while it sends. */
    @Test
    void aNodeWhoseSessionEndsBeginsAnewAndNothingIsDoubled() {
        ScriptedCarrier carrier = new ScriptedCarrier(10);
        carrier.script((link, m) -> CompletableFuture.supplyAsync(
                () -> {
                    SendOutcome accepted = carrier.accepted(m);
                    link.receipt(m, Receipt.State.DELIVERED);
                    return accepted;
                },
                CompletableFuture.delayedExecutor(5, TimeUnit.MILLISECONDS)));
        long alert = rig.alert().category(Category.LIFE_SAFETY).recipients(2000).launch(tenant);
        Engine node = rig.engine("lives-" + tenant, Map.of("sms", carrier));
        Engine other = rig.engine("beside-" + tenant, Map.of("sms", carrier));
        for (int times = 1; times <= 3; times++) {
            int more = 400 * times;
            await().atMost(Rig.LIMIT).until(() -> carrier.sent().size() > more);
            long before = life(node);
            assertThat(terminated()).isPositive();
            await().atMost(Rig.LIMIT).until(() -> life(node) > before);
        }
        awaitClosed(alert);
        Totals totals = Conservation.assertSettled(db.database(), tenant, alert);
        assertThat(totals.delivered()).isEqualTo(2000);
        assertThat(totals.flagged()).isZero();
        assertThat(carrier.sent())
                .extracting(OutboundMessage::address)
                .hasSize(2000)
                .doesNotHaveDuplicates();
        assertThat(other.nodes())
                .filteredOn(n -> n.name().equals("lives-" + tenant))
                .singleElement()
                .satisfies(n -> assertThat(n.alive()).isTrue());
    }

    /** Whoever stops in order is not taken for dead, nor waited for. */
    @Test
    void aNodeThatStoppedLivesNoMore() {
        Engine stops = rig.engine("stops-" + tenant, Map.of("sms", new ScriptedCarrier(1).delivers()));
        Engine stays = rig.engine("stays-" + tenant, Map.of("sms", new ScriptedCarrier(1).delivers()));
        await().atMost(Rig.LIMIT).until(() -> life(stops) > 0);
        stops.stop();
        assertThat(stays.nodes())
                .filteredOn(n -> n.name().equals("stops-" + tenant))
                .singleElement()
                .satisfies(n -> assertThat(n.alive()).isFalse());
    }

    private void awaitClosed(long alert) {
        await().atMost(Rig.LIMIT).until(() -> rig.state(tenant, alert) == Alert.State.CLOSED);
    }

    private static long life(Engine node) {
        return db.database().asEngine(c -> {
            try (var query = c.prepareStatement("select coalesce(life, 0) from node where name = ?")) {
                query.setString(1, node.node().name());
                var row = query.executeQuery();
                row.next();
                return row.getLong(1);
            }
        });
    }

    private static int terminated() {
        return db.database().asEngine(c -> {
            try (var query = c.prepareStatement(
                    "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name like"
                            + " 'tocsin-life-%'")) {
                var row = query.executeQuery();
                row.next();
                return row.getInt(1);
            }
        });
    }
}
