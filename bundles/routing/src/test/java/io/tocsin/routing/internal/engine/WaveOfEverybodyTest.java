package io.tocsin.routing.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.persistence.testing.TestDatabase;
import io.tocsin.routing.api.DispatchPolicy.Until;
import io.tocsin.routing.api.Totals;
import io.tocsin.routing.internal.engine.BatchRows.Candidate;
import io.tocsin.routing.internal.engine.BatchRows.Wanted;
import io.tocsin.routing.internal.ledger.LedgerStore;
import io.tocsin.routing.testing.Conservation;
import io.tocsin.routing.testing.TestAlerts;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The first step has no targets until its batches are leased: until then, and after, everybody stands where they should. */
class WaveOfEverybodyTest {
    private static final AtomicInteger TENANTS = new AtomicInteger();
    private static final int PEOPLE = 1_700;

    /** One in five has no mobile: neither the first nor the last of a batch is where its number says. */
    private static final int REACHED = PEOPLE - PEOPLE / 5;

    private static TestDatabase db;

    private JdbcLedger ledger;
    private int tenant;
    private long alert;

    @BeforeAll
    static void startDatabase() {
        db = TestDatabase.start();
    }

    @AfterAll
    static void stopDatabase() {
        db.close();
    }

    @BeforeEach
    void launch() {
        ledger = new JdbcLedger(db.database());
        tenant = db.tenant("everybody-" + TENANTS.incrementAndGet());
        alert = alerts().step("sms", Duration.ofMinutes(5), 3, Until.DELIVERED).launch(tenant);
    }

    private TestAlerts alerts() {
        return new TestAlerts(db.database(), new LedgerStore(), Clock.systemUTC())
                .recipients(PEOPLE)
                .endpoints(
                        """
                        case when i % 5 = 0
                            then jsonb_build_array(jsonb_build_object('kind', 'email', 'address', 'p' || i || '@example.org'))
                            else jsonb_build_array(
                                jsonb_build_object('kind', 'email', 'address', 'p' || i || '@example.org'),
                                jsonb_build_object('kind', 'mobile', 'address', '+3363998' || lpad(i::text, 4, '0')))
                        end
                        """);
    }

    @Test
    void beforeAnythingIsLeasedThereIsNoTargetAndWhoCanBeReachedIsPending() {
        assertThat(number("select count(*) from target")).isZero();
        assertThat(number("select targets from wave")).isEqualTo(REACHED);
        assertStands(REACHED, PEOPLE - REACHED);
    }

    @Test
    void whoHasAnEndpointForALaterStepIsPendingToo() {
        alert = alerts().step("sms", Duration.ofMinutes(5), 3, Until.DELIVERED)
                .step("mail", Duration.ofMinutes(5), 3, Until.DELIVERED)
                .launch(tenant);
        assertStands(PEOPLE, 0);
    }

    @Test
    void theTargetsOfABatchAreWrittenWithItsLease() {
        List<Candidate> waiting = waiting();
        assertThat(waiting).extracting(Candidate::messages).containsExactly(500, 500, REACHED - 1_000);
        lease(waiting.get(1));
        assertThat(number("select count(*) from target")).isEqualTo(500);
        assertThat(number("select min(position) from target")).isEqualTo(500);
        assertThat(number("select max(position) from target")).isEqualTo(999);
        assertStands(REACHED, PEOPLE - REACHED);
        lease(waiting.get(0), waiting.get(2));
        assertThat(number("select count(distinct (recipient_no, position)) from target"))
                .isEqualTo(REACHED);
        assertThat(
                        number(
                                """
                        select count(*) from (
                            select position, row_number() over (order by recipient_no) - 1 as place from target
                            where tenant_id = %d and alert_id = %d) t
                        where position = place
                        """))
                .as("in the order of people, without holes")
                .isEqualTo(REACHED);
        assertStands(REACHED, PEOPLE - REACHED);
    }

    @Test
    void whoLeasesTooLateWritesNothing() {
        Candidate first = waiting().get(0);
        lease(first);
        Map<HeldBatch.Key, Long> late = ledger.transact(
                t -> t.batches().lease(List.of(new Wanted(first, 1)), "another/1", Duration.ofMinutes(1)));
        assertThat(late).isEmpty();
        assertThat(number("select count(*) from target")).isEqualTo(500);
    }

