package io.tocsin.routing.internal.engine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/**
 * Permits to send on one account: the carrier's rate, in those stretches of time that are this node's, halved when the carrier says we are too
 * fast and won back little by little. Permits are taken before the watermark moves, never after.
 */
final class Throttle {
    private static final double RECOVERY_PER_SECOND = 0.05;
    private static final long NANOS = 1_000_000_000L;

    /** Seconds' worth that may leave at once, while each taking is quick; and at most. */
    private static final double LEAST_BURST = 0.1;

    private static final double MOST_BURST = 0.5;

    private final LongSupplier nanoTime;
    private final double limit;

    /** Stretches of the account's time that are this node's, from and until, in order. */
    private final Deque<long[]> mine = new ArrayDeque<>();

    /** Messages for which time was taken, and from when on it is this node's, in order. */
    private final Deque<Few> few = new ArrayDeque<>();

    /** Of those, how many may leave by now; they are not saved up with the others, of whom a node may have fewer. */
    private int fewNow;

    private double allowed;
    private double burstSeconds = LEAST_BURST;
    private int nodes = 1;
    private double tokens;
    private long filledAt;
    private long closedUntil;
    private long slowedAt;
    private long windowStart;
    private long sentInWindow;
    private double measured;

    private record Few(long from, int messages) {}

    /** @param messagesPerSecond the account's rate; infinite when the carrier sets none */
    Throttle(double messagesPerSecond, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.limit = messagesPerSecond;
        this.allowed = messagesPerSecond;
        this.filledAt = nanoTime.getAsLong();
        this.closedUntil = filledAt;
        this.slowedAt = filledAt - 10 * NANOS;
        this.windowStart = filledAt;
        this.tokens = burst();
    }

    /** The number of nodes changed: what each may save up, all together save up once. */
    synchronized void nodes(int live) {
        nodes = live;
    }

    /**
     * How long a transaction takes just now. As much may be saved up while one is under way, half a second's worth at most: of a
     * database that answers late, a tenth of a second's worth with each answer would be next to nothing.
     */
    synchronized void late(Duration transaction) {
        burstSeconds = Math.min(MOST_BURST, Math.max(LEAST_BURST, transaction.toNanos() / (double) NANOS));
    }

    /** A stretch of the account's time is this node's, by its own {@code nanoTime}; after those it has. */
    synchronized void mine(long from, long until) {
        refill(nanoTime.getAsLong());
        mine.add(new long[] {from, until});
    }

    /** Time for a few messages is this node's from then on, by its own {@code nanoTime}: they may leave as it begins. */
    synchronized void mine(long from, int messages) {
        refill(nanoTime.getAsLong());
        few.add(new Few(from, messages));
    }

    /** Whether there are so many permits, or will be in time that was taken for them. */
    synchronized boolean comes(int messages) {
        refill(nanoTime.getAsLong());
        return tokens + fewNow + few.stream().mapToInt(Few::messages).sum() >= messages;
    }

    /** How long so many messages take at the account's rate. */
    synchronized Duration timeOf(int messages) {
        return Duration.ofNanos((long) Math.ceil(messages * (double) NANOS / allowed));
    }

    /** For how long yet the account's time is this node's; an account without a rate is everybody's for ever. */
    synchronized long mineForNanos() {
        if (Double.isInfinite(limit)) {
            return Long.MAX_VALUE;
        }
        return mine.isEmpty() ? 0 : Math.max(0, mine.getLast()[1] - nanoTime.getAsLong());
    }

    /**
     * Takes up to {@code most} permits; 0 when there are none just now, or so few that it is better to wait for more: each taking
     * is a transaction.
     */
    synchronized int take(int most) {
        long now = nanoTime.getAsLong();
        refill(now);
        boolean free = Double.isInfinite(allowed);
        double permits = tokens + fewNow;
        if (now < closedUntil || !free && permits < Math.min(most, burst() / 2)) {
            return 0;
        }
        int taken = free ? most : (int) Math.min(most, permits);
        if (!free) {
            int ofFew = Math.min(fewNow, taken);
            fewNow -= ofFew;
            tokens -= taken - ofFew;
        }
        sentInWindow += taken;
        return taken;
    }

    /** Gives permits back that were not used. */
    synchronized void giveBack(int unused) {
        tokens = Math.min(burst(), tokens + unused);
        sentInWindow -= unused;
    }

    /** The carrier said we are too fast: half the rate, once for all the complaints of one second. */
    synchronized void tooFast() {
        long now = nanoTime.getAsLong();
        refill(now);
        if (now - slowedAt < NANOS) {
            return;
        }
        slowedAt = now;
        double from = Double.isInfinite(allowed) ? Math.max(1, rate(now)) : allowed;
        allowed = Math.max(1, from / 2);
        tokens = Math.min(tokens, burst());
        fewNow = 0;
    }

    /** Nothing leaves for a while: the account itself cannot send. */
    synchronized void closeFor(long nanos) {
        closedUntil = Math.max(closedUntil, nanoTime.getAsLong() + nanos);
    }

    /** Messages a second just now, measured. */
    synchronized double ratePerSecond() {
        return rate(nanoTime.getAsLong());
    }

    private double rate(long now) {
        long elapsed = now - windowStart;
        if (elapsed >= NANOS) {
            measured = sentInWindow * (double) NANOS / elapsed;
            sentInWindow = 0;
            windowStart = now;
        }
        return elapsed > NANOS / 4 && elapsed < NANOS
                ? Math.max(measured, sentInWindow * (double) NANOS / elapsed)
                : measured;
    }

    private void refill(long now) {
        double seconds = (now - filledAt) / (double) NANOS;
        if (seconds <= 0) {
            return;
        }
        double had = Double.isInfinite(limit) ? seconds : mineBetween(filledAt, now) / (double) NANOS;
        filledAt = now;
        rate(now);
        if (allowed < limit) {
            double step = Double.isInfinite(limit)
                    ? Math.max(10, allowed * RECOVERY_PER_SECOND * 4)
                    : limit * RECOVERY_PER_SECOND;
            allowed = Math.min(limit, allowed + step * seconds);
            // Without a limit of its own an account is free again once it runs well above what it had.
            if (Double.isInfinite(limit) && now - slowedAt > 60 * NANOS) {
                allowed = limit;
            }
        }
        if (!Double.isInfinite(allowed)) {
            tokens = Math.min(burst(), Double.isInfinite(tokens) ? burst() : tokens + allowed * had);
        }
        while (!few.isEmpty() && few.getFirst().from() - now <= 0) {
            fewNow = few.removeFirst().messages();
        }
    }

    /** How much of a time was this node's; what is over is forgotten. */
    private long mineBetween(long from, long until) {
        long had = 0;
        for (long[] stretch : mine) {
            had += Math.max(0, Math.min(until, stretch[1]) - Math.max(from, stretch[0]));
        }
        while (!mine.isEmpty() && mine.getFirst()[1] - until <= 0) {
            mine.removeFirst();
        }
        return had;
    }

    /** A tenth of a second's worth may leave at once; of a database that answers late, more. */
    private double burst() {
        return Double.isInfinite(allowed) ? Double.POSITIVE_INFINITY : Math.max(1, allowed * burstSeconds / nodes);
    }
}
