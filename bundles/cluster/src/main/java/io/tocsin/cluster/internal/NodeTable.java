package io.tocsin.cluster.internal;

import io.tocsin.persistence.api.Database;
import io.tocsin.persistence.api.DatabaseException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The nodes as PostgreSQL knows them: routing writes that they live, this room where they stand and what they run. Everything
 * waits for the database, and is empty while it cannot be asked.
 */
final class NodeTable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeTable.class);

    /** After which a node that gave the database no sign of life does not run: leases of the default length and a bit. */
    private static final Duration DEAD = Duration.ofSeconds(20);

    private final AtomicReference<Optional<Database>> database;

    /** @param database that of the moment; empty: there is none */
    NodeTable(AtomicReference<Optional<Database>> database) {
        this.database = database;
    }

    /** @param alive whether it gave a sign of life lately; what missing members are held against */
    record Row(
            String name,
            long incarnation,
            Instant startedAt,
            Instant heartbeat,
            boolean alive,
            String site,
            String address,
            String version) {}

    /** @return whether the node is there: it is once it dispatches */
    Optional<Boolean> describe(String node, String site, String address, String version) {
        return asked(connection -> describe(connection, node, site, address, version));
    }

    /** Every node there ever was, by name. */
    Optional<List<Row>> all() {
        return asked(NodeTable::all);
    }

    /** Accounts by which some nodes that live can send and others cannot, in words. */
    Optional<List<String>> unevenCarriers() {
        return asked(connection -> CarrierReach.uneven(connection, DEAD));
    }

    private <T> Optional<T> asked(Database.Work<T> work) {
        try {
            return database.get().map(ground -> ground.asEngine(work));
        } catch (DatabaseException e) {
            LOG.debug("cluster.database-unasked", e);
            return Optional.empty();
        }
    }

    private static boolean describe(Connection connection, String node, String site, String address, String version)
            throws SQLException {
        String sql = "update node set site = ?, address = ?, version = ? where name = ?";
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setString(1, site);
            update.setString(2, address);
            update.setString(3, version);
            update.setString(4, node);
            return update.executeUpdate() == 1;
        }
    }

    private static List<Row> all(Connection connection) throws SQLException {
        String sql =
                """
                select name, incarnation, started_at, heartbeat, heartbeat > now() - make_interval(secs => ?),
                       coalesce(site, ''), coalesce(address, ''), coalesce(version, '')
                from node order by name
                """;
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setDouble(1, DEAD.toMillis() / 1000.0);
            List<Row> rows = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    rows.add(new Row(
                            row.getString(1),
                            row.getLong(2),
                            row.getTimestamp(3).toInstant(),
                            row.getTimestamp(4).toInstant(),
                            row.getBoolean(5),
                            row.getString(6),
                            row.getString(7),
                            row.getString(8)));
                }
            }
            return rows;
        }
    }
}
