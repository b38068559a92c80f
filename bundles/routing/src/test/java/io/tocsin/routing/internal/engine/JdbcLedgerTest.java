package io.tocsin.routing.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.channel.api.OutboundMessage.Category;
import io.tocsin.persistence.testing.TestDatabase;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.DispatchPolicy.Step;
import io.tocsin.routing.api.DispatchPolicy.Until;
import io.tocsin.routing.api.Ledger;
import io.tocsin.routing.api.Ledger.WaveProgress;
import io.tocsin.routing.api.Totals;
import io.tocsin.routing.internal.TargetRef;
import io.tocsin.routing.internal.ledger.LedgerStore;
import io.tocsin.routing.testing.TestAlerts;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** PostgreSQL keeps the contract. */
class JdbcLedgerTest extends LedgerContract {
    private static final AtomicInteger TENANTS = new AtomicInteger();
    private static final AtomicInteger CAPS = new AtomicInteger();
    private static TestDatabase db;

    @BeforeAll
    static void startDatabase() {
        db = TestDatabase.start();
    }

    @AfterAll
    static void stopDatabase() {
        db.close();
    }

    @Override
    World world() {
        return new InPostgres();
    }

    /** A node that stands still with a cap in its hands must not stop the lanes of the others. */
    @Test
    void aCapSomebodyHasIsNotWaitedFor() {
        InPostgres world = new InPostgres();
        int cap = world.cap(world.tenant(), 20, List.of(), "+336");
        int free = world.cap(world.tenant(), 20, List.of(), "+336");
        world.ledger().transact(t -> {
            assertThat(t.caps().hold(List.of(cap))).isPresent();
            assertThat(world.ledger()
                            .<Boolean>transact(
                                    u -> u.caps().hold(List.of(cap, free)).isPresent()))
                    .isFalse();
            assertThat(world.ledger()
                            .<Boolean>transact(u -> u.caps().hold(List.of(free)).isPresent()))
                    .isTrue();
            return null;
        });
    }

    /** 20 ms for each that was due in an alert of 50,000: reading all of it once for each (found by the chaos harness). */
    @Test
    void whatIsDueIsLookedUpByItsKeyHoweverLargeTheAlert() {
        int due = 50;
        InPostgres world = new InPostgres();
        int tenant = world.tenant();
        long alert = world.launch(
                tenant,
                Category.OPERATIONAL,
                60 * due,
                List.of(new Step("sms", Duration.ofMinutes(5), 3, Until.DELIVERED)));
        Written.targets(db.database(), tenant, alert);
        Instant now = world.now();
        world.ledger().transact(t -> {
            for (int position = 0; position < 10 * due; position++) {
                t.attempts()
                        .decideLater(List.of(new AttemptRows.Later(
                                new TargetRef(tenant, alert, 1, position), "retry", "c", new Moment(now, now))));
            }
            return null;
        });
        long read = db.database().asEngine(connection -> {
            long before = read(connection);
            assertThat(new JdbcWaveRows(connection).takeDue(tenant, alert, now.plusSeconds(1), due))
                    .hasSize(due);
            return read(connection) - before;
        });
        assertThat(read).as("rows read for %s that are due", due).isBetween((long) due, 20L * due);
    }

