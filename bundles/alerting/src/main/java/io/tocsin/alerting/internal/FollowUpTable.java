package io.tocsin.alerting.internal;

import io.tocsin.alerting.api.FollowUps.Kind;
import io.tocsin.alerting.api.FollowUps.Link;
import io.tocsin.alerting.api.FollowUps.Links;
import io.tocsin.alerting.api.FollowUps.Whom;
import io.tocsin.routing.api.Alert;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The table {@code alert_follow_up}, read from both ends. */
final class FollowUpTable {

    Links links(Connection connection, int tenantId, long alertId) throws SQLException {
        String of =
                """
                select a.alert_id, f.kind, f.whom, a.title, a.state, a.recipients, a.launched_at
                from alert_follow_up f join alert a on a.tenant_id = f.tenant_id and a.alert_id = f.of_alert_id
                where f.tenant_id = ? and f.alert_id = ?
                """;
        String followUps =
                """
                select a.alert_id, f.kind, f.whom, a.title, a.state, a.recipients, a.launched_at
                from alert_follow_up f join alert a on a.tenant_id = f.tenant_id and a.alert_id = f.alert_id
                where f.tenant_id = ? and f.of_alert_id = ? order by a.alert_id
                """;
        return new Links(
                read(connection, of, tenantId, alertId).stream().findFirst(),
                read(connection, followUps, tenantId, alertId));
    }

    boolean isTrial(Connection connection, int tenantId, long alertId) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("select from trial where tenant_id = ? and alert_id = ?")) {
            query.setInt(1, tenantId);
            query.setLong(2, alertId);
            try (ResultSet row = query.executeQuery()) {
                return row.next();
            }
        }
    }

    private static List<Link> read(Connection connection, String sql, int tenantId, long alertId) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setInt(1, tenantId);
            query.setLong(2, alertId);
            List<Link> links = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    links.add(new Link(
                            row.getLong(1),
                            Kind.valueOf(constant(row.getString(2))),
                            Whom.valueOf(constant(row.getString(3))),
                            row.getString(4),
                            Alert.State.valueOf(constant(row.getString(5))),
                            row.getInt(6),
                            row.getTimestamp(7).toInstant()));
                }
            }
            return links;
        }
    }

    private static String constant(String word) {
        return word.toUpperCase(Locale.ROOT).replace('-', '_');
    }
}
