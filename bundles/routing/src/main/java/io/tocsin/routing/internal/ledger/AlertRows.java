package io.tocsin.routing.internal.ledger;

import io.tocsin.channel.api.OutboundMessage.Category;
import io.tocsin.routing.api.Alert;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads rows of {@code alert}. */
public final class AlertRows {
    static final String COLUMNS =
            """
            tenant_id, alert_id, scenario_slug, scenario_version, title, category, drill, state, policy::text, recipients,
            launched_by, launched_at, ended_at
            """;

    private AlertRows() {}

    public static Optional<Alert> find(Connection connection, int tenantId, long alertId) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("select " + COLUMNS + " from alert where tenant_id = ? and alert_id = ?")) {
            query.setInt(1, tenantId);
            query.setLong(2, alertId);
            List<Alert> found = read(query);
            return found.isEmpty() ? Optional.empty() : Optional.of(found.get(0));
        }
    }

    static List<Alert> read(PreparedStatement query) throws SQLException {
        List<Alert> alerts = new ArrayList<>();
        try (ResultSet row = query.executeQuery()) {
            while (row.next()) {
                alerts.add(new Alert(
                        row.getInt(1),
                        row.getLong(2),
                        row.getString(3),
                        row.getInt(4),
                        row.getString(5),
                        Category.values()[row.getInt(6)],
                        row.getBoolean(7),
                        Alert.State.valueOf(row.getString(8).toUpperCase(Locale.ROOT)),
                        PolicyJson.read(row.getString(9)),
                        row.getInt(10),
                        row.getString(11),
                        instant(row, 12),
                        Optional.ofNullable(instant(row, 13))));
            }
        }
        return alerts;
    }

    static Instant instant(ResultSet row, int column) throws SQLException {
        Timestamp value = row.getTimestamp(column);
        return value == null ? null : value.toInstant();
    }
}
