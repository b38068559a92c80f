package io.tocsin.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tocsin.lab.smsc.SimulatedSmsc;
import io.tocsin.lab.smsc.SmscOptions;
import io.tocsin.persistence.testing.Conservation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * From the launch request to the first submit_sm that the carrier reads, launch after launch, each cancelled then. Each
 * launch is alone: it begins when the one before it is cancelled, sealed and forgotten by the node's leases.
 */
public final class SubmitBench {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private SubmitBench() {}

    public static void main(String[] args) throws Exception {
        Options options =
                new Options(args, Set.of("launches", "recipients", "accounts", "binds", "window", "profile", "json"));
        int launches = options.number("launches", 20);
        int recipients = options.number("recipients", 100_000);
        int accounts = options.number("accounts", 1);
        int binds = options.number("binds", 4);
        int window = options.number("window", 200);
        SmscOptions carrier = SmscOptions.builder()
                .account("tocsin", "bench-sm")
                .recordMessages(false)
                .build();
        try (SimulatedSmsc smsc = SimulatedSmsc.start(carrier);
                RunningNode node = BenchNode.start(smsc.port(), "bench-sm", recipients, accounts, binds, window)) {
            BenchTenant tenant = BenchTenant.only(recipients);
            Postgres postgres = BenchNode.populate(node, tenant);
            Run run = new Run(BenchNode.signIn(node, tenant), tenant, smsc, postgres);
            try (StatementSampler sampler =
                    options.number("profile", 0) > 0 ? StatementSampler.start(postgres) : StatementSampler.none()) {
                for (int i = 0; i < launches; i++) {
                    run.launch();
                }
                sampler.print(System.err);
            }
            ObjectNode result = run.result(launches, recipients);
            System.out.println(result);
            if (result.has("wrong")) {
                System.err.println("tocsin: the run does not count: " + result.get("wrong"));
                System.exit(1);
            }
        }
    }

    private static final class Run {
        private final Api api;
        private final BenchTenant tenant;
        private final SimulatedSmsc smsc;
        private final Postgres postgres;
        private final Samples firstSubmit = new Samples();
        private final Samples answer = new Samples();
        private final Samples afterAnswer = new Samples();
        private final Samples cancel = new Samples();
        private final List<Double> each = new ArrayList<>();
        private final List<String> wrong = new ArrayList<>();

        private Run(Api api, BenchTenant tenant, SimulatedSmsc smsc, Postgres postgres) {
            this.api = api;
            this.tenant = tenant;
            this.smsc = smsc;
            this.postgres = postgres;
        }

        private void launch() throws Exception {
            long before = smsc.counters().submits();
            FirstSubmit watch = FirstSubmit.watch(smsc, before);
            long from = System.nanoTime();
            long alert = BenchNode.launch(api, tenant);
            long answered = System.nanoTime();
            long submitted = watch.await(LIMIT);
            long cancelling = System.nanoTime();
            api.post("/api/v1/tenants/" + tenant.slug() + "/alerts/" + alert + "/cancellation", "{}")
                    .expect(200);
            cancel.add(System.nanoTime() - cancelling);
            if (submitted < 0) {
                wrong.add("of alert " + alert + " nothing had left after " + LIMIT.toSeconds() + " s");
                return;
            }
            firstSubmit.add(submitted - from);
            answer.add(answered - from);
            afterAnswer.add(Math.max(0, submitted - answered));
            each.add(Math.round((submitted - from) / 1e5) / 10.0);
            awaitQuiet(alert);
            Conservation.Account account = postgres.account(tenant.slug(), alert);
            account.broken().forEach(broken -> wrong.add("alert " + alert + ": " + broken));
        }

        /** The alert is sealed, nobody holds a batch of it, every receipt has come. */
        private void awaitQuiet(long alert) throws Exception {
            long limit = System.nanoTime() + LIMIT.toNanos();
            while (System.nanoTime() < limit) {
                long open = postgres.number("select count(*) from batch where lease_owner is not null")
                        + postgres.number("select count(*) from alert a where a.alert_id = " + alert
                                + " and not exists (select from alert_end e where e.tenant_id = a.tenant_id"
                                + " and e.alert_id = a.alert_id and e.sealed)");
                if (open == 0 && smsc.counters().receipts() == smsc.counters().messages()) {
                    return;
                }
                Progress.pause(Duration.ofMillis(50));
            }
            wrong.add("alert " + alert + " did not come to rest after " + LIMIT.toSeconds() + " s");
        }

        private ObjectNode result(int launches, int recipients) {
            ObjectNode result = api.mapper().createObjectNode();
            result.put("bench", "submit").put("launches", launches).put("recipients", recipients);
            if (!wrong.isEmpty()) {
                wrong.forEach(result.putArray("wrong")::add);
            }
            firstSubmit.write(result);
            answer.write(result.putObject("answer"));
            afterAnswer.write(result.putObject("answerToSubmit"));
            cancel.write(result.putObject("cancel"));
            each.forEach(result.putArray("eachMs")::add);
            return result;
        }
    }

    /** Looks five times a millisecond whether the carrier has read one more submit_sm than before. */
    private static final class FirstSubmit {
        private final Thread thread;
        private volatile long at = -1;

        private FirstSubmit(SimulatedSmsc smsc, long before) {
            thread = new Thread(
                    () -> {
                        while (smsc.counters().submits() == before
                                && !Thread.currentThread().isInterrupted()) {
                            Progress.pause(Duration.ofNanos(200_000));
                        }
                        at = System.nanoTime();
                    },
                    "first-submit");
            thread.setDaemon(true);
        }

        static FirstSubmit watch(SimulatedSmsc smsc, long before) {
            FirstSubmit watch = new FirstSubmit(smsc, before);
            watch.thread.start();
            return watch;
        }

        /** @return by {@code System.nanoTime}, -1 if nothing came */
        long await(Duration limit) throws InterruptedException {
            thread.join(limit.toMillis());
            if (thread.isAlive()) {
                thread.interrupt();
                return -1;
            }
            return at;
        }
    }
}
