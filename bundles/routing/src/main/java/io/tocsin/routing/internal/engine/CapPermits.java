package io.tocsin.routing.internal.engine;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * The permits of one cap, as its row has them: so many a second, of which a fifth of a second's worth may leave at once (one at
 * least). Never more than rate × time + that leave in any time whatever.
 *
 * @param perSecond from above 0; below 1 it is one message in more than a second
 * @param takenUntil up to when its permits are taken, one after another
 * @param urgentUntil until when life-safety waits for one, as far as is known
 * @param othersUntil the same of anybody else
 * @param urgentInARow how many of the latest takings were for life-safety
 */
record CapPermits(
        int capId, double perSecond, Instant takenUntil, Instant urgentUntil, Instant othersUntil, int urgentInARow) {
    /** Of so many takings in a row one goes to the others while life-safety asks for all: nobody starves. */
    static final int MOST_URGENT_IN_A_ROW = 15;

    /** How late somebody who was told when to come again may be and still be counted as waiting. */
    private static final Duration LATE = Duration.ofMillis(500);

    /** Nobody waits longer without asking: the rate may have changed. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    private static final Duration BEHIND_OTHERS = Duration.ofMillis(50);
    private static final double ROUNDED = 1e-4;

    /**
     * What came of asking several caps, all of which must agree.
     *
     * @param granted how many may leave now
     * @param again when it is worth asking for more
     * @param worthAsking how many then, 1 at least
     * @param caps as they are then; only those that changed
     */
    record Grant(int granted, Duration again, int worthAsking, List<CapPermits> caps) {}

    double burst() {
        return Math.max(1, perSecond / 5);
    }

    /** Permits there are, up to the burst; below 0 when more was taken than there was. */
    private double free(Instant now) {
        return burst() - seconds(Duration.between(now, taken(now))) * perSecond;
    }

    /** Time taken further ahead than anybody takes it was taken at another rate, or before the clock was put back: it is none. */
    private Instant taken(Instant now) {
        Instant furthest = furthest(now);
        return takenUntil.isBefore(now) || takenUntil.isAfter(furthest) ? now : takenUntil;
    }

    private Instant furthest(Instant now) {
        return now.plus(duration(2 * burst() / perSecond));
    }

    private boolean othersFirst(Instant now, boolean urgent) {
        return urgent
                ? urgentInARow >= MOST_URGENT_IN_A_ROW && othersUntil.isAfter(now)
                : urgentInARow < MOST_URGENT_IN_A_ROW && urgentUntil.isAfter(now);
    }

    private CapPermits take(int n, boolean urgent, Instant now) {
        Instant until = taken(now).plus(duration(n / perSecond));
        Instant furthest = furthest(now);
        return new CapPermits(
                capId,
                perSecond,
                until.isAfter(furthest) ? furthest : until,
                urgentUntil,
                othersUntil,
                urgent ? Math.min(urgentInARow + 1, MOST_URGENT_IN_A_ROW) : 0);
    }

    private CapPermits wanted(boolean urgent, Instant until) {
        return new CapPermits(
                capId, perSecond, takenUntil, urgent ? until : urgentUntil, urgent ? othersUntil : until, urgentInARow);
    }

    /**
     * Takes permits of several caps at once.
     *
     * @param unanswered messages of an intent of which it is not known whether it happened: so many or none, and more than
     *     there ever are at once if the rate was lowered since; 0: there is no such intent
     * @param most how many are wanted now, 1 at least
     * @param waiting how many there are that want to leave, now or later
     */
    static Grant take(List<CapPermits> caps, Instant now, int unanswered, int most, int waiting, boolean urgent) {
        // Each taking is a transaction: not one message at a time where many are allowed.
        double half = caps.stream().mapToDouble(c -> c.burst() / 2).min().orElse(waiting);
        int chunk = (int) Math.max(1, half);
        int least = unanswered > 0 ? unanswered : Math.min(most, chunk);
        Duration again = Duration.ZERO;
        double free = most;
        for (CapPermits cap : caps) {
            again = max(again, cap.waitsFor(least, urgent, now));
            free = Math.min(free, cap.free(now) + ROUNDED);
        }
        if (!again.isZero()) {
            Instant until = now.plus(again).plus(LATE);
            return new Grant(
                    0,
                    again,
                    chunk,
                    caps.stream()
                            .filter(c -> !c.waitsFor(least, urgent, now).isZero())
                            .map(c -> c.wanted(urgent, until))
                            .toList());
        }
        int granted = unanswered > 0 ? unanswered : (int) Math.min(most, free);
        List<CapPermits> taken =
                caps.stream().map(c -> c.take(granted, urgent, now)).toList();
        Duration next = taken.stream().map(c -> c.waitsFor(chunk, urgent, now)).reduce(Duration.ZERO, CapPermits::max);
        Instant until = now.plus(next).plus(LATE);
        return new Grant(
                granted,
                next,
                chunk,
                waiting > granted
                        ? taken.stream()
                                .map(c -> c.waitsFor(1, urgent, now).isZero() ? c : c.wanted(urgent, until))
                                .toList()
                        : taken);
    }

    /** How long until so many may be taken; zero: now. */
    private Duration waitsFor(int least, boolean urgent, Instant now) {
        double missing = Math.min(least, burst()) - free(now);
        Duration wait = missing > ROUNDED ? duration(missing / perSecond) : Duration.ZERO;
        Duration asked = wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
        return othersFirst(now, urgent) ? max(asked, BEHIND_OTHERS) : asked;
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    private static Duration duration(double seconds) {
        // As exactly as the ledger keeps it, never less.
        return Duration.of((long) Math.ceil(seconds * 1e6), ChronoUnit.MICROS);
    }
}
