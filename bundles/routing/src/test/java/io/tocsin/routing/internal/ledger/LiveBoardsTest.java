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
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
    private final LedgerStore ledger = LedgerStore.at(clock);
    /** What a look at this watch takes: nothing, unless a test says otherwise. */
    private final AtomicLong now = new AtomicLong();

    private final AtomicLong tick = new AtomicLong();
    private final List<LiveBoards> nodes = new ArrayList<>();
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
        boards = boards(1_000_000);
        alertId = new TestAlerts(db.database(), ledger, clock)
                .recipients(20)
                .step("sms", Duration.ofMinutes(5), 1, Until.DELIVERED)
                .launch(tenant);
        Written.targets(db.database(), tenant, alertId);
    }

    @AfterEach
    void tearDown() {
        nodes.forEach(LiveBoards::stop);
    }

    @Test
    void whatIsPublishedIsShownAndReachesNobody() {
        db.database().asEngine(c -> {
            try (var statement = c.createStatement()) {
                return statement.execute(
                        """
                        insert into channel_publishes values ('publish') on conflict do nothing;
                        insert into channel_endpoint_kind values ('publish', 'mobile') on conflict do nothing
                        """);
            }
        });
        alertId = new TestAlerts(db.database(), ledger, clock)
                .recipients(20)
                .step("publish", Duration.ofMinutes(5), 1, Until.DELIVERED)
                .launch(tenant);
        Written.targets(db.database(), tenant, alertId);
        shows(new Totals(20, 0, 0, 0, 0, 20, 0, 0));
        observed(0, "accepted", 0, 1);
        observed(7, "accepted", 0, 1);
        shows(new Totals(20, 0, 0, 0, 0, 20, 0, 2));
        assertThat(exact()).isEqualTo(live());
    }

    /** Those of a node. */
    private LiveBoards boards(int crowd) {
        LiveBoards node = new LiveBoards(db.database(), () -> now.addAndGet(tick.get()), crowd);
        nodes.add(node);
        return node;
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

    private void shows(Totals expected) {
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(live()).isEqualTo(expected));
    }

    /** An observation of the person at a position of the first wave, recorded and tallied in one transaction, as by the engine. */
    private void observed(int position, String kind, int segment, int segments) {
        execute(observation(1, position, kind, segment, segments, "now()") + ";" + tally(1, kind));
    }

    private void observed(int wave, int position, String kind, int segment, int segments, String at) {
        execute(observation(wave, position, kind, segment, segments, at));
    }

    private void told(int wave, String kind) {
        execute(tally(wave, kind));
    }

    private String observation(int wave, int position, String kind, int segment, int segments, String at) {
        return """
                insert into attempt (tenant_id, alert_id, wave_no, position, segment, segments, kind, code, at, node)
                values (%d, %d, %d, %d, %d, %d, '%s', '', %s, 'test')
                """
                .formatted(tenant, alertId, wave, position, segment, segments, kind, at);
    }

    private String tally(int wave, String kind) {
        return """
                insert into tally values (%d, %d, %d, 'test', '%s', 1)
                on conflict (tenant_id, alert_id, wave_no, node, kind) do update set n = tally.n + 1
                """
                .formatted(tenant, alertId, wave, kind);
    }

    private void execute(String sql) {
        db.database().asEngine(c -> {
            try (var statement = c.createStatement()) {
                return statement.execute(sql);
            }
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
        shows(new Totals(20, 0, 5, 0, 0, 15, 0));
        answered(1);
        answered(9);
        shows(new Totals(20, 2, 4, 0, 0, 14, 0));
        observed(8, "accepted", 0, 1);
        observed(8, "delivered", 0, 1);
        observed(9, "accepted", 0, 1);
        observed(9, "delivered", 0, 1);
        shows(new Totals(20, 2, 5, 0, 0, 13, 0));
        assertThat(live()).isEqualTo(exact());
    }

    /** What was accepted before anybody looked: the ledger is asked. */
    @Test
    void deliveriesOfWhatLeftBeforeShowAtOnce() {
        for (int segment = 0; segment < 2; segment++) {
            observed(3, "accepted", segment, 2);
            observed(4, "accepted", segment, 2);
        }
        observed(4, "delivered", 0, 1);
        observed(5, "accepted", 0, 1);
        live();
        observed(3, "delivered", 0, 1);
        observed(4, "delivered", 1, 1);
        observed(5, "delivered", 0, 1);
        shows(new Totals(20, 0, 2, 0, 0, 18, 0));
        observed(3, "delivered", 1, 1);
        shows(exact());
        assertThat(live().delivered()).isEqualTo(3);
    }

    @Test
    void aLongMessageIsDeliveredWithItsLastSegment() {
        live();
        observed(3, "accepted", 0, 2);
        observed(3, "accepted", 1, 2);
        observed(3, "delivered", 1, 1);
        assertThat(live().delivered()).isZero();
        observed(3, "delivered", 0, 1);
        shows(new Totals(20, 0, 1, 0, 0, 19, 0));
        assertThat(live()).isEqualTo(exact());
    }

    @Test
    void allElseShowsAtTheNextCount() {
        live();
        observed(2, "rejected", 0, 1);
        assertThat(live().failed()).isZero();
        now.incrementAndGet();
        shows(new Totals(20, 0, 0, 1, 0, 19, 0));
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

    /** What was being written while somebody looked shows once it is committed, without a count. */
    @Test
    void whatAnotherTransactionWasWritingShowsWhenItCommits() throws SQLException {
        observed(1, "accepted", 0, 1);
        observed(2, "accepted", 0, 1);
        try (var writer = db.engineDataSource().getConnection();
                var statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.execute(
                    """
                    insert into attempt (tenant_id, alert_id, wave_no, position, kind, code, at, node)
                    values (%1$d, %2$d, 1, 1, 'delivered', '', now(), 'another');
                    insert into tally (tenant_id, alert_id, wave_no, node, kind, n)
                    values (%1$d, %2$d, 1, 'another', 'delivered', 1)
                    """
                            .formatted(tenant, alertId));
            live();
            observed(2, "delivered", 0, 1);
            shows(new Totals(20, 0, 1, 0, 0, 19, 0));
            shows(new Totals(20, 0, 1, 0, 0, 19, 0));
            writer.commit();
        }
        shows(new Totals(20, 0, 2, 0, 0, 18, 0));
        assertThat(live()).isEqualTo(exact());
    }

    /** With the time going on, every kind of fact shows, on the node that recorded it and on one that sends nothing. */
    @Test
    void everyKindOfFactShowsOnEveryNode() {
        LiveBoards other = boards(1);
        Runnable shown = () -> {
            Totals exact = exact();
            assertThat(exact.conserved()).isTrue();
            await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> {
                now.addAndGet(Duration.ofMinutes(1).toNanos());
                assertThat(live()).isEqualTo(exact);
                assertThat(other.of(alert())).isEqualTo(exact);
            });
        };
        shown.run();
        observed(0, "accepted", 0, 1);
        observed(0, "delivered", 0, 1);
        shown.run();
        observed(1, "accepted", 0, 1);
        observed(1, "failed", 0, 1);
        observed(2, "rejected", 0, 1);
        shown.run();
        assertThat(live().failed()).isEqualTo(2);
        observed(1, "delivered", 0, 1);
        shown.run();
        assertThat(live().delivered()).isEqualTo(2);
        answered(3);
        shown.run();
        observed(4, "in-doubt", 0, 1);
        observed(5, "retry", 0, 1);
        execute("insert into followup values (%d, %d, 1, 5, 'retry', '', now())".formatted(tenant, alertId));
        shown.run();
        resend(4);
        shown.run();
        assertThat(live().flagged()).isEqualTo(1);
        observed(2, 0, "accepted", 0, 1, "now()");
        told(2, "accepted");
        observed(2, 0, "delivered", 0, 1, "now()");
        told(2, "delivered");
        shown.run();
        execute("delete from followup where tenant_id = %d and alert_id = %d".formatted(tenant, alertId));
        shown.run();
        observed(6, "skipped", 0, 1);
        shown.run();
        db.database().inTenant(tenant, c -> ledger.pause(c, tenant, alertId));
        shown.run();
        db.database().inTenant(tenant, c -> ledger.resume(c, tenant, alertId));
        db.database().inTenant(tenant, c -> ledger.close(c, tenant, alertId, clock.instant()));
        shown.run();
        assertThat(live().pending()).isZero();
        observed(7, "delivered", 0, 1);
        shown.run();
        db.database()
                .inTenant(
                        tenant,
                        c -> ledger.relaunch(
                                c, tenant, alertId, "sms", Duration.ofMinutes(5), 1, "failed", List.of(9, 10)));
        shown.run();
        assertThat(live().pending()).isEqualTo(2);
        observed(3, 0, "accepted", 0, 1, "now()");
        observed(3, 0, "delivered", 0, 1, "now()");
        shown.run();
        db.database().inTenant(tenant, c -> ledger.cancel(c, tenant, alertId, clock.instant()));
        shown.run();
        assertThat(live().pending()).isZero();
    }

    /** The target at a position of the first wave is taken over by a second copy. */
    private void resend(int position) {
        execute(
                """
                insert into wave select tenant_id, alert_id, 2, 'resend', 1, step, channel, 'in doubt', 1, 1, patience, opened_at,
                    deadline, null from wave where tenant_id = %1$d and alert_id = %2$d and wave_no = 1;
                insert into target select tenant_id, alert_id, 2, 0, recipient_no, address, 1, %3$d, true, 2 from target
                where tenant_id = %1$d and alert_id = %2$d and wave_no = 1 and position = %3$d
                """
                        .formatted(tenant, alertId, position));
    }

    @Test
    void aCancelledAlertIsCountedAtOnce() {
        live();
        observed(2, "rejected", 0, 1);
        db.database().inTenant(tenant, c -> ledger.cancel(c, tenant, alertId, clock.instant()));
        assertThat(live()).isEqualTo(exact()).extracting(Totals::pending).isEqualTo(0L);
    }

    /** Nobody waits behind a count: deliveries go on being shown while one cannot end. */
    @Test
    void newsShowBesideACountThatDoesNotEnd() throws SQLException {
        tick.set(Duration.ofMillis(200).toNanos());
        live();
        try (var blocker = db.ownerDataSource().getConnection()) {
            blocker.setAutoCommit(false);
            lock(blocker, "recipient");
            observed(2, "rejected", 0, 1);
            for (int position = 5; position < 10; position++) {
                observed(position, "accepted", 0, 1);
                observed(position, "delivered", 0, 1);
                long delivered = position - 4L;
                await().atMost(Duration.ofMinutes(2)).until(() -> live().delivered() == delivered);
            }
            assertThat(live().failed()).isZero();
            blocker.rollback();
        }
        shows(new Totals(20, 0, 5, 1, 0, 14, 0));
    }

    /** A look that hangs is nobody's who asks: they are shown the last figures. */
    @Test
    void nobodyWaitsBehindALookThatHangs() throws Exception {
        Totals before = live();
        try (var blocker = db.ownerDataSource().getConnection()) {
            blocker.setAutoCommit(false);
            lock(blocker, "answer");
            Alert alert = alert();
            for (int i = 0; i < 3; i++) {
                assertThat(CompletableFuture.supplyAsync(() -> boards.of(alert)).get(2, TimeUnit.MINUTES))
                        .isEqualTo(before);
            }
            blocker.rollback();
        }
        observed(1, "delivered", 0, 1);
        shows(new Totals(20, 0, 1, 0, 0, 19, 0));
    }

    private static void lock(Connection connection, String table) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("lock table " + table + " in access exclusive mode");
        }
    }

    /** Of an alert of a crowd, nobody waits until all were counted when nothing is known of anybody. */
    @Test
    void aCrowdJustLaunchedIsNotCounted() throws SQLException {
        boards = boards(1);
        try (var blocker = db.ownerDataSource().getConnection()) {
            blocker.setAutoCommit(false);
            lock(blocker, "recipient");
            assertThat(live()).isEqualTo(new Totals(20, 0, 0, 0, 0, 20, 0));
            observed(3, "accepted", 0, 1);
            observed(3, "delivered", 0, 1);
            shows(new Totals(20, 0, 1, 0, 0, 19, 0));
            blocker.rollback();
        }
        assertThat(live()).isEqualTo(exact());
    }

    /** Without a target: to be reached by a later step, or not at all. */
    @Test
    void ofACrowdThoseWithoutATargetAreLookedAt() {
        boards = boards(1);
        alertId = new TestAlerts(db.database(), ledger, clock)
                .recipients(30)
                .endpoints(
                        """
                        case when i % 3 = 0 then jsonb_build_array(jsonb_build_object('kind', 'mobile', 'address', '+33639980001'))
                            when i % 3 = 1 then jsonb_build_array(jsonb_build_object('kind', 'email', 'address', 'p@example.org'))
                            else '[]' end
                        """)
                .step("sms", Duration.ofMinutes(5), 1, Until.DELIVERED)
                .step("mail", Duration.ofMinutes(5), 1, Until.DELIVERED)
                .launch(tenant);
        assertThat(live()).isEqualTo(exact()).isEqualTo(new Totals(30, 0, 0, 10, 0, 20, 0));
        Written.targets(db.database(), tenant, alertId);
        observed(0, "accepted", 0, 1);
        observed(0, "delivered", 0, 1);
        shows(new Totals(30, 0, 1, 10, 0, 19, 0));
        answered(2);
        shows(new Totals(30, 1, 1, 9, 0, 19, 0));
        assertThat(live()).isEqualTo(exact());
    }

    /** A receipt whose carrier's clock is days behind is not where it is looked for; tallies tell that one is missing. */
    @Test
    void anObservationThatWasMissedIsFoundByACount() {
        observed(3, "accepted", 0, 1);
        tick.set(Duration.ofMillis(200).toNanos());
        live();
        tick.set(0);
        now.addAndGet(Duration.ofSeconds(5).toNanos());
        observed(1, 3, "delivered", 0, 1, "now() - interval '12 hours' - interval '2 days'");
        execute("update alert set launched_at = now() - interval '5 days' where alert_id = " + alertId);
        assertThat(exact().delivered()).isEqualTo(1);
        for (int i = 0; i < 3; i++) {
            assertThat(live().delivered()).as("no reason to count").isZero();
        }
        told(1, "delivered");
        shows(new Totals(20, 0, 1, 0, 0, 19, 0));
    }

    /** A connection goes on filling the page it has while others add thousands: tallies tell to look further ahead. */
    @Test
    void whatStandsFurtherAheadShowsWithoutACount() throws SQLException {
        observed(2, "accepted", 0, 1);
        String delivered =
                """
                insert into attempt (tenant_id, alert_id, wave_no, position, kind, code, at, node)
                values (%d, %d, 1, %d, 'delivered', '', now(), 'test')
                """;
        try (var writer = db.engineDataSource().getConnection();
                var statement = writer.createStatement()) {
            statement.execute(delivered.formatted(tenant, alertId, 1));
            execute(
                    """
                    insert into attempt (tenant_id, alert_id, wave_no, position, kind, code, at, node)
                    select %d, %d, 7, i, 'accepted', repeat('x', 800), now(), 'test' from generate_series(1, 6000) i
                    """
                            .formatted(tenant, alertId + 2_000_000));
            live();
            statement.execute(delivered.formatted(tenant, alertId, 2));
            told(1, "delivered");
        }
        shows(exact());
        assertThat(live().delivered()).isEqualTo(2);
    }

    /** Nobody asked for a while, and a crowd was reached meanwhile: that is counted, not read. */
    @Test
    void whatCannotBeReadAnyMoreIsCounted() {
        live();
        observed(2, "rejected", 0, 1);
        assertThat(live().failed()).as("no count without time going on").isZero();
        execute(
                """
                insert into attempt (tenant_id, alert_id, wave_no, position, kind, code, at, node)
                select %d, %d, 7, i, 'accepted', repeat('x', 800), now(), 'test' from generate_series(1, 25000) i
                """
                        .formatted(tenant, alertId + 1_000_000));
        shows(new Totals(20, 0, 0, 1, 0, 19, 0));
    }

    /** A board looks at people whose targets are written one batch after another. */
    @Test
    void batchesLeasedUnderItsEyesAreFollowed() {
        boards = boards(1);
        alertId = new TestAlerts(db.database(), ledger, clock)
                .recipients(1_200)
                .step("sms", Duration.ofMinutes(5), 1, Until.DELIVERED)
                .launch(tenant);
        assertThat(live().pending()).isEqualTo(1_200);
        for (int batch = 0; batch < 3; batch++) {
            Written.targets(db.database(), tenant, alertId, batch);
            observed(500 * batch + 7, "accepted", 0, 1);
            observed(500 * batch + 7, "delivered", 0, 1);
            shows(new Totals(1_200, 0, batch + 1, 0, 0, 1_199 - batch, 0));
        }
    }

    /** Counts and news mixed, from several writers: whoever was reached stays so in every figure. */
    @Test
    void figuresOfThoseReachedNeverGoBack() {
        int people = 400;
        alertId = new TestAlerts(db.database(), ledger, clock)
                .recipients(people)
                .step("sms", Duration.ofMinutes(5), 1, Until.DELIVERED)
                .launch(tenant);
        Written.targets(db.database(), tenant, alertId);
        tick.set(Duration.ofMillis(40).toNanos());
        LiveBoards other = boards(1);
        CompletableFuture<?>[] writers = new CompletableFuture<?>[3];
        for (int i = 0; i < writers.length; i++) {
            int first = i;
            writers[i] = CompletableFuture.runAsync(() -> {
                for (int position = first; position < people; position += writers.length) {
                    observed(position, "accepted", 0, 1);
                    observed(position, position % 7 == 0 ? "failed" : "delivered", 0, 1);
                    if (position % 11 == 0) {
                        answered(position + 1);
                    }
                }
            });
        }
        CompletableFuture<Void> written = CompletableFuture.allOf(writers);
        for (LiveBoards node : List.of(boards, other)) {
            long reached = 0;
            long answered = 0;
            Alert alert = alert();
            for (boolean last = false; !last; ) {
                last = written.isDone();
                Totals totals = node.of(alert);
                assertThat(totals.conserved()).as("%s", totals).isTrue();
                assertThat(totals.delivered() + totals.answered()).isGreaterThanOrEqualTo(reached);
                assertThat(totals.answered()).isGreaterThanOrEqualTo(answered);
                reached = totals.delivered() + totals.answered();
                answered = totals.answered();
            }
        }
        written.join();
        Totals exact = exact();
        await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> {
            assertThat(live()).isEqualTo(exact);
            assertThat(other.of(alert())).isEqualTo(exact);
        });
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
            List<NewsReader.Table> tables = NewsReader.tables(c);
            NewsReader.onlyTheEnds(c);
            StringBuilder plan = new StringBuilder();
            NewsReader.Snapshot seen = NewsReader.Snapshot.of("3:7:4,5");
            try (var explain = c.prepareStatement("explain " + NewsReader.sql(tables, Map.of(), 7, seen))) {
                for (int i = 0; i <= tables.size(); i++) {
                    explain.setInt(2 * i + 1, tenant);
                    explain.setLong(2 * i + 2, alertId);
                }
                try (var row = explain.executeQuery()) {
                    while (row.next()) {
                        plan.append(row.getString(1)).append('\n');
                    }
                }
            }
            for (NewsReader.Table table : tables) {
                assertThat(plan.toString()).contains("Tid Range Scan on " + table.name());
            }
            assertThat(plan.toString()).doesNotContain("Seq Scan on attempt").doesNotContain("Seq Scan on answer");
            return null;
        });
    }
}
