package io.tocsin.routing.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.channel.api.OutboundMessage.Category;
import io.tocsin.routing.api.DispatchPolicy.Step;
import io.tocsin.routing.api.DispatchPolicy.Until;
import io.tocsin.routing.internal.engine.SimCarrier.Fate;
import io.tocsin.routing.internal.engine.SimCarrier.Submitted;
import io.tocsin.routing.internal.engine.SimStore.SimAlert;
import io.tocsin.routing.internal.engine.SimStore.SimWave;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Telephones that are busy one after the other are called again together, and not before they were to be. */
class RetriesTogetherTest {

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "3, 3", "4, 1"})
    void callsThatEndedWithinSecondsAreOneWave(long seed, int nodes) {
        SimScenario scenario = new SimScenario(seed, false, SimFlaw.NONE, 50, 50, 1);
        SimCarrier phones = scenario.account(31, "phone", 1, 1, 100, Optional.empty());
        phones.fates = List.of(Fate.RETRY);
        phones.retryAfter = Duration.ofMinutes(1);
        for (int i = 1; i <= nodes; i++) {
            scenario.start("n" + i);
        }
        scenario.sim.pass(Duration.ofSeconds(3));
        Step step = new Step("phone", Duration.ofMinutes(30), 2, Until.DELIVERED);
        SimAlert alert = scenario.launch(1, Category.LIFE_SAFETY, List.of(step), false, 100);
        scenario.sim.pass(Duration.ofSeconds(30));
        phones.fates = List.of(Fate.ACCEPTED);
        phones.failures = 0;
        scenario.sim.pass(Duration.ofMinutes(2));

        List<SimWave> waves = alert.waves;
        int people = waves.get(0).targets.size();
        assertThat(people).isGreaterThan(90);
        assertThat(ends(scenario, people)).as("moments at which calls ended").hasSizeGreaterThan(20);
        assertThat(waves).extracting(w -> w.kind).containsExactly("cascade", "retry");
        assertThat(waves.get(1).targets).hasSize(people);
        assertThat(scenario.database.store.totals(alert.alertId).delivered()).isEqualTo(people);

        Map<String, List<Submitted>> calls = scenario.monitor.sent.stream()
                .collect(Collectors.groupingBy(s -> s.message().address()));
        assertThat(calls).hasSize(people);
        assertThat(calls.values()).allSatisfy(two -> {
            assertThat(two).hasSize(2);
            assertThat(Duration.ofNanos(two.get(1).at() - two.get(0).at())).isGreaterThan(phones.retryAfter);
        });
    }

    private static List<java.time.Instant> ends(SimScenario scenario, int people) {
        return scenario.database.store.alerts.values().iterator().next().waves.get(0).targets.stream()
                .map(t -> t.attempts.get(0).row().at())
                .distinct()
                .limit(people)
                .toList();
    }
}
