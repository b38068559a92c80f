package io.tocsin.routing.internal.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Many seeds at once, for whoever changes dispatch: which laws are broken, by which seeds. With a single seed its whole trace.
 * {@code -Dsim.seed=FIRST -Dsim.seeds=HOW_MANY -Dsim.flaw=NAME}
 */
public final class SimMain {
    private SimMain() {}

    public static void main(String[] args) {
        long first = Long.getLong("sim.seed", 1);
        long many = Long.getLong("sim.seeds", 1);
        SimFlaw flaw = SimFlaw.valueOf(System.getProperty("sim.flaw", "NONE"));
        Map<String, Long> seen = new TreeMap<>();
        Map<String, List<Long>> broken = new TreeMap<>();
        long begin = System.nanoTime();
        long steps = 0;
        for (long seed = first; seed < first + many; seed++) {
            SimScenario scenario = SimScenario.of(seed, many == 1, flaw);
            try {
                scenario.run();
            } catch (Sim.Violation violation) {
                String law = violation.getMessage().replaceAll(":.*", "").replaceAll("[0-9]+", "#");
                broken.computeIfAbsent(law, l -> new ArrayList<>()).add(seed);
                if (many == 1) {
                    System.out.println(scenario.sim.trace());
                }
            }
            steps += scenario.sim.steps();
            scenario.monitor.seen.forEach((what, n) -> seen.merge(what, n, Long::sum));
        }
        System.out.printf(
                "%d seeds, %d failed, %d steps, %.1f s%n%s%n",
                many,
                broken.values().stream().mapToInt(List::size).sum(),
                steps,
                (System.nanoTime() - begin) / 1e9,
                seen);
        broken.forEach((law, seeds) ->
                System.out.println(seeds.size() + " × " + law + " " + seeds.subList(0, Math.min(10, seeds.size()))));
    }
}
