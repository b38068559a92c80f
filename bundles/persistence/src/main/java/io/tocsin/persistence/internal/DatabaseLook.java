package io.tocsin.persistence.internal;

import io.tocsin.persistence.api.DatabaseState;
import io.tocsin.persistence.api.DatabaseState.Condition;
import io.tocsin.persistence.api.DatabaseState.Standby;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one look at a primary found.
 *
 * @param readOnly whether it refuses to write
 * @param several whether there should be a second server
 * @param wanted what a commit waits for, as {@code synchronous_standby_names} says; empty: nothing
 * @param told whether this role may see who follows
 * @param waiting how long the longest commit of this node has been waiting for a standby; empty: none waits
 * @param serverTime when it answered, by its own clock
 */
record DatabaseLook(
        ServerIdentity server,
        boolean readOnly,
        boolean several,
        String wanted,
        boolean told,
        Optional<Duration> waiting,
        List<Standby> standbys,
        Instant serverTime) {
    /** A commit over a slow link waits for a moment; more is somebody who is away. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /** Far beyond what NTP leaves, and beyond what a busy machine takes to answer. */
    private static final Duration APART = Duration.ofSeconds(30);

    private static final String SERVER = "select (select system_identifier from pg_control_system()), "
            + ServerIdentity.TIMELINE
            + """
            , coalesce(host(inet_server_addr()) || ':' || inet_server_port(), ''),
              current_setting('transaction_read_only') = 'on' or pg_is_in_recovery(),
              current_setting('synchronous_standby_names'),
              pg_has_role('pg_read_all_stats', 'usage'),
              (select 1000 * extract(epoch from max(clock_timestamp() - state_change))
               from pg_stat_activity where wait_event = 'SyncRep' and datname = current_database()),
              1000 * extract(epoch from clock_timestamp())""";

    /** What counts as following is that it streams: one that catches up is waited for by nobody yet. */
    private static final String STANDBYS =
            """
            select application_name, sync_state in ('sync', 'quorum'),
                   coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn), 0),
                   coalesce(1000 * extract(epoch from replay_lag), 0)
            from pg_stat_replication where state = 'streaming' order by 1
            """;

    /** @throws SQLException when the server does not answer, or may not be asked */
    static DatabaseLook at(Connection connection, boolean several) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(SERVER)) {
            row.next();
            ServerIdentity server = new ServerIdentity(row.getLong(1), row.getLong(2), row.getString(3));
            double waited = row.getDouble(7);
            Optional<Duration> waiting =
                    row.wasNull() ? Optional.empty() : Optional.of(Duration.ofMillis((long) waited));
            return new DatabaseLook(
                    server,
                    row.getBoolean(4),
                    several,
                    row.getString(5),
                    row.getBoolean(6),
                    waiting,
                    server.timeline() == 0 ? List.of() : standbys(connection),
                    Instant.ofEpochMilli(row.getLong(8)));
        }
    }

    private static List<Standby> standbys(Connection connection) throws SQLException {
        List<Standby> standbys = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(STANDBYS)) {
            while (row.next()) {
                standbys.add(new Standby(
                        row.getString(1), row.getBoolean(2), row.getLong(3), Duration.ofMillis(row.getLong(4))));
            }
        }
        return standbys;
    }

    /** @param asked by this node's clock, @param took until the answer: the server's own time is taken to be half of that later */
    DatabaseState state(Instant asked, Duration took, boolean slow) {
        Duration offset = Duration.between(serverTime, asked.plus(took.dividedBy(2)));
        Condition condition = condition(slow, offset);
        return new DatabaseState(
                condition,
                words(condition, took, offset),
                server.address(),
                server.system(),
                server.timeline(),
                asked.plus(took),
                standbys,
                Optional.of(offset),
                took);
    }

    private Condition condition(boolean slow, Duration offset) {
        boolean followed = standbys.stream().anyMatch(Standby::synchronous);
        if (server.timeline() == 0) {
            return Condition.NO_PRIMARY;
        }
        if (readOnly) {
            return Condition.READ_ONLY;
        }
        if (waiting.filter(wait -> wait.compareTo(PATIENCE) > 0).isPresent()
                || told && !wanted.isEmpty() && !followed) {
            return Condition.WAITING_FOR_STANDBY;
        }
        if (slow) {
            return Condition.SLOW;
        }
        if (several && told && !followed) {
            return Condition.UNPROTECTED;
        }
        return offset.abs().compareTo(APART) > 0 ? Condition.CLOCK_APART : Condition.PRIMARY;
    }

    private String words(Condition condition, Duration took, Duration offset) {
        return switch (condition) {
            case WAITING_FOR_STANDBY ->
                "commits wait for the synchronous standby (" + wanted
                        + "), which does not follow: each is given up after " + PooledDatabase.COMMIT_LIMIT.toSeconds()
                        + " s and repeated. Patroni lets the primary go on alone unless synchronous_mode_strict is on";
            case UNPROTECTED ->
                "no synchronous standby follows: should this server be lost now, so would be what it acknowledged."
                        + " Bring the other site's PostgreSQL back";
            case READ_ONLY -> "PostgreSQL refuses to write";
            case NO_PRIMARY -> "the server that answers is a standby";
            case SLOW -> "PostgreSQL took " + took.toMillis() + " ms to say how it is";
            case CLOCK_APART ->
                "this node's clock is " + offset.abs().toSeconds() + " s "
                        + (offset.isNegative() ? "behind" : "ahead of")
                        + " the database server's: its deadlines come as much too "
                        + (offset.isNegative() ? "late" : "early")
                        + ". Look at NTP on both";
            default -> several && !told ? "who follows cannot be seen: grant pg_read_all_stats to tocsin_engine;" : "";
        };
    }
}
