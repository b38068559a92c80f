package io.tocsin.alerting.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.tocsin.alerting.api.LaunchRefusedException;
import io.tocsin.alerting.api.Scenario;
import io.tocsin.alerting.api.ScenarioFormat;
import io.tocsin.alerting.api.Scenarios;
import io.tocsin.audit.api.Journal;
import io.tocsin.persistence.api.StaleRecordException;
import io.tocsin.persistence.testing.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredScenariosTest {
    private static TestDatabase db;

    @TempDir
    static Path keys;

    private Commune commune;
    private StoredScenarios scenarios;
    private int tenant;

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
        commune = new Commune(db, keys);
        scenarios = commune.scenarios;
        tenant = commune.tenant;
    }

    @Test
    void keepsTheOrderOfChoicesAndReadsBackTheSame() throws JsonProcessingException {
        Scenario saved = save(Commune.FLOOD);

        assertThat(saved.version()).isEqualTo(1);
        assertThat(scenarios.find(tenant, "inondation")).contains(saved);
        assertThat(saved.question().orElseThrow().choices())
                .containsExactly(Map.entry("oui", "En sécurité"), Map.entry("1", "Besoin d'aide"));
        assertThat(scenarios.list(tenant)).containsExactly(saved);
    }

    @Test
    void makesAVersionOnlyOfAChange() throws JsonProcessingException {
        save(Commune.FLOOD);
        assertThat(save(Commune.FLOOD).version()).isEqualTo(1);
        assertThat(save(Commune.FLOOD.replace("5m", "6m")).version()).isEqualTo(2);

        assertThat(commune.count("select count(*) from scenario_version")).isEqualTo(2);
        assertThat(actions()).containsExactly("scenario.saved", "scenario.saved");
    }

    @Test
    void refusesAChangeOfWhatSomebodyElseChanged() throws JsonProcessingException {
        Scenario first = save(Commune.FLOOD);
        save(Commune.FLOOD.replace("5m", "6m"));

        assertThatThrownBy(() -> scenarios.save(tenant, first, Optional.of(1), Commune.MAYOR))
                .isInstanceOf(StaleRecordException.class)
                .hasMessageContaining("scenario inondation");
        assertThat(scenarios.save(tenant, first, Optional.of(2), Commune.MAYOR).version())
                .isEqualTo(3);
    }

    @Test
    void withdrawsAndReinstates() throws JsonProcessingException {
        save(Commune.FLOOD);
        assertThat(scenarios.withdraw(tenant, "inondation", Commune.MAYOR)).isTrue();
        assertThat(scenarios.withdraw(tenant, "inondation", Commune.MAYOR)).isFalse();
        assertThat(scenarios.find(tenant, "inondation")).isEmpty();
        assertThat(scenarios.list(tenant)).isEmpty();

        assertThat(save(Commune.FLOOD).version()).isEqualTo(1);
        assertThat(scenarios.find(tenant, "inondation")).isPresent();
        assertThat(actions()).containsExactly("scenario.saved", "scenario.withdrawn", "scenario.reinstated");
    }

    @Test
    void isBegunAgainWhereNothingIsThereAndOnlyThere() throws JsonProcessingException {
        Scenario flood = save(Commune.FLOOD);
        assertThatThrownBy(() -> scenarios.save(tenant, flood, Optional.of(0), Commune.MAYOR))
                .isInstanceOf(StaleRecordException.class);

        scenarios.withdraw(tenant, "inondation", Commune.MAYOR);
        Scenario again = ScenarioFormat.read(
                "inondation", new YAMLMapper().readTree(Commune.FLOOD.replace("Inondation", "Crue")));
        assertThat(scenarios.save(tenant, again, Optional.of(0), Commune.MAYOR).version())
                .isEqualTo(2);
    }

    @Test
    void storesNothingThatIsWrong() throws JsonProcessingException {
        Scenario flood = save(Commune.FLOOD);
        Scenario broken = new Scenario(
                "inondation",
                1,
                " ",
                flood.category(),
                flood.lists(),
                List.of(),
                flood.question(),
                flood.variables(),
                flood.messages(),
                "de");

        assertThatThrownBy(() -> scenarios.save(tenant, broken, Optional.empty(), Commune.MAYOR))
                .isInstanceOf(LaunchRefusedException.class)
                .hasMessageContaining("name:")
                .hasMessageContaining("cascade:")
                .hasMessageContaining("fallback-language:");
        assertThat(scenarios.find(tenant, "inondation")).contains(flood);
    }

    @Test
    void namesNoChannelBeyondTheTenants() throws JsonProcessingException {
        commune.tenantIs("channels = '{sms,webhook}'");

        assertThatThrownBy(() -> save(Commune.FLOOD))
                .isInstanceOfSatisfying(LaunchRefusedException.class, refused -> assertThat(refused.problems())
                        .extracting(LaunchRefusedException.Problem::field)
                        .containsExactly("cascade[1].channel", "messages.fr.mail"))
                .hasMessageContaining("limited to, [sms, webhook]; write one of these")
                .hasMessageContaining("add it to the tenant's channels");
        assertThat(scenarios.list(tenant)).isEmpty();

        commune.tenantIs("channels = '{mail,sms}'");
        assertThat(save(Commune.FLOOD).version()).isEqualTo(1);
    }

    @Test
    void readsEveryVersionAgainWhateverBecameOfIt() throws JsonProcessingException {
        Scenario first = save(Commune.FLOOD);
        save(Commune.FLOOD.replace("5m", "6m"));
        scenarios.withdraw(tenant, "inondation", Commune.MAYOR);

        assertThat(scenarios.versions(tenant, "inondation"))
                .extracting(Scenarios.Version::version)
                .containsExactly(2, 1);
        assertThat(scenarios.versions(tenant, "inondation"))
                .allSatisfy(version -> assertThat(version.savedBy()).isEqualTo("maire"));
        assertThat(scenarios.version(tenant, "inondation", 1)).contains(first);
        assertThat(scenarios.version(tenant, "inondation", 3)).isEmpty();
        assertThat(scenarios.versions(tenant, "ailleurs")).isEmpty();
        assertThat(scenarios.versions(db.tenant("autre"), "inondation")).isEmpty();
    }

    @Test
    void knowsWhoPreparedItAndThatNobodyRehearsedIt() throws JsonProcessingException {
        Scenario flood = save(Commune.FLOOD);

        assertThat(scenarios.prepared(tenant)).singleElement().satisfies(prepared -> {
            assertThat(prepared.scenario()).isEqualTo(flood);
            assertThat(prepared.savedBy()).isEqualTo("maire");
            assertThat(prepared.lastDrill()).isEmpty();
        });
    }

    @Test
    void namesWhatWouldRefuseADefinitionWithoutSavingIt() throws JsonProcessingException {
        commune.tenantIs("channels = '{sms,webhook}'");
        Scenario flood = ScenarioFormat.read("inondation", new YAMLMapper().readTree(Commune.FLOOD));

        assertThat(scenarios.problems(tenant, flood))
                .extracting(LaunchRefusedException.Problem::field)
                .containsExactly("cascade[1].channel", "messages.fr.mail");
        assertThat(scenarios.list(tenant)).isEmpty();
    }

    @Test
    void belongsToOneTenant() throws JsonProcessingException {
        save(Commune.FLOOD);

        assertThat(scenarios.find(db.tenant("autre"), "inondation")).isEmpty();
    }

    private Scenario save(String yaml) throws JsonProcessingException {
        return scenarios.save(
                tenant,
                ScenarioFormat.read("inondation", new YAMLMapper().readTree(yaml)),
                Optional.empty(),
                Commune.MAYOR);
    }

    private List<String> actions() {
        return commune.journaled().stream().map(Journal.Entry::action).toList();
    }
}
