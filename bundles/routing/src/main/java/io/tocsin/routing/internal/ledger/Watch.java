package io.tocsin.routing.internal.ledger;

import io.tocsin.routing.api.Totals;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Figures looked at now and then, for any number of people who ask. One look at a time, with a rest between two. Who asks is
 * given the figures of a look that began after they asked if that is to be had in a moment, else the last: nobody waits behind
 * a slow look, unless there are no figures yet or they are overdue.
 */
final class Watch {
    /** How long anybody waits for newer figures than the last. */
    private static final Duration PATIENCE = Duration.ofMillis(100);

    /** Figures that should have been looked at again so long ago are waited for: the database is away, or nobody asked. */
    private static final Duration OVERDUE = Duration.ofSeconds(3);

    /** Runs a look in a while. */
    interface Later {
        /** @throws RejectedExecutionException when no looks are made any more */
        void run(Runnable look, long delayNanos);
    }

    private final Supplier<Totals> figures;
    private final Later later;
    private final LongSupplier nanoTime;
    private final int rest;
    private final long longestRest;

    private Totals last;
    private RuntimeException failure;
    /** Looks that began, and that ended. */
    private long begun;

    private long ended;
    private boolean planned;
    private boolean stopped;
    private long restsUntil;

    /**
     * @param figures what a look sees; blocks, one thread at a time
     * @param rest how many times as long as a look took nobody looks
     */
    Watch(Supplier<Totals> figures, Later later, LongSupplier nanoTime, int rest, Duration longestRest) {
        this.figures = figures;
        this.later = later;
        this.nanoTime = nanoTime;
        this.rest = rest;
        this.longestRest = longestRest.toNanos();
    }

    /** Who finds no figures, or overdue ones, looks by themselves; others wait for that. */
    Totals totals() {
        long patientUntil = System.nanoTime() + PATIENCE.toNanos();
        long wanted = wanted();
        while (needsLook(wanted, patientUntil)) {
            look();
        }
        return shown(wanted);
    }

    private synchronized long wanted() {
        return begun + 1;
    }

    /** Waits as long as it is worth. @return whether the caller has to look, which has begun then */
    private synchronized boolean needsLook(long wanted, long patientUntil) {
        while (ended < wanted) {
            boolean needed = last == null || isOverdue();
            boolean going = begun > ended;
            if (needed && !going) {
                begun++;
                return true;
            }
            if (!going && !planned && !stopped) {
                lookLater();
                continue;
            }
            long left = patientUntil - System.nanoTime();
            if (!needed && (left <= 0 || stopped || !going && restsFor() > PATIENCE.toNanos())) {
                return false;
            }
            try {
                TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, TimeUnit.MILLISECONDS.toNanos(10)));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for the totals", e);
            }
        }
        return false;
    }

    private synchronized Totals shown(long wanted) {
        if (failure != null && ended >= wanted && (last == null || isOverdue())) {
            throw failure;
        }
        return last;
    }

    private long restsFor() {
        return restsUntil - nanoTime.getAsLong();
    }

    private boolean isOverdue() {
        return -restsFor() > OVERDUE.toNanos();
    }

    private void lookLater() {
        planned = true;
        try {
            later.run(this::lookAsPlanned, Math.max(0, restsFor()));
        } catch (RejectedExecutionException e) {
            planned = false;
            stopped = true;
        }
    }

    private void lookAsPlanned() {
        synchronized (this) {
            planned = false;
            if (begun > ended) {
                // Somebody could not wait; who wants newer figures than theirs will plan again.
                return;
            }
            begun++;
        }
        look();
    }

    /** Of a look that has begun. */
    private void look() {
        long from = nanoTime.getAsLong();
        Totals seen = null;
        RuntimeException problem = null;
        try {
            seen = figures.get();
        } catch (RuntimeException e) {
            // whoever waits is told
            problem = e;
        } finally {
            ended(seen, problem, from);
        }
    }

    private synchronized void ended(Totals seen, RuntimeException problem, long from) {
        failure = problem;
        if (seen != null) {
            last = seen;
            long now = nanoTime.getAsLong();
            restsUntil = now + Math.min(longestRest, rest * (now - from));
        }
        ended = begun;
        notifyAll();
    }
}
