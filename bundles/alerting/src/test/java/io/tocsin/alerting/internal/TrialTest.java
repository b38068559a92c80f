package io.tocsin.alerting.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.tocsin.alerting.api.Alerts.LaunchRequest;
import io.tocsin.alerting.api.Alerts.Preview;
import io.tocsin.alerting.api.LaunchRefusedException;
import io.tocsin.alerting.api.LaunchRefusedException.Problem;
import io.tocsin.alerting.api.Scenario;
import io.tocsin.alerting.api.ScenarioFormat;
import io.tocsin.audit.api.Actor;
import io.tocsin.audit.api.Journal;
import io.tocsin.persistence.testing.TestDatabase;
import io.tocsin.routing.api.Alert;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is not saved yet is looked at, what is saved is tried on one person: neither is more than that. */
class TrialTest {
    private static final Actor DEPUTY = new Actor("adjoint", "rest", "192.0.2.2");
    private static final Map<String, String> HOUR = Map.of("heure", "18 h");
    private static TestDatabase db;

    @TempDir
    static Path keys;

    private Commune commune;

    @BeforeAll
    static void startDatabase() {
        db = TestDatabase.start();
    }

    @AfterAll
    static void stopDatabase() {
        db.close();
    }

    @BeforeEach
    void commune() {
        db.clear();
        db.database().asEngine(c -> {
            try (var statement = c.createStatement()) {
                return statement.execute(
                        """
                        insert into channel_endpoint_kind values ('sms', 'mobile'), ('mail', 'email') on conflict do nothing
                        """);
            }
        });
        commune = new Commune(db, keys).withPeople(30).withScenario("inondation", Commune.FLOOD);
    }

    @Test
    void reachesWhoTriesItAndNobodyElse() {
        commune.alerts.iAm(commune.tenant, contact("C-2"), Commune.MAYOR);

        Alert trial = tryOnMe("once", Commune.MAYOR);

        assertThat(trial.recipients()).isEqualTo(1);
        assertThat(trial.drill()).isTrue();
        assertThat(trial.title()).startsWith("EXERCICE");
        assertThat(commune.alerts.people(commune.tenant, trial.alertId(), Optional.empty(), 0, 10))
                .singleElement()
                .satisfies(person -> assertThat(person.name()).isEqualTo("Zoé Personne2"));
        assertThat(commune.count("select count(*) from alert_message where body_text not like 'EXERC%'"))
                .isZero();
        assertThat(commune.journaled())
                .filteredOn(entry -> entry.action().equals("alert.launched"))
                .singleElement()
                .satisfies(entry -> assertThat(entry.details()).containsEntry("trial", true));
        assertThat(commune.journaled()).extracting(Journal.Entry::action).contains("trial-contact.said");
    }

    @Test
    void isNoRehearsal() {
        commune.alerts.iAm(commune.tenant, contact("C-2"), Commune.MAYOR);
        tryOnMe("once", Commune.MAYOR);
        assertThat(commune.scenarios.prepared(commune.tenant).get(0).lastDrill())
                .isEmpty();

        Alert drill =
                commune.alerts.launch(commune.tenant, Commune.drill("inondation"), Optional.of("drill"), Commune.MAYOR);
        assertThat(commune.scenarios
                        .prepared(commune.tenant)
                        .get(0)
                        .lastDrill()
                        .orElseThrow()
                        .alertId())
                .isEqualTo(drill.alertId());
    }

    @Test
    void isDeniedUntilOneSaysWhoOneIs() {
        commune.alerts.iAm(commune.tenant, contact("C-2"), Commune.MAYOR);

        assertThatThrownBy(() -> tryOnMe("once", DEPUTY))
                .isInstanceOf(LaunchRefusedException.class)
                .hasMessageContaining("nobody knows which contact adjoint is");
        commune.sql("update contact set state = 'removed' where external_id = 'C-2'");
        assertThat(commune.alerts.whoIs(commune.tenant, Commune.MAYOR)).isEmpty();
        assertThatThrownBy(() -> tryOnMe("once", Commune.MAYOR)).isInstanceOf(LaunchRefusedException.class);
        assertThat(commune.count("select count(*) from alert")).isZero();
    }

    @Test
    void knowsOnlyContactsOfTheTenant() {
        assertThatThrownBy(() -> commune.alerts.iAm(commune.tenant, 99_999_999L, Commune.MAYOR))
                .isInstanceOfSatisfying(LaunchRefusedException.class, refused -> assertThat(refused.problems())
                        .extracting(Problem::field)
                        .containsExactly("contactId"));
        long ours = contact("C-2");
        int other = db.tenant("autre");
        assertThatThrownBy(() -> commune.alerts.iAm(other, ours, Commune.MAYOR))
                .isInstanceOf(LaunchRefusedException.class);
    }

