package io.tocsin.audit.internal;

import io.tocsin.persistence.testing.TestDatabase;
import java.sql.SQLException;

/** An alert as the ledger would hold it after a run: n people, one SMS each, every second delivered, one answer. */
final class SampleAlert {

    private SampleAlert() {}

    static long insert(TestDatabase db, int tenant, int people, boolean drill) {
        return db.database().inTenant(tenant, connection -> {
            long alert;
            try (var statement = connection.createStatement()) {
                var row = statement.executeQuery("select nextval('alert_id')");
                row.next();
                alert = row.getLong(1);
                for (String sql : SCRIPT.split(";\\R")) {
                    statement.execute(sql.replace(":tenant", Integer.toString(tenant))
                            .replace(":alert", Long.toString(alert))
                            .replace(":people", Integer.toString(people))
                            .replace(":drill", Boolean.toString(drill)));
                }
            }
            return alert;
        });
    }

    /** Moments of retrying, one person each; everybody of the first half a second and a third time, without an answer. */
    static void triedAgain(TestDatabase db, int tenant, long alert, int moments) {
        db.database().inTenant(tenant, connection -> {
            try (var statement = connection.createStatement()) {
                for (String sql : AGAIN.split(";\\R")) {
                    statement.execute(sql.replace(":tenant", Integer.toString(tenant))
                            .replace(":alert", Long.toString(alert))
                            .replace(":moments", Integer.toString(moments)));
                }
            }
            return null;
        });
    }

    /** What a dishonest owner of the database can do: lifts the row-level security, changes rows, puts it back. */
    static void touch(TestDatabase db, String table, String sql) {
        try (var connection = db.ownerDataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute("alter table " + table + " no force row level security");
            statement.execute(sql);
            statement.execute("alter table " + table + " force row level security");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final String SCRIPT =
            """
            insert into alert (tenant_id, alert_id, scenario_slug, scenario_version, title, category, drill, state, policy,
                               recipients, launched_by, launched_at, ended_at, step)
            values (:tenant, :alert, 'inondation', 3, 'Inondation — évacuation du quartier bas', 0, :drill, 'closed',
                    '{"cascade": [{"channel": "sms", "patience": "PT5M", "maxAttempts": 3, "until": "answered"}],
                      "choices": [{"key": "1", "meaning": "En sécurité"}, {"key": "2", "meaning": "Besoin d''aide"}],
                      "variables": {}}',
                    :people, 'maire', now(), now(), 1);
            insert into alert_message (tenant_id, alert_id, channel, language, subject, body_text)
            values (:tenant, :alert, 'sms', 'fr', '', 'ALERTE {{name}} : rejoignez la salle des fêtes. {{answer_url}}');
            insert into recipient (tenant_id, alert_id, recipient_no, contact_id, name, language, variables, endpoints)
            select :tenant, :alert, n, 1000 + n, case when n = 2 then '=HYPERLINK("x");Œuvre' else 'Zoé Personne' || n end,
                   'fr', '{"rue": "rue de l''Église"}',
                   jsonb_build_array(jsonb_build_object('kind', 'mobile', 'address', '+3363998' || lpad((n % 10000)::text, 4, '0')))
            from generate_series(1, :people) n;
            insert into wave (tenant_id, alert_id, wave_no, kind, root_wave, step, channel, rule, targets, max_attempts,
                              patience, opened_at, deadline, closed_at)
            values (:tenant, :alert, 1, 'cascade', 1, 1, 'sms', 'cascade step 1', :people, 3, interval '5 minutes', now(),
                    now(), now());
            insert into target (tenant_id, alert_id, wave_no, position, recipient_no, address)
            select :tenant, :alert, 1, n - 1, n, '+3363998' || lpad((n % 10000)::text, 4, '0')
            from generate_series(1, :people) n;
            insert into attempt (tenant_id, alert_id, wave_no, position, kind, code, carrier_id, at, node)
            select :tenant, :alert, 1, n - 1, 'accepted', '', 'id' || n, now() + n * interval '1 microsecond', 'node-1'
            from generate_series(1, :people) n;
            insert into attempt (tenant_id, alert_id, wave_no, position, kind, code, carrier_id, at, node)
            select :tenant, :alert, 1, n - 1, 'delivered', 'DELIVRD', 'id' || n, now() + interval '1 second', 'node-2'
            from generate_series(1, :people, 2) n;
            insert into answer (tenant_id, alert_id, recipient_no, choice, channel, source, at)
            values (:tenant, :alert, 1, '1', 'sms', 'reply', now());
            """;

    private static final String AGAIN =
            """
            insert into wave (tenant_id, alert_id, wave_no, kind, root_wave, step, channel, rule, targets, max_attempts,
                              patience, opened_at, deadline, closed_at)
            select :tenant, :alert, 1 + n, 'retry', 1, 1, 'sms', 'tried again after: busy', 1, 3, interval '5 minutes',
                   now() + n * interval '1 second', now(), now()
            from generate_series(1, :moments) n;
            insert into target (tenant_id, alert_id, wave_no, position, recipient_no, address, try_no, replaces_wave,
                                replaces_position)
            select :tenant, :alert, 1 + n, 0, 1 + (n - 1) % (:moments / 2), '+33639980000', 2 + (n - 1) / (:moments / 2),
                   case when n <= :moments / 2 then 1 else 1 + n - :moments / 2 end,
                   case when n <= :moments / 2 then n - 1 else 0 end
            from generate_series(1, :moments) n;
            insert into attempt (tenant_id, alert_id, wave_no, position, kind, code, at, node)
            select :tenant, :alert, 1 + n, 0, 'rejected', 'busy', now() + n * interval '1 second', 'node-1'
            from generate_series(1, :moments) n;
            """;
}
