package io.tocsin.alerting.internal;

import io.tocsin.alerting.api.LaunchRefusedException;
import io.tocsin.alerting.api.LaunchRefusedException.Problem;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** Whether a tenant lets its agency launch in its name, as its administrators said last. */
final class Consent {
    private Consent() {}

    /**
     * Holds the consent until the transaction ends: one that is taken back meanwhile comes after.
     *
     * @return what the journal says of it
     * @throws LaunchRefusedException if there is none in force
     */
    static Map<String, Object> required(Connection connection, int tenantId) throws SQLException {
        String sql =
                """
                select granted_by, until from launch_consent where tenant_id = ? and until > now() for share
                """;
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setInt(1, tenantId);
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    throw new LaunchRefusedException(List.of(new Problem(
                            "consent",
                            "the organisation has not agreed that its agency launches in its name; one of its"
                                    + " administrators gives the consent, for a time, in the administration")));
                }
                return Map.of(
                        "onBehalf",
                        true,
                        "consentOf",
                        row.getString(1),
                        "consentUntil",
                        row.getTimestamp(2).toInstant().toString());
            }
        }
    }
}
