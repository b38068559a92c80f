package io.tocsin.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tocsin.lab.smsc.SimulatedSmsc;
import io.tocsin.lab.smsc.SmscOptions;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * Hours at full rate: one alert after another, the next launched while the one before still leaves, so that there is always
 * something to send. For a quarter of the run somebody holds a snapshot of the database, as a forgotten report does. What
 * grows, what leaks and what slows down shows in the first and the last window, which are compared.
 */
public final class SoakBench {
    private static final Duration LONGEST_WINDOW = Duration.ofMinutes(10);
    private static final Duration LAST_RECEIPTS = Duration.ofMinutes(10);
    private static final double SPARE = 1.25;

    private SoakBench() {}

    public static void main(String[] args) throws Exception {
        Options options = new Options(args, Set.of("minutes", "recipients", "accounts", "binds", "window", "json"));
        Duration length = Duration.ofMinutes(options.number("minutes", 120));
        int recipients = options.number("recipients", 50_000);
        SmscOptions carrier = SmscOptions.builder()
                .account("tocsin", "bench-sm")
                .receiptDelay(Duration.ofMillis(50))
                .recordMessages(false)
                .build();
        try (SimulatedSmsc smsc = SimulatedSmsc.start(carrier)) {
            ObjectNode result;
            try (RunningNode node = BenchNode.start(
                    smsc.port(),
                    "bench-sm",
                    recipients,
                    options.number("accounts", 1),
                    options.number("binds", 4),
                    options.number("window", 200))) {
                result = new Run(node, smsc, length, recipients).measure();
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
        private final Duration length;
        private final Duration window;
        private final int recipients;
        private final Postgres postgres;
        private final AlertChain alerts;
        private final Receipts receipts;
        private final DeadTuples dead;

        private Run(RunningNode node, SimulatedSmsc smsc, Duration length, int recipients) throws Exception {
            this.node = node;
            this.smsc = smsc;
            this.length = length;
            this.window = length.dividedBy(6).compareTo(LONGEST_WINDOW) < 0 ? length.dividedBy(6) : LONGEST_WINDOW;
            this.recipients = recipients;
            BenchTenant tenant = BenchTenant.only(recipients);
            this.postgres = BenchNode.populate(node, tenant);
            this.alerts = new AlertChain(BenchNode.signIn(node, tenant), tenant, smsc);
            this.receipts = new Receipts(smsc);
            this.dead = new DeadTuples(postgres);
        }

        private ObjectNode measure() throws Exception {
            warmUp();
            long bytes = postgres.number("select pg_database_size(current_database())");
            long sent = smsc.counters().messages();
            alerts.start();
            receipts.start();
            until(window);
            NodeVitals before = NodeVitals.of(node.pid());
            until(length.dividedBy(4));
            try (Connection snapshot = holdSnapshot()) {
                until(length.dividedBy(2));
                snapshot.rollback();
            }
            Map<String, Long> withSnapshot = dead.now();
            until(length);
            Map<String, Long> atEnd = dead.now();
            NodeVitals after = NodeVitals.of(node.pid());
            alerts.stop();
            receipts.awaitAll(alerts, LAST_RECEIPTS);
            long messages = smsc.counters().messages() - sent;
            bytes = postgres.number("select pg_database_size(current_database())") - bytes;
            ObjectNode result = alerts.mapper().createObjectNode();
            double first = receipts.rate(Duration.ZERO, window);
            double last = receipts.rate(length.minus(window), length);
            result.put("bench", "soak").put("minutes", length.toMinutes()).put("recipients", recipients);
            // without the one that warmed up
            result.put("alerts", alerts.launched() - 1).put("messages", messages);
            result.put("rate", Math.round(receipts.rate(Duration.ZERO, length)));
            result.put("windowSeconds", window.toSeconds());
            result.put("firstRate", Math.round(first)).put("lastRate", Math.round(last));
            result.put("share", thousandth(last / first));
            result.put("rateUnderSnapshot", Math.round(receipts.rate(length.dividedBy(4), length.dividedBy(2))));
            write(result, before, after);
            ObjectNode tuples = result.putObject("deadTuples");
            DeadTuples.write(tuples.putObject("snapshotGone"), withSnapshot);
            DeadTuples.write(tuples.putObject("atEnd"), atEnd);
            tuples.put("most", dead.most());
            result.put("databaseBytesPerMessage", Math.round(bytes / (double) messages));
            alerts.judge(result, postgres, receipts.total());
            return result;
        }

        /** One alert to its end: classes loaded, plans made, sizes known. */
        private void warmUp() throws Exception {
            long before = postgres.number("select pg_database_size(current_database())");
            long from = System.nanoTime();
            alerts.launch();
            receipts.awaitAll(alerts, LAST_RECEIPTS);
            double seconds = (System.nanoTime() - from) / 1e9;
            long bytes = postgres.number("select pg_database_size(current_database())") - before;
            // A warm node is twice as fast as a cold one.
            double needed = SPARE * 2 * bytes / seconds * length.toSeconds();
            long free = Files.getFileStore(node.home()).getUsableSpace();
            if (needed > free) {
                throw new IllegalStateException(
                        "%d minutes would fill about %.0f GB and %s has %.0f GB free; name a larger place with TMPDIR (java.io.tmpdir), or fewer --minutes"
                                .formatted(length.toMinutes(), needed / 1e9, node.home(), free / 1e9));
            }
        }

        private Connection holdSnapshot() throws SQLException {
            Connection connection = postgres.connect();
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            try (var statement = connection.createStatement()) {
                statement.execute("select count(*) from node");
            }
            System.err.println("tocsin: a snapshot is held from now on");
            return connection;
        }

        /** Lets the run go on until so much of it is over. */
        private void until(Duration elapsed) throws SQLException {
            while (receipts.elapsed().compareTo(elapsed) < 0) {
                Progress.pause(Duration.ofSeconds(1));
                if (receipts.elapsed().toSeconds() % 10 == 0) {
                    dead.now();
                }
                alerts.check();
                receipts.say();
            }
        }

        private static void write(ObjectNode result, NodeVitals before, NodeVitals after) {
            ObjectNode vitals = result.putObject("vitals");
            pair(vitals, "heapMiB", before.heapMiB(), after.heapMiB());
            pair(vitals, "metaspaceMiB", before.metaspaceMiB(), after.metaspaceMiB());
            pair(vitals, "residentMiB", before.residentMiB(), after.residentMiB());
            pair(vitals, "threads", before.threads(), after.threads());
            pair(vitals, "openFiles", before.openFiles(), after.openFiles());
        }

        private static void pair(ObjectNode vitals, String name, double before, double after) {
            vitals.putObject(name).put("first", before).put("last", after).put("share", thousandth(after / before));
        }
    }

    private static double thousandth(double value) {
        return Math.round(1000 * value) / 1000.0;
    }
}
