package io.tocsin.alerting.internal;

import io.tocsin.alerting.api.LaunchRefusedException.Problem;
import io.tocsin.persistence.api.AdministrativeModel.Tenant;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** How many alerts a tenant may have running. In the launch's transaction. */
final class RunningQuota {
    private RunningQuota() {}

    static List<Problem> problems(Connection connection, Tenant tenant) throws SQLException {
        return problems(connection, tenant, 0);
    }

    /** @param own how many of the running alerts are this launch's own */
    static List<Problem> problems(Connection connection, Tenant tenant, int own) throws SQLException {
        String sql = "select count(*) from alert where tenant_id = ? and state in ('running', 'paused')";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, tenant.id());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                int others = row.getInt(1) - own;
                return others < tenant.maxRunningAlerts()
                        ? List.of()
                        : List.of(new Problem(
                                "tenant",
                                others + " alerts are running, the quota is " + tenant.maxRunningAlerts()
                                        + "; close one, or ask the agency for a larger quota"));
            }
        }
    }

    /** Keeps two launches from both taking the last place. */
    static void lock(Connection connection, int tenantId) throws SQLException {
        String sql = "select pg_advisory_xact_lock(hashtext('tocsin.alerting.quota'), ?)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, tenantId);
            statement.execute();
        }
    }
}
