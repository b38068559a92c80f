package io.tocsin.cluster.internal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The nodes as PostgreSQL knows them: routing writes that they live, this room where they stand and what they run. */
final class NodeTable {

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

    private NodeTable() {}

    /** @return whether the node is there: it is once it dispatches */
    static boolean describe(Connection connection, String node, String site, String address, String version)
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

    /** Every node there ever was, by name. @param silence after which one is not alive */
    static List<Row> all(Connection connection, Duration silence) throws SQLException {
        String sql =
                """
                select name, incarnation, started_at, heartbeat, heartbeat > now() - make_interval(secs => ?),
                       coalesce(site, ''), coalesce(address, ''), coalesce(version, '')
                from node order by name
                """;
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setDouble(1, silence.toMillis() / 1000.0);
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
