package io.tocsin.phone.internal;

import io.tocsin.persistence.api.Database;
import io.tocsin.routing.api.IncomingCalls.Line;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Which alerts a number was alerted by: the rule of replies by address, for a whole list instead of the latest only. */
final class MissedCalls {

    /** How long after its end an alert is still told, and takes answers. */
    private static final Duration AFTER_THE_END = Duration.ofHours(24);

    /** Nobody listens to more. */
    private static final int MOST = 5;

    private static final int MOST_ROWS = 60;

    private final Database database;
    private final Clock clock;

    MissedCalls(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * Open alerts first, the latest first; of each those who have not answered, or else one who has: several people may share a
     * telephone. Cancelled ones are not told.
     *
     * @param numbers E.164; any of them
     */
    List<Missed> by(Set<String> numbers, Line line) {
        return numbers.isEmpty() ? List.of() : database.asEngine(connection -> chosen(rows(connection, numbers, line)));
    }

    private List<Missed> rows(Connection connection, Set<String> numbers, Line line) throws SQLException {
        String alertsOfNumber =
                """
                select t.tenant_id, t.alert_id, t.recipient_no, a.ended_at is not null,
                    exists (select from answer n where n.tenant_id = t.tenant_id and n.alert_id = t.alert_id
                        and n.recipient_no = t.recipient_no)
                from (
                    select distinct x.tenant_id, x.alert_id, x.recipient_no from target x
                    where x.address = any (?) and x.tenant_id = any (?)
                ) t
                join alert a on a.tenant_id = t.tenant_id and a.alert_id = t.alert_id
                where (a.state in ('running', 'paused') or a.state = 'closed' and a.ended_at > ?)
                  and exists (select from alert_message m where m.tenant_id = t.tenant_id and m.alert_id = t.alert_id
                        and m.channel = ?)
                order by a.ended_at is null desc, t.alert_id desc, t.recipient_no limit ?
                """;
        try (PreparedStatement query = connection.prepareStatement(alertsOfNumber)) {
            query.setArray(1, connection.createArrayOf("text", numbers.toArray()));
            query.setArray(2, connection.createArrayOf("int4", line.tenants().toArray()));
            query.setTimestamp(3, Timestamp.from(clock.instant().minus(AFTER_THE_END)));
            query.setString(4, line.channel());
            query.setInt(5, MOST_ROWS);
            List<Missed> rows = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    rows.add(new Missed(
                            row.getInt(1), row.getLong(2), row.getInt(3), row.getBoolean(4), row.getBoolean(5)));
                }
            }
            return rows;
        }
    }

    /** @param rows each alert's together */
    static List<Missed> chosen(List<Missed> rows) {
        List<Missed> chosen = new ArrayList<>();
        for (int at = 0; at < rows.size() && chosen.size() < MOST; ) {
            long alert = rows.get(at).alertId();
            List<Missed> ofAlert = rows.subList(at, rows.size()).stream()
                    .takeWhile(row -> row.alertId() == alert)
                    .toList();
            List<Missed> open = ofAlert.stream().filter(row -> !row.answered()).toList();
            chosen.addAll(open.isEmpty() ? ofAlert.subList(0, 1) : open);
            at += ofAlert.size();
        }
        return List.copyOf(chosen.subList(0, Math.min(MOST, chosen.size())));
    }
}
