package io.tocsin.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tocsin.lab.smsc.SimulatedSmsc;
import io.tocsin.lab.smsc.SmscCounters;
import io.tocsin.lab.smsc.SmscOptions;
import io.tocsin.persistence.testing.Conservation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * A life-safety alert of one tenant, launched again and again: alone, while another tenant's crowd is being written to through
 * the same account of their agency, and alone again. Its control is itself, alone, in the same run: the faster of before and
 * after, when everything is as warm as it was in the crowd.
 */
public final class FairnessBench {
    private static final Duration LIMIT = Duration.ofMinutes(30);
    private static final Duration BETWEEN = Duration.ofSeconds(1);
    private static final String PASSWORD = "bench-sm";

    /** One launch of the urgent alert, in seconds since its request. @param others messages of the crowd meanwhile */
    private record Round(
            long alert, double launched, double firstSubmit, double lastSubmit, double lastReceipt, long others) {
        double othersPerSecond() {
            return others / lastReceipt;
        }
    }

    private final SimulatedSmsc smsc;
    private final Postgres postgres;
    private final BenchTenant crowd;
    private final BenchTenant urgent;
    private final Api crowdApi;
    private final Api urgentApi;
    private final List<String> numbers;
    private final int rounds;
    private final long limit = System.nanoTime() + LIMIT.toNanos();
    private final List<Round> all = new ArrayList<>();

    private FairnessBench(SimulatedSmsc smsc, RunningNode node, BenchTenant crowd, BenchTenant urgent, int rounds)
            throws Exception {
        this.smsc = smsc;
        this.crowd = crowd;
        this.urgent = urgent;
        this.rounds = rounds;
        this.postgres = BenchNode.populate(node, crowd, urgent);
        this.crowdApi = BenchNode.signIn(node, crowd);
        this.urgentApi = BenchNode.signIn(node, urgent);
        this.numbers = IntStream.rangeClosed(1, urgent.recipients())
                .mapToObj(i -> Postgres.number(crowd.recipients() + i))
                .toList();
    }

    public static void main(String[] args) throws Exception {
        Options options = new Options(
                args,
                Set.of(
                        "crowd",
                        "urgent",
                        "rounds",
                        "warm-up",
                        "rate",
                        "binds",
                        "window",
                        "latency-ms",
                        "receipt-delay-ms",
                        "json"));
        BenchTenant crowd = new BenchTenant("foule", "information", options.number("crowd", 1_000_000));
        BenchTenant urgent = new BenchTenant("secours", "life-safety", options.number("urgent", 1_000));
        int rate = options.number("rate", 0);
        SmscOptions carrier = SmscOptions.builder()
                .account("tocsin", PASSWORD)
                .latency(Duration.ofMillis(options.number("latency-ms", 0)))
                .receiptDelay(Duration.ofMillis(options.number("receipt-delay-ms", 50)))
                .recordMessages(false)
                .build();
        String carriers = BenchTenant.carriers(1, options.number("binds", 4), options.number("window", 200), rate);
        ObjectNode result;
        try (SimulatedSmsc smsc = SimulatedSmsc.start(carrier);
                RunningNode node = BenchNode.start(smsc.port(), PASSWORD, folder -> {
                    BenchTenant.writeAgency(folder, carriers);
                    crowd.write(folder, "");
                    urgent.write(folder, "");
                })) {
            result = new FairnessBench(smsc, node, crowd, urgent, options.number("rounds", 5))
                    .measure(options.number("warm-up", 10));
        }
        result.put("rateLimit", rate);
        System.out.println(result);
        if (result.has("wrong")) {
            System.err.println("tocsin: the run does not count: " + result.get("wrong"));
            System.exit(1);
        }
    }

    private ObjectNode measure(int warmUp) throws Exception {
        launches(warmUp);
        List<Round> before = launches(rounds);
        long from = System.nanoTime();
        long crowdAlert = BenchNode.launch(crowdApi, crowd);
        double launchSeconds = (System.nanoTime() - from) / 1e9;
        // Not before the crowd is well on its way.
        long base = urgentMessages();
        while (crowdMessages(base) < Math.min(crowd.recipients() / 20, 20_000)) {
            pause(Duration.ofMillis(20));
        }
        List<Round> crowded = new ArrayList<>();
        long alone = 0;
        long aloneNanos = 0;
        for (int i = 0; i < rounds; i++) {
            long messages = smsc.counters().messages();
            long at = System.nanoTime();
            pause(BETWEEN);
            alone += smsc.counters().messages() - messages;
            aloneNanos += System.nanoTime() - at;
            crowded.add(launch());
        }
        long left = crowd.recipients() - crowdMessages(urgentMessages());
        List<String> wrong = new ArrayList<>();
        if (left <= 0) {
            wrong.add("the crowd was through before the last urgent launch: take a larger --crowd");
        }
        awaitDelivered(crowd, crowdAlert);
        double crowdSeconds = (System.nanoTime() - from) / 1e9;
        List<Round> after = launches(rounds);
        return report(new Runs(before, crowded, after), crowdAlert, wrong)
                .put("crowdLaunchSeconds", round(launchSeconds))
                .put("crowdSeconds", round(crowdSeconds))
                .put("crowdRate", Math.round(alone * 1e9 / aloneNanos))
                .put("crowdRateMeanwhile", Math.round(median(crowded, Round::othersPerSecond)));
    }