    @Test
    void aBatchGivenBackAndLeasedAgainKeepsItsTargets() {
        Candidate first = waiting().get(0);
        HeldBatch held = lease(first).get(0);
        ledger.transact(t -> {
            t.batches().release(List.of(held));
            return null;
        });
        assertThat(lease(waiting().get(0))).hasSize(1);
        assertThat(number("select count(*) from target")).isEqualTo(500);
    }

    /** A bundle that reaches other kinds may be put in while the wave lasts. */
    @Test
    void kindsDeclaredMeanwhileChangeNothing() {
        try {
            run("insert into channel_endpoint_kind (channel, kind) values ('sms', 'email')");
            assertStands(REACHED, PEOPLE - REACHED);
            lease(waiting().toArray(Candidate[]::new));
            assertThat(
                            number(
                                    "select count(*) from target where address like '+33%%' and tenant_id = %d and alert_id = %d"))
                    .isEqualTo(REACHED);
            assertThat(number("select count(*) from target")).isEqualTo(REACHED);
        } finally {
            run("delete from channel_endpoint_kind where channel = 'sms' and kind = 'email'");
        }
    }

    @Test
    void whoWasNotLeasedWhenTheAlertEndedFailed() {
        lease(waiting().get(0));
        db.database().inTenant(tenant, c -> new LedgerStore().cancel(c, tenant, alert, Instant.now()));
        Totals totals = totals();
        assertThat(totals.failed()).isEqualTo(PEOPLE);
        assertThat(totals.pending()).isZero();
        assertThat(one("failed")).isEqualTo(PEOPLE);
    }

    @Test
    void whoWasNotLeasedWhenTheWaveEndedFailed() {
        ledger.transact(t -> {
            t.waves().close(new WaveRows.Group(tenant, alert, 1), Instant.now());
            return null;
        });
        assertStands(0, PEOPLE);
    }

    /** A function that is written anew forgets it, and everybody is counted by one core. */
    @Test
    void whatCountsEverybodyMayUseASecondCore() {
        assertThat(
                        number(
                                """
                        select count(*) from pg_proc
                        where proname in ('alert_people', 'person_of', 'undecided_people', 'alert_totals', 'known')
                          and proparallel = 's' and %d > 0 and %d > 0
                        """))
                .isEqualTo(5);
    }

    /** By the function of everybody, by that of one person, and by the totals. */
    private void assertStands(int pending, int failed) {
        Totals totals = totals();
        assertThat(totals.pending()).isEqualTo(pending);
        assertThat(totals.failed()).isEqualTo(failed);
        assertThat(one("pending")).isEqualTo(pending);
        assertThat(one("failed")).isEqualTo(failed);
    }

    private Totals totals() {
        return Conservation.assertHolds(db.database(), tenant, alert);
    }

    private long one(String state) {
        return number(
                """
                select count(*) from recipient r cross join lateral person_of(r.tenant_id, r.alert_id, r.recipient_no) p
                where r.tenant_id = %d and r.alert_id = %d and p.state = '
                """
                                .strip()
                        + state + "'");
    }

    private List<Candidate> waiting() {
        return ledger.transact(t -> t.batches().due(Instant.now().plusSeconds(60), Set.of("sms"), 8)).stream()
                .filter(candidate -> candidate.alertId() == alert)
                .toList();
    }

    private List<HeldBatch> lease(Candidate... candidates) {
        List<Wanted> wanted =
                List.of(candidates).stream().map(c -> new Wanted(c, 1)).toList();
        Map<HeldBatch.Key, Long> tokens =
                ledger.transact(t -> t.batches().lease(wanted, "test/1", Duration.ofMinutes(1)));
        assertThat(tokens).hasSize(candidates.length);
        return List.of(candidates).stream()
                .map(c -> new HeldBatch(
                        c.key(),
                        c.channel(),
                        c.category(),
                        tokens.get(c.key()),
                        c.watermark(),
                        c.end(),
                        c.caps(),
                        Long.MAX_VALUE))
                .toList();
    }

    /** @param sql of this alert; %d twice where the condition is to stand, or nowhere: then it is added */
    private long number(String sql) {
        String condition = "tenant_id = %d and alert_id = %d";
        String bound = (sql.contains("%d") ? sql : sql + " where " + condition).formatted(tenant, alert);
        return db.database().asEngine(c -> {
            try (Statement statement = c.createStatement();
                    ResultSet row = statement.executeQuery(bound)) {
                row.next();
                return row.getLong(1);
            }
        });
    }

    private static void run(String sql) {
        db.database().asEngine(c -> {
            try (Statement statement = c.createStatement()) {
                return statement.executeUpdate(sql);
            }
        });
    }
}
