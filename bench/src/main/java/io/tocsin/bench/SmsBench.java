package io.tocsin.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tocsin.lab.smsc.RawSubmitter;
import io.tocsin.lab.smsc.SimulatedSmsc;
import io.tocsin.lab.smsc.SmscCounters;
import io.tocsin.lab.smsc.SmscOptions;
import io.tocsin.persistence.testing.Conservation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * From launch to the last receipt: a node with its database, a simulated SMSC in this process, all on this machine. The
 * control is bare jSMPP on the same binds and window against the same SMSC, in the same run. Meanwhile people look on: how
 * long the API takes and how old the live counter is are part of the figure.
 */
public final class SmsBench {
    private static final Duration LIMIT = Duration.ofMinutes(20);

    private SmsBench() {}

    public static void main(String[] args) throws Exception {
        Options options = new Options(
                args,
                Set.of(
                        "recipients",
                        "accounts",
                        "binds",
                        "window",
                        "latency-ms",
                        "receipt-delay-ms",
                        "api-rate",
                        "json"));
        int recipients = options.number("recipients", 50_000);
        int accounts = options.number("accounts", 1);
        int binds = options.number("binds", 4);
        int window = options.number("window", 200);
        SmscOptions carrier = SmscOptions.builder()
                .account("tocsin", "bench-sm")
                .latency(Duration.ofMillis(options.number("latency-ms", 0)))
                .receiptDelay(Duration.ofMillis(options.number("receipt-delay-ms", 50)))
                .recordMessages(false)
                .build();
        try (SimulatedSmsc smsc = SimulatedSmsc.start(carrier)) {
            ObjectNode result;
            try (RunningNode node = BenchNode.start(smsc.port(), "bench-sm", recipients, accounts, binds, window)) {
                result = measure(node, smsc, recipients, options.number("api-rate", 20));
            }
            result.put("accounts", accounts).put("binds", binds).put("window", window);
            if (result.has("wrong")) {
                // A rate of messages that were lost or doubled is no rate.
                System.out.println(result);
                System.err.println("tocsin: the run does not count: " + result.get("wrong"));
                System.exit(1);
            }
            // The node is gone: it would take its share of the control's receipts, being the same customer.
            double control = control(smsc, accounts * binds, window / binds, Math.min(recipients, 200_000));
            result.putObject("control").put("name", "raw jSMPP").put("rate", Math.round(control));
            result.put("shareOfControl", Math.round(1000.0 * result.get("rate").asDouble() / control) / 1000.0);
            System.out.println(result);
        }
    }

