package io.tocsin.alerting.internal;

import io.tocsin.routing.api.Totals;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The table {@code alert_end}: which ends of alerts are in the journal. */
final class AlertEnds {

    private AlertEnds() {}

    /** @return true */
    static boolean markJournaled(Connection connection, int tenantId, long alertId) throws SQLException {
        String sql =
                """
                insert into alert_end (tenant_id, alert_id, sealed) values (?, ?, false)
                on conflict (tenant_id, alert_id) do nothing
                """;
        run(connection, sql, tenantId, alertId);
        return true;
    }

    /** @return false if another node did, or is doing, it */
    static boolean markSealed(Connection connection, int tenantId, long alertId) throws SQLException {
        String sql =
                """
                insert into alert_end (tenant_id, alert_id, sealed) values (?, ?, true)
                on conflict (tenant_id, alert_id) do update set sealed = true where not alert_end.sealed
                """;
        return run(connection, sql, tenantId, alertId) == 1;
    }

    /** A relaunch opens the alert again: its next end is journaled anew. */
    static void forget(Connection connection, int tenantId, long alertId) throws SQLException {
        run(connection, "delete from alert_end where tenant_id = ? and alert_id = ?", tenantId, alertId);
        AlertFigures.forget(connection, tenantId, alertId);
    }

    static Map<String, Object> words(Totals totals) {
        Map<String, Object> words = new LinkedHashMap<>();
        words.put("recipients", totals.recipients());
        words.put("answered", totals.answered());
        words.put("delivered", totals.delivered());
        words.put("failed", totals.failed());
        words.put("unknown", totals.unknown());
        words.put("pending", totals.pending());
        words.put("flagged", totals.flagged());
        words.put("published", totals.published());
        return words;
    }

    private static int run(Connection connection, String sql, int tenantId, long alertId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, tenantId);
            statement.setLong(2, alertId);
            return statement.executeUpdate();
        }
    }
}
