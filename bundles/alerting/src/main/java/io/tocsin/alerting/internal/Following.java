package io.tocsin.alerting.internal;

import io.tocsin.alerting.api.FollowUps.Kind;
import io.tocsin.alerting.api.FollowUps.Whom;
import io.tocsin.alerting.api.LaunchRefusedException;
import io.tocsin.alerting.api.LaunchRefusedException.Problem;
import io.tocsin.audit.api.Actor;
import io.tocsin.audit.api.Journal;
import io.tocsin.routing.api.Ledger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which alert a launch follows up, and as what: its people instead of any list. All of it in the transaction of the launch.
 *
 * @param alertId of the first
 */
record Following(long alertId, Kind kind, Whom whom) {

    /** Whoever comes second waits here for the first; then nobody hears twice that it is over. */
    void checkOnce(Connection connection, int tenantId) throws SQLException {
        try (PreparedStatement lock =
                connection.prepareStatement("select from alert where tenant_id = ? and alert_id = ? for update")) {
            lock.setInt(1, tenantId);
            lock.setLong(2, alertId);
            lock.execute();
        }
        List<Problem> over = over(connection, tenantId);
        if (!over.isEmpty()) {
            throw new LaunchRefusedException(over);
        }
    }

    /** An all-clear that is there already. */
    List<Problem> over(Connection connection, int tenantId) throws SQLException {
        if (kind != Kind.ALL_CLEAR) {
            return List.of();
        }
        String sql =
                """
                select f.alert_id from alert_follow_up f join alert a using (tenant_id, alert_id)
                where f.tenant_id = ? and f.of_alert_id = ? and f.kind = ? and a.state <> 'cancelled'
                """;
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setInt(1, tenantId);
            query.setLong(2, alertId);
            query.setString(3, kind.word());
            try (ResultSet row = query.executeQuery()) {
                return row.next()
                        ? List.of(new Problem(
                                "kind",
                                "alert " + alertId + " has its all-clear, alert " + row.getLong(1)
                                        + "; reach again from there whoever it did not reach, or send a correction"))
                        : List.of();
            }
        }
    }

    /** Nothing more leaves of the first; what a node had taken by then may. */
    void endFirst(Connection connection, int tenantId, Ledger ledger, Journal journal, Actor actor, Instant at)
            throws SQLException {
        if (ledger.cancel(connection, tenantId, alertId, at)) {
            AlertEnds.markJournaled(connection, tenantId, alertId);
            journal.append(
                    connection,
                    tenantId,
                    actor,
                    "alert.cancelled",
                    "alert",
                    Long.toString(alertId),
                    Map.of("for", kind.word()));
        }
    }

    /**
     * Freezes its people as they were frozen for the first. Whose message a node holds counts as reached: it may be leaving while this is
     * read, and hearing of the end of an alert one did not get does less harm than the contrary.
     *
     * @return how many they are
     */
    int freeze(Connection connection, int tenantId, long newAlertId) throws SQLException {
        String sql =
                """
                insert into recipient (tenant_id, alert_id, recipient_no, contact_id, name, language, variables, endpoints)
                select r.tenant_id, ?, row_number() over (order by r.recipient_no), r.contact_id, r.name, r.language,
                    r.variables, r.endpoints
                from recipient r
                where r.tenant_id = ? and r.alert_id = ? and (? or r.recipient_no in (
                    select p.recipient_no from alert_people(?, ?) p where p.state in ('answered', 'delivered', 'unknown')
                    union all
                    select x.recipient_no from target x
                    join known(?, ?) o on o.wave_no = x.wave_no and o."position" = x."position"
                    where x.tenant_id = ? and x.alert_id = ? and o.state in ('accepted', 'in-doubt', 'delivered')
                    union all
                    select x.recipient_no from batch b
                    join target x on x.tenant_id = b.tenant_id and x.alert_id = b.alert_id and x.wave_no = b.wave_no
                        and x."position" >= b.watermark and x."position" < b.end_position
                    where b.tenant_id = ? and b.alert_id = ? and not b.settled and b.lease_owner is not null))
                """;
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            insert.setLong(1, newAlertId);
            insert.setInt(2, tenantId);
            insert.setLong(3, alertId);
            insert.setBoolean(4, whom == Whom.EVERYBODY);
            for (int at = 5; at < 13; at += 2) {
                insert.setInt(at, tenantId);
                insert.setLong(at + 1, alertId);
            }
            return insert.executeUpdate();
        }
    }

    /** Links the two, both ways: the journal of each names the other. */
    void link(Connection connection, int tenantId, long newAlertId, Journal journal, Actor actor) throws SQLException {
        String sql =
                "insert into alert_follow_up (tenant_id, alert_id, of_alert_id, kind, whom) values (?, ?, ?, ?, ?)";
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            insert.setInt(1, tenantId);
            insert.setLong(2, newAlertId);
            insert.setLong(3, alertId);
            insert.setString(4, kind.word());
            insert.setString(5, whom.word());
            insert.executeUpdate();
        }
        journal.append(
                connection,
                tenantId,
                actor,
                "alert.followed-up",
                "alert",
                Long.toString(alertId),
                Map.of("by", newAlertId, "kind", kind.word()));
    }

    /** For the journal of the new one, in place of lists. */
    Map<String, Object> details() {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("follows", alertId);
        details.put("kind", kind.word());
        details.put("whom", whom.word());
        return details;
    }
}
