package io.tocsin.routing.internal.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Tells the planner what it cannot know: an alert launched a moment ago is in no statistics, so that it expects one row where
 * there are 400,000 (measured: minutes instead of a second), and may do the opposite for a few rows of it.
 */
public final class Plans {
    private Plans() {}

    /** The transaction's next queries go through whole alerts: hash joins, in memory, without compiling them first. */
    public static void wholeAlert(Connection connection) throws SQLException {
        set(
                connection,
                """
                select set_config('enable_nestloop', 'off', true), set_config('enable_mergejoin', 'off', true),
                    set_config('enable_hashjoin', 'on', true), set_config('enable_seqscan', 'on', true),
                    set_config('jit', 'off', true), set_config('join_collapse_limit', '8', true),
                    set_config('work_mem', '96MB', true)
                """);
    }

    /** The transaction's next queries touch a few rows by their keys: indexes, row by row, joined in the order written. */
    public static void fewRows(Connection connection) throws SQLException {
        set(
                connection,
                """
                select set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
                    set_config('enable_nestloop', 'on', true), set_config('enable_seqscan', 'off', true),
                    set_config('jit', 'off', true), set_config('join_collapse_limit', '1', true)
                """);
    }

    /** The transaction's next queries are planned as the server is set up to. */
    public static void usual(Connection connection) throws SQLException {
        set(
                connection,
                """
                set local enable_nestloop to default;
                set local enable_hashjoin to default;
                set local enable_mergejoin to default;
                set local enable_seqscan to default;
                set local join_collapse_limit to default;
                set local work_mem to default;
                set local jit to default
                """);
    }

    private static void set(Connection connection, String settings) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(settings);
        }
    }
}
