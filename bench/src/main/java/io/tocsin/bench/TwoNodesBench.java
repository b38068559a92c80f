package io.tocsin.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tocsin.persistence.testing.Conservation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Two nodes on one database against one: the same alert by one node and by both, an account's throttle kept by both together, and what
 * is left of the rate without Hazelcast, and while it stops. All on this machine: nodes, database and carrier share its cores, so the second node adds
 * what the first leaves idle and no more.
 */
public final class TwoNodesBench {
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final Duration LOOK = Duration.ofMillis(20);

    private final int recipients;
    private final int perSecond;
    private final int seconds;
    private final SmscProcess carrier;
    private final List<String> wrong = new ArrayList<>();
    private Postgres postgres;

    private TwoNodesBench(Options options, SmscProcess carrier) {
        this.recipients = options.number("recipients", 60_000);
        this.perSecond = options.number("per-second", 200);
        this.seconds = options.number("seconds", 60);
        this.carrier = carrier;
        if (seconds < 60) {
            throw new IllegalArgumentException("option --seconds: a throttle is measured over 60 or more");
        }
    }

    public static void main(String[] args) throws Exception {
        Options options = new Options(args, Set.of("recipients", "per-second", "seconds", "json"));
        ObjectNode result;
        try (SmscProcess carrier = SmscProcess.start("receipt-delay-ms=50")) {
            result = new TwoNodesBench(options, carrier).run();
        }
        System.out.println(result);
        if (result.has("wrong")) {
            System.err.println("tocsin: the run does not count: " + result.get("wrong"));
            System.exit(1);
        }
    }

    private ObjectNode run() throws Exception {
        int northPort = freePort();
        int southPort = freePort();
        BenchTenant free = BenchTenant.only(recipients);
        BenchTenant throttled = new BenchTenant("bench-throttled", "operational", perSecond * (seconds + 30));
        try (RunningNode north = node("north", northPort, southPort, Map.of(), List.of(), free, throttled)) {
            postgres = BenchNode.populate(north, free, throttled);
            Api api = BenchNode.signIn(north, free);
            ObjectNode result = api.mapper().createObjectNode();
            result.put("bench", "two-nodes").put("recipients", recipients);
            median(api, free);
            double one = median(api, free);
            Path home = north.data().resolve("postgres");
            String url = "jdbc:postgresql://127.0.0.1:"
                    + Files.readString(home.resolve("port")).strip() + "/tocsin";
            Map<String, String> database = Map.of(
                    "TOCSIN_DB_USER",
                    "tocsin_owner",
                    "TOCSIN_DB_PASSWORD_FILE",
                    home.resolve("owner-password").toString());
            try (RunningNode south =
                    node("south", southPort, northPort, database, List.of("--db", url), free, throttled)) {
                BenchNode.awaitAccounts(south);
                awaitCluster(north, "whole");
                median(api, free);
                double two = median(api, free);
                result.put("rate", Math.round(two));
                result.putObject("control").put("name", "one node").put("rate", Math.round(one));
                result.put("shareOfControl", thousandths(two / one));
                throttle(BenchNode.signIn(north, throttled), throttled, result.putObject("throttle"));
                // The end of an alert is slower than its middle, whatever happens: an alert left in peace is the
                // control.
                Rates peace = alert(api, free, recipients * 2L / 5, () -> {});
                Rates around = alert(api, free, recipients * 2L / 5, () -> {
                    stopHazelcast(north);
                    stopHazelcast(south);
                });
                awaitCluster(north, "alone");
                awaitCluster(south, "alone");
                double stopped = median(api, free);
                ObjectNode hazelcast = result.putObject("hazelcastStopped");
                hazelcast.put("rate", Math.round(stopped)).put("shareOfControl", thousandths(stopped / two));
                hazelcast
                        .putObject("whileItStops")
                        .put("before", Math.round(around.before()))
                        .put("after", Math.round(around.after()))
                        .put("share", thousandths(around.after() / around.before()))
                        .put("shareInPeace", thousandths(peace.after() / peace.before()));
            }
            if (!wrong.isEmpty()) {
                wrong.forEach(result.putArray("wrong")::add);
            }
            return result;
        }
    }

    /** @param more of its environment, @param options of its start, beyond its place in the cluster */
    private RunningNode node(
            String name,
            int own,
            int other,
            Map<String, String> more,
            List<String> options,
            BenchTenant free,
            BenchTenant throttled) {
        Map<String, String> environment = new TreeMap<>(more);
        environment.put("TOCSIN_HEAP", "768m");
        environment.put("TOCSIN_LAB_SMS_PORT", String.valueOf(carrier.port()));
        environment.put("TOCSIN_SECRET_LAB_SMS", SmscProcess.PASSWORD);
        environment.put("TOCSIN_SECRET_BENCH_USER", BenchNode.PASSWORD);
        List<String> all = new ArrayList<>(options);
        all.addAll(List.of("--node", name, "--site", name, "--address", "127.0.0.1:" + own));
        all.addAll(List.of("--join", "127.0.0.1:" + own + ",127.0.0.1:" + other));
        return RunningNode.start(environment, all, folder -> {
            free.write(folder, BenchTenant.carriers(1, 4, 200, 0));
            throttled.write(folder, BenchTenant.carriers(2, 1, 2, 200, perSecond));
        });
    }

