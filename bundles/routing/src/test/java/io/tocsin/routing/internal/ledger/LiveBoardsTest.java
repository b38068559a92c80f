package io.tocsin.routing.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tocsin.persistence.testing.TestDatabase;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.DispatchPolicy.Until;
import io.tocsin.routing.api.Totals;
import io.tocsin.routing.internal.engine.Written;
import io.tocsin.routing.testing.MovableClock;
import io.tocsin.routing.testing.TestAlerts;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a screen shows between two counts: good news at once, all else at the next count, and never better than it is. */
class LiveBoardsTest {
    private static final AtomicInteger TENANTS = new AtomicInteger();
    private static TestDatabase db;

    private final MovableClock clock = new MovableClock();
    private final LedgerStore ledger = new LedgerStore(clock);
    /** What a look at this watch takes: nothing, unless a test says otherwise. */
    private final AtomicLong now = new AtomicLong();

    private final AtomicLong tick = new AtomicLong();
    private LiveBoards boards;
    private int tenant;
    private long alertId;

    @BeforeAll
    static void startDatabase() {
        db = TestDatabase.start();
    }

    @AfterAll
    static void stopDatabase() {
        db.close();
    }

    @BeforeEach
    void setUp() {
        tenant = db.tenant("live-" + TENANTS.incrementAndGet());
        boards = new LiveBoards(db.database(), () -> now.addAndGet(tick.get()));
        alertId = new TestAlerts(db.database(), ledger, clock)
                .recipients(20)
                .step("sms", Duration.ofMinutes(5), 1, Until.DELIVERED)
                .launch(tenant);
        Written.targets(db.database(), tenant, alertId);
    }

    @AfterEach
    void tearDown() {
        boards.stop();
    }

    private Alert alert() {
        return db.database()
                .inTenant(tenant, c -> ledger.alert(c, tenant, alertId).orElseThrow());
    }

    private Totals live() {
        return boards.of(alert());
    }

    private Totals exact() {
        return db.database().inTenant(tenant, c -> ledger.totals(c, tenant, alertId));
    }

    /** An observation of the person at a position of the first wave. */
    private void observed(int position, String kind, int segment, int segments) {
        db.database().asEngine(c -> {
            try (var insert = c.prepareStatement(
                    """
                    insert into attempt (tenant_id, alert_id, wave_no, position, segment, segments, kind, code, at, node)
                    values (?, ?, 1, ?, ?, ?, ?, '', now(), 'test')
                    """)) {
                insert.setInt(1, tenant);
                insert.setLong(2, alertId);
                insert.setInt(3, position);
                insert.setInt(4, segment);
                insert.setInt(5, segments);
                insert.setString(6, kind);
                insert.executeUpdate();
            }
            return null;
        });
    }

    private void answered(int recipientNo) {
        db.database()
                .inTenant(
                        tenant, c -> ledger.answer(c, tenant, alertId, recipientNo, "1", "sms", "link", Instant.now()));
    }

    @Test
    void deliveriesAndAnswersShowAtOnce() {
        assertThat(live().pending()).isEqualTo(20);
        for (int position = 0; position < 5; position++) {
            observed(position, "accepted", 0, 1);
            observed(position, "delivered", 0, 1);
        }
        observed(0, "delivered", 0, 1);
        assertThat(live()).isEqualTo(exact()).extracting(Totals::delivered).isEqualTo(5L);
        answered(1);
        answered(9);
        assertThat(live()).isEqualTo(exact()).extracting(Totals::answered).isEqualTo(2L);
        observed(8, "accepted", 0, 1);
        observed(8, "delivered", 0, 1);
        assertThat(live()).isEqualTo(exact());
        assertThat(live().conserved()).isTrue();
    }

    @Test
    void aLongMessageIsDeliveredWithItsLastSegment() {
        live();
        observed(3, "accepted", 0, 2);
        observed(3, "accepted", 1, 2);
        observed(3, "delivered", 1, 1);
        assertThat(live().delivered()).isZero();
        observed(3, "delivered", 0, 1);
        assertThat(live()).isEqualTo(exact()).extracting(Totals::delivered).isEqualTo(1L);
    }

    @Test
    void allElseShowsAtTheNextCount() {
        live();
        observed(2, "rejected", 0, 1);
        assertThat(live().failed()).isZero();
        now.incrementAndGet();
        assertThat(live()).isEqualTo(exact()).extracting(Totals::failed).isEqualTo(1L);
    }

    @Test
    void aCountThatTakesLongGoesOnBehindWhatIsShown() {
        tick.set(Duration.ofMillis(200).toNanos());
        live();
        observed(2, "rejected", 0, 1);
        assertThat(live().failed()).as("nobody waits for the count").isZero();
        await().atMost(Duration.ofMinutes(2)).until(() -> live().failed() == 1);
        observed(4, "delivered", 0, 1);
        await().atMost(Duration.ofMinutes(2)).until(() -> live().equals(exact()));
    }

    @Test
    void anAlertWhoseStateChangedIsCounted() {
        live();
        observed(2, "rejected", 0, 1);
        db.database().inTenant(tenant, c -> ledger.pause(c, tenant, alertId));
        assertThat(live()).isEqualTo(exact()).extracting(Totals::failed).isEqualTo(1L);
        db.database().inTenant(tenant, c -> ledger.cancel(c, tenant, alertId, clock.instant()));
        assertThat(live()).isEqualTo(exact()).extracting(Totals::pending).isEqualTo(0L);
    }

    /** A count is shared until it is old; not so that of an end before a relaunch which nobody watched. */
    @Test
    void anAlertThatEndedAgainIsCountedAgain() {
        tick.set(1_000_000_000);
        db.database().inTenant(tenant, c -> ledger.cancel(c, tenant, alertId, clock.instant()));
        assertThat(live().delivered()).isZero();
        observed(3, "delivered", 0, 1);
        assertThat(live().delivered()).as("shared").isZero();
        db.database().asEngine(c -> {
            try (var update = c.prepareStatement(
                    "update alert set ended_at = ended_at + interval '1 hour' where tenant_id = ? and alert_id = ?")) {
                update.setInt(1, tenant);
                update.setLong(2, alertId);
                return update.executeUpdate();
            }
        });
        assertThat(live()).isEqualTo(exact()).extracting(Totals::delivered).isEqualTo(1L);
    }

    /** A partition of a day at a crisis has a million pages: nobody may read it from the start to show the last second. */
    @Test
    void onlyTheEndsOfTablesAreRead() {
        live();
        db.database().inTenant(tenant, c -> {
            GoodNews.onlyTheEnds(c);
            for (GoodNews.Table table : GoodNews.tables(c)) {
                String sql = GoodNews.end(table, 7)
                        .replace("alert_id = ?", "alert_id = " + alertId)
                        .replace("tenant_id = ?", "tenant_id = " + tenant);
                StringBuilder plan = new StringBuilder();
                try (var explain = c.createStatement();
                        var row = explain.executeQuery("explain " + sql)) {
                    while (row.next()) {
                        plan.append(row.getString(1)).append('\n');
                    }
                } catch (SQLException e) {
                    throw new AssertionError(sql, e);
                }
                assertThat(plan.toString())
                        .as(table.name())
                        .contains("Tid Range Scan on " + table.name())
                        .doesNotContain("Append");
            }
            return null;
        });
    }
}
