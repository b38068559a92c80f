package io.tocsin.bench.chaos;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What happens to a PostgreSQL server, and what its other users do to it. */
final class DatabaseFaults {
    private static final Duration TERMINATING = Duration.ofSeconds(5);
    private static final Duration EXHAUSTED = Duration.ofSeconds(8);
    private static final Duration BETWEEN = Duration.ofMillis(250);

    private static final String TERMINATE =
            "select pg_terminate_backend(pid) from pg_stat_activity where usename like 'tocsin%'";

    private DatabaseFaults() {}

    /** A stop in order, by somebody else than the node: a fast shutdown, as an operator's {@code pg_ctl stop} is. */
    static long stop(Site site, long alert) throws Exception {
        ProcessHandle server = site.server();
        new ProcessBuilder("/bin/sh", "-c", "kill -INT " + server.pid()).start().waitFor();
        return end(server);
    }

    /** As a crash of its machine: what it had not written, it has to recover. */
    static long kill(Site site, long alert) throws Exception {
        ProcessHandle server = site.server();
        long killed = System.nanoTime();
        server.destroyForcibly();
        end(server);
        return killed;
    }

    /** Looked at by ourselves: the end of a process that is not our child is told with a delay. */
    private static long end(ProcessHandle server) {
        while (server.isAlive()) {
            Site.pause(Duration.ofMillis(10));
        }
        return System.nanoTime();
    }

    static long backends(Site site, long alert) throws Exception {
        long until = System.nanoTime() + TERMINATING.toNanos();
        try (Connection connection = site.node().database();
                Statement statement = connection.createStatement()) {
            while (System.nanoTime() < until) {
                statement.execute(TERMINATE);
                Site.pause(BETWEEN);
            }
        }
        return System.nanoTime();
    }

    /** Takes each connection that becomes free before the node does: it has none at all meanwhile. */
    static long connections(Site site, long alert) throws Exception {
        List<Connection> taken = new ArrayList<>();
        long until = System.nanoTime() + EXHAUSTED.toNanos();
        try (Connection first = site.node().database();
                Statement terminate = first.createStatement()) {
            while (System.nanoTime() < until) {
                takeAll(site, taken);
                terminate.execute(TERMINATE);
            }
        } finally {
            for (Connection connection : taken) {
                connection.close();
            }
        }
        return System.nanoTime();
    }

    private static void takeAll(Site site, List<Connection> taken) throws IOException {
        while (true) {
            try {
                taken.add(site.node().database());
            } catch (SQLException noneLeft) {
                return;
            }
        }
    }

    /** Nothing deleted or replaced since can be cleared away while it is held. */
    static AutoCloseable snapshot(Site site) throws SQLException {
        Connection connection = site.node().database();
        try (Statement statement = connection.createStatement()) {
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setAutoCommit(false);
            statement.execute("select count(*) from batch");
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        return connection;
    }
}
