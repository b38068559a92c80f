package io.tocsin.routing.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.persistence.api.Database;
import io.tocsin.persistence.testing.TestDatabase;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.DispatchPolicy.Until;
import io.tocsin.routing.api.Ledger;
import io.tocsin.routing.api.Totals;
import io.tocsin.routing.internal.engine.Written;
import io.tocsin.routing.testing.MovableClock;
import io.tocsin.routing.testing.TestAlerts;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Attempts go when their days are over; what they said of people stays. */
class RetentionTest {
    private static final int KEEP_ALL = 36_500;
    private static final Totals ENDED = new Totals(10, 1, 3, 3, 3, 0, 1);
    private static TestDatabase db;

    private final MovableClock clock = new MovableClock();
    private final LedgerStore ledger = LedgerStore.at(clock);
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
    void aYearAgo() throws SQLException {
        db.clear();
        tenant = db.tenant("commune");
        db.database()
                .asEngine(c -> run(c, "insert into channel_endpoint_kind values ('sms', 'mobile'), ('mail', 'email')"));
        clock.plus(Duration.ofDays(-400));
        partitions(3, KEEP_ALL);
    }

    @Test
    void totalsAndPeopleOutliveTheirAttempts() {
        long alert = ended();
        List<String> people = people(alert);
        assertThat(totals(alert)).isEqualTo(ENDED);
        assertThat(attempts(alert)).isEqualTo(14);

        clock.plus(Duration.ofDays(400));
        partitions(3, 390);

        assertThat(attempts(alert)).isZero();
        assertThat(partitionOf(400)).isNull();
        assertThat(totals(alert)).isEqualTo(ENDED);
        assertThat(people(alert)).isEqualTo(people);
        for (Totals.State state : Totals.State.values()) {
            assertThat(list(c -> ledger.people(c, tenant, alert, Optional.of(state), 0, 100)))
                    .as("%s, by one scan", state)
                    .extracting(p -> p.recipientNo() + " " + p.state())
                    .isEqualTo(
                            people.stream().filter(p -> p.endsWith(" " + state)).toList());
        }
        assertThat(list(c -> ledger.history(c, tenant, alert, 1)))
                .as("the answer stays")
                .extracting(Ledger.Observation::kind)
                .containsExactly("answered");
        assertThat(list(c -> ledger.progress(c, tenant, alert)).get(0).observations())
                .as("tallies are all that is left of what each wave did")
                .containsEntry("accepted", 8L);
        assertThat(text("select since from attempt_kept"))
                .isEqualTo(today().minusDays(390).toString());

        partitions(3, 390);
        assertThat(totals(alert)).as("once more").isEqualTo(ENDED);
    }

    @Test
    void whatWasPublishedOutlivesItsAttempts() {
        db.database().asEngine(c -> run(c, "insert into channel_publishes values ('sms')"));
        long alert = ended();
        long published = totals(alert).published();
        assertThat(published).isPositive();
        clock.plus(Duration.ofDays(400));
        partitions(3, 390);
        assertThat(attempts(alert)).isZero();
        assertThat(totals(alert).published()).isEqualTo(published);
    }

    @Test
    void nothingIsDroppedBeforeItsTimeNorUnderAnOpenAlert() {
        long alert = ended();
        clock.plus(Duration.ofDays(1));
        long open = launched();
        observe(open, "select 0, 'accepted'");
        clock.plus(Duration.ofDays(399));

        partitions(3, 401);
        assertThat(partitionOf(400)).as("its time has not come").isNotNull();
        partitions(3, 390);
        assertThat(partitionOf(399)).as("the open alert's day").isNotNull();
        assertThat(attempts(open)).isEqualTo(1);
        assertThat(totals(open).pending()).isEqualTo(10);

        db.database().asEngine(c -> ledger.close(c, tenant, open, clock.instant()));
        partitions(3, 390);
        assertThat(partitionOf(399)).isNull();
        assertThat(attempts(open) + attempts(alert)).isZero();
        assertThat(totals(open)).isEqualTo(new Totals(10, 0, 0, 9, 1, 0, 0));
        assertThat(totals(alert)).isEqualTo(ENDED);
    }

    @Test
    void anAlertRelaunchedAfterItsAttemptsWentCountsBoth() {
        long alert = ended();
        clock.plus(Duration.ofDays(400));
        partitions(3, 390);

        Ledger.OpenedWave wave = inTenant(c -> ledger.relaunch(
                c, tenant, alert, "mail", Duration.ofMinutes(5), 3, "relaunch: failed, unknown", List.of(5, 6, 10)));
        assertThat(wave).isEqualTo(new Ledger.OpenedWave(3, 3));
        assertThat(state(alert)).isEqualTo(Alert.State.RUNNING);
        assertThat(totals(alert)).isEqualTo(new Totals(10, 1, 3, 2, 1, 3, 1));
        observe(alert, 3, "select 0, 'accepted' union all select 0, 'delivered' union all select 1, 'rejected'");
        assertThat(totals(alert)).isEqualTo(new Totals(10, 1, 4, 2, 2, 1, 1));
        db.database().asEngine(c -> ledger.close(c, tenant, alert, clock.instant()));
        Totals again = totals(alert);
        assertThat(again).isEqualTo(new Totals(10, 1, 4, 3, 2, 0, 1));

        partitions(3, -1);
        assertThat(attempts(alert)).isZero();
        assertThat(totals(alert)).isEqualTo(again);
    }

