package io.tocsin.persistence.internal;

import static java.util.Map.entry;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Inserts a row of a tenant into any table: a value that fits for every column that must have one. */
final class SampleRow {
    /** By type; checks of closed vocabularies are met by name below. */
    private static final Map<String, String> BY_TYPE = Map.ofEntries(
            entry("text", "'sample-%d'"),
            entry("integer", "1"),
            entry("bigint", "1"),
            entry("smallint", "1"),
            entry("boolean", "false"),
            entry("jsonb", "'{}'"),
            entry("json", "'{}'"),
            // as long as a SHA-256, which some must be
            entry("bytea", "'\\x%064d'"),
            entry("timestamp with time zone", "now()"),
            entry("text[]", "'{x}'"),
            entry("interval", "'1 hour'"),
            entry("uuid", "gen_random_uuid()"),
            entry("double precision", "1"),
            entry("numeric", "1"),
            entry("date", "current_date"));

    private final Connection connection;
    private final String table;

    SampleRow(Connection connection, String table) {
        this.connection = connection;
        this.table = table;
    }

    void insert(int tenant) throws SQLException {
        List<String> columns = new ArrayList<>();
        List<String> values = new ArrayList<>();
        try (var query = connection.prepareStatement(
                """
                select a.attname, format_type(a.atttypid, null),
                       (select pg_get_constraintdef(k.oid) from pg_constraint k
                        where k.conrelid = a.attrelid and k.contype = 'c' and k.conkey = array[a.attnum]
                          and pg_get_constraintdef(k.oid) like '%ANY%' limit 1)
                from pg_attribute a
                where a.attrelid = ?::regclass and a.attnum > 0 and not a.attisdropped and a.attidentity = ''
                  and a.attgenerated = '' and (a.attnotnull and not a.atthasdef or a.attname = 'tenant_id')
                """)) {
            query.setString(1, table);
            var rows = query.executeQuery();
            while (rows.next()) {
                columns.add(rows.getString(1));
                values.add(value(rows.getString(1), rows.getString(2), rows.getString(3), tenant));
            }
        }
        String sql = "insert into %s (%s) values (%s)"
                .formatted(table, String.join(", ", columns), String.join(", ", values));
        connection.createStatement().execute(sql);
    }

    private static String value(String column, String type, String oneOf, int tenant) {
        if (column.equals("tenant_id")) {
            return Integer.toString(tenant);
        }
        if (oneOf != null) {
            // CHECK ((state = ANY (ARRAY['running'::text, …]))): the first will do.
            int quote = oneOf.indexOf('\'');
            return oneOf.substring(quote, oneOf.indexOf('\'', quote + 1) + 1);
        }
        if (column.startsWith("of_")) {
            // of something that was there before
            return "0";
        }
        String pattern = BY_TYPE.get(type);
        if (pattern == null) {
            throw new IllegalArgumentException("SampleRow knows no value of type " + type + " for " + column);
        }
        return pattern.formatted(tenant);
    }
}