    /** Also what the connection did before, as long as it is not handed in. */
    private static long read(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        """
                        select sum(seq_tup_read + idx_tup_fetch) from pg_stat_xact_all_tables
                        where relname in ('target', 'recipient', 'followup')
                        """)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static final class InPostgres implements World {
        private final Ledger domain = new LedgerStore();

        @Override
        public DispatchLedger ledger() {
            return new JdbcLedger(db.database());
        }

        @Override
        public int tenant() {
            return db.tenant("contract-" + TENANTS.incrementAndGet());
        }

        @Override
        public int cap(int tenant, double perSecond, List<String> channels, String... prefixes) {
            return Caps.of(db.database(), tenant, "cap-" + CAPS.incrementAndGet(), perSecond, channels, prefixes);
        }

        @Override
        public void weigh(int tenant, int agencyWeight, int tenantWeight) {
            db.database().asEngine(c -> {
                try (var update = c.prepareStatement(
                        """
                        with t as (update tenant set weight = ? where tenant_id = ? returning agency_id)
                        update agency a set weight = ? from t where a.agency_id = t.agency_id
                        """)) {
                    update.setInt(1, tenantWeight);
                    update.setInt(2, tenant);
                    update.setInt(3, agencyWeight);
                    return update.executeUpdate();
                }
            });
        }

        @Override
        public long launch(int tenant, Category category, int recipients, List<Step> steps) {
            TestAlerts alert = new TestAlerts(db.database(), domain, Clock.systemUTC())
                    .category(category)
                    .recipients(recipients)
                    .endpoints(
                            """
                            jsonb_build_array(
                                jsonb_build_object('kind', 'mobile', 'address', '+3363998' || %1$d || lpad(i::text, 3, '0')),
                                jsonb_build_object('kind', 'mobile', 'address', '+3319900' || %1$d || lpad(i::text, 3, '0')),
                                jsonb_build_object('kind', 'email', 'address', 'p' || i || '@example.org'))
                            """
                                    .formatted(0));
            steps.forEach(s -> alert.step(s.channel(), s.patience(), s.maxAttempts(), s.until()));
            return alert.launch(tenant);
        }

        @Override
        public String address(int recipientNo, int rank) {
            return rank == 2
                    ? "p" + recipientNo + "@example.org"
                    : (rank == 0 ? "+3363998" : "+3319900") + 0 + String.format("%03d", recipientNo);
        }

        @Override
        public boolean answer(int tenant, long alert, int recipientNo) {
            return db.database()
                    .inTenant(tenant, c -> domain.answer(c, tenant, alert, recipientNo, "1", "web", "link", now()));
        }

        @Override
        public boolean pause(int tenant, long alert) {
            return db.database().inTenant(tenant, c -> domain.pause(c, tenant, alert));
        }

        @Override
        public boolean resume(int tenant, long alert) {
            return db.database().inTenant(tenant, c -> domain.resume(c, tenant, alert));
        }

        @Override
        public boolean cancel(int tenant, long alert) {
            return db.database().inTenant(tenant, c -> domain.cancel(c, tenant, alert, now()));
        }

        @Override
        public int relaunch(int tenant, long alert, List<Integer> people) {
            return db.database()
                    .inTenant(
                            tenant,
                            c -> domain.relaunch(c, tenant, alert, "sms", Duration.ofMinutes(1), 1, "by hand", people))
                    .targets();
        }

        @Override
        public Totals totals(int tenant, long alert) {
            return db.database().inTenant(tenant, c -> domain.totals(c, tenant, alert));
        }

        @Override
        public Map<String, Long> observations(int tenant, long alert) {
            Map<String, Long> sums = new HashMap<>();
            for (WaveProgress wave : db.database().inTenant(tenant, c -> domain.progress(c, tenant, alert))) {
                wave.observations().forEach((kind, n) -> sums.merge(kind, n, Long::sum));
            }
            return sums;
        }

        @Override
        public Alert.State state(int tenant, long alert) {
            return db.database()
                    .inTenant(tenant, c -> domain.alert(c, tenant, alert).orElseThrow())
                    .state();
        }

        @Override
        public void leasesRunOut(int tenant, long alert) {
            db.database().asEngine(c -> {
                try (var update = c.prepareStatement(
                        "update batch set lease_until = 'epoch' where alert_id = ? and lease_owner is not null")) {
                    update.setLong(1, alert);
                    return update.executeUpdate();
                }
            });
        }

        @Override
        public Instant now() {
            return Instant.now().truncatedTo(ChronoUnit.MICROS);
        }
    }
}
