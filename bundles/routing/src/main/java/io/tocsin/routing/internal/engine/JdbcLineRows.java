package io.tocsin.routing.internal.engine;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** {@link LineRows} in PostgreSQL. */
final class JdbcLineRows implements LineRows {
    private final Connection connection;

    JdbcLineRows(Connection connection) {
        this.connection = connection;
    }

    /** Looked at after the lock, by what time it is then: whoever had it before has committed. */
    @Override
    public List<Share> hold(int accountId) throws SQLException {
        try (PreparedStatement lock =
                connection.prepareStatement("select pg_advisory_xact_lock(hashtext('account_lines'), ?)")) {
            lock.setInt(1, accountId);
            lock.execute();
        }
        try (PreparedStatement query = connection.prepareStatement(
                """
                select holder, held, wanted from account_lines
                where account_id = ? and until > clock_timestamp() order by holder
                """)) {
            query.setInt(1, accountId);
            List<Share> shares = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    shares.add(new Share(row.getString(1), row.getInt(2), row.getInt(3)));
                }
            }
            return shares;
        }
    }

    @Override
    public void keep(int accountId, Share share, Duration lease) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement(
                """
                insert into account_lines as l (account_id, holder, held, wanted, until)
                values (?, ?, ?, ?, clock_timestamp() + make_interval(secs => ?))
                on conflict (account_id, holder) do update
                set held = excluded.held, wanted = excluded.wanted, until = excluded.until
                """)) {
            upsert.setInt(1, accountId);
            upsert.setString(2, share.holder());
            upsert.setInt(3, share.held());
            upsert.setInt(4, share.wanted());
            upsert.setDouble(5, lease.toMillis() / 1000.0);
            upsert.executeUpdate();
        }
    }

    /** With it go those whose lease ended: nobody else would ever take them away. */
    @Override
    public void drop(int accountId, String holder) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(
                "delete from account_lines where account_id = ? and (holder = ? or until < clock_timestamp())")) {
            delete.setInt(1, accountId);
            delete.setString(2, holder);
            delete.executeUpdate();
        }
    }
}
