package io.tocsin.routing.internal.ledger;

import io.tocsin.routing.api.Alert;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/**
 * What was recorded of one alert since the last reading, by whatever node, found without an index of the time: {@code attempt}
 * and {@code answer} are only ever appended to, so what is new is at their ends. A reading begins a little before the end of
 * the one before, for transactions that were writing then, and leaves out what it gave already.
 *
 * <p>A row that found room further ahead, in a page some connection had left half full, is not seen; nor is one whose carrier
 * dates it to another day. Tallies are written with the observations and read with them, in one snapshot: {@link News#known}
 * falls behind {@link News#told} when an observation was missed. Not thread-safe.
 */
final class NewsReader {
    /** Pages read again: half a megabyte, some thousands of observations. PostgreSQL makes a table longer by as many at most. */
    private static final int AGAIN = 64;

    /** Pages that are not read: sixteen megabytes, some hundred thousand observations. */
    private static final int TOO_MANY = 2048;

    /** Of the pages read again, what was recorded no longer before the last reading: a transaction that lasted longer is missed. */
    private static final String RECENT = "recorded_at >= coalesce(?::timestamptz, now()) - interval '30 seconds'";

    private final int tenantId;
    private final long alertId;

    private Map<String, Long> pages = Map.of();
    /** By table, the places in these pages: of rows that would be given again. */
    private Map<String, Set<Long>> given = Map.of();

    private Instant readAt;
    private long known;

    /** @param from the first time of an attempt's partition, and the first no longer in it; null for other tables */
    record Table(String name, long pages, String from, String to) {}

    /** One observation of a target. */
    record Observed(int waveNo, int position, int segment, int segments, String kind) {}

    /**
     * @param answered recipient numbers
     * @param known how many observations were given since the first reading, these included
     * @param told how many there are by the tallies; counts from some time on, as {@code known}: compare what they grew by
     */
    record News(List<Observed> observed, List<Integer> answered, long known, long told) {}

    NewsReader(Alert alert) {
        this.tenantId = alert.tenantId();
        this.alertId = alert.alertId();
    }

    /** Whether so much was recorded since the last reading that counting everybody is cheaper, and needs less memory. */
    boolean isFarBehind(Connection connection) throws SQLException {
        for (Table table : tables(connection)) {
            if (table.pages - pages.getOrDefault(table.name, table.pages) > TOO_MANY) {
                return true;
            }
        }
        return false;
    }

    /**
     * All since the last reading; the first gives what happens to be at the ends. What a reading found counts as given once
     * {@link Reading#done} says so: a transaction that fails has read nothing.
     */
    Reading read(Connection connection) throws SQLException {
        List<Table> tables = tables(connection);
        Reading reading = new Reading(tables);
        onlyTheEnds(connection);
        try (PreparedStatement query = connection.prepareStatement(sql(tables, pages))) {
            int parameter = 1;
            for (int i = 0; i < tables.size(); i++) {
                query.setInt(parameter++, tenantId);
                query.setLong(parameter++, alertId);
                query.setTimestamp(parameter++, readAt == null ? null : Timestamp.from(readAt));
            }
            query.setInt(parameter++, tenantId);
            query.setLong(parameter, alertId);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    reading.add(row);
                }
            }
        }
        byIndexAgain(connection);
        return reading;
    }

    /** What one transaction read. */
    final class Reading {
        private final List<Table> tables;
        private final Map<String, Set<Long>> places = new HashMap<>();
        private final List<Observed> observed = new ArrayList<>();
        private final List<Integer> answered = new ArrayList<>();
        private long told;
        private Instant at;

        private Reading(List<Table> tables) {
            this.tables = tables;
        }

        private void add(ResultSet row) throws SQLException {
            int table = row.getInt(1);
            if (table < 0) {
                told = row.getLong(8);
                at = row.getTimestamp(9).toInstant();
                return;
            }
            String name = tables.get(table).name;
            long place = place(row.getString(2));
            places.computeIfAbsent(name, n -> new HashSet<>()).add(place);
            if (given.getOrDefault(name, Set.of()).contains(place)) {
                return;
            }
            if (tables.get(table).from == null) {
                answered.add(row.getInt(4));
            } else {
                observed.add(
                        new Observed(row.getInt(3), row.getInt(4), row.getInt(5), row.getInt(6), row.getString(7)));
            }
        }

        News news() {
            return new News(observed, answered, known + observed.size(), told);
        }

        void done() {
            Map<String, Long> read = new HashMap<>();
            tables.forEach(table -> read.put(table.name, table.pages));
            pages = read;
            given = places;
            readAt = at;
            known += observed.size();
        }
    }

    /** Where PostgreSQL keeps a row that is never changed nor deleted, a page and a line in it: {@code (page,line)}. */
    private static long place(String ctid) {
        int comma = ctid.indexOf(',');
        return Long.parseLong(ctid, 1, comma, 10) << 16 | Long.parseLong(ctid, comma + 1, ctid.length() - 1, 10);
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

    /** The ends of all tables, and the tallies, in one statement: one snapshot. Parameters: three a table; tenant, alert. */
    static String sql(List<Table> tables, Map<String, Long> pages) {
        StringJoiner ends = new StringJoiner("\nunion all\n");
        for (int i = 0; i < tables.size(); i++) {
            Table table = tables.get(i);
            long before = pages.getOrDefault(table.name, table.pages);
            ends.add(end(i, table, Math.max(0, Math.min(before, table.pages) - AGAIN)));
        }
        ends.add(
                """
                select -1, null, 0, 0, 0, 0, null, coalesce(sum(n), 0)::bigint, now() from tally
                where tenant_id = ? and alert_id = ?\
                """);
        return ends.toString();
    }

    /** What is new of an alert in the pages of a table from one on. A partition is named by its bounds: to the planner, too. */
    private static String end(int number, Table table, long page) {
        return table.from == null
                ? """
                select %d, ctid::text, 0, recipient_no, 0, 0, null, 0::bigint, null::timestamptz from answer
                where tenant_id = ? and alert_id = ? and %s and ctid >= '(%d,0)'\
                """
                        .formatted(number, RECENT, page)
                : """
                select %d, ctid::text, wave_no, position, segment, segments, kind, 0::bigint, null::timestamptz from attempt
                where tenant_id = ? and alert_id = ? and %s and ctid >= '(%d,0)'
                  and at >= '%s' and at < '%s'\
                """
                        .formatted(number, RECENT, page, table.from, table.to);
    }
}
