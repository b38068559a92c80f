package io.tocsin.routing.internal.engine;

import io.tocsin.routing.internal.engine.AttemptRows.Mark;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The last group each appender committed, changed in the group's own transaction. */
final class GroupMarks {
    private GroupMarks() {}

    static void write(Connection connection, Mark mark) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                """
                insert into appended_group (appender, last, at) values (?, ?, now())
                on conflict (appender) do update set last = excluded.last, at = excluded.at
                """)) {
            update.setObject(1, mark.appender());
            update.setLong(2, mark.number());
            update.executeUpdate();
        }
    }

    /** Waits for whoever is writing the mark just now. */
    static boolean isLatest(Connection connection, Mark mark) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("select last from appended_group where appender = ? for update")) {
            query.setObject(1, mark.appender());
            try (ResultSet row = query.executeQuery()) {
                return row.next() && row.getLong(1) == mark.number();
            }
        }
    }
}
