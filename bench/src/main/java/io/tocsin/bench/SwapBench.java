package io.tocsin.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tocsin.lab.smsc.SimulatedSmsc;
import io.tocsin.lab.smsc.SmscOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The SMS channel is updated again and again between two versions while an alert leaves at a steady rate: what a swap costs
 * those who wait, and what it leaves behind. The same stretch without a swap, before, is the measure of it.
 */
public final class SwapBench {
    private static final String TYPE = "sms";
    private static final Duration CALM = Duration.ofSeconds(30);
    private static final Duration SWAP_LIMIT = Duration.ofMinutes(2);
    private static final Duration LAST_RECEIPTS = Duration.ofMinutes(10);
    private static final Pattern DONE = Pattern.compile("swap\\.done .*refreshed=\\[([^\\]]*)\\]");

    private SwapBench() {}

    public static void main(String[] args) throws Exception {
        Options options = new Options(args, Set.of("swaps", "rate", "recipients", "binds", "window", "watch", "json"));
        int rate = options.number("rate", 2000);
        int recipients = options.number("recipients", 50_000);
        int watch = options.number("watch", 1);
        SmscOptions carrier = SmscOptions.builder()
                .account("tocsin", "bench-sm")
                .receiptDelay(Duration.ofMillis(50))
                .recordMessages(false)
                .build();
        try (SimulatedSmsc smsc = SimulatedSmsc.start(carrier)) {
            BenchTenant tenant = BenchTenant.only(recipients);
            ObjectNode result;
            try (RunningNode node = BenchNode.start(smsc.port(), "bench-sm", folder -> {
                tenant.write(
                        folder,
                        BenchTenant.carriers(1, options.number("binds", 4), options.number("window", 200), rate));
                Path etc = Files.createDirectories(folder.resolveSibling("nodes/node1/etc"));
                Files.writeString(etc.resolve("io.tocsin.routing.cfg"), "swapWatchSeconds = " + watch + "\n");
            })) {
                Postgres postgres = BenchNode.populate(node, tenant);
                result = new Run(node, smsc, new AlertChain(BenchNode.signIn(node, tenant), tenant, smsc), postgres)
                        .measure(options.number("swaps", 100));
                result.put("asked", rate).put("watchSeconds", watch);
            }
            System.out.println(result);
            if (result.has("wrong")) {
                System.err.println("tocsin: the run does not count: " + result.get("wrong"));
                System.exit(1);
            }
        }
    }

    private static final class Run {
        private final RunningNode node;
        private final SimulatedSmsc smsc;
        private final AlertChain alerts;
        private final Postgres postgres;
        private final Receipts receipts;

        private Run(RunningNode node, SimulatedSmsc smsc, AlertChain alerts, Postgres postgres) {
            this.node = node;
            this.smsc = smsc;
            this.alerts = alerts;
            this.postgres = postgres;
            this.receipts = new Receipts(smsc);
        }

        private ObjectNode measure(int swaps) throws Exception {
            // classes loaded, plans made
            alerts.launch();
            receipts.awaitAll(alerts, LAST_RECEIPTS);
            alerts.start();
            receipts.start();
            Gaps calm = Gaps.watch(smsc);
            Progress.pause(CALM);
            calm.stop();
            // before any version but the one that came with the node was there
            NodeVitals before = NodeVitals.of(node.pid());
            Path next = version(node.home().resolve("channel-sms-next.jar"));
            Gaps swapped = Gaps.watch(smsc);
            long from = System.nanoTime();
            List<Double> longest = new ArrayList<>();
            for (int done = 1; done <= swaps; done++) {
                // the version that was served before is the one gone back to: the two take turns
                node.console(done == 1 ? "tocsin:channel-update " + next : "tocsin:channel-rollback " + TYPE);
                awaitDone(done);
                longest.add(swapped.lap());
                alerts.check();
                if (done % 10 == 0 || done == swaps) {
                    System.err.printf(
                            "tocsin: %d swaps, the longest gap %.0f ms%n",
                            done,
                            longest.stream()
                                    .mapToDouble(Double::doubleValue)
                                    .max()
                                    .orElse(0));
                }
            }
            double seconds = (System.nanoTime() - from) / 1e9;
            swapped.stop();
            alerts.stop();
            receipts.awaitAll(alerts, LAST_RECEIPTS);
            NodeVitals after = NodeVitals.of(node.pid());
            ObjectNode result = alerts.mapper().createObjectNode();
            result.put("bench", "swap").put("swaps", swaps).put("messages", receipts.total());
            result.put("secondsPerSwap", tenth(seconds / swaps));
            result.put("rate", Math.round(receipts.rate(CALM, CALM.plusSeconds((long) seconds))));
            result.put("calmRate", Math.round(receipts.rate(Duration.ZERO, CALM)));
            longest.sort(null);
            result.putObject("longestGapMillis")
                    .put("calm", tenth(calm.longest()))
                    .put("median", tenth(longest.get(longest.size() / 2)))
                    .put("most", tenth(longest.get(longest.size() - 1)));
            result.put("refreshedPerSwap", refreshed() / (double) swaps);
            pair(result, "classLoaders", before.classLoaders(), after.classLoaders());
            pair(result, "metaspaceMiB", before.metaspaceMiB(), after.metaspaceMiB());
            pair(result, "heapMiB", before.heapMiB(), after.heapMiB());
            pair(result, "threads", before.threads(), after.threads());
            pair(result, "openFiles", before.openFiles(), after.openFiles());
            alerts.judge(result, postgres, receipts.total());
            return result;
        }

        /** The channel the node came with, under a higher number. */
        private static Path version(Path to) throws IOException {
            Bundles.copy(Bundles.shipped("channel-sms"), to, Map.of("Bundle-Version", "1.0.1"), name -> true);
            return to;
        }

        private void awaitDone(int swaps) throws IOException, InterruptedException {
            long until = System.nanoTime() + SWAP_LIMIT.toNanos();
            while (done().size() < swaps) {
                if (System.nanoTime() > until) {
                    throw new IllegalStateException(
                            "swap " + swaps + " was not over after " + SWAP_LIMIT.toSeconds() + " s");
                }
                Progress.pause(Duration.ofMillis(100));
            }
        }

        /** The bundles refreshed, a line for each swap that is over. */
        private List<String> done() throws IOException {
            List<String> done = new ArrayList<>();
            try (Stream<String> lines = Files.lines(node.data().resolve("log/tocsin.log"))) {
                lines.forEach(line -> {
                    Matcher found = DONE.matcher(line);
                    if (found.find()) {
                        done.add(found.group(1));
                    }
                });
            }
            return done;
        }

        private long refreshed() throws IOException {
            return done().stream()
                    .filter(bundles -> !bundles.isBlank())
                    .mapToLong(bundles -> bundles.split(",").length)
                    .sum();
        }

        private static void pair(ObjectNode result, String name, double before, double after) {
            result.putObject(name)
                    .put("before", before)
                    .put("after", after)
                    .put("share", Math.round(1000 * after / before) / 1000.0);
        }

        private static double tenth(double value) {
            return Math.round(10 * value) / 10.0;
        }
    }
}
