package io.tocsin.alerting.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.tocsin.alerting.api.Alerts.LaunchRequest;
import io.tocsin.alerting.api.Scenario;
import io.tocsin.alerting.api.ScenarioFormat;
import io.tocsin.audit.api.Actor;
import io.tocsin.audit.api.Journal;
import io.tocsin.audit.internal.ChainedJournal;
import io.tocsin.audit.internal.EvidencePackages;
import io.tocsin.directory.internal.lists.ListStore;
import io.tocsin.persistence.testing.TestDatabase;
import io.tocsin.routing.api.AlertDocuments;
import io.tocsin.routing.api.AnswerLinks;
import io.tocsin.routing.api.CostEstimates;
import io.tocsin.routing.api.Ledger;
import io.tocsin.routing.internal.calls.CallWriter;
import io.tocsin.routing.internal.documents.KeptDocuments;
import io.tocsin.routing.internal.ledger.LedgerStore;
import io.tocsin.routing.internal.ledger.LiveBoards;
import io.tocsin.routing.internal.links.SignedAnswerLinks;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A commune with the real rooms around it: directory, ledger, journal, evidence; nobody dispatches. */
final class Commune {
    static final Actor MAYOR = new Actor("maire", "rest", "192.0.2.1");
    static final String BASE = "https://alerte.example.fr";

    private final TestDatabase db;
    final int tenant;
    final Journal journal = new ChainedJournal();
    final Ledger ledger = new LedgerStore();
    final AnswerLinks links;
    final StoredScenarios scenarios;
    final AlertDesk alerts;
    /** Can speak as soon as it is given a voice. */
    final CallWriter calls;

    /** As files of this node. */
    final AlertDocuments documents;

    private final EvidencePackages evidence;
    final EndSweep ends;
    /** What channels say of their prices; nothing unless a test sets it. */
    CostEstimates tariff = (tenantId, channel, samples) -> CostEstimates.Estimate.unknown("no carrier is there");

    Commune(TestDatabase db, Path keys) {
        this.db = db;
        this.tenant = db.tenant("commune");
        this.links = new SignedAnswerLinks(db.database());
        this.calls = new CallWriter(db.database());
        this.documents = KeptDocuments.in(keys.resolve("documents"), db.database());
        this.scenarios = new StoredScenarios(db.database(), journal, Clock.systemUTC());
        this.evidence = new EvidencePackages(db.database(), journal, keys, Optional.empty(), Clock.systemUTC());
        this.alerts = new AlertDesk(
                db.database(),
                db.model(),
                new ListStore(db.database(), journal),
                ledger,
                new LiveBoards(db.database()),
                links,
                journal,
                evidence,
                (tenantId, channel, samples) -> tariff.estimate(tenantId, channel, samples),
                calls,
                documents,
                BASE + "/",
                Clock.systemUTC());
        this.ends = endsOfAnotherNode();
    }

    EndSweep endsOfAnotherNode() {
        return new EndSweep(db.database(), ledger, journal, evidence);
    }

    /** People of the lower town; every third has no mobile, every tenth speaks English, one Portuguese of Brazil. */
    Commune withPeople(int people) {
        sql(
                """
                insert into contact (tenant_id, external_id, first_name, last_name, language, tags, variables, origin, legal_basis)
                select %1$d, 'C-' || n, 'Zoé', 'Personne' || n,
                       case when n = 7 then 'pt-BR' when n %% 10 = 0 then 'en' else 'fr' end,
                       '{quartier-bas}', jsonb_build_object('rue', 'rue ' || n), 'test', 'mission'
                from generate_series(1, %2$d) n;
                insert into endpoint (tenant_id, contact_id, rank, kind, address, written_as, origin, legal_basis)
                select tenant_id, contact_id, 1, 'mobile', '+3363998' || lpad((contact_id %% 10000)::text, 4, '0'), '', 'test', 'mission'
                from contact where tenant_id = %1$d and substr(external_id, 3)::integer %% 3 <> 0;
                insert into endpoint (tenant_id, contact_id, rank, kind, address, written_as, origin, legal_basis)
                select tenant_id, contact_id, 2, 'email', external_id || '@example.fr', '', 'test', 'mission'
                from contact where tenant_id = %1$d;
                update contact c set reach = (
                    select coalesce(jsonb_agg(jsonb_build_object('kind', e.kind, 'address', e.address) order by e.rank), '[]')
                    from endpoint e where e.tenant_id = c.tenant_id and e.contact_id = c.contact_id)
                where c.tenant_id = %1$d;
                insert into contact_list (tenant_id, slug, name, kind, all_tags) values (%1$d, 'quartier-bas', 'Quartier bas', 'tags', '{quartier-bas}');
                insert into contact_list (tenant_id, slug, name, kind, all_tags) values (%1$d, 'personne', 'Personne', 'tags', '{nobody}')
                """
                        .formatted(tenant, people));
        return this;
    }

