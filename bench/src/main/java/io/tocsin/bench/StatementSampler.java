package io.tocsin.bench;

import java.io.PrintStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where a database's time goes, by looking a hundred times a second at what its backends run. Costs a few percent of a
 * core: a run that is looked at is no figure.
 */
final class StatementSampler implements AutoCloseable {
    private static final Duration EVERY = Duration.ofMillis(10);

    private final Map<String, Long> seen = new ConcurrentHashMap<>();
    private final Thread thread;

    private StatementSampler(Thread thread) {
        this.thread = thread;
    }

    static StatementSampler none() {
        return new StatementSampler(null);
    }

    static StatementSampler start(Postgres postgres) {
        StatementSampler[] self = new StatementSampler[1];
        Thread thread = new Thread(() -> self[0].look(postgres), "statement-sampler");
        thread.setDaemon(true);
        self[0] = new StatementSampler(thread);
        thread.start();
        return self[0];
    }

    private void look(Postgres postgres) {
        try (Connection connection = postgres.connect();
                PreparedStatement query = connection.prepareStatement(
                        """
                        select coalesce(backend_type || ' ' || nullif(state, 'active'), backend_type),
                            coalesce(wait_event_type || ':' || wait_event, 'cpu'),
                            left(regexp_replace(query, '\\s+', ' ', 'g'), 160)
                        from pg_stat_activity
                        where pid <> pg_backend_pid() and state in ('active', 'idle in transaction')
                        """)) {
            while (!Thread.currentThread().isInterrupted()) {
                try (ResultSet row = query.executeQuery()) {
                    while (row.next()) {
                        seen.merge(
                                row.getString(1) + " | " + row.getString(2) + " | " + row.getString(3), 1L, Long::sum);
                    }
                }
                Progress.pause(EVERY);
            }
        } catch (SQLException e) {
            System.err.println("tocsin: the sampler ended: " + e.getMessage());
        }
    }

    /** The forty most seen, with how often. */
    void print(PrintStream out) {
        seen.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .limit(40)
                .forEach(e -> out.println(e.getValue() + " | " + e.getKey()));
    }

    @Override
    public void close() {
        if (thread != null) {
            thread.interrupt();
        }
    }
}
