package io.tocsin.cluster.internal;

import io.tocsin.persistence.api.Database;
import io.tocsin.persistence.api.DatabaseException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * The database as one look saw it.
 *
 * @param role what it is
 * @param lag of a standby, how far it is behind; empty where it cannot be told
 * @param clockOffset this node's clock minus the database's, by the middle of the round trip
 */
record DatabaseSight(Role role, Optional<Duration> lag, Optional<Duration> clockOffset) {

    /** What a database may be to a node. */
    enum Role {
        PRIMARY("primary"),
        READ_ONLY("read-only"),
        STANDBY("standby"),
        UNREACHABLE("unreachable"),
        /** This node has not found one since it started. */
        UNKNOWN("");

        private final String word;

        Role(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    static final DatabaseSight NONE = new DatabaseSight(Role.UNKNOWN, Optional.empty(), Optional.empty());
    static final DatabaseSight AWAY = new DatabaseSight(Role.UNREACHABLE, Optional.empty(), Optional.empty());

    /** Looks once: one row, nothing written. Blocks as long as a connection takes. */
    static DatabaseSight look(Database database, Clock clock) {
        try {
            return database.asEngine(connection -> look(connection, clock));
        } catch (DatabaseException e) {
            return AWAY;
        }
    }

    private static DatabaseSight look(Connection connection, Clock clock) throws SQLException {
        String sql =
                """
                select pg_is_in_recovery(), current_setting('transaction_read_only') = 'on', clock_timestamp(),
                       extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp()) * 1000
                """;
        try (Statement statement = connection.createStatement()) {
            // opens the transaction, so that the look itself is one round trip
            statement.execute("select 1");
            Instant asked = clock.instant();
            try (ResultSet row = statement.executeQuery(sql)) {
                Duration trip = Duration.between(asked, clock.instant());
                row.next();
                boolean standby = row.getBoolean(1);
                Instant theirs = row.getObject(3, OffsetDateTime.class).toInstant();
                double behind = row.getDouble(4);
                return new DatabaseSight(
                        standby ? Role.STANDBY : row.getBoolean(2) ? Role.READ_ONLY : Role.PRIMARY,
                        standby && !row.wasNull() ? Optional.of(Duration.ofMillis((long) behind)) : Optional.empty(),
                        Optional.of(Duration.between(theirs, asked.plus(trip.dividedBy(2)))));
            }
        }
    }
}
