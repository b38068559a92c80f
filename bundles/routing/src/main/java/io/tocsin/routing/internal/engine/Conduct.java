package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.SendOutcome;
import io.tocsin.routing.api.DispatchStatus.AccountTraffic;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/** How the channels of one account behave: what came of the messages they had. */
final class Conduct {
    /** Upper ends of the classes of latency, in milliseconds; the last class has none. */
    private static final long[] CLASSES = {
        1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 60_000, 120_000, 300_000
    };

    /** What came of a message, in the order people read. */
    enum Fate {
        ACCEPTED,
        RETRY,
        REJECTED,
        IN_DOUBT,
        FAILED,
        TIMED_OUT,
        LATE
    }

    private final Map<Fate, LongAdder> fates = new java.util.EnumMap<>(Fate.class);
    private final LongAdder[] latencies = new LongAdder[CLASSES.length + 1];

    Conduct() {
        for (Fate fate : Fate.values()) {
            fates.put(fate, new LongAdder());
        }
        for (int i = 0; i < latencies.length; i++) {
            latencies[i] = new LongAdder();
        }
    }

    /** The channel said what became of a message. */
    void answered(SendOutcome outcome, Duration after) {
        fates.get(fate(outcome)).increment();
        int place = 0;
        while (place < CLASSES.length && after.toMillis() > CLASSES[place]) {
            place++;
        }
        latencies[place].increment();
    }

    /** It said so after its time. */
    void late() {
        fates.get(Fate.LATE).increment();
    }

    /** It threw, or said nothing that can be understood. */
    void threw() {
        fates.get(Fate.FAILED).increment();
    }

    void timedOut() {
        fates.get(Fate.TIMED_OUT).increment();
    }

    AccountTraffic traffic(int accountId, String name, String channel) {
        Map<String, Long> counts = new LinkedHashMap<>();
        fates.forEach((fate, count) -> counts.put(fate.name().toLowerCase().replace('_', '-'), count.sum()));
        return new AccountTraffic(accountId, name, channel, counts, quantile(0.5), quantile(0.99));
    }

    private static Fate fate(SendOutcome outcome) {
        return outcome instanceof SendOutcome.Accepted
                ? Fate.ACCEPTED
                : outcome instanceof SendOutcome.Retry
                        ? Fate.RETRY
                        : outcome instanceof SendOutcome.Rejected ? Fate.REJECTED : Fate.IN_DOUBT;
    }

    /** The upper end of the class in which the quantile lies; of the last class, its lower end. */
    private Optional<Duration> quantile(double quantile) {
        long all = 0;
        for (LongAdder each : latencies) {
            all += each.sum();
        }
        long below = 0;
        for (int i = 0; i < latencies.length && all > 0; i++) {
            below += latencies[i].sum();
            if (below >= quantile * all) {
                return Optional.of(Duration.ofMillis(CLASSES[Math.min(i, CLASSES.length - 1)]));
            }
        }
        return Optional.empty();
    }
}