    private record Runs(List<Round> before, List<Round> crowded, List<Round> after) {
        /** The times alone: whichever half was faster. */
        List<Round> alone() {
            return median(before, Round::lastReceipt) < median(after, Round::lastReceipt) ? before : after;
        }
    }

    private ObjectNode report(Runs runs, long crowdAlert, List<String> wrong) throws Exception {
        Conservation.Account crowdAccount = postgres.account(crowd.slug(), crowdAlert);
        List<String> broken = new ArrayList<>(crowdAccount.broken());
        long flagged = crowdAccount.flagged();
        for (Round each : all) {
            Conservation.Account account = postgres.account(urgent.slug(), each.alert());
            broken.addAll(account.broken());
            flagged += account.flagged();
        }
        wrong.addAll(broken);
        SmscCounters seen = smsc.counters();
        long people = crowd.recipients() + urgent.recipients();
        long copies = seen.messages() - crowd.recipients() - (long) all.size() * urgent.recipients();
        if (seen.destinations() != people) {
            wrong.add(people - seen.destinations() + " people got nothing");
        }
        if (copies < 0 || copies > flagged) {
            wrong.add(copies + " messages more than launched for, of which the ledger flagged " + flagged);
        }
        double alone = median(runs.alone(), Round::lastReceipt);
        double crowded = median(runs.crowded(), Round::lastReceipt);
        ObjectNode result = new ObjectMapper().createObjectNode();
        result.put("bench", "fairness")
                .put("urgent", urgent.recipients())
                .put("crowd", crowd.recipients())
                .put("rounds", rounds);
        if (wrong.isEmpty()) {
            result.put("soloSeconds", round(alone))
                    .put("crowdedSeconds", round(crowded))
                    .put("ratio", round(crowded / alone))
                    .put(
                            "worstRatio",
                            round(runs.crowded.stream()
                                            .mapToDouble(Round::lastReceipt)
                                            .max()
                                            .orElseThrow()
                                    / alone));
        } else {
            wrong.forEach(result.putArray("wrong")::add);
        }
        stages(result.putObject("soloBeforeMs"), runs.before);
        stages(result.putObject("soloAfterMs"), runs.after);
        stages(result.putObject("crowdedMs"), runs.crowded);
        return result.put("duplicates", Math.max(0, copies))
                .put("flagged", flagged)
                .put("conserved", broken.isEmpty());
    }

    /** Where the time goes: medians, since the launch request. */
    private static void stages(ObjectNode into, List<Round> of) {
        into.put("launched", Math.round(1e3 * median(of, Round::launched)))
                .put("firstSubmit", Math.round(1e3 * median(of, Round::firstSubmit)))
                .put("lastSubmit", Math.round(1e3 * median(of, Round::lastSubmit)))
                .put("lastReceipt", Math.round(1e3 * median(of, Round::lastReceipt)));
    }

    private List<Round> launches(int times) throws Exception {
        List<Round> made = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            pause(BETWEEN);
            made.add(launch());
        }
        return made;
    }

    private Round launch() throws Exception {
        int copies = all.size() + 1;
        double[] submits = new double[2];
        long messages = smsc.counters().messages();
        long from = System.nanoTime();
        Thread watch = new Thread(() -> watch(copies, from, submits), "watch");
        watch.setDaemon(true);
        watch.start();
        long alert = BenchNode.launch(urgentApi, urgent);
        double launched = seconds(from);
        awaitDelivered(urgent, alert);
        double delivered = seconds(from);
        watch.join();
        long others = smsc.counters().messages() - messages - urgent.recipients();
        Round round = new Round(alert, launched, submits[0], submits[1], delivered, others);
        all.add(round);
        return round;
    }

    /** Sees when the first and the last of the urgent telephones got one message more. */
    private void watch(int copies, long from, double[] submits) {
        int next = 0;
        while (next < numbers.size() && System.nanoTime() < limit) {
            while (next < numbers.size() && smsc.messagesTo(numbers.get(next)) >= copies) {
                if (next++ == 0) {
                    submits[0] = seconds(from);
                }
            }
            Progress.pause(Duration.ofMillis(1));
        }
        submits[1] = seconds(from);
    }

    /** Until the ledger has a receipt for everybody of an alert: each was acknowledged to the carrier by then, or is just now. */
    private void awaitDelivered(BenchTenant tenant, long alert) throws Exception {
        try (Postgres.Question delivered = postgres.ask(
                """
                select coalesce(sum(n), 0) from tally
                where tenant_id = (select tenant_id from tenant where slug = '%s') and alert_id = %d and kind = 'delivered'
                """
                        .formatted(tenant.slug(), alert))) {
            while (delivered.number() < tenant.recipients()) {
                pause(Duration.ofMillis(5));
            }
        }
    }

    private long urgentMessages() {
        return (long) all.size() * urgent.recipients();
    }

    private long crowdMessages(long urgentMessages) {
        return smsc.counters().messages() - urgentMessages;
    }

    private void pause(Duration duration) {
        if (System.nanoTime() > limit) {
            throw new IllegalStateException(
                    "not done after " + LIMIT.toMinutes() + " minutes; the SMSC has seen " + smsc.counters());
        }
        Progress.pause(duration);
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    private static double median(List<Round> rounds, ToDoubleFunction<Round> of) {
        double[] sorted = rounds.stream().mapToDouble(of).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private static double round(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
