package io.tocsin.routing.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Seeded runs of dispatch in which nodes crash, freeze and come back, clocks jump, leases run out under their holders, the
 * database is away, slow or silent and carriers do what they please: the laws hold in each. {@code -Dsim.seeds=N} runs N
 * seeds, {@code -Dsim.seed=S} one of them.
 */
class SimulationTest {
    private static final long SEEDS = Long.getLong("sim.seeds", 200);
    private static final long ONE = Long.getLong("sim.seed", 0);

    /** Seeds tried until a flaw is noticed. */
    private static final long PATIENCE = 600;

    @Test
    void everyLawHoldsWhateverGoesWrong() {
        Map<String, Long> seen = new TreeMap<>();
        for (long seed = ONE > 0 ? ONE : 1; seed <= (ONE > 0 ? ONE : SEEDS); seed++) {
            run(seed, seen);
        }
        System.out.println("simulation: " + (ONE > 0 ? "seed " + ONE : SEEDS + " seeds") + " " + seen);
        if (ONE == 0 && SEEDS >= 200) {
            assertThat(seen)
                    .as("what a simulation must meet to prove anything")
                    .containsKeys("crashes", "flagged", "capped", "swaps", "swaps failed");
            for (SimCarrier.Fate fate : SimCarrier.Fate.values()) {
                assertThat(seen).containsKey("fate " + fate);
            }
        }
    }

    private static void run(long seed, Map<String, Long> seen) {
        SimScenario scenario = SimScenario.of(seed, ONE > 0, SimFlaw.NONE);
        List<String> errors = quietly(() -> {
            try {
                scenario.run();
            } catch (Sim.Violation violation) {
                return violation.getMessage();
            }
            return "";
        });
        if (!errors.isEmpty()) {
            fail(
                    "seed %d: %s%nreplay: -Dtest=SimulationTest -Dsim.seed=%d%nits last steps:%n%s",
                    seed, String.join("\n", errors), seed, scenario.sim.trace());
        }
        scenario.monitor.seen.forEach((what, n) -> seen.merge(what, n, Long::sum));
    }

    @Test
    void aSeedMakesTheSameRunAgain() {
        for (long seed = 1; seed <= 5; seed++) {
            SimScenario first = SimScenario.of(seed, true, SimFlaw.NONE);
            SimScenario second = SimScenario.of(seed, true, SimFlaw.NONE);
            quietly(() -> {
                first.run();
                second.run();
                return "";
            });
            assertThat(second.sim.trace()).isEqualTo(first.sim.trace());
            assertThat(second.sim.digest()).isEqualTo(first.sim.digest());
        }
    }

    /** A simulation that cannot fail proves nothing. */
    @ParameterizedTest
    @EnumSource(value = SimFlaw.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aLedgerThatBreaksAPromiseIsNoticed(SimFlaw flaw) {
        List<String> others = new ArrayList<>();
        for (long seed = 1; seed <= PATIENCE; seed++) {
            SimScenario scenario = SimScenario.of(seed, false, flaw);
            String[] noticed = {""};
            quietly(() -> {
                try {
                    scenario.run();
                } catch (Sim.Violation violation) {
                    noticed[0] = violation.getMessage();
                }
                return "";
            });
            if (noticed[0].matches(".*(" + flaw.noticed + ").*")) {
                System.out.println("simulation: " + flaw + " noticed by seed " + seed + ": " + noticed[0]);
                return;
            }
            if (!noticed[0].isEmpty()) {
                others.add(noticed[0]);
            }
        }
        fail("%s was not noticed by %d seeds; they say %s", flaw, PATIENCE, others);
    }

    /** Keeps the warnings of a run, which are many, to itself. @return errors logged, and what the run returns if anything */
    private static List<String> quietly(Supplier<String> run) {
        List<String> errors = new ArrayList<>();
        PrintStream before = System.err;
        System.setErr(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8) {
            @Override
            public void println(String line) {
                if (line.contains(" ERROR ") && !line.contains("record.set-aside")) {
                    errors.add(line);
                }
            }
        });
        try {
            String problem = run.get();
            if (!problem.isEmpty()) {
                errors.add(0, problem);
            }
        } finally {
            System.setErr(before);
        }
        return errors;
    }
}