    /** Messages a second from launch to the last receipt; and in the middle, before and after something was done. */
    private record Rates(double rate, double before, double after) {}

    @FunctionalInterface
    private interface Deed {
        void done() throws Exception;
    }

    /** Of three alerts: one may meet a checkpoint. Asked twice of nodes that have just started: what is compiled on the way is not measured. */
    private double median(Api api, BenchTenant tenant) throws Exception {
        double[] rates = new double[3];
        for (int i = 0; i < rates.length; i++) {
            rates[i] = alert(api, tenant, -1, () -> {}).rate();
        }
        Arrays.sort(rates);
        return rates[1];
    }

    /** @param at after how many messages the deed is done; negative: never */
    private Rates alert(Api api, BenchTenant tenant, long at, Deed deed) throws Exception {
        carrier.command("/reset");
        long launched = System.nanoTime();
        long alert = BenchNode.launch(api, tenant);
        long limit = launched + LIMIT.toNanos();
        long tenth = 0;
        long tenthMessages = 0;
        double before = 0;
        long resumed = 0;
        long resumedMessages = 0;
        long end = 0;
        long endMessages = 0;
        boolean done = false;
        while (System.nanoTime() < limit) {
            JsonNode stats = carrier.stats();
            long now = System.nanoTime();
            long messages = stats.get("messages").asLong();
            if (tenth == 0 && messages >= tenant.recipients() / 10) {
                tenth = now;
                tenthMessages = messages;
            }
            if (at >= 0 && !done && messages >= at) {
                before = rate(tenth, tenthMessages, now, messages);
                deed.done();
                done = true;
                resumed = System.nanoTime();
                resumedMessages = carrier.stats().get("messages").asLong();
            }
            if (end == 0 && messages >= tenant.recipients() * 19L / 20) {
                end = now;
                endMessages = messages;
            }
            if (stats.get("receipts").asLong() >= tenant.recipients()) {
                check(tenant, alert, stats);
                double all = tenant.recipients() / ((now - launched) / 1e9);
                return new Rates(all, before, done ? rate(resumed, resumedMessages, end, endMessages) : 0);
            }
            Progress.pause(LOOK);
        }
        wrong.add("alert " + alert + " was not over after " + LIMIT.toMinutes() + " minutes");
        return new Rates(0, 0, 0);
    }

    private static double rate(long from, long fromMessages, long until, long untilMessages) {
        return until <= from ? 0 : (untilMessages - fromMessages) * 1e9 / (until - from);
    }

    /** What left in so many seconds, counted by the carrier, once it leaves evenly. */
    private void throttle(Api api, BenchTenant tenant, ObjectNode result) throws Exception {
        carrier.command("/reset");
        long alert = BenchNode.launch(api, tenant);
        long limit = System.nanoTime() + LIMIT.toNanos();
        while (carrier.stats().get("messages").asLong() < perSecond * 5L && System.nanoTime() < limit) {
            Progress.pause(LOOK);
        }
        long from = System.nanoTime();
        long before = carrier.stats().get("messages").asLong();
        Progress.pause(Duration.ofSeconds(seconds));
        long after = carrier.stats().get("messages").asLong();
        double measured = rate(from, before, System.nanoTime(), after);
        while (carrier.stats().get("receipts").asLong() < tenant.recipients() && System.nanoTime() < limit) {
            Progress.pause(LOOK);
        }
        check(tenant, alert, carrier.stats());
        result.put("perSecond", perSecond)
                .put("seconds", seconds)
                .put("measured", Math.round(measured * 10) / 10.0)
                .put("shareOfThrottle", thousandths(measured / perSecond));
    }

    private void check(BenchTenant tenant, long alert, JsonNode stats) throws Exception {
        Conservation.Account account = postgres.account(tenant.slug(), alert);
        account.broken().forEach(broken -> wrong.add("alert " + alert + ": " + broken));
        long destinations = stats.get("destinations").asLong();
        long copies = stats.get("messages").asLong() - destinations;
        if (destinations != tenant.recipients()) {
            wrong.add("alert " + alert + ": " + (tenant.recipients() - destinations) + " never reached the carrier");
        }
        if (copies > account.flagged()) {
            wrong.add("alert " + alert + ": " + copies + " second copies, " + account.flagged() + " flagged");
        }
    }

    /** As an operator would: a node without an address is in no cluster. */
    private static void stopHazelcast(RunningNode node) throws IOException {
        Path file = node.folder().resolve("etc/io.tocsin.cluster.cfg");
        List<String> kept = Files.readAllLines(file).stream()
                .filter(line -> !line.startsWith("address") && !line.startsWith("members"))
                .toList();
        Path changed = Files.write(file.resolveSibling("io.tocsin.cluster.cfg.new"), kept);
        Files.move(changed, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void awaitCluster(RunningNode node, String state) throws IOException, InterruptedException {
        long limit = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (System.nanoTime() < limit) {
            for (JsonNode check : node.api().get("/health/ready").json().path("checks")) {
                if (check.get("name").asText().equals("cluster")
                        && check.get("state").asText().equals(state)) {
                    return;
                }
            }
            Progress.pause(LOOK);
        }
        throw new IOException("the cluster of " + node.folder().getFileName() + " is not " + state);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static double thousandths(double share) {
        return Math.round(share * 1000) / 1000.0;
    }
}
