package io.tocsin.routing.internal.engine;

public final class SimMain {
    public static void main(String[] args) {
        long from = Long.getLong("sim.seed", 1);
        long to = from + Long.getLong("sim.seeds", 1) - 1;
        int failed = 0;
        long begin = System.nanoTime();
        long steps = 0;
        java.util.Map<String, Long> seen = new java.util.TreeMap<>();
        java.util.Map<String, java.util.List<Long>> why = new java.util.TreeMap<>();
        for (long seed = from; seed <= to; seed++) {
            long t = System.nanoTime();
            SimScenario s = SimScenario.of(
                    seed, Boolean.getBoolean("sim.trace"), SimFlaw.valueOf(System.getProperty("sim.flaw", "NONE")));
            try {
                s.run();
            } catch (Sim.Violation v) {
                failed++;
                String w = v.getMessage().replaceAll("[0-9]+", "#");
                why.computeIfAbsent(w.substring(0, Math.min(60, w.length())), k -> new java.util.ArrayList<>())
                        .add(seed);
                if (to == from) {
                    System.out.println(s.sim.trace());
                    v.printStackTrace(System.out);
                }
            } catch (RuntimeException e) {
                failed++;
                System.out.println("seed " + seed);
                e.printStackTrace(System.out);
                if (failed > 3) break;
            }
            long ms = (System.nanoTime() - t) / 1000000;
            if (ms > 500)
                System.out.println("slow seed " + seed + " " + ms + " ms steps " + s.sim.steps() + " virtual "
                        + s.sim.nanos() / 1e9);
            steps += s.sim.steps();
            s.monitor.seen.forEach((k, n) -> seen.merge(k, n, Long::sum));
        }
        System.out.println(
                "failed " + failed + " steps " + steps + " in " + (System.nanoTime() - begin) / 1000000 + " ms");
        System.out.println(seen);
        why.forEach((k, v) -> System.out.println(v.size() + " × " + k + " " + v.subList(0, Math.min(8, v.size()))));
    }
}
