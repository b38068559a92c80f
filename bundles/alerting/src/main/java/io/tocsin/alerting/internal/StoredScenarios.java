package io.tocsin.alerting.internal;

import io.tocsin.alerting.api.LaunchRefusedException;
import io.tocsin.alerting.api.LaunchRefusedException.Problem;
import io.tocsin.alerting.api.Scenario;
import io.tocsin.alerting.api.ScenarioFormat;
import io.tocsin.alerting.api.Scenarios;
import io.tocsin.audit.api.Actor;
import io.tocsin.audit.api.Journal;
import io.tocsin.persistence.api.Database;
import io.tocsin.persistence.api.StaleRecordException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Scenarios in the database, every version kept, every change journaled. */
@Component(service = Scenarios.class)
public final class StoredScenarios implements Scenarios {
    private final Database database;
    private final Journal journal;
    private final Clock clock;
    private final ScenarioTable table = new ScenarioTable();

    @Activate
    public StoredScenarios(@Reference Database database, @Reference Journal journal) {
        this(database, journal, Clock.systemUTC());
    }

    StoredScenarios(Database database, Journal journal, Clock clock) {
        this.database = database;
        this.journal = journal;
        this.clock = clock;
    }

    @Override
    public List<Scenario> list(int tenantId) {
        return database.inTenant(tenantId, connection -> table.active(connection, tenantId));
    }

    @Override
    public Optional<Scenario> find(int tenantId, String slug) {
        return database.inTenant(tenantId, connection -> table.find(connection, tenantId, slug));
    }

    @Override
    public List<Prepared> prepared(int tenantId) {
        return database.inTenant(tenantId, connection -> table.prepared(connection, tenantId));
    }

    @Override
    public List<Version> versions(int tenantId, String slug) {
        return database.inTenant(tenantId, connection -> table.versions(connection, tenantId, slug));
    }

    @Override
    public Optional<Scenario> version(int tenantId, String slug, int version) {
        return database.inTenant(tenantId, connection -> table.version(connection, tenantId, slug, version));
    }

    @Override
    public Scenario save(int tenantId, Scenario scenario, Optional<Integer> expectedVersion, Actor actor) {
        List<Problem> problems = problems(scenario);
        if (!problems.isEmpty()) {
            throw new LaunchRefusedException(problems);
        }
        return database.inTenant(tenantId, connection -> {
            List<Problem> outside = ChannelLimit.read(connection, tenantId).problems(scenario);
            if (!outside.isEmpty()) {
                throw new LaunchRefusedException(outside);
            }
            Optional<ScenarioTable.Row> present = table.lock(connection, tenantId, scenario.slug());
            int version = present.map(ScenarioTable.Row::version).orElse(0);
            // who withdrew it sees nothing there, as who never had it
            boolean nothingThere = present.filter(ScenarioTable.Row::active).isEmpty();
            if (expectedVersion.isPresent()
                    && expectedVersion.get() != version
                    && !(nothingThere && expectedVersion.get() == 0)) {
                throw new StaleRecordException("scenario " + scenario.slug());
            }
            String definition = table.definition(scenario);
            if (present.isPresent() && present.get().definition().equals(definition)) {
                if (!present.get().active()) {
                    table.setActive(
                            connection, tenantId, present.get().scenarioId(), true, actor.name(), clock.instant());
                    journal(connection, tenantId, actor, "scenario.reinstated", scenario.slug(), version);
                }
                return table.scenario(scenario.slug(), version, definition);
            }
            store(connection, tenantId, scenario, present, actor);
            journal(connection, tenantId, actor, "scenario.saved", scenario.slug(), version + 1);
            return table.scenario(scenario.slug(), version + 1, definition);
        });
    }

    private void store(
            Connection connection, int tenantId, Scenario scenario, Optional<ScenarioTable.Row> present, Actor actor)
            throws SQLException {
        if (present.isPresent()) {
            table.replace(connection, tenantId, present.get().scenarioId(), scenario, actor.name(), clock.instant());
        } else if (!table.insert(connection, tenantId, scenario, actor.name(), clock.instant())) {
            throw new StaleRecordException("scenario " + scenario.slug());
        }
        table.keepVersion(connection, tenantId, scenario.slug());
    }

    @Override
    public boolean withdraw(int tenantId, String slug, Actor actor) {
        return database.inTenant(tenantId, connection -> {
            Optional<ScenarioTable.Row> present =
                    table.lock(connection, tenantId, slug).filter(ScenarioTable.Row::active);
            if (present.isEmpty()) {
                return false;
            }
            table.setActive(connection, tenantId, present.get().scenarioId(), false, actor.name(), clock.instant());
            journal(
                    connection,
                    tenantId,
                    actor,
                    "scenario.withdrawn",
                    slug,
                    present.get().version());
            return true;
        });
    }

    @Override
    public List<Problem> problems(Scenario scenario) {
        return ScenarioFormat.problems(scenario);
    }

    @Override
    public List<Problem> problems(int tenantId, Scenario scenario) {
        List<Problem> problems = new ArrayList<>(problems(scenario));
        problems.addAll(database.inTenant(
                tenantId, connection -> ChannelLimit.read(connection, tenantId).problems(scenario)));
        return List.copyOf(problems);
    }

    private void journal(Connection connection, int tenantId, Actor actor, String action, String slug, int version) {
        journal.append(connection, tenantId, actor, action, "scenario", slug, Map.of("version", version));
    }
}
