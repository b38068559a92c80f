package io.tocsin.routing.internal.ledger;

import io.tocsin.persistence.testing.TestDatabase;
import io.tocsin.routing.api.DispatchPolicy.Until;
import io.tocsin.routing.internal.engine.Written;
import io.tocsin.routing.testing.TestAlerts;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How long an operator waits for an alert of a crowd: totals, a page of people, pause, cancel; just launched, half sent, and
 * ended. Arguments: how many people.
 */
public final class LedgerBench {
    private LedgerBench() {}

    public static void main(String[] args) throws Exception {
        int recipients = args.length > 0 ? Integer.parseInt(args[0]) : 200_000;
        try (TestDatabase db = TestDatabase.start()) {
            LedgerStore ledger = new LedgerStore();
            int tenant = db.tenant("commune");
            for (boolean halfSent : new boolean[] {false, true}) {
                System.out.println(halfSent ? "half sent:" : "just launched:");
                long alert = timed("launch", () -> new TestAlerts(db.database(), ledger, Clock.systemUTC())
                        .recipients(recipients)
                        .step("sms", Duration.ofMinutes(5), 3, Until.DELIVERED)
                        .step("mail", Duration.ofMinutes(5), 3, Until.DELIVERED)
                        .launch(tenant));
                if (halfSent) {
                    Written.targets(db.database(), tenant, alert);
                    send(db, tenant, alert, recipients / 2);
                }
                timed("totals", () -> db.database().inTenant(tenant, c -> ledger.totals(c, tenant, alert)));
                timed("people", () -> db.database()
                        .inTenant(tenant, c -> ledger.people(c, tenant, alert, Optional.empty(), 0, 1000)
                                .size()));
                timed("pause", () -> db.database().inTenant(tenant, c -> ledger.pause(c, tenant, alert)));
                timed("totals", () -> db.database().inTenant(tenant, c -> ledger.totals(c, tenant, alert)));
                timed("cancel", () -> db.database()
                        .inTenant(tenant, c -> ledger.cancel(c, tenant, alert, Instant.now())));
                timed("totals", () -> db.database().inTenant(tenant, c -> ledger.totals(c, tenant, alert)));
            }
        }
    }

    /** As the engine would have recorded it: batches settled but the last, which is half sent. */
    private static void send(TestDatabase db, int tenant, long alert, int sent) {
        timed("sending", () -> db.database().asEngine(connection -> {
            try (var statement = connection.createStatement()) {
                statement.execute(
                        """
                        insert into attempt (tenant_id, alert_id, wave_no, position, kind, code, carrier_id, at, node)
                        select %1$d, %2$d, 1, i, k, '', 'c' || i, now(), 'bench'
                        from generate_series(0, %3$d - 1) i, unnest(array['accepted', 'delivered']) k
                        where k = 'accepted' or i %% 10 <> 0;
                        update batch set settled = end_position <= %3$d, watermark = least(end_position, %3$d),
                            lease_owner = case when end_position > %3$d then 'bench' end
                        where tenant_id = %1$d and alert_id = %2$d and first_position < %3$d
                        """
                                .formatted(tenant, alert, sent - 100));
                return 0;
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }));
    }

    private static <T> T timed(String what, Supplier<T> work) {
        long from = System.nanoTime();
        T result = work.get();
        System.out.printf("  %-8s %8.3f s  %s%n", what, (System.nanoTime() - from) / 1e9, result);
        return result;
    }
}
