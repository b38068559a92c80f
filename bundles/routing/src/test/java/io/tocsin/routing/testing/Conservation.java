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
    private static final String EACH_TARGET =
            """
            with heard as materialized (
                select wave_no, position, bool_or(kind <> 'skipped') as sent
                from attempt where tenant_id = ? and alert_id = ? group by wave_no, position
            ), held as materialized (
                select wave_no, batch_no, watermark, lease_owner from batch where tenant_id = ? and alert_id = ?
            )
            select count(*)
            from target t
            join held b on b.wave_no = t.wave_no and b.batch_no = t.position / 500
            left join heard h on h.wave_no = t.wave_no and h.position = t.position
            where t.tenant_id = ? and t.alert_id = ? and
            """;
    private static final String SILENT =
            EACH_TARGET + " t.position < b.watermark and b.lease_owner is null and h.wave_no is null";
    private static final String UNINTENDED = EACH_TARGET + " t.position >= b.watermark and h.sent";

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
            assertThat(count(
                            connection,
                            "select count(*) from recipient where tenant_id = ? and alert_id = ?",
                            tenantId,
                            alertId))
                    .as("people counted, of people frozen")
                    .isEqualTo(totals.recipients());
            assertThat(totals)
                    .as("totals, and everybody counted one by one")
                    .isEqualTo(oneByOne(connection, tenantId, alertId));
            assertThat(count(connection, SILENT, tenantId, alertId))
                    .as("targets below the watermark of a batch nobody holds, without a word")
                    .isZero();
            assertThat(count(connection, UNINTENDED, tenantId, alertId))
                    .as("targets that left without an intent")
                    .isZero();
            return totals;
        });
    }

    /** Totals take a short cut when an alert has ended: everybody's own state must say the same. */
    private static Totals oneByOne(Connection connection, int tenantId, long alertId) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                """
                select count(*), count(*) filter (where state = 'answered'), count(*) filter (where state = 'delivered'),
                    count(*) filter (where state = 'failed'), count(*) filter (where state = 'unknown'),
                    count(*) filter (where state = 'pending'), count(*) filter (where flagged)
                from alert_people(?, ?)
                """)) {
            query.setInt(1, tenantId);
            query.setLong(2, alertId);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return new Totals(
                        row.getLong(1),
                        row.getLong(2),
                        row.getLong(3),
                        row.getLong(4),
                        row.getLong(5),
                        row.getLong(6),
                        row.getLong(7));
            }
        }
    }

    /** As {@link #assertHolds}, and that nobody is pending any more. */
    public static Totals assertSettled(Database database, int tenantId, long alertId) {
        Totals totals = assertHolds(database, tenantId, alertId);
        assertThat(totals.pending()).as("pending of %s", totals).isZero();
        return totals;
    }

    private static long count(Connection connection, String sql, int tenantId, long alertId) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            for (int i = 1; i < query.getParameterMetaData().getParameterCount(); i += 2) {
                query.setInt(i, tenantId);
                query.setLong(i + 1, alertId);
            }
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}
