package io.tocsin.persistence.internal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows whether the database can write just now, and why not. Looks at most once in {@link #EVERY}, on a connection of its
 * own, however often it is asked.
 *
 * <p>Two looks in one: a megabyte of temporary file, which needs space on the disk and writes no journal of the server (an
 * update of a row would still succeed on a full disk, in space the server holds already); and one row committed, which a
 * server that became read-only, or waits for a standby that is away, does not do.
 */
final class WriteProbe {
    static final Duration EVERY = Duration.ofSeconds(5);
    private static final String DISK_FULL = "53100";
    private static final Logger LOG = LoggerFactory.getLogger(WriteProbe.class);

    /** More than a page cache or the rest of a file could hide; integers of 4 bytes take about 20 in the file. */
    private static final int SPILLED_ROWS = 60_000;

    private final DataSource source;
    private final String node;
    private final Clock clock;
    private Instant nextAt = Instant.MIN;
    private Optional<String> problem = Optional.empty();
    private volatile boolean diskFull;
    private volatile Duration committedIn = Duration.ZERO;

    /** @param source connections of the engine's role, with time limits of their own */
    WriteProbe(DataSource source, String node, Clock clock) {
        this.source = source;
        this.node = node;
        this.clock = clock;
    }

    /** Why nothing can be written, in words for an operator; empty when writing works. One caller looks, others wait for it. */
    synchronized Optional<String> problem() {
        if (clock.instant().isBefore(nextAt)) {
            return problem;
        }
        Optional<String> before = problem;
        problem = look();
        nextAt = clock.instant().plus(EVERY);
        if (problem.isPresent() && !problem.equals(before)) {
            LOG.warn("database.cannot-write reason=\"{}\"", problem.get());
        } else if (problem.isEmpty() && before.isPresent()) {
            LOG.info("database.writes-again");
        }
        return problem;
    }

    /** Whether the last look found the disk full, and nothing else since. Never blocks. */
    boolean diskFull() {
        return diskFull;
    }

    /** How long the one row of the last look took that was committed, with whoever the commit waits for. Never blocks. */
    Duration committedIn() {
        return committedIn;
    }

    private Optional<String> look() {
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            spill(connection);
            long from = System.nanoTime();
            commitRow(connection);
            committedIn = Duration.ofNanos(System.nanoTime() - from);
            diskFull = false;
            return Optional.empty();
        } catch (SQLException e) {
            LOG.debug("database.write-probe-failed", e);
            diskFull = DISK_FULL.equals(e.getSQLState());
            return Optional.of(words(e));
        }
    }

    private static void spill(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("set local work_mem = '64kB'");
            statement.execute("select count(*) from generate_series(1, " + SPILLED_ROWS + ")");
        }
    }

    private void commitRow(Connection connection) throws SQLException {
        String write =
                """
                insert into write_probe (node, written_at) values (?, now())
                on conflict (node) do update set written_at = excluded.written_at""";
        try (PreparedStatement insert = connection.prepareStatement(write)) {
            insert.setString(1, node);
            insert.executeUpdate();
        }
        connection.commit();
    }

    private static String words(SQLException e) {
        if (e instanceof Fence.Refused) {
            return e.getMessage();
        }
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        return switch (state) {
            case DISK_FULL -> "the disk of PostgreSQL is full: free space where its data directory is";
            case "25006" -> "PostgreSQL is read-only: a standby, or set so; point the node at the primary";
            case "58030" -> "PostgreSQL cannot write its files: look at its disk and its log";
            case "57014" ->
                "PostgreSQL did not write within "
                        + PooledDatabase.PROBE_SECONDS
                        + " s: its disk is too slow, or it waits for a standby that is away";
            default ->
                state.startsWith("08") || state.startsWith("57P")
                        ? "PostgreSQL does not answer"
                        : "PostgreSQL refuses to write (SQLSTATE " + state + "): look at its log";
        };
    }
}
