package io.tocsin.routing.internal.ledger;

import io.tocsin.routing.api.Alert;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;

/**
 * Opens the first step of a cascade without a target: nothing could leave while they are written for a crowd. Each batch says
 * which people it is for, and whoever leases it first writes its targets in the same transaction.
 */
final class WaveOfEverybody {
    private WaveOfEverybody() {}

    /**
     * Says which people each batch is for; their targets are written when it is leased. The fence (offset 0) keeps the planner from
     * looking for each address twice.
     *
     * @return how many can be reached
     */
    static int batch(Connection c, Alert alert, int wave, String channel, Instant dueAt) throws SQLException {
        try (PreparedStatement insert = c.prepareStatement(
                """
                with opened as (
                    insert into batch (tenant_id, alert_id, wave_no, batch_no, channel, priority, due_at, first_position,
                        end_position, watermark, first_recipient, last_recipient)
                    select ?, ?, ?, b.batch_no, ?, ?, ?, min(p.position), max(p.position) + 1, min(p.position),
                        min(p.recipient_no), max(p.recipient_no)
                    from (
                        select r.recipient_no, row_number() over (order by r.recipient_no) - 1 as position
                        from (
                            select recipient_no, first_address(endpoints, (select endpoint_kinds(array[?]))) as address
                            from recipient where tenant_id = ? and alert_id = ?
                            offset 0
                        ) r
                        where r.address is not null
                    ) p
                    cross join lateral (select p.position / ? as batch_no) b
                    group by b.batch_no
                    returning end_position - first_position as targets
                )
                select coalesce(sum(targets), 0) from opened
                """)) {
            insert.setInt(1, alert.tenantId());
            insert.setLong(2, alert.alertId());
            insert.setInt(3, wave);
            insert.setString(4, channel);
            insert.setShort(5, (short) alert.category().ordinal());
            insert.setTimestamp(6, Timestamp.from(dueAt));
            insert.setString(7, channel);
            insert.setInt(8, alert.tenantId());
            insert.setLong(9, alert.alertId());
            insert.setInt(10, WaveWriter.batch(c, channel));
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    /** Kinds of endpoint may be declared anew while the wave lasts: those it counted people by are kept. */
    static void keepKinds(Connection c, Alert alert, int wave, String channel) throws SQLException {
        try (PreparedStatement update = c.prepareStatement(
                """
                update wave set everybody = endpoint_kinds(array[?]) where tenant_id = ? and alert_id = ? and wave_no = ?
                """)) {
            update.setString(1, channel);
            update.setInt(2, alert.tenantId());
            update.setLong(3, alert.alertId());
            update.setInt(4, wave);
            update.executeUpdate();
        }
    }
}
