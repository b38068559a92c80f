package io.tocsin.routing.internal.engine;

import io.tocsin.routing.api.DispatchStatus.NodeStatus;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@link NodeRows} in PostgreSQL. */
final class JdbcNodeRows implements NodeRows {
    /** Of a node {@code n}: binds the lease in seconds. One of a release before has no life that could be ended. */
    static final String LIVES =
            """
            n.heartbeat > now() - make_interval(secs => ?)
            and (n.life_incarnation = n.incarnation and n.ended_life = n.life) is not true
            """;

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
                where not found and (asked_by is null or asked_by like ?)
                """)) {
            wait.setDouble(1, Reattach.LIMIT.toMillis() / 1000.0);
            wait.setString(2, "%" + JdbcReattachRows.NOBODY);
            wait.executeUpdate();
        }
        return node;
    }

    @Override
    public Optional<NodeLife> begin(Node node) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                """
                update node set heartbeat = now(), life = coalesce(life, 0) + 1, life_incarnation = incarnation,
                    life_process = pg_backend_pid(),
                    life_since = (select a.backend_start from pg_stat_activity a where a.pid = pg_backend_pid())
                where name = ? and incarnation = ?
                returning life
                """)) {
            update.setString(1, node.name());
            update.setLong(2, node.incarnation());
            try (ResultSet row = update.executeQuery()) {
                return row.next()
                        ? Optional.of(new NodeLife(node.name(), node.incarnation(), row.getLong(1)))
                        : Optional.empty();
            }
        }
    }

    /** By its process as well: behind a pooler, a session may be another one's by now, and others see the first one gone. */
    @Override
    public Optional<List<NodeLife>> beat(NodeLife life) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                """
                update node set heartbeat = now()
                where name = ? and incarnation = ? and life = ? and life_incarnation = incarnation
                  and life_process = pg_backend_pid() and ended_life is distinct from life
                """)) {
            bind(update, life);
            if (update.executeUpdate() == 0) {
                return Optional.empty();
            }
        }
        try (PreparedStatement query = connection.prepareStatement(
                """
                select n.name, n.incarnation, n.life from node n
                where n.name <> ? and n.life_incarnation = n.incarnation and n.life_since is not null
                  and n.ended_life is distinct from n.life
                  and not exists (select from pg_stat_activity a
                      where a.pid = n.life_process and (a.backend_start is null or a.backend_start = n.life_since))
                """)) {
            query.setString(1, life.name());
            List<NodeLife> gone = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    gone.add(new NodeLife(row.getString(1), row.getLong(2), row.getLong(3)));
                }
            }
            return Optional.of(gone);
        }
    }

    /** The node's row first: whoever begins another life waits for it, and finds its leases ended or does so before they are. */
    @Override
    public boolean end(NodeLife life) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                """
                update node set ended_life = life
                where name = ? and incarnation = ? and life = ? and life_incarnation = incarnation
                  and ended_life is distinct from life
                """)) {
            bind(update, life);
            if (update.executeUpdate() == 0) {
                return false;
            }
        }
        try (PreparedStatement batches = connection.prepareStatement(
                "update batch set lease_until = 'epoch' where not settled and lease_owner = ?")) {
            batches.setString(1, life.owner());
            batches.executeUpdate();
        }
        try (PreparedStatement lines = connection.prepareStatement(
                "update account_lines set until = 'epoch' where starts_with(holder, ? || '/')")) {
            lines.setString(1, life.owner());
            lines.executeUpdate();
        }
        return true;
    }

    private static void bind(PreparedStatement statement, NodeLife life) throws SQLException {
        statement.setString(1, life.name());
        statement.setLong(2, life.incarnation());
        statement.setLong(3, life.number());
    }

    @Override
    public int living(Duration lease) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("select count(*) from node n where " + LIVES)) {
            query.setDouble(1, lease.toMillis() / 1000.0);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    @Override
    public List<NodeStatus> all(Duration lease) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                "select name, incarnation, started_at, heartbeat, " + LIVES + " from node n order by name")) {
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
