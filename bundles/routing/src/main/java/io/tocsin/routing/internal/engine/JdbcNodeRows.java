package io.tocsin.routing.internal.engine;

import io.tocsin.routing.api.DispatchStatus.NodeStatus;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** {@link NodeRows} in PostgreSQL. */
final class JdbcNodeRows implements NodeRows {
    private final Connection connection;

    JdbcNodeRows(Connection connection) {
        this.connection = connection;
    }

    @Override
    public Node register(String name) throws SQLException {
        Node node;
        try (PreparedStatement upsert = connection.prepareStatement(
                """
                insert into node (name, incarnation, started_at, heartbeat) values (?, 1, now(), now())
                on conflict (name) do update set incarnation = node.incarnation + 1, started_at = now(), heartbeat = now()
                returning incarnation
                """)) {
            upsert.setString(1, name);
            try (ResultSet row = upsert.executeQuery()) {
                row.next();
                node = new Node(name, row.getLong(1));
            }
        }
        try (PreparedStatement expire = connection.prepareStatement(
                """
                update batch set lease_until = 'epoch'
                where not settled and starts_with(lease_owner, ? || '#') and lease_owner <> ?
                """)) {
            expire.setString(1, name);
            expire.setString(2, node.owner());
            expire.executeUpdate();
        }
        // It may be the first that can ask, and its channels are still to be opened.
        try (PreparedStatement wait = connection.prepareStatement(
                """
                update reattach set since = now(), until = now() + make_interval(secs => ?)
                where not found and asked_by is null
                """)) {
            wait.setDouble(1, Reattach.LIMIT.toMillis() / 1000.0);
            wait.executeUpdate();
        }
        return node;
    }

    @Override
    public int heartbeat(Node node, Duration lease) throws SQLException {
        try (PreparedStatement beat = connection.prepareStatement(
                """
                with beat as (update node set heartbeat = now() where name = ? and incarnation = ? returning name)
                select count(*) from node where heartbeat > now() - make_interval(secs => ?) or name in (select name from beat)
                """)) {
            beat.setString(1, node.name());
            beat.setLong(2, node.incarnation());
            beat.setDouble(3, lease.toMillis() / 1000.0);
            try (ResultSet row = beat.executeQuery()) {
                row.next();
                return Math.max(1, row.getInt(1));
            }
        }
    }

    @Override
    public List<NodeStatus> all(Duration lease) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                """
                select name, incarnation, started_at, heartbeat, heartbeat > now() - make_interval(secs => ?)
                from node order by name
                """)) {
            query.setDouble(1, lease.toMillis() / 1000.0);
            List<NodeStatus> nodes = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    nodes.add(new NodeStatus(
                            row.getString(1),
                            row.getLong(2),
                            row.getTimestamp(3).toInstant(),
                            row.getTimestamp(4).toInstant(),
                            row.getBoolean(5)));
                }
            }
            return nodes;
        }
    }
}
