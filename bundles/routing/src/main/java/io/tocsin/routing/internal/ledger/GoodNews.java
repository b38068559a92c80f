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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

    /** How many pages each table had, by name; and what was read at their ends, which is going to be read again. */
    record Mark(Map<String, Long> pages, Set<Place> read) {}

    record Place(int waveNo, int position) {}

    /** @param from the first time of an attempt's partition, and the first no longer in it; null for other tables */
    record Table(String name, long pages, String from, String to) {}

    private GoodNews() {}

    /** Where what comes from now on will be. */
    static Mark mark(Connection connection) throws SQLException {
        return mark(tables(connection), Set.of());
    }

    private static Mark mark(List<Table> tables, Set<Place> read) {
        return new Mark(tables.stream().collect(Collectors.toMap(Table::name, Table::pages)), read);
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
        Set<Place> read = new HashSet<>();
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
                            read.add(new Place(row.getInt(1), row.getInt(2)));
                        }
                    }
                }
            }
        }
        byIndexAgain(connection);
        Plans.fewRows(connection);
        List<Place> delivered =
                read.stream().filter(place -> !since.read.contains(place)).toList();
        Set<Place> inPart = delivered(connection, alert, delivered, people);
        answered.forEach(people::answered);
        read.removeAll(inPart);
        return mark(tables, read);
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

    private static void byIndexAgain(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    """
                    set local enable_indexscan to default;
                    set local enable_indexonlyscan to default;
                    set local enable_bitmapscan to default
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

    /**
     * Of a long message all segments must be delivered: what is known of the target decides. The fence (offset 0) keeps a
     * planner without statistics from reading all targets for each of these.
     *
     * @return those of which only a part is
     */
    private static Set<Place> delivered(Connection connection, Alert alert, List<Place> places, People people)
            throws SQLException {
        Set<Place> inPart = new HashSet<>();
        if (places.isEmpty()) {
            return inPart;
        }
        try (PreparedStatement query = connection.prepareStatement(
                """
                select x.recipient_no, n.wave_no, n.position, target_state(1, 0, o.delivered, o.segments) = 'delivered'
                from unnest(?::int[], ?::int[]) n (wave_no, position)
                cross join lateral (
                    select t.recipient_no from target t
                    where t.tenant_id = ? and t.alert_id = ? and t.wave_no = n.wave_no and t.position = n.position
                    offset 0
                ) x
                cross join lateral (
                    select bit_or(case y.kind when 'delivered' then 1::bigint << y.segment else 0 end) as delivered,
                        max(y.segments)::integer as segments
                    from attempt y
                    where y.tenant_id = ? and y.alert_id = ? and y.wave_no = n.wave_no and y.position = n.position
                      and y.at >= ?
                ) o
                """)) {
            query.setObject(1, places.stream().mapToInt(Place::waveNo).toArray());
            query.setObject(2, places.stream().mapToInt(Place::position).toArray());
            for (int i = 0; i < 2; i++) {
                query.setInt(2 * i + 3, alert.tenantId());
                query.setLong(2 * i + 4, alert.alertId());
            }
            query.setTimestamp(7, Timestamp.from(alert.launchedAt().minus(Duration.ofDays(1))));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    if (row.getBoolean(4)) {
                        people.delivered(row.getInt(1));
                    } else {
                        inPart.add(new Place(row.getInt(2), row.getInt(3)));
                    }
                }
            }
        }
        return inPart;
    }
}
