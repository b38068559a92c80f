package io.tocsin.routing.internal.engine;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

/** {@link AccountTimeRows} in PostgreSQL. */
final class JdbcAccountTimeRows implements AccountTimeRows {
    private final Connection connection;

    JdbcAccountTimeRows(Connection connection) {
        this.connection = connection;
    }

    /** A time taken further ahead than anybody takes it was written before the server's clock was put back: it is no time. */
    @Override
    public Answer take(int accountId, Duration stretch, Duration longest, Duration ahead, boolean urgent)
            throws SQLException {
        try (PreparedStatement take = connection.prepareStatement(
                """
                insert into account_time as t (account_id, taken_until, urgent_in_a_row)
                select ?, clock_timestamp() + n.stretch, n.urgent::int
                from (select make_interval(secs => ?) as stretch, ? as urgent) n
                on conflict (account_id) do update
                set taken_until = make_interval(secs => ?) + case
                        when t.taken_until > clock_timestamp() + make_interval(secs => ?) then clock_timestamp()
                        else greatest(t.taken_until, clock_timestamp()) end,
                    urgent_in_a_row = case when ? then least(t.urgent_in_a_row + 1, ?) else 0 end
                where t.taken_until > clock_timestamp() + make_interval(secs => ?)
                   or t.taken_until <= clock_timestamp() + case
                        when ? or t.urgent_in_a_row in (0, ?) then make_interval(secs => ?) else interval '0' end
                returning extract(epoch from t.taken_until - clock_timestamp())
                """)) {
            double lasts = seconds(stretch);
            double furthest = seconds(longest) + seconds(ahead);
            take.setInt(1, accountId);
            take.setDouble(2, lasts);
            take.setBoolean(3, urgent);
            take.setDouble(4, lasts);
            take.setDouble(5, furthest);
            take.setBoolean(6, urgent);
            take.setInt(7, MOST_URGENT_IN_A_ROW);
            take.setDouble(8, furthest);
            take.setBoolean(9, urgent);
            take.setInt(10, MOST_URGENT_IN_A_ROW);
            take.setDouble(11, seconds(ahead));
            try (ResultSet row = take.executeQuery()) {
                if (row.next()) {
                    return new Answer(true, atLeastNone(row.getDouble(1) - lasts));
                }
            }
        }
        return new Answer(false, again(accountId, ahead, urgent));
    }

    private Duration again(int accountId, Duration ahead, boolean urgent) throws SQLException {
        try (PreparedStatement ask = connection.prepareStatement(
                """
                select extract(epoch from taken_until - clock_timestamp()), urgent_in_a_row
                from account_time where account_id = ?
                """)) {
            ask.setInt(1, accountId);
            try (ResultSet row = ask.executeQuery()) {
                if (!row.next()) {
                    return Duration.ZERO;
                }
                int inARow = row.getInt(2);
                boolean mayBeAhead = urgent || inARow == 0 || inARow == MOST_URGENT_IN_A_ROW;
                return atLeastNone(row.getDouble(1) - (mayBeAhead ? seconds(ahead) : 0));
            }
        }
    }

    private static Duration atLeastNone(double seconds) {
        return Duration.ofNanos(Math.round(Math.max(0, seconds) * 1e9));
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