    /** @param apiRate requests a second of those who look on; 0: nobody looks, no screen either */
    private static ObjectNode measure(RunningNode node, SimulatedSmsc smsc, int recipients, int apiRate)
            throws Exception {
        BenchTenant tenant = BenchTenant.only(recipients);
        Postgres postgres = BenchNode.populate(node, tenant);
        Api api = BenchNode.signIn(node, tenant);
        long postmaster = postgres.pid();
        long commits = postgres.commits();
        double databaseCpu = Processes.cpuSeconds(postmaster);
        double nodeCpu = Processes.cpuSeconds(node.pid());
        double carrierCpu = Processes.cpuSeconds(ProcessHandle.current().pid());
        AtomicLong firstSubmit = new AtomicLong();
        Thread watch = new Thread(() -> {
            while (smsc.counters().submits() == 0 && !Thread.currentThread().isInterrupted()) {
                Progress.pause(Duration.ofNanos(200_000));
            }
            firstSubmit.set(System.nanoTime());
        });
        watch.setDaemon(true);
        watch.start();
        long from = System.nanoTime();
        long alert = BenchNode.launch(api, tenant);
        long launched = System.nanoTime();
        long limit = from + LIMIT.toNanos();
        CounterAge age = new CounterAge();
        Optional<Onlookers> onlookers =
                apiRate == 0 ? Optional.empty() : Optional.of(Onlookers.watch(api, tenant, apiRate, alert, age));
        long receipts = smsc.counters().receipts();
        while (receipts < recipients && System.nanoTime() < limit) {
            Progress.pause(Duration.ofMillis(5));
            receipts = smsc.counters().receipts();
            age.truth(System.nanoTime(), receipts);
        }
        long last = System.nanoTime();
        double seconds = (last - from) / 1e9;
        databaseCpu = Processes.cpuSeconds(postmaster) - databaseCpu;
        // The database is the node's own child, and counted with it.
        nodeCpu = Processes.cpuSeconds(node.pid()) - nodeCpu - databaseCpu;
        carrierCpu = Processes.cpuSeconds(ProcessHandle.current().pid()) - carrierCpu;
        long commitsUsed = postgres.commits() - commits;
        onlookers.ifPresent(Onlookers::close);
        Conservation.Account account = postgres.account(tenant.slug(), alert);
        SmscCounters seen = smsc.counters();
        ObjectNode result = api.mapper().createObjectNode();
        result.put("bench", "sms").put("recipients", recipients).put("seconds", round(seconds));
        List<String> wrong = wrong(account, seen, recipients, System.nanoTime() >= limit);
        if (wrong.isEmpty()) {
            result.put("rate", Math.round(recipients / seconds));
        } else {
            wrong.forEach(result.putArray("wrong")::add);
        }
        result.put("launchMs", TimeUnit.NANOSECONDS.toMillis(launched - from));
        result.put("firstSubmitMs", TimeUnit.NANOSECONDS.toMillis(firstSubmit.get() - from));
        result.put("lost", lost(seen, recipients));
        result.put("duplicates", copies(seen));
        result.put("flagged", account.flagged());
        result.put("delivered", account.delivered());
        result.put("conserved", account.holds());
        result.put("cpuMicrosPerMessage", Math.round(1e6 * (nodeCpu + databaseCpu) / recipients));
        result.putObject("cpuMicros")
                .put("node", Math.round(1e6 * nodeCpu / recipients))
                .put("database", Math.round(1e6 * databaseCpu / recipients))
                .put("carrier", Math.round(1e6 * carrierCpu / recipients));
        result.put("commitsPerMessage", round(commitsUsed / (double) recipients * 10) / 10);
        result.put("heapMiB", BenchNode.heapMiB(node));
        onlookers.ifPresent(o -> o.write(result, firstSubmit.get(), last));
        return result;
    }

    /** Why a run does not count; empty when it does. */
    static List<String> wrong(Conservation.Account account, SmscCounters seen, int recipients, boolean limitReached) {
        List<String> wrong = new ArrayList<>(account.broken());
        if (limitReached) {
            wrong.add("after " + LIMIT.toMinutes() + " minutes " + seen.receipts() + " of " + recipients
                    + " receipts had come");
        }
        if (account.recipients() != recipients) {
            wrong.add("the alert has " + account.recipients() + " people, not " + recipients);
        }
        if (lost(seen, recipients) > 0) {
            wrong.add(lost(seen, recipients) + " messages never reached the carrier");
        }
        if (copies(seen) > account.flagged()) {
            wrong.add(copies(seen) + " second copies reached the carrier, of which the ledger flagged "
                    + account.flagged());
        }
        return wrong;
    }

    private static long lost(SmscCounters seen, int recipients) {
        return recipients - seen.destinations();
    }

    /** Every person of the crowd has a number of their own: what a number got beyond its first message is a copy. */
    private static long copies(SmscCounters seen) {
        return seen.messages() - seen.destinations();
    }

    private static double control(SimulatedSmsc smsc, int binds, int windowPerBind, int messages) throws Exception {
        smsc.reset();
        return new RawSubmitter("127.0.0.1", smsc.port(), "tocsin", "bench-sm")
                .run(binds, Math.max(1, windowPerBind), messages, 300)
                .rate();
    }

    private static double round(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
