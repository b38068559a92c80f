package io.tocsin.alerting.internal;

import io.tocsin.alerting.api.ScenarioNumbers;
import io.tocsin.persistence.api.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Numbers of scenarios, kept in the database beside them. */
@Component(service = ScenarioNumbers.class)
public final class StoredScenarioNumbers implements ScenarioNumbers {
    private final Database database;

    @Activate
    public StoredScenarioNumbers(@Reference Database database) {
        this.database = database;
    }

    @Override
    public List<Numbered> of(int tenantId) {
        return database.inTenant(tenantId, connection -> {
            List<Numbered> known = read(connection, tenantId);
            if (known.stream().noneMatch(scenario -> scenario.number() == 0)) {
                return known;
            }
            give(connection, tenantId);
            return read(connection, tenantId);
        });
    }

    /** Whoever is without a number has 0, and comes first. */
    private static List<Numbered> read(Connection connection, int tenantId) throws SQLException {
        String numbered =
                """
                select coalesce(n.number, 0), s.slug, s.name
                from scenario s left join scenario_number n on n.tenant_id = s.tenant_id and n.slug = s.slug
                where s.tenant_id = ? and s.state = 'active'
                order by 1, 2
                """;
        try (PreparedStatement query = connection.prepareStatement(numbered)) {
            query.setInt(1, tenantId);
            List<Numbered> scenarios = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    scenarios.add(new Numbered(row.getInt(1), row.getString(2), row.getString(3)));
                }
            }
            return List.copyOf(scenarios);
        }
    }

    /** One at a time: two who give at once would give the same. */
    private static void give(Connection connection, int tenantId) throws SQLException {
        try (PreparedStatement lock =
                connection.prepareStatement("select pg_advisory_xact_lock(hashtext('tocsin.alerting.numbers'), ?)")) {
            lock.setInt(1, tenantId);
            lock.execute();
        }
        String giveTheNext =
                """
                insert into scenario_number (tenant_id, slug, number)
                select s.tenant_id, s.slug,
                    (select coalesce(max(n.number), 0) from scenario_number n where n.tenant_id = s.tenant_id)
                        + row_number() over (order by s.slug)
                from scenario s
                where s.tenant_id = ? and s.state = 'active' and not exists (
                    select from scenario_number n where n.tenant_id = s.tenant_id and n.slug = s.slug)
                """;
        try (PreparedStatement insert = connection.prepareStatement(giveTheNext)) {
            insert.setInt(1, tenantId);
            insert.executeUpdate();
        }
    }
}