    /** Up to so many people, as the first ones are. */
    void morePeople(int people) {
        sql(
                """
                insert into contact (tenant_id, external_id, first_name, last_name, language, tags, variables, origin, legal_basis)
                select %1$d, 'D-' || n, 'Léa', 'Autre' || n, 'fr', '{quartier-bas}', '{"rue": "x"}', 'test', 'mission'
                from generate_series(31, %2$d) n;
                insert into endpoint (tenant_id, contact_id, rank, kind, address, written_as, origin, legal_basis)
                select tenant_id, contact_id, 1, 'mobile', '+3363998' || lpad((contact_id %% 10000)::text, 4, '0'), '', 'test', 'mission'
                from contact where tenant_id = %1$d and external_id like 'D-%%';
                update contact c set reach = (
                    select coalesce(jsonb_agg(jsonb_build_object('kind', e.kind, 'address', e.address) order by e.rank), '[]')
                    from endpoint e where e.tenant_id = c.tenant_id and e.contact_id = c.contact_id)
                where c.tenant_id = %1$d
                """
                        .formatted(tenant, people));
    }

    Commune withScenario(String slug, String yaml) {
        try {
            Scenario scenario = ScenarioFormat.read(slug, new YAMLMapper().readTree(yaml));
            scenarios.save(tenant, scenario, Optional.empty(), MAYOR);
            return this;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    void sql(String script) {
        db.database().inTenant(tenant, connection -> {
            try (var statement = connection.createStatement()) {
                for (String sql : script.split(";\\R")) {
                    statement.execute(sql);
                }
            }
            return null;
        });
    }

    /** As the registry of tenants changes it. */
    void tenantIs(String change) {
        db.database().asEngine(connection -> {
            try (var statement = connection.createStatement()) {
                return statement.executeUpdate("update tenant set " + change + " where tenant_id = " + tenant);
            }
        });
    }

    long count(String query) {
        return db.database().inTenant(tenant, connection -> {
            try (var statement = connection.createStatement();
                    var row = statement.executeQuery(query)) {
                row.next();
                return row.getLong(1);
            } catch (SQLException e) {
                throw new IllegalStateException(query, e);
            }
        });
    }

    List<Journal.Entry> journaled() {
        return db.database().inTenant(tenant, connection -> journal.read(connection, tenant, 0, 1_000));
    }

    static LaunchRequest live(String scenario) {
        return new LaunchRequest(scenario, false, Map.of("heure", "18 h"), Optional.empty(), Optional.empty());
    }

    static LaunchRequest drill(String scenario) {
        return new LaunchRequest(scenario, true, Map.of("heure", "18 h"), Optional.empty(), Optional.empty());
    }

    static final String FLOOD =
            """
            name: Inondation
            category: life-safety
            lists: [quartier-bas]
            cascade:
              - {channel: sms, patience: 5m}
              - {channel: mail, patience: 15m}
            question: {choices: {"oui": En sécurité, "1": Besoin d'aide}}
            variables: {point: Salle des fêtes, heure: }
            fallback-language: fr
            messages:
              fr:
                sms: {text: "ALERTE {{name}}, {{rue}} : rejoignez {{point}} à {{heure}}. {{answer_url}}"}
                mail: {subject: "{{title}}", text: "Rejoignez {{point}}. {{answer_url}}", html: "<html><body><p>{{name}}</p></body></html>"}
              en:
                sms: {text: "ALERT {{name}}: go to {{point}} at {{heure}}. {{answer_url}}"}
            """;
}
