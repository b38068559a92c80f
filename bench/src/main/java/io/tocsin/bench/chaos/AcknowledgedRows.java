package io.tocsin.bench.chaos;

import io.tocsin.peers.sites.SiteDatabases;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Somebody beside the nodes who writes a row twenty times a second, past every cut, to whichever server calls itself primary, and
 * keeps count of what was acknowledged: none of it may ever be missing.
 */
final class AcknowledgedRows implements AutoCloseable {
    private static final Duration BETWEEN = Duration.ofMillis(50);

    private final SiteDatabases databases;
    private final List<Long> acknowledged = new ArrayList<>();
    private final Thread thread = new Thread(this::write, "acknowledged-rows");
    private volatile boolean closed;
    private volatile long lastNanos;
    private volatile long longestGapNanos;

    private AcknowledgedRows(SiteDatabases databases) {
        this.databases = databases;
    }

    static AcknowledgedRows start(SiteDatabases databases) throws SQLException {
        try (Connection connection = databases.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("create table if not exists chaos_acknowledged (n bigint)");
            statement.execute("truncate chaos_acknowledged");
        }
        AcknowledgedRows rows = new AcknowledgedRows(databases);
        rows.lastNanos = System.nanoTime();
        rows.thread.setDaemon(true);
        rows.thread.start();
        return rows;
    }

    private void write() {
        long n = 0;
        while (!closed) {
            try (Connection connection = databases.connect();
                    PreparedStatement insert =
                            connection.prepareStatement("insert into chaos_acknowledged values (?)")) {
                while (!closed) {
                    insert.setLong(1, n);
                    insert.executeUpdate();
                    if (insert.getWarnings() == null) {
                        acknowledge(n);
                    }
                    insert.clearWarnings();
                    n++;
                    Site.pause(BETWEEN);
                }
            } catch (SQLException e) {
                // Whether that row is there is unknown: it was not acknowledged.
                n++;
                Site.pause(BETWEEN);
            }
        }
    }

    private synchronized void acknowledge(long n) {
        acknowledged.add(n);
        long now = System.nanoTime();
        longestGapNanos = Math.max(longestGapNanos, now - lastNanos);
        lastNanos = now;
    }

    /** The longest time in which nothing was acknowledged since the last time this was asked, in seconds. */
    synchronized double longestGap() {
        double gap = Math.max(longestGapNanos, System.nanoTime() - lastNanos) / 1e9;
        longestGapNanos = 0;
        return gap;
    }

    /** Rows that were acknowledged and are not there. */
    synchronized Set<Long> lost() throws SQLException {
        Set<Long> missing = new TreeSet<>(acknowledged);
        try (Connection connection = databases.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select n from chaos_acknowledged")) {
            while (row.next()) {
                missing.remove(row.getLong(1));
            }
        }
        return missing;
    }

    synchronized int count() {
        return acknowledged.size();
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        thread.join();
    }
}
