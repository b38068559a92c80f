package io.tocsin.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;

/** Durations measured, all of them kept: percentiles are by nearest rank, never interpolated or bucketed. Thread-safe. */
final class Samples {
    private static final double NANOS_PER_MILLI = 1e6;

    private long[] nanos = new long[256];
    private int count;

    synchronized void add(long duration) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * count);
        }
        nanos[count++] = duration;
    }

    synchronized int count() {
        return count;
    }

    /** The smallest sample that at least {@code share} of all are not above, in nanoseconds; 0 without samples. */
    synchronized long percentile(double share) {
        if (count == 0) {
            return 0;
        }
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return sorted[Math.max(0, (int) Math.ceil(share * count) - 1)];
    }

    /** Writes {@code n}, {@code p50Ms}, {@code p99Ms} and {@code maxMs}, to a tenth of a millisecond. */
    ObjectNode write(ObjectNode into) {
        return into.put("n", count())
                .put("p50Ms", millis(percentile(0.5)))
                .put("p99Ms", millis(percentile(0.99)))
                .put("maxMs", millis(percentile(1)));
    }

    private static double millis(long nanos) {
        return Math.round(nanos / NANOS_PER_MILLI * 10) / 10.0;
    }
}
