package io.tocsin.audit.internal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an alert is beside others: which one it is the correction or the all-clear of, what followed it, and what came when it was over.
 *
 * @param trial whether somebody tried a scenario on themselves
 * @param follows the alert whose correction or all-clear it is
 * @param followedBy earliest first
 * @param lateAnswers whose answer came after its end
 */
record AlertKin(boolean trial, Optional<Other> follows, List<Other> followedBy, long lateAnswers) {

    /** @param kind {@code correction} or {@code all-clear}, of the later of the two @param whom {@code reached} or {@code everybody} */
    record Other(long alertId, String kind, String whom, String title, Instant launchedAt) {

        Map<String, Object> json() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("alert", alertId);
            json.put("kind", kind);
            json.put("whom", whom);
            json.put("title", title);
            json.put("launchedAt", launchedAt.toString());
            return json;
        }
    }

    static AlertKin read(Connection connection, int tenantId, long alertId) throws SQLException {
        String first =
                """
                select a.alert_id, f.kind, f.whom, a.title, a.launched_at
                from alert_follow_up f join alert a on a.tenant_id = f.tenant_id and a.alert_id = f.of_alert_id
                where f.tenant_id = ? and f.alert_id = ?
                """;
        String after =
                """
                select a.alert_id, f.kind, f.whom, a.title, a.launched_at
                from alert_follow_up f join alert a on a.tenant_id = f.tenant_id and a.alert_id = f.alert_id
                where f.tenant_id = ? and f.of_alert_id = ? order by a.alert_id
                """;
        String marks =
                """
                select exists (select from trial r where r.tenant_id = a.tenant_id and r.alert_id = a.alert_id),
                    (select count(*) from answer n
                        where n.tenant_id = a.tenant_id and n.alert_id = a.alert_id and n.recorded_at > a.ended_at)
                from alert a where a.tenant_id = ? and a.alert_id = ?
                """;
        try (PreparedStatement query = AlertFacts.bound(connection, marks, tenantId, alertId);
                ResultSet row = query.executeQuery()) {
            row.next();
            return new AlertKin(
                    row.getBoolean(1),
                    others(connection, first, tenantId, alertId).stream().findFirst(),
                    others(connection, after, tenantId, alertId),
                    row.getLong(2));
        }
    }

    private static List<Other> others(Connection connection, String sql, int tenantId, long alertId)
            throws SQLException {
        try (PreparedStatement query = AlertFacts.bound(connection, sql, tenantId, alertId);
                ResultSet row = query.executeQuery()) {
            List<Other> others = new ArrayList<>();
            while (row.next()) {
                others.add(new Other(
                        row.getLong(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getTimestamp(5).toInstant()));
            }
            return others;
        }
    }
}
