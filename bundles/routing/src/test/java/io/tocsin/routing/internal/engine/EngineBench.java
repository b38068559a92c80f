package io.tocsin.routing.internal.engine;

import io.tocsin.persistence.testing.TestDatabase;
import io.tocsin.routing.api.Totals;
import io.tocsin.routing.testing.ScriptedCarrier;
import java.util.Map;

/** How fast the engine is with a carrier that costs nothing: everything accepted and delivered at once. */
public final class EngineBench {
    private EngineBench() {}

    public static void main(String[] args) throws Exception {
        int recipients = args.length > 0 ? Integer.parseInt(args[0]) : 100_000;
        int window = args.length > 1 ? Integer.parseInt(args[1]) : 200;
        try (TestDatabase db = TestDatabase.start();
                Rig rig = new Rig(db.database())) {
            int tenant = db.tenant("commune");
            rig.account(1, "sms", 1, null, tenant);
            ScriptedCarrier carrier = new ScriptedCarrier(window).delivers();
            long freeze = System.nanoTime();
            long alert = rig.alert().recipients(recipients).launch(tenant);
            long begin = System.nanoTime();
            System.out.printf("frozen in %.2f s%n", (begin - freeze) / 1e9);
            Engine engine = rig.engine("bench", Map.of("sms", carrier));
            long receipts = 0;
            while (receipts < recipients) {
                Thread.sleep(100);
                receipts = engine.counters().values().getOrDefault("receipts", 0L);
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            System.out.printf(
                    "%d messages in %.2f s: %.0f/s %s%n",
                    recipients, seconds, recipients / seconds, engine.counters().values());
            System.out.printf(
                    "cpu: java %.1f s, postgres %.1f s%n",
                    ProcessHandle.current()
                                    .info()
                                    .totalCpuDuration()
                                    .orElseThrow()
                                    .toMillis()
                            / 1e3,
                    postgresSeconds(db));
            long t = System.nanoTime();
            rig.database.inTenant(tenant, c -> rig.ledger.totals(c, tenant, alert));
            System.out.printf("totals in %.2f s%n", (System.nanoTime() - t) / 1e9);
            t = System.nanoTime();
            Totals totals = rig.totals(tenant, alert);
            System.out.printf("%s in %.2f s%n", totals, (System.nanoTime() - t) / 1e9);
        }
    }

    private static double postgresSeconds(TestDatabase db) throws java.io.IOException {
        long pid = Long.parseLong(java.nio.file.Files.readAllLines(db.folder().resolve("data/postmaster.pid"))
                .get(0)
                .strip());
        return ProcessHandle.of(pid)
                        .orElseThrow()
                        .children()
                        .map(c -> c.info().totalCpuDuration().orElse(java.time.Duration.ZERO))
                        .mapToLong(java.time.Duration::toMillis)
                        .sum()
                / 1e3;
    }
}
