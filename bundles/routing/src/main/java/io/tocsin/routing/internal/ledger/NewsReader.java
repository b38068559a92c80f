package io.tocsin.routing.internal.ledger;

import io.tocsin.routing.api.Alert;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/**
 * What was recorded of one alert since the last reading, by whatever node, found without an index of the time: {@code attempt}
 * and {@code answer} are only ever appended to, so what is new is at their ends. A reading begins a little before the end of
 * the one before, and takes what the snapshot of that one did not see.
 *
 * <p>A row that found room further ahead, in a page some connection had left half full, is not seen; nor is one whose carrier
 * dates it to another day. Tallies are written with the observations and read with them, in one snapshot: {@link News#known}
 * falls behind {@link News#told} when an observation was missed, and a reading looks further ahead then. Not thread-safe.
 */
final class NewsReader {
    /** Pages read again: a megabyte, some thousands of observations. */
    private static final int AGAIN = 128;

    /** Pages read when tallies tell that something is missing, for much less than a count of everybody. */
    private static final int FAR = 4096;

    /** Readings without looking far, once that was in vain: a carrier may date all its receipts to another day. */
    private static final int REST_OF_FAR = 50;

    /** Pages that are not read: sixteen megabytes, some hundred thousand observations. */
    private static final int TOO_MANY = 2048;

    private final int tenantId;
    private final long alertId;

    private Map<String, Long> pages = Map.of();
    private Snapshot seen;
    private long toldBefore;
    private int restOfFar;
    private long known;

    /** @param from the first time of an attempt's partition, and the first no longer in it; null for other tables */
    record Table(String name, long pages, String from, String to) {}

    /** What a statement saw: all transactions before {@code next} but those under way. As PostgreSQL writes numbers of 32 bits. */
    record Snapshot(long next, String underWay) {
        /** @param text {@code xmin:xmax:xip,…} with numbers of 64 bits */
        static Snapshot of(String text) {
            String[] parts = text.split(":", -1);
            return new Snapshot(
                    low(parts[1]),
                    parts[2].isEmpty()
                            ? ""
                            : Arrays.stream(parts[2].split(","))
                                    .map(each -> Long.toString(low(each)))
                                    .collect(Collectors.joining(",")));
        }

        private static long low(String number) {
            return Long.parseLong(number) & 0xffffffffL;
        }
    }

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

    /**
     * All since the last reading; the first gives nothing. What a reading found counts as given once
     * {@link Reading#done} says so: a transaction that fails has read nothing.
     */
    Reading read(Connection connection) throws SQLException {
        Reading near = read(connection, AGAIN);
        if (!near.misses()) {
            return near;
        }
        if (restOfFar > 0) {
            restOfFar--;
            return near;
        }
        Reading far = read(connection, FAR);
        restOfFar = far.misses() ? REST_OF_FAR : 0;
        return far;
    }

    private Reading read(Connection connection, int again) throws SQLException {
        List<Table> tables = tables(connection);
        // the first is there to remember where the ends were
        List<Table> read = seen == null ? List.of() : tables;
        Reading reading = new Reading(tables);
        if (reading.isTooMuch()) {
            return reading;
        }
        onlyTheEnds(connection);
        try (PreparedStatement query = connection.prepareStatement(sql(read, pages, again, seen))) {
            for (int i = 0; i <= read.size(); i++) {
                query.setInt(2 * i + 1, tenantId);
                query.setLong(2 * i + 2, alertId);
            }
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
        private final List<Observed> observed = new ArrayList<>();
        private final List<Integer> answered = new ArrayList<>();
        private long told;
        private Snapshot snapshot;

        private Reading(List<Table> tables) {
            this.tables = tables;
        }

        /** Whether so much was recorded that counting everybody is cheaper, and needs less memory: nothing was read then. */
        boolean isTooMuch() {
            return tables.stream()
                    .anyMatch(table -> table.pages - pages.getOrDefault(table.name, table.pages) > TOO_MANY);
        }

        private boolean misses() {
            return seen != null && told - toldBefore > observed.size();
        }

        private void add(ResultSet row) throws SQLException {
            int table = row.getInt(1);
            if (table < 0) {
                told = row.getLong(7);
                snapshot = Snapshot.of(row.getString(8));
            } else if (tables.get(table).from == null) {
                answered.add(row.getInt(3));
            } else {
                observed.add(
                        new Observed(row.getInt(2), row.getInt(3), row.getInt(4), row.getInt(5), row.getString(6)));
            }
        }

        News news() {
            return new News(observed, answered, known + observed.size(), told);
        }

        void done() {
            Map<String, Long> read = new HashMap<>();
            tables.forEach(table -> read.put(table.name, table.pages));
            pages = read;
            seen = snapshot;
            toldBefore = told;
            known += observed.size();
        }
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

    /** The ends of all tables, and the tallies, in one statement: one snapshot. Parameters: tenant and alert of each. */
    static String sql(List<Table> tables, Map<String, Long> pages, int again, Snapshot seen) {
        StringJoiner ends = new StringJoiner("\nunion all\n");
        for (int i = 0; i < tables.size(); i++) {
            Table table = tables.get(i);
            long before = pages.getOrDefault(table.name, table.pages);
            ends.add(end(i, table, Math.max(0, Math.min(before, table.pages) - again), seen));
        }
        ends.add(
                """
                select -1, 0, 0, 0, 0, null, coalesce(sum(n), 0)::bigint, pg_current_snapshot()::text from tally
                where tenant_id = ? and alert_id = ?\
                """);
        return ends.toString();
    }

    /** What is new of an alert in the pages of a table from one on. A partition is named by its bounds: to the planner, too. */
    private static String end(int number, Table table, long page, Snapshot seen) {
        String columns = table.from == null
                ? "0, recipient_no, 0, 0, null, 0::bigint, null from answer"
                : "wave_no, position, segment, segments, kind, 0::bigint, null from attempt";
        String bounds = table.from == null ? "" : " and at >= '%s' and at < '%s'".formatted(table.from, table.to);
        return """
                select %d, %s
                where tenant_id = ? and alert_id = ? and ctid >= '(%d,0)'%s
                  and (age(xmin) <= age('%d'::xid) or xmin = any ('{%s}'::xid[]))\
                """
                .formatted(number, columns, page, bounds, seen.next, seen.underWay);
    }
}
