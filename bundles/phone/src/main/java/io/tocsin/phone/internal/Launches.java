package io.tocsin.phone.internal;

import io.tocsin.persistence.api.Database;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
import java.util.Optional;

/** Which launch of a scenario was the last, by whatever door. */
final class Launches {

    /** @param cancelled whether somebody has called it off */
    record Last(long alertId, Instant at, boolean cancelled) {}

    private final Database database;

    Launches(Database database) {
        this.database = database;
    }

    Optional<Last> last(int tenantId, String scenario, boolean drill) {
        String lastOfScenario =
                """
                select alert_id, launched_at, state = 'cancelled' from alert
                where tenant_id = ? and scenario_slug = ? and drill = ? order by alert_id desc limit 1
                """;
        return database.inTenant(tenantId, connection -> {
            try (PreparedStatement query = connection.prepareStatement(lastOfScenario)) {
                query.setInt(1, tenantId);
                query.setString(2, scenario);
                query.setBoolean(3, drill);
                try (ResultSet row = query.executeQuery()) {
                    return row.next()
                            ? Optional.of(
                                    new Last(row.getLong(1), row.getTimestamp(2).toInstant(), row.getBoolean(3)))
                            : Optional.empty();
                }
            }
        });
    }
}
