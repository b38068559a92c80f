package io.tocsin.alerting.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tocsin.alerting.api.Scenario;
import io.tocsin.alerting.api.ScenarioFormat;
import io.tocsin.alerting.api.Scenarios;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The tables {@code scenario} and {@code scenario_version}. */
final class ScenarioTable {
    private final ObjectMapper mapper = new ObjectMapper();

    /** A stored scenario, withdrawn or not. */
    record Row(int scenarioId, boolean active, int version, String definition) {}

    List<Scenario> active(Connection connection, int tenantId) throws SQLException {
        String sql =
                """
                select version, definition, slug from scenario
                where tenant_id = ? and state = 'active' order by slug
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, tenantId);
            return scenarios(statement);
        }
    }

    Optional<Scenario> find(Connection connection, int tenantId, String slug) throws SQLException {
        String sql =
                """
                select version, definition, slug from scenario
                where tenant_id = ? and slug = ? and state = 'active'
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, tenantId);
            statement.setString(2, slug);
            return scenarios(statement).stream().findFirst();
        }
    }

    List<Scenarios.Prepared> prepared(Connection connection, int tenantId) throws SQLException {
        String sql =
                """
                select s.version, s.definition, s.slug, s.updated_by, s.updated_at, d.alert_id, d.launched_at
                from scenario s
                left join lateral (
                    select a.alert_id, a.launched_at from alert a
                    where a.tenant_id = s.tenant_id and a.scenario_slug = s.slug and a.drill
                      and not exists (select from trial t where t.tenant_id = a.tenant_id and t.alert_id = a.alert_id)
                      and not exists (
                          select from alert_follow_up f where f.tenant_id = a.tenant_id and f.alert_id = a.alert_id)
                    order by a.launched_at desc limit 1) d on true
                where s.tenant_id = ? and s.state = 'active' order by s.slug
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, tenantId);
            List<Scenarios.Prepared> prepared = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    Timestamp drilled = row.getTimestamp(7);
                    prepared.add(new Scenarios.Prepared(
                            scenario(row.getString(3), row.getInt(1), row.getString(2)),
                            row.getString(4),
                            row.getTimestamp(5).toInstant(),
                            drilled == null
                                    ? Optional.empty()
                                    : Optional.of(new Scenarios.Drilled(row.getLong(6), drilled.toInstant()))));
                }
            }
            return prepared;
        }
    }

    List<Scenarios.Version> versions(Connection connection, int tenantId, String slug) throws SQLException {
        String sql =
                """
                select v.version, v.updated_by, v.updated_at
                from scenario_version v join scenario s using (tenant_id, scenario_id)
                where s.tenant_id = ? and s.slug = ? order by v.version desc
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, tenantId);
            statement.setString(2, slug);
            List<Scenarios.Version> versions = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    versions.add(new Scenarios.Version(
                            row.getInt(1), row.getString(2), row.getTimestamp(3).toInstant()));
                }
            }
            return versions;
        }
    }

    Optional<Scenario> version(Connection connection, int tenantId, String slug, int version) throws SQLException {
        String sql =
                """
                select v.version, v.definition, s.slug
                from scenario_version v join scenario s using (tenant_id, scenario_id)
                where s.tenant_id = ? and s.slug = ? and v.version = ?
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, tenantId);
            statement.setString(2, slug);
            statement.setInt(3, version);
            return scenarios(statement).stream().findFirst();
        }
    }

    private List<Scenario> scenarios(PreparedStatement statement) throws SQLException {
        List<Scenario> scenarios = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                scenarios.add(scenario(row.getString(3), row.getInt(1), row.getString(2)));
            }
        }
        return scenarios;
    }

    /** What is stored under a slug, locked until the transaction ends. */
    Optional<Row> lock(Connection connection, int tenantId, String slug) throws SQLException {
        String sql =
                """
                select scenario_id, state = 'active', version, definition from scenario
                where tenant_id = ? and slug = ? for update
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, tenantId);
            statement.setString(2, slug);
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(new Row(row.getInt(1), row.getBoolean(2), row.getInt(3), row.getString(4)))
                        : Optional.empty();
            }
        }
    }

    /** @return false if somebody else created the slug meanwhile */
    boolean insert(Connection connection, int tenantId, Scenario scenario, String by, Instant at) throws SQLException {
        String sql =
                """
                insert into scenario (tenant_id, slug, version, name, category, definition, updated_by, updated_at)
                values (?, ?, 1, ?, ?, ?::json, ?, ?)
                on conflict (tenant_id, slug) do nothing
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, tenantId);
            statement.setString(2, scenario.slug());
            statement.setString(3, scenario.name());
            statement.setInt(4, scenario.category().ordinal());
            statement.setString(5, definition(scenario));
            statement.setString(6, by);
            statement.setTimestamp(7, Timestamp.from(at));
            return statement.executeUpdate() == 1;
        }
    }

    void replace(Connection connection, int tenantId, int scenarioId, Scenario scenario, String by, Instant at)
            throws SQLException {
        String sql =
                """
                update scenario set version = version + 1, name = ?, category = ?, definition = ?::json,
                                    state = 'active', updated_by = ?, updated_at = ?
                where tenant_id = ? and scenario_id = ?
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, scenario.name());
            statement.setInt(2, scenario.category().ordinal());
            statement.setString(3, definition(scenario));
            statement.setString(4, by);
            statement.setTimestamp(5, Timestamp.from(at));
            statement.setInt(6, tenantId);
            statement.setInt(7, scenarioId);
            statement.executeUpdate();
        }
    }

    void setActive(Connection connection, int tenantId, int scenarioId, boolean active, String by, Instant at)
            throws SQLException {
        String sql =
                """
                update scenario set state = ?, updated_by = ?, updated_at = ?
                where tenant_id = ? and scenario_id = ?
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, active ? "active" : "withdrawn");
            statement.setString(2, by);
            statement.setTimestamp(3, Timestamp.from(at));
            statement.setInt(4, tenantId);
            statement.setInt(5, scenarioId);
            statement.executeUpdate();
        }
    }

    /** Keeps the present version for ever: what an old alert says it was launched from can be read again. */
    void keepVersion(Connection connection, int tenantId, String slug) throws SQLException {
        String sql =
                """
                insert into scenario_version (tenant_id, scenario_id, version, definition, updated_by, updated_at)
                select tenant_id, scenario_id, version, definition, updated_by, updated_at
                from scenario where tenant_id = ? and slug = ?
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, tenantId);
            statement.setString(2, slug);
            statement.executeUpdate();
        }
    }

    Scenario scenario(String slug, int version, String definition) {
        try {
            ObjectNode tree = (ObjectNode) mapper.readTree(definition);
            return new ScenarioReader(tree.put("version", version)).read(slug);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("stored scenario " + slug + " cannot be read", e);
        }
    }

    /** The version is a column of its own: the same scenario has the same definition whatever its version. */
    String definition(Scenario scenario) {
        ObjectNode tree = ScenarioFormat.write(scenario);
        tree.remove("version");
        return tree.toString();
    }
}