    @Test
    void whatCameBeforeItsDayHadAPartitionIsMovedThere() {
        clock.plus(Duration.ofDays(10));
        long alert = launched();
        observe(alert, "select i, 'delivered' from generate_series(0, 9) i");
        assertThat(text("select count(*) from attempt where tableoid = 'attempt_other'::regclass"))
                .isEqualTo("10");

        partitions(1, KEEP_ALL);

        assertThat(text("select count(*) from attempt where tableoid = 'attempt_other'::regclass"))
                .isEqualTo("0");
        assertThat(attempts(alert)).isEqualTo(10);
        assertThat(totals(alert).delivered()).isEqualTo(10);
        assertThat(text("select relforcerowsecurity from pg_class where oid = 'attempt_other'::regclass"))
                .isEqualTo("t");
    }

    @Test
    void aHistoryIsInTheOrderWeRecordedIt() {
        long alert = launched();
        observe(alert, "select 0, 'accepted'");
        // a carrier whose clock is an hour slow
        clock.plus(Duration.ofHours(-1));
        observe(alert, "select 0, 'delivered'");

        List<Ledger.Observation> history = inTenant(c -> ledger.history(c, tenant, alert, 1));
        assertThat(history).extracting(Ledger.Observation::kind).containsExactly("accepted", "delivered");
        assertThat(history.get(1).at()).isBefore(history.get(0).at());
        assertThat(history.get(1).recordedAt()).isAfter(history.get(0).recordedAt());
        assertThat(list(c -> ledger.people(c, tenant, alert, Optional.empty(), 0, 1)))
                .singleElement()
                .satisfies(person -> assertThat(person.lastCode()).contains("delivered"));
    }

    /** Ten people: 1 answered, 2 to 4 delivered (4 at the second, flagged copy), 5 to 7 unknown, 8 to 10 failed. */
    private long ended() {
        long alert = launched();
        observe(
                alert,
                """
                select i, 'accepted' from generate_series(0, 5) i
                union all select i, 'delivered' from generate_series(1, 2) i
                union all values (3, 'in-doubt'), (6, 'in-doubt'), (7, 'rejected'), (8, 'retry')
                """);
        db.database().asEngine(connection -> {
            Alert stored = ledger.alert(connection, tenant, alert).orElseThrow();
            WaveWriter.openReplacements(
                    connection,
                    stored,
                    "resend",
                    1,
                    "sent again after a doubt",
                    List.of(new Replacement(4, "+33639980004", 1, 3, true, 2)),
                    clock.instant());
            return null;
        });
        observe(alert, 2, "values (0, 'accepted'), (0, 'delivered')");
        inTenant(c -> ledger.answer(c, tenant, alert, 1, "1", "web", "link", clock.instant()));
        db.database()
                .asEngine(c -> run(
                        c,
                        "insert into tally (tenant_id, alert_id, wave_no, node, kind, n) values (" + tenant + ", "
                                + alert + ", 1, 'n', 'accepted', 8)"));
        db.database().asEngine(c -> ledger.close(c, tenant, alert, clock.instant()));
        return alert;
    }

    private long launched() {
        long alert = new TestAlerts(db.database(), ledger, clock)
                .recipients(10)
                .step("sms", Duration.ofMinutes(5), 3, Until.DELIVERED)
                .launch(tenant);
        Written.targets(db.database(), tenant, alert);
        return alert;
    }

    private void observe(long alert, String positionsAndKinds) {
        observe(alert, 1, positionsAndKinds);
    }

    private void observe(long alert, int wave, String positionsAndKinds) {
        db.database()
                .asEngine(c -> run(
                        c,
                        """
                insert into attempt (tenant_id, alert_id, wave_no, position, kind, code, at, node)
                select %d, %d, %d, o.position, o.kind, '', '%s', 'test' from (%s) o (position, kind)
                """
                                .formatted(tenant, alert, wave, clock.instant(), positionsAndKinds)));
    }

    /** As housekeeping does it, on the day of the clock. */
    private void partitions(int ahead, int retentionDays) {
        db.database()
                .asEngine(c ->
                        run(c, "select attempt_partitions(" + ahead + ", " + retentionDays + ", '" + today() + "')"));
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneId.systemDefault());
    }

    private String partitionOf(int daysAgo) {
        return text("select to_regclass('attempt_"
                + today().minusDays(daysAgo).toString().replace("-", "") + "')");
    }

    private long attempts(long alert) {
        return Long.parseLong(text("select count(*) from attempt where alert_id = " + alert));
    }

    private Totals totals(long alert) {
        Totals totals = inTenant(c -> ledger.totals(c, tenant, alert));
        assertThat(totals.conserved()).as("conserved: %s", totals).isTrue();
        return totals;
    }

    private Alert.State state(long alert) {
        return inTenant(c -> ledger.alert(c, tenant, alert)).orElseThrow().state();
    }

    private List<String> people(long alert) {
        List<String> people = new ArrayList<>();
        inTenant(c -> ledger.people(c, tenant, alert, Optional.empty(), 0, 100))
                .forEach(person -> people.add(person.recipientNo() + " " + person.state()));
        return people;
    }

    private <T> T inTenant(Database.Work<T> work) {
        return db.database().inTenant(tenant, work);
    }

    private <T> List<T> list(Database.Work<List<T>> work) {
        return db.database().inTenant(tenant, work);
    }

    private static Void run(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
            return null;
        }
    }

    private String text(String query) {
        return db.database().asEngine(connection -> {
            try (var statement = connection.createStatement();
                    var row = statement.executeQuery(query)) {
                return row.next() ? row.getString(1) : null;
            }
        });
    }
}
