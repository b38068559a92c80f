package io.tocsin.bench;

import java.util.Arrays;

/**
 * How old a live counter is. At a moment, the age of what a screen shows is how long ago the truth went past it: 0 while the
 * figure shown is not behind; otherwise the time since the carrier saw the first receipt acknowledged that the figure does not
 * contain. A screen that shows nothing yet shows 0. Truth and figures are of one clock ({@code System.nanoTime}).
 *
 * <p>Thread-safe: one thread tells the truth, another what was shown.
 */
final class CounterAge {
    private final Line truth = new Line();
    private final Line shown = new Line();

    /** The carrier has seen {@code count} receipts acknowledged; times and counts never go back. */
    void truth(long nanos, long count) {
        truth.add(nanos, count);
    }

    /** A screen shows {@code figure} from now on. */
    void shown(long nanos, long figure) {
        shown.add(nanos, figure);
    }

    int figures() {
        return shown.size();
    }

    /** The age at every moment the truth was told within [from, to]: a screen looked at at no particular time. */
    Samples ages(long from, long to) {
        Samples ages = new Samples();
        for (int i = 0; i < truth.size(); i++) {
            long at = truth.time(i);
            if (at >= from && at <= to) {
                ages.add(age(at, shown.lastBefore(at)));
            }
        }
        return ages;
    }

    /** How old a figure is that arrives now, say in the answer to a request. */
    long age(long now, long figure) {
        long passed = truth.firstAbove(figure);
        return passed < 0 || passed > now ? 0 : now - passed;
    }

    /** A count over time. */
    private static final class Line {
        private long[] times = new long[1024];
        private long[] counts = new long[1024];
        private int size;

        synchronized void add(long nanos, long count) {
            if (size == times.length) {
                times = Arrays.copyOf(times, 2 * size);
                counts = Arrays.copyOf(counts, 2 * size);
            }
            times[size] = nanos;
            counts[size++] = count;
        }

        synchronized int size() {
            return size;
        }

        synchronized long time(int i) {
            return times[i];
        }

        /** The count that holds at a time; 0 before the first. */
        synchronized long lastBefore(long nanos) {
            int found = Arrays.binarySearch(times, 0, size, nanos);
            int last = found >= 0 ? found : -found - 2;
            return last < 0 ? 0 : counts[last];
        }

        /** When the count first went above, or -1. Counts never fall. */
        synchronized long firstAbove(long count) {
            int low = 0;
            int high = size;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (counts[middle] > count) {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            return low == size ? -1 : times[low];
        }
    }
}
