package io.tocsin.lab.phone.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The lines of the plant, and how well they are used. The line that was free longest is taken first: every idle moment is seen. On
 * the loop only; times are of {@code System.nanoTime}.
 */
final class Lines {
    private static final int HOUR = 3_600;
    /** Gaps by the tenth of a millisecond to 1 s, by the millisecond to a minute. */
    private static final int FINE = 10_000;

    private static final int COARSE = 59_000;

    private final int[] free;
    private int head;
    private int idle;
    private final long[] freedAt;
    private final long[] takenAt;
    private final int[] gaps = new int[FINE + COARSE + 1];
    private long gapCount;
    private long longestGap;
    private long callNanos;
    private long callCount;
    private int busy;
    private int mostBusy;
    private double busySeconds;
    private long since;
    private long marked;
    private int[] begun = new int[64];

    Lines(int count, long now) {
        free = new int[count];
        freedAt = new long[count];
        takenAt = new long[count];
        Arrays.fill(freedAt, Long.MIN_VALUE);
        for (int line = 0; line < count; line++) {
            free[line] = line;
        }
        idle = count;
        mark(now);
    }

    /** A call is begun: counts it into its second. */
    void begun(long now) {
        int second = (int) Math.min(HOUR, (now - marked) / 1_000_000_000L);
        if (second == HOUR) {
            return;
        }
        if (second >= begun.length) {
            begun = Arrays.copyOf(begun, Math.min(HOUR, Math.max(second + 1, begun.length * 2)));
        }
        begun[second]++;
    }

    /** @return -1 if all are busy */
    int take(long now) {
        if (idle == 0) {
            return -1;
        }
        int line = free[head];
        head = (head + 1) % free.length;
        idle--;
        if (freedAt[line] != Long.MIN_VALUE) {
            gap(now - freedAt[line]);
        }
        takenAt[line] = now;
        integrate(now);
        busy++;
        mostBusy = Math.max(mostBusy, busy);
        return line;
    }

    void release(int line, long now) {
        free[(head + idle) % free.length] = line;
        idle++;
        freedAt[line] = now;
        callNanos += now - takenAt[line];
        callCount++;
        integrate(now);
        busy--;
    }

    private void gap(long nanos) {
        long tenths = nanos / 100_000;
        int slot = tenths < FINE ? (int) tenths : (int) Math.min(gaps.length - 1, FINE + nanos / 1_000_000 - 1_000);
        gaps[slot]++;
        gapCount++;
        longestGap = Math.max(longestGap, nanos);
    }

    private void integrate(long now) {
        busySeconds += busy * ((now - since) / 1e9);
        since = now;
    }

    /** Measures from now on. A line that is free now is free since when it was. */
    void mark(long now) {
        Arrays.fill(gaps, 0);
        gapCount = 0;
        longestGap = 0;
        callNanos = 0;
        callCount = 0;
        busySeconds = 0;
        since = now;
        marked = now;
        mostBusy = busy;
        Arrays.fill(begun, 0);
    }

    /** @return milliseconds; 0 without any gap */
    double gapMillis(double share) {
        long wanted = (long) Math.ceil(share * gapCount);
        long seen = 0;
        for (int slot = 0; slot < gaps.length; slot++) {
            seen += gaps[slot];
            if (seen >= wanted && seen > 0) {
                return slot < FINE ? slot / 10.0 : slot - FINE + 1_000;
            }
        }
        return 0;
    }

    double longestGapMillis() {
        return longestGap / 1e6;
    }

    /** How long a call that ended had its line, on average; 0 without any. */
    double callSeconds() {
        return callCount == 0 ? 0 : callNanos / 1e9 / callCount;
    }

    int count() {
        return free.length;
    }

    int busy() {
        return busy;
    }

    int mostBusy() {
        return mostBusy;
    }

    double lineSeconds(long now) {
        integrate(now);
        return busySeconds;
    }

    double seconds(long now) {
        return (now - marked) / 1e9;
    }

    /** Calls begun in each whole second. */
    List<Integer> perSecond(long now) {
        int whole = (int) Math.min(HOUR, (now - marked) / 1_000_000_000L);
        List<Integer> counts = new ArrayList<>();
        for (int second = 0; second < whole; second++) {
            counts.add(second < begun.length ? begun[second] : 0);
        }
        return counts;
    }
}
