package io.tocsin.alerting.internal;

import io.tocsin.alerting.api.Alerts.LaunchRequest;
import io.tocsin.alerting.api.LaunchRefusedException;
import io.tocsin.alerting.api.LaunchRefusedException.Problem;
import io.tocsin.audit.api.Actor;
import io.tocsin.audit.api.Journal;
import io.tocsin.persistence.api.Database;
import io.tocsin.routing.api.Alert;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Trying a scenario on oneself, and on nobody else: an exercise for the one contact that somebody said they are. */
final class TrialDesk {
    private final Database database;
    private final Journal journal;
    private final LaunchDesk launches;
    private final Clock clock;

    TrialDesk(Database database, Journal journal, LaunchDesk launches, Clock clock) {
        this.database = database;
        this.journal = journal;
        this.launches = launches;
        this.clock = clock;
    }

    Alert launch(
            int tenantId, String scenario, Map<String, String> variables, String key, Actor actor, boolean onBehalf) {
        long me = whoIs(tenantId, actor)
                .orElseThrow(
                        () -> refused(
                                "contact",
                                "nobody knows which contact " + actor.name()
                                        + " is; say so first (PUT trial-contact), then it is tried on that one and on nobody else"));
        LaunchRequest request = new LaunchRequest(scenario, true, variables, Optional.empty(), Optional.empty());
        return launches.launch(tenantId, LaunchDesk.Order.on(me, request, onBehalf), Optional.of(key), actor);
    }

    /** The actor's trials that still run; none if the key was used, for then nothing new is tried. */
    List<Long> superseded(int tenantId, String key, Actor actor) {
        String sql =
                """
                select t.alert_id from trial t join alert a using (tenant_id, alert_id)
                where t.tenant_id = ? and t.login = ? and a.state in ('running', 'paused')
                  and not exists (select from idempotency i where i.tenant_id = t.tenant_id and i.key = ?)
                """;
        return database.inTenant(tenantId, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setInt(1, tenantId);
                statement.setString(2, actor.name());
                statement.setString(3, key);
                List<Long> alerts = new ArrayList<>();
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        alerts.add(row.getLong(1));
                    }
                }
                return alerts;
            }
        });
    }

    Optional<Long> whoIs(int tenantId, Actor actor) {
        String sql =
                """
                select t.contact_id from trial_contact t join contact c using (tenant_id, contact_id)
                where t.tenant_id = ? and t.login = ? and c.state = 'active'
                """;
        return database.inTenant(tenantId, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setInt(1, tenantId);
                statement.setString(2, actor.name());
                try (ResultSet row = statement.executeQuery()) {
                    return row.next() ? Optional.of(row.getLong(1)) : Optional.empty();
                }
            }
        });
    }

    void iAm(int tenantId, long contactId, Actor actor) {
        String sql =
                """
                insert into trial_contact (tenant_id, login, contact_id, said_at)
                select tenant_id, ?, contact_id, ? from contact
                where tenant_id = ? and contact_id = ? and state = 'active'
                on conflict (tenant_id, login) do update
                set contact_id = excluded.contact_id, said_at = excluded.said_at
                """;
        database.inTenant(tenantId, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setString(1, actor.name());
                statement.setTimestamp(2, Timestamp.from(clock.instant()));
                statement.setInt(3, tenantId);
                statement.setLong(4, contactId);
                if (statement.executeUpdate() == 0) {
                    throw refused("contactId", "there is no contact " + contactId + "; choose one of the directory");
                }
            }
            journal.append(
                    connection, tenantId, actor, "trial-contact.said", "contact", Long.toString(contactId), Map.of());
            return null;
        });
    }

    /** So that it is never taken for a rehearsal. In the transaction of the launch. */
    static void mark(Connection connection, int tenantId, long alertId, Actor actor) throws SQLException {
        String sql = "insert into trial (tenant_id, alert_id, login) values (?, ?, ?)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, tenantId);
            statement.setLong(2, alertId);
            statement.setString(3, actor.name());
            statement.executeUpdate();
        }
    }

    private static LaunchRefusedException refused(String field, String problem) {
        return new LaunchRefusedException(List.of(new Problem(field, problem)));
    }
}