    @Test
    void isSentOnceHoweverOftenItIsRepeatedAndHoldsOnePlaceAtMost() {
        commune.alerts.iAm(commune.tenant, contact("C-2"), Commune.MAYOR);
        commune.tenantIs("max_running_alerts = 1");

        Alert first = tryOnMe("once", Commune.MAYOR);
        assertThat(tryOnMe("once", Commune.MAYOR).alertId()).isEqualTo(first.alertId());
        assertThat(state(first)).isEqualTo(Alert.State.RUNNING);
        Alert second = tryOnMe("twice", Commune.MAYOR);
        assertThat(state(first)).isEqualTo(Alert.State.CANCELLED);
        assertThat(state(second)).isEqualTo(Alert.State.RUNNING);
        assertThat(tryOnMe("once", Commune.MAYOR).alertId()).isEqualTo(first.alertId());
        assertThat(state(second)).isEqualTo(Alert.State.RUNNING);
    }

    /** Who somebody of an agency says they are is theirs to choose: it may be anybody of the tenant. */
    @Test
    void anAgencyTriesWithTheTenantsConsentOnly() {
        commune.alerts.iAm(commune.tenant, contact("C-2"), DEPUTY);

        assertThatThrownBy(() -> tryOnMe("once", DEPUTY, true))
                .isInstanceOfSatisfying(LaunchRefusedException.class, refused -> assertThat(refused.problems())
                        .extracting(Problem::field)
                        .containsExactly("consent"));
        assertThat(commune.count("select count(*) from alert")).isZero();

        commune.sql("insert into launch_consent values (%d, 'maire', now(), now() + interval '1 day', null)"
                .formatted(commune.tenant));
        assertThat(tryOnMe("once", DEPUTY, true).recipients()).isEqualTo(1);
        assertThat(commune.journaled())
                .filteredOn(entry -> entry.action().equals("alert.launched"))
                .singleElement()
                .satisfies(entry -> assertThat(entry.details())
                        .containsEntry("trial", true)
                        .containsEntry("onBehalf", true)
                        .containsEntry("consentOf", "maire"));
    }

    private Alert.State state(Alert alert) {
        return commune.alerts
                .find(commune.tenant, alert.alertId())
                .orElseThrow()
                .state();
    }

    @Test
    void countsAgainstTheQuota() {
        commune.alerts.iAm(commune.tenant, contact("C-2"), Commune.MAYOR);
        commune.tenantIs("max_running_alerts = 1");
        commune.alerts.launch(commune.tenant, Commune.drill("inondation"), Optional.of("drill"), Commune.MAYOR);

        assertThatThrownBy(() -> tryOnMe("once", Commune.MAYOR))
                .isInstanceOf(LaunchRefusedException.class)
                .hasMessageContaining("the quota is 1");
    }

    @Test
    void saysWhatADraftWouldDoAndKeepsNothingOfIt() throws JsonProcessingException {
        Scenario draft = draft(Commune.FLOOD.replace("Inondation", "Crue").replace("Rejoignez", "Gagnez"));

        Preview preview = preview(draft, HOUR);

        assertThat(preview.problems()).isEmpty();
        assertThat(preview.people()).isEqualTo(30);
        assertThat(preview.sampleTexts().get("fr.mail")).startsWith("Gagnez Salle des fêtes");
        assertThat(commune.scenarios
                        .find(commune.tenant, "inondation")
                        .orElseThrow()
                        .name())
                .isEqualTo("Inondation");
        assertThat(commune.count("select count(*) from alert")).isZero();
        assertThat(commune.count("select count(*) from recipient")).isZero();
    }

    @Test
    void namesWhatADraftLacksToBeLaunched() throws JsonProcessingException {
        Scenario draft = draft(Commune.FLOOD.replace("[quartier-bas]", "[quartier-disparu]"));

        assertThat(preview(draft, HOUR).problems()).singleElement().satisfies(problem -> assertThat(problem.problem())
                .contains("quartier-disparu"));
        assertThat(preview(draft(Commune.FLOOD), Map.of()).problems())
                .extracting(Problem::field)
                .containsExactly("variables.heure");
    }

    private Preview preview(Scenario draft, Map<String, String> variables) {
        return commune.alerts.preview(
                commune.tenant,
                draft,
                new LaunchRequest("nouveau", false, variables, Optional.empty(), Optional.empty()));
    }

    private static Scenario draft(String yaml) throws JsonProcessingException {
        return ScenarioFormat.read("nouveau", new YAMLMapper().readTree(yaml));
    }

    private Alert tryOnMe(String key, Actor actor) {
        return tryOnMe(key, actor, false);
    }

    private Alert tryOnMe(String key, Actor actor, boolean onBehalf) {
        return commune.alerts.tryOnMe(commune.tenant, "inondation", HOUR, key, actor, onBehalf);
    }

    private long contact(String externalId) {
        return commune.count("select contact_id from contact where external_id = '" + externalId + "'");
    }
}
