package io.tocsin.routing.internal.ledger;

import io.tocsin.routing.api.Alert;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Deliveries and answers recorded since a moment, found without an index of the time: {@code attempt} and {@code answer} are
 * only ever appended to, so what is new is at their ends. A mark is how long the tables were; reading begins a little before it,
 * for transactions that were writing then. A row that found room further ahead, in a page some connection had left half full,
 * is not seen: whoever counts everybody finds it.
 */
final class GoodNews {
    /** Pages read again: half a megabyte, some thousands of observations. */
    private static final int AGAIN = 64;

    /** How many pages each table had, by name. */
    record Mark(Map<String, Long> pages) {}

    /** @param from the first time of an attempt's partition, and the first no longer in it; null for other tables */
    record Table(String name, long pages, String from, String to) {}

    private GoodNews() {}

    /** Where what comes from now on will be. */
    static Mark mark(Connection connection) throws SQLException {
        return mark(tables(connection));
    }

    private static Mark mark(List<Table> tables) {
        return new Mark(tables.stream().collect(Collectors.toMap(Table::name, Table::pages)));
    }

    /** Days of retention are hundreds of partitions; what is recorded now is dated to these. */
    static List<Table> tables(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                        """
                        select t.relname, t.pages, substring(t.bound from $$FROM [(]'([^']+)'[)]$$),
                            substring(t.bound from $$TO [(]'([^']+)'[)]$$)
                        from (
                            select c.relname, pg_relation_size(c.oid) / current_setting('block_size')::bigint as pages,
                                pg_get_expr(c.relpartbound, c.oid) as bound
                            from pg_class c
                            where c.oid = 'answer'::regclass or c.oid in (
                                select to_regclass('attempt_' || to_char(current_date + n, 'YYYYMMDD'))
                                from generate_series(-1, 1) n)
                        ) t
                        """);
                ResultSet row = query.executeQuery()) {
            List<Table> tables = new ArrayList<>();
            while (row.next()) {
                tables.add(new Table(row.getString(1), row.getLong(2), row.getString(3), row.getString(4)));
            }
            return tables;
        }
    }

    /** Adds what came since a mark. @return the mark of now */
    static Mark add(Connection connection, Alert alert, Mark since, People people) throws SQLException {
        List<Table> tables = tables(connection);
        onlyTheEnds(connection);
        List<Integer> waves = new ArrayList<>();
        List<Integer> positions = new ArrayList<>();
        List<Integer> answered = new ArrayList<>();
        for (Table table : tables) {
            long page = Math.max(0, since.pages.getOrDefault(table.name, 0L) - AGAIN);
            try (PreparedStatement query = connection.prepareStatement(end(table, page))) {
                query.setInt(1, alert.tenantId());
                query.setLong(2, alert.alertId());
                try (ResultSet row = query.executeQuery()) {
                    while (row.next()) {
                        if (table.from == null) {
                            answered.add(row.getInt(1));
                        } else {
                            waves.add(row.getInt(1));
                            positions.add(row.getInt(2));
                        }
                    }
                }
            }
        }
        Plans.fewRows(connection);
        delivered(connection, alert, waves, positions, people);
        answered.forEach(people::answered);
        return mark(tables);
    }

    /** Without statistics of today a planner would rather read the whole alert by an index than a few pages. */
    static void onlyTheEnds(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    """
                    select set_config('enable_indexscan', 'off', true), set_config('enable_indexonlyscan', 'off', true),
                        set_config('enable_bitmapscan', 'off', true), set_config('enable_seqscan', 'off', true)
                    """);
        }
    }

    /** What is new of an alert in the pages of a table from one on. A partition is named by its bounds: to the planner, too. */
    static String end(Table table, long page) {
        return table.from == null
                ? "select recipient_no from answer where tenant_id = ? and alert_id = ? and ctid >= '(%d,0)'"
                        .formatted(page)
                : """
                select distinct wave_no, position from attempt
                where tenant_id = ? and alert_id = ? and kind = 'delivered' and ctid >= '(%d,0)'
                  and at >= '%s' and at < '%s'
                """
                        .formatted(page, table.from, table.to);
    }

    /** Of a long message all segments must be delivered: what is known of the target decides. */
    private static void delivered(
            Connection connection, Alert alert, List<Integer> waves, List<Integer> positions, People people)
            throws SQLException {
        if (waves.isEmpty()) {
            return;
        }
        try (PreparedStatement query = connection.prepareStatement(
                """
                select x.recipient_no
                from unnest(?::int[], ?::int[]) n (wave_no, position)
                join target x on x.tenant_id = ? and x.alert_id = ? and x.wave_no = n.wave_no and x.position = n.position
                cross join lateral (
                    select bit_or(case y.kind when 'delivered' then 1::bigint << y.segment else 0 end) as delivered,
                        max(y.segments)::integer as segments
                    from attempt y
                    where y.tenant_id = ? and y.alert_id = ? and y.wave_no = n.wave_no and y.position = n.position
                      and y.at >= ?
                ) o
                where target_state(1, 0, o.delivered, o.segments) = 'delivered'
                """)) {
            query.setArray(1, connection.createArrayOf("int4", waves.toArray()));
            query.setArray(2, connection.createArrayOf("int4", positions.toArray()));
            for (int i = 0; i < 2; i++) {
                query.setInt(2 * i + 3, alert.tenantId());
                query.setLong(2 * i + 4, alert.alertId());
            }
            query.setTimestamp(7, Timestamp.from(alert.launchedAt().minus(Duration.ofDays(1))));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    people.delivered(row.getInt(1));
                }
            }
        }
    }
}
