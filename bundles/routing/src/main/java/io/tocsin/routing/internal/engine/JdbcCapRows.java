package io.tocsin.routing.internal.engine;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** {@link CapRows} in PostgreSQL. */
final class JdbcCapRows implements CapRows {
    private final Connection connection;

    JdbcCapRows(Connection connection) {
        this.connection = connection;
    }

    @Override
    public Optional<Held> hold(List<Integer> capIds) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                """
                with held as materialized (
                    select * from cap where cap_id = any (?) order by cap_id for no key update skip locked
                )
                select clock_timestamp(), (select count(*) from cap where cap_id = any (?)), h.cap_id, h.per_second,
                    h.taken_until, h.urgent_until, h.others_until, h.urgent_in_a_row
                from (values (true)) one (row) left join held h on true
                """)) {
            query.setArray(1, connection.createArrayOf("int4", capIds.toArray()));
            query.setArray(2, connection.createArrayOf("int4", capIds.toArray()));
            List<CapPermits> held = new ArrayList<>();
            Instant now = Instant.EPOCH;
            int existing = 0;
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    now = row.getTimestamp(1).toInstant();
                    existing = row.getInt(2);
                    if (row.getObject(3) != null) {
                        held.add(new CapPermits(
                                row.getInt(3),
                                row.getDouble(4),
                                row.getTimestamp(5).toInstant(),
                                row.getTimestamp(6).toInstant(),
                                row.getTimestamp(7).toInstant(),
                                row.getInt(8)));
                    }
                }
            }
            return held.size() == existing ? Optional.of(new Held(now, held)) : Optional.empty();
        }
    }

    @Override
    public void update(List<CapPermits> caps, int taken, Instant now) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                """
                update cap c
                set taken_until = v.taken_until, urgent_until = v.urgent_until, others_until = v.others_until,
                    urgent_in_a_row = v.urgent_in_a_row,
                    counted = v.taken + case when v.over then 0 else c.counted end,
                    counted_from = case when v.over then v.now else c.counted_from end,
                    rate_before = case when v.over then c.counted / v.lasted else c.rate_before end
                from (
                    select u.*, n.now, n.taken, extract(epoch from n.now - x.counted_from) as lasted,
                        n.now - x.counted_from >= interval '10 seconds' as over
                    from unnest(?::int[], ?::timestamptz[], ?::timestamptz[], ?::timestamptz[], ?::int[])
                        u (cap_id, taken_until, urgent_until, others_until, urgent_in_a_row)
                    join cap x on x.cap_id = u.cap_id
                    cross join (values (?::timestamptz, ?::integer)) n (now, taken)
                ) v
                where c.cap_id = v.cap_id
                """)) {
            update.setArray(1, array("int4", caps, CapPermits::capId));
            update.setArray(2, array("timestamptz", caps, c -> Timestamp.from(c.takenUntil())));
            update.setArray(3, array("timestamptz", caps, c -> Timestamp.from(c.urgentUntil())));
            update.setArray(4, array("timestamptz", caps, c -> Timestamp.from(c.othersUntil())));
            update.setArray(5, array("int4", caps, CapPermits::urgentInARow));
            update.setTimestamp(6, Timestamp.from(now));
            update.setInt(7, taken);
            update.executeUpdate();
        }
    }

    private java.sql.Array array(String type, List<CapPermits> caps, Function<CapPermits, ?> column)
            throws SQLException {
        return connection.createArrayOf(type, caps.stream().map(column).toArray());
    }
}
