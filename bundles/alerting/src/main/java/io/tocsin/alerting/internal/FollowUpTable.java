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
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The table {@code alert_follow_up}, read from both ends. */
final class FollowUpTable {
    static final Links ALONE = new Links(Optional.empty(), List.of());

    Links links(Connection connection, int tenantId, long alertId) throws SQLException {
        return links(connection, tenantId, List.of(alertId)).getOrDefault(alertId, ALONE);
    }

    /** Of each that has any. */
    Map<Long, Links> links(Connection connection, int tenantId, Collection<Long> alertIds) throws SQLException {
        String of =
                """
                select f.alert_id, a.alert_id, f.kind, f.whom, a.title, a.state, a.recipients, a.launched_at
                from alert_follow_up f join alert a on a.tenant_id = f.tenant_id and a.alert_id = f.of_alert_id
                where f.tenant_id = ? and f.alert_id = any (?)
                """;
        String followUps =
                """
                select f.of_alert_id, a.alert_id, f.kind, f.whom, a.title, a.state, a.recipients, a.launched_at
                from alert_follow_up f join alert a on a.tenant_id = f.tenant_id and a.alert_id = f.alert_id
                where f.tenant_id = ? and f.of_alert_id = any (?) order by a.alert_id
                """;
        Map<Long, List<Link>> firsts = read(connection, of, tenantId, alertIds);
        Map<Long, List<Link>> after = read(connection, followUps, tenantId, alertIds);
        Map<Long, Links> links = new HashMap<>();
        alertIds.forEach(alertId -> {
            if (firsts.containsKey(alertId) || after.containsKey(alertId)) {
                links.put(
                        alertId,
                        new Links(
                                firsts.getOrDefault(alertId, List.of()).stream().findFirst(),
                                after.getOrDefault(alertId, List.of())));
            }
        });
        return links;
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

    private static Map<Long, List<Link>> read(
            Connection connection, String sql, int tenantId, Collection<Long> alertIds) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setInt(1, tenantId);
            query.setArray(2, connection.createArrayOf("int8", alertIds.toArray()));
            Map<Long, List<Link>> links = new HashMap<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    links.computeIfAbsent(row.getLong(1), alert -> new ArrayList<>())
                            .add(link(row, 2));
                }
            }
            return links;
        }
    }

    /** @param first of the columns alert_id, kind, whom, title, state, recipients, launched_at */
    static Link link(ResultSet row, int first) throws SQLException {
        return new Link(
                row.getLong(first),
                Kind.valueOf(constant(row.getString(first + 1))),
                Whom.valueOf(constant(row.getString(first + 2))),
                row.getString(first + 3),
                Alert.State.valueOf(constant(row.getString(first + 4))),
                row.getInt(first + 5),
                row.getTimestamp(first + 6).toInstant());
    }

    private static String constant(String word) {
        return word.toUpperCase(Locale.ROOT).replace('-', '_');
    }
}
