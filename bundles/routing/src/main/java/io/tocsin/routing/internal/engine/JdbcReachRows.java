package io.tocsin.routing.internal.engine;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;

/** {@link ReachRows} in PostgreSQL. */
final class JdbcReachRows implements ReachRows {
    private final Connection connection;

    JdbcReachRows(Connection connection) {
        this.connection = connection;
    }

    @Override
    public void tell(Node node, Map<Integer, Boolean> sends) throws SQLException {
        Array accounts = connection.createArrayOf("int4", sends.keySet().toArray());
        Array can = connection.createArrayOf("bool", sends.values().toArray());
        try (PreparedStatement delete =
                connection.prepareStatement("delete from node_account where node = ? and account_id <> all (?)")) {
            delete.setString(1, node.name());
            delete.setArray(2, accounts);
            delete.executeUpdate();
        }
        try (PreparedStatement upsert = connection.prepareStatement(
                """
                insert into node_account (node, account_id, sends, since)
                select ?, account_id, sends, now() from unnest(?, ?) as told (account_id, sends)
                on conflict (node, account_id) do update set sends = excluded.sends, since = excluded.since
                where node_account.sends <> excluded.sends
                """)) {
            upsert.setString(1, node.name());
            upsert.setArray(2, accounts);
            upsert.setArray(3, can);
            upsert.executeUpdate();
        }
    }

    @Override
    public boolean anybody(Collection<Integer> accounts, Duration lease) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                """
                select exists (select from node_account a join node n on n.name = a.node
                               where a.account_id = any (?) and a.sends and
                """
                        + JdbcNodeRows.LIVES
                        + ")")) {
            query.setArray(1, connection.createArrayOf("int4", accounts.toArray()));
            query.setDouble(2, lease.toMillis() / 1000.0);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }
}
