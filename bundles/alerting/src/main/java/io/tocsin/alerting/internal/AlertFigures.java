package io.tocsin.alerting.internal;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tocsin.alerting.api.Statistics;
import io.tocsin.routing.api.Ledger;
import io.tocsin.routing.api.Totals;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Counts what an alert came to, once it has ended, into the table {@code alert_figures}. Reads everybody of the alert a few times: for the sweep,
 * never for somebody who waits.
 */
final class AlertFigures {
    /** Seconds after the launch: dense where a crisis is decided. */
    static final List<Integer> MOMENTS =
            List.of(30, 60, 120, 180, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Ledger ledger;

    AlertFigures(Ledger ledger) {
        this.ledger = ledger;
    }

    /** Alerts whose end is sealed and that are not counted yet, latest first. */
    static List<long[]> missing(Connection connection, int limit) throws SQLException {
        String sql =
                """
                select a.tenant_id, a.alert_id
                from alert a
                join alert_end e on e.tenant_id = a.tenant_id and e.alert_id = a.alert_id and e.sealed
                left join alert_figures f on f.tenant_id = a.tenant_id and f.alert_id = a.alert_id
                where a.state in ('cancelled', 'closed') and f.alert_id is null
                order by a.ended_at desc limit ?
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, limit);
            try (ResultSet row = statement.executeQuery()) {
                List<long[]> found = new ArrayList<>();
                while (row.next()) {
                    found.add(new long[] {row.getInt(1), row.getLong(2)});
                }
                return found;
            }
        }
    }

    /** A relaunch opens the alert again: it is counted anew at its next end. */
    static void forget(Connection connection, int tenantId, long alertId) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("delete from alert_figures where tenant_id = ? and alert_id = ?")) {
            statement.setInt(1, tenantId);
            statement.setLong(2, alertId);
            statement.executeUpdate();
        }
    }

    /**
     * Counts without holding anything: whoever relaunches meanwhile does not wait, and what was counted is then thrown away.
     *
     * @return false if it runs again, or was counted meanwhile
     */
    boolean count(Connection connection, int tenantId, long alertId) throws SQLException {
        Optional<Ended> found = ended(connection, tenantId, alertId);
        if (found.isEmpty()) {
            return false;
        }
        Ended alert = found.get();
        Totals totals = ledger.totals(connection, tenantId, alertId);
        Double[] times = answerTimes(connection, alert);
        String messages = messages(connection, alert).toString();
        String reach = alert.observed() ? reach(connection, alert).toString() : null;
        String unreached = alert.observed() ? unreached(connection, alert).toString() : "[]";
        if (!stillEnded(connection, alert)) {
            return false;
        }
        try (PreparedStatement insert = connection.prepareStatement(
                """
                insert into alert_figures (tenant_id, alert_id, recipients, answered, delivered, failed, unknown, pending,
                    flagged, published, answer_median, answer_slow, messages, reach, reasons)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?::jsonb)
                on conflict do nothing
                """)) {
            insert.setInt(1, tenantId);
            insert.setLong(2, alertId);
            insert.setLong(3, totals.recipients());
            insert.setLong(4, totals.answered());
            insert.setLong(5, totals.delivered());
            insert.setLong(6, totals.failed());
            insert.setLong(7, totals.unknown());
            insert.setLong(8, totals.pending());
            insert.setLong(9, totals.flagged());
            insert.setLong(10, totals.published());
            insert.setObject(11, times[0], Types.DOUBLE);
            insert.setObject(12, times[1], Types.DOUBLE);
            insert.setString(13, messages);
            insert.setString(14, reach);
            insert.setString(15, unreached);
            return insert.executeUpdate() == 1;
        }
    }

    /** @param observed whether all that was observed of it is still kept */
    private record Ended(int tenantId, long alertId, Timestamp launchedAt, Timestamp endedAt, boolean observed) {}

    private static Optional<Ended> ended(Connection connection, int tenantId, long alertId) throws SQLException {
        String sql =
                """
                select a.launched_at, a.ended_at, not exists (select from attempt_kept k where k.since > a.launched_at::date)
                from alert a
                where a.tenant_id = ? and a.alert_id = ? and a.state in ('cancelled', 'closed')
                """;
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setInt(1, tenantId);
            query.setLong(2, alertId);
            try (ResultSet row = query.executeQuery()) {
                return row.next()
                        ? Optional.of(new Ended(
                                tenantId, alertId, row.getTimestamp(1), row.getTimestamp(2), row.getBoolean(3)))
                        : Optional.empty();
            }
        }
    }

    /** From here on, for as long as an insert takes, a relaunch waits. */
    private static boolean stillEnded(Connection connection, Ended alert) throws SQLException {
        String sql =
                """
                select from alert a
                where a.tenant_id = ? and a.alert_id = ? and a.state in ('cancelled', 'closed') and a.ended_at = ?
                for share of a
                """;
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setInt(1, alert.tenantId());
            query.setLong(2, alert.alertId());
            query.setTimestamp(3, alert.endedAt());
            try (ResultSet row = query.executeQuery()) {
                return row.next();
            }
        }
    }

    private static Double[] answerTimes(Connection connection, Ended alert) throws SQLException {
        String sql =
                """
                select percentile_cont(0.5) within group (order by s), percentile_cont(0.9) within group (order by s)
                from (
                    select greatest(0, extract(epoch from coalesce(n.recorded_at, n.at) - ?::timestamptz)) as s
                    from answer n where n.tenant_id = ? and n.alert_id = ?
                ) x
                """;
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setTimestamp(1, alert.launchedAt());
            query.setInt(2, alert.tenantId());
            query.setLong(3, alert.alertId());
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return new Double[] {(Double) row.getObject(1), (Double) row.getObject(2)};
            }
        }
    }

    private static ObjectNode messages(Connection connection, Ended alert) throws SQLException {
        String sql =
                """
                select w.channel, sum(coalesce(y.messages, y.n))
                from tally y join wave w on w.tenant_id = y.tenant_id and w.alert_id = y.alert_id and w.wave_no = y.wave_no
                where y.tenant_id = ? and y.alert_id = ? and y.kind = 'accepted'
                group by w.channel order by w.channel
                """;
        ObjectNode counts = JSON.createObjectNode();
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setInt(1, alert.tenantId());
            query.setLong(2, alert.alertId());
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    counts.put(row.getString(1), row.getLong(2));
                }
            }
        }
        return counts;
    }

    /** The same of an alert that may run. @param launchedAt when it was */
    static List<Statistics.Moment> course(Connection connection, int tenantId, long alertId, Timestamp launchedAt)
            throws SQLException {
        List<Statistics.Moment> course = new ArrayList<>();
        reach(connection, new Ended(tenantId, alertId, launchedAt, launchedAt, true))
                .forEach(each -> course.add(new Statistics.Moment(
                        each.get(0).asInt(), each.get(1).asLong(), each.get(2).asLong())));
        return course;
    }

    /**
     * A message of several parts has arrived with its last one. Times are ours, not the carriers': clocks lie, and nobody was told before we
     * knew.
     */
    private static ArrayNode reach(Connection connection, Ended alert) throws SQLException {
        String sql =
                """
                with told as (
                    select x.recipient_no, min(d.at) as at
                    from (
                        select o.wave_no, o."position", max(coalesce(o.recorded_at, o.at)) as at
                        from attempt o
                        where o.tenant_id = ? and o.alert_id = ? and o.kind = 'delivered'
                          and o.at >= ?::timestamptz - interval '1 day'
                        group by o.wave_no, o."position"
                        having count(distinct o.segment) >= max(o.segments)
                    ) d
                    join target x on x.tenant_id = ? and x.alert_id = ? and x.wave_no = d.wave_no and x."position" = d."position"
                    group by x.recipient_no
                ), said as (
                    select n.recipient_no, coalesce(n.recorded_at, n.at) as at
                    from answer n where n.tenant_id = ? and n.alert_id = ?
                )
                select width_bucket(extract(epoch from least(t.at, s.at) - ?::timestamptz)::float8, ?::float8[]) as bucket,
                       false as answered, count(*)
                from told t full join said s using (recipient_no) group by 1
                union all
                select width_bucket(extract(epoch from s.at - ?::timestamptz)::float8, ?::float8[]), true, count(*)
                from said s group by 1
                """;
        long[] reached = new long[MOMENTS.size() + 1];
        long[] answered = new long[MOMENTS.size() + 1];
        Double[] moments = MOMENTS.stream().map(Integer::doubleValue).toArray(Double[]::new);
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setInt(1, alert.tenantId());
            query.setLong(2, alert.alertId());
            query.setTimestamp(3, alert.launchedAt());
            query.setInt(4, alert.tenantId());
            query.setLong(5, alert.alertId());
            query.setInt(6, alert.tenantId());
            query.setLong(7, alert.alertId());
            query.setTimestamp(8, alert.launchedAt());
            query.setArray(9, connection.createArrayOf("float8", moments));
            query.setTimestamp(10, alert.launchedAt());
            query.setArray(11, connection.createArrayOf("float8", moments));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    (row.getBoolean(2) ? answered : reached)[row.getInt(1)] += row.getLong(3);
                }
            }
        }
        ArrayNode course = JSON.createArrayNode();
        long reachedBy = 0;
        long answeredBy = 0;
        for (int i = 0; i < MOMENTS.size(); i++) {
            reachedBy += reached[i];
            answeredBy += answered[i];
            course.addArray().add(MOMENTS.get(i)).add(reachedBy).add(answeredBy);
        }
        return course;
    }

    private static ArrayNode unreached(Connection connection, Ended alert) throws SQLException {
        String sql =
                """
                select p.state, coalesce(l.channel, ''), coalesce(l.kind, ''), coalesce(l.code, ''), count(*)
                from alert_people(?, ?) p
                left join (
                    select distinct on (x.recipient_no) x.recipient_no, w.channel, o.kind, o.code
                    from target x
                    join wave w on w.tenant_id = x.tenant_id and w.alert_id = x.alert_id and w.wave_no = x.wave_no
                    join attempt o on o.tenant_id = x.tenant_id and o.alert_id = x.alert_id and o.wave_no = x.wave_no
                        and o."position" = x."position" and o.at >= ?::timestamptz - interval '1 day'
                    where x.tenant_id = ? and x.alert_id = ?
                    order by x.recipient_no, coalesce(o.recorded_at, o.at) desc
                ) l on l.recipient_no = p.recipient_no
                where p.state in ('failed', 'unknown')
                group by 1, 2, 3, 4
                order by 5 desc, 1, 2, 3, 4 limit 20
                """;
        ArrayNode reasons = JSON.createArrayNode();
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setInt(1, alert.tenantId());
            query.setLong(2, alert.alertId());
            query.setTimestamp(3, alert.launchedAt());
            query.setInt(4, alert.tenantId());
            query.setLong(5, alert.alertId());
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    reasons.addArray()
                            .add(row.getString(1))
                            .add(row.getString(2))
                            .add(row.getString(3))
                            .add(row.getString(4))
                            .add(row.getLong(5));
                }
            }
        }
        return reasons;
    }
}
