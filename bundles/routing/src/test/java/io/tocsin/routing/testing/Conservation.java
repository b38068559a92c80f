package io.tocsin.routing.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.persistence.api.Database;
import io.tocsin.routing.api.Totals;
import io.tocsin.routing.internal.ledger.LedgerStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The conservation law, asserted by every test that has an alert. */
public final class Conservation {
    private Conservation() {}

    /**
     * Asserts that every recipient is in exactly one state, that nothing left without a trace, and that no target was taken
     * over twice.
     *
     * @return the totals, for further assertions
     */
    public static Totals assertHolds(Database database, int tenantId, long alertId) {
        return database.asEngine(connection -> {
            Totals totals = new LedgerStore().totals(connection, tenantId, alertId);
            assertThat(totals.conserved()).as("conserved: %s", totals).isTrue();
            assertThat(count(connection, "select count(*) from recipient where tenant_id = ? and alert_id = ?", tenantId, alertId))
                    .as("people counted, of people frozen")
                    .isEqualTo(totals.recipients());
            assertThat(count(
                            connection,
                            """
                            select count(*) from target t
                            join batch b on b.tenant_id = t.tenant_id and b.alert_id = t.alert_id and b.wave_no = t.wave_no
                                and t.position >= b.first_position and t.position < b.watermark
                            where t.tenant_id = ? and t.alert_id = ? and b.lease_owner is null
                              and not exists (select from attempt a where a.tenant_id = t.tenant_id
                                  and a.alert_id = t.alert_id and a.wave_no = t.wave_no and a.position = t.position)
                            """,
                            tenantId,
                            alertId))
                    .as("targets below the watermark of a batch nobody holds, without a word")
                    .isZero();
            assertThat(count(
                            connection,
                            """
                            select count(*) from target t
                            where t.tenant_id = ? and t.alert_id = ? and exists (select from attempt a
                                    where a.tenant_id = t.tenant_id and a.alert_id = t.alert_id and a.wave_no = t.wave_no
                                      and a.position = t.position and a.kind <> 'skipped')
                              and not exists (select from batch b
                                    where b.tenant_id = t.tenant_id and b.alert_id = t.alert_id and b.wave_no = t.wave_no
                                      and t.position >= b.first_position and t.position < b.watermark)
                            """,
                            tenantId,
                            alertId))
                    .as("targets that left without an intent")
                    .isZero();
            return totals;
        });
    }

    /** As {@link #assertHolds}, and that nobody is pending any more. */
    public static Totals assertSettled(Database database, int tenantId, long alertId) {
        Totals totals = assertHolds(database, tenantId, alertId);
        assertThat(totals.pending()).as("pending of %s", totals).isZero();
        return totals;
    }

    private static long count(Connection connection, String sql, int tenantId, long alertId) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setInt(1, tenantId);
            query.setLong(2, alertId);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}
