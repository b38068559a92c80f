package io.tocsin.lab.smsc;

import io.tocsin.lab.people.SeededPeople;
import io.tocsin.lab.process.LoopbackDoor;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The simulated SMSC as a process of its own, for stories and benches: {@code SmscMain --port=0 --latency-ms=5 …}.
 *
 * <p>Prints one line, {@code {"port":…,"http":…}}, and then answers on the loopback: {@code GET /stats},
 * {@code GET /duplicates}, {@code GET /copies}, {@code GET /to?number=…}, {@code POST /drop}, {@code POST /reset},
 * {@code POST /refuse?connections=true}, {@code POST /behave?latency-ms=…}. Runs until killed.
 */
public final class SmscMain {
    private final SimulatedSmsc smsc;
    private final LoopbackDoor http;

    private SmscMain(SimulatedSmsc smsc, LoopbackDoor http) {
        this.smsc = smsc;
        this.http = http;
    }

    public static void main(String[] args) throws IOException {
        Map<String, String> given = LoopbackDoor.arguments(args);
        int httpPort = Integer.parseInt(given.getOrDefault("http", "0"));
        given.remove("http");
        SmscOptions options;
        try {
            options = apply(given, SmscOptions.builder()).build();
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        SmscMain main = new SmscMain(SimulatedSmsc.start(options), new LoopbackDoor(httpPort));
        main.serve();
        System.out.printf("{\"port\":%d,\"http\":%d}%n", main.smsc.port(), main.http.port());
        System.out.flush();
    }

    /** Options by the names that the command line, {@code /behave} and the bundle's configuration share. */
    static SmscOptions.Builder apply(Map<String, String> given, SmscOptions.Builder options) {
        Map<String, String> left = new TreeMap<>(given);
        number(left, "port", value -> options.port((int) value));
        number(left, "latency-ms", value -> options.latency(micros(value)));
        number(left, "receipt-delay-ms", value -> options.receiptDelay(micros(value)));
        number(left, "failure-rate", value -> options.failureRates(value / 2, value / 4, value / 4));
        number(left, "drop-rate", options::dropRate);
        number(left, "max-per-second", value -> options.maxPerSecond((int) value));
        number(left, "seed", value -> options.seed((long) value));
        number(left, "odd-every", value -> options.oddEvery((int) value));
        number(left, "first-id", value -> options.firstId((long) value));
        text(
                left,
                "odd",
                value -> options.odd(list(value).stream().map(Oddity::of).toArray(Oddity[]::new)));
        number(left, "deliver-window", value -> options.deliverWindow((int) value));
        if (left.containsKey("system-id") || left.containsKey("password")) {
            SmscOptions now = options.build();
            String id = left.remove("system-id");
            String password = left.remove("password");
            options.account(id == null ? now.systemId() : id, password == null ? now.password() : password);
        }
        text(left, "receipt-first", value -> options.receiptBeforeResponse(Boolean.parseBoolean(value)));
        text(left, "record", value -> options.recordMessages(Boolean.parseBoolean(value)));
        text(left, "refused-prefixes", value -> options.refusedPrefixes(list(value)));
        text(
                left,
                "response-ids",
                value -> options.ids(format(value), options.build().receiptIds()));
        text(left, "receipt-ids", value -> options.ids(options.build().responseIds(), format(value)));
        people(left, options);
        if (!left.isEmpty()) {
            throw new IllegalArgumentException(
                    "unknown option " + left.keySet().iterator().next());
        }
        return options;
    }

    private static void people(Map<String, String> left, SmscOptions.Builder options) {
        String share = left.remove("reply-rate");
        String texts = left.remove("reply-texts");
        String quickest = left.remove("reply-min-ms");
        String slowest = left.remove("reply-max-ms");
        if (share != null) {
            long min = quickest == null ? 500 : Long.parseLong(quickest);
            long max = slowest == null ? Math.max(min, 5000) : Long.parseLong(slowest);
            options.people(new SeededPeople(
                    Double.parseDouble(share),
                    list(texts == null ? "1" : texts),
                    Duration.ofMillis(min),
                    Duration.ofMillis(max),
                    options.build().seed()));
        }
    }

    private static void number(Map<String, String> left, String key, java.util.function.DoubleConsumer set) {
        text(left, key, value -> {
            try {
                set.accept(Double.parseDouble(value));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(key + ": " + value + " is not a number", e);
            }
        });
    }

    private static void text(Map<String, String> left, String key, java.util.function.Consumer<String> set) {
        String value = left.remove(key);
        if (value != null) {
            set.accept(value);
        }
    }

    private static Duration micros(double millis) {
        return Duration.ofNanos((long) (millis * 1_000_000));
    }

    private static List<String> list(String value) {
        return value.isBlank() ? List.of() : List.of(value.split(","));
    }

    private static IdFormat format(String value) {
        return IdFormat.valueOf(value.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    private void serve() {
        http.answers("/stats", query -> smsc.counters().toJson());
        http.answers("/duplicates", query -> LoopbackDoor.json(smsc.duplicatesByDestination()));
        http.answers("/copies", query -> LoopbackDoor.json(smsc.severalByDestination()));
        http.answers("/to", query -> "{\"messages\":" + smsc.messagesTo(query.getOrDefault("number", "")) + "}");
        http.does("/drop", query -> smsc.dropConnections());
        http.does("/reset", query -> smsc.reset());
        http.does("/refuse", query -> smsc.refuseConnections(Boolean.parseBoolean(query.get("connections"))));
        http.does("/behave", query -> smsc.behave(options -> apply(query, options)));
        http.start();
    }
}
