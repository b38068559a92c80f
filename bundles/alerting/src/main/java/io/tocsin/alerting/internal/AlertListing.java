package io.tocsin.alerting.internal;

import io.tocsin.alerting.api.Alerts.Kind;
import io.tocsin.alerting.api.Alerts.Late;
import io.tocsin.alerting.api.Alerts.Listed;
import io.tocsin.alerting.api.FollowUps.Links;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.Ledger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Alerts one after the other, each with what it is beside others: a trial, a follow-up, answered late. */
final class AlertListing {
    /** The word of {@link Kind} of an alert a, with its trial r and what it follows, u. */
    static final String KIND =
            """
            case when r.alert_id is not null then 'trial' when u.alert_id is not null then 'follow-up'
                when a.drill then 'drill' else 'alert' end
            """;

    /** How many answered an alert a after its end. */
    static final String LATE =
            """
            case when a.ended_at is null then 0 else (
                select count(*) from answer n
                where n.tenant_id = a.tenant_id and n.alert_id = a.alert_id and n.recorded_at > a.ended_at) end
            """;

    private final Ledger ledger;
    private final FollowUpTable followUps = new FollowUpTable();

    AlertListing(Ledger ledger) {
        this.ledger = ledger;
    }

    private record Marks(Kind kind, long late) {}

    static Kind kind(String word) {
        return Kind.valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    List<Listed> read(Connection connection, int tenantId, Optional<Kind> kind, Optional<Long> before, int limit)
            throws SQLException {
        Map<Long, Marks> marks = marks(connection, tenantId, kind, before, limit);
        Map<Long, Links> links = followUps.links(connection, tenantId, marks.keySet());
        return ledger.alerts(connection, tenantId, marks.keySet()).stream()
                .map(alert -> listed(
                        alert, marks.get(alert.alertId()), links.getOrDefault(alert.alertId(), FollowUpTable.ALONE)))
                .toList();
    }

    private static Listed listed(Alert alert, Marks marks, Links links) {
        return new Listed(alert, marks.kind, links, marks.late);
    }

    private static Map<Long, Marks> marks(
            Connection connection, int tenantId, Optional<Kind> kind, Optional<Long> before, int limit)
            throws SQLException {
        String sql = "select a.alert_id, " + KIND + ", " + LATE
                + """
                from alert a
                left join trial r on r.tenant_id = a.tenant_id and r.alert_id = a.alert_id
                left join alert_follow_up u on u.tenant_id = a.tenant_id and u.alert_id = a.alert_id
                where a.tenant_id = ? and a.alert_id < ? and (?::text is null or ?::text =
                """
                + KIND + ") order by a.alert_id desc limit ?";
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setInt(1, tenantId);
            query.setLong(2, before.orElse(Long.MAX_VALUE));
            query.setString(3, kind.map(Kind::word).orElse(null));
            query.setString(4, kind.map(Kind::word).orElse(null));
            query.setInt(5, limit);
            Map<Long, Marks> marks = new LinkedHashMap<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    marks.put(row.getLong(1), new Marks(kind(row.getString(2)), row.getLong(3)));
                }
            }
            return marks;
        }
    }

    /** What came when an alert was over, and what of its replies another alert's number brought. */
    static Late late(Connection connection, int tenantId, long alertId) throws SQLException {
        String sql = "select " + LATE
                + """
                , (select count(*) from inbound_message m where m.tenant_id = a.tenant_id and m.alert_id = a.alert_id
                    and m.later_alert_id is not null and m.outcome = 'answered'),
                (select count(*) from inbound_message m
                    where m.tenant_id = a.tenant_id and m.later_alert_id = a.alert_id and m.outcome = 'answered')
                from alert a where a.tenant_id = ? and a.alert_id = ?
                """;
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setInt(1, tenantId);
            query.setLong(2, alertId);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? new Late(row.getLong(1), row.getLong(2), row.getLong(3)) : Late.NONE;
            }
        }
    }
}
