package io.tocsin.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;

/** Dead tuples of the tables whose rows are updated or deleted, as PostgreSQL estimates them. */
final class DeadTuples {
    private final Postgres postgres;
    private long most;

    DeadTuples(Postgres postgres) {
        this.postgres = postgres;
    }

    /** Tables that have any, with how many. */
    Map<String, Long> now() throws SQLException {
        Map<String, Long> dead = new TreeMap<>();
        try (Connection connection = postgres.connect();
                PreparedStatement query = connection.prepareStatement(
                        "select relname, n_dead_tup from pg_stat_user_tables where n_dead_tup > 0");
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                dead.put(row.getString(1), row.getLong(2));
            }
        }
        most = Math.max(most, sum(dead));
        return dead;
    }

    /** The largest sum ever seen. */
    long most() {
        return most;
    }

    private static long sum(Map<String, Long> dead) {
        return dead.values().stream().mapToLong(Long::longValue).sum();
    }

    static void write(ObjectNode into, Map<String, Long> dead) {
        into.put("sum", sum(dead));
        dead.forEach(into.putObject("tables")::put);
    }
}
