package io.tocsin.routing.internal.engine;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Leaves an account alone whose channel fails again and again: throws, or never says what became of a message. After a pause,
 * which doubles while it does not get better, one message is sent to see; its answer, whatever it is, ends the matter. What a
 * channel reports, even a doubt, is no failure.
 */
final class Breaker {
    static final int FAILURES_IN_A_ROW = 5;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private enum State {
        CLOSED,
        OPEN,
        PROBING
    }

    private final LongSupplier nanoTime;
    private final Duration probeLimit;
    private final Optional<Duration> wellAfter;
    private State state = State.CLOSED;
    private int failures;
    private Duration pause = FIRST_PAUSE;
    private long until;
    private boolean held;
    private boolean silent;
    private long probedAt;
    private String why = "";

    /** @param probeLimit after which a message that was sent to see counts for nothing */
    Breaker(LongSupplier nanoTime, Duration probeLimit) {
        this(nanoTime, probeLimit, Optional.empty());
    }

    /**
     * @param wellAfter of a channel whose messages take minutes: after so long without a failure the one that was sent to see has
     *     shown enough, unless what the channel failed in was to say what became of messages at all
     */
    Breaker(LongSupplier nanoTime, Duration probeLimit, Optional<Duration> wellAfter) {
        this.nanoTime = nanoTime;
        this.probeLimit = probeLimit;
        this.wellAfter = wellAfter;
    }

    /** Whether messages may be intended for the account. */
    synchronized boolean lets() {
        believe();
        return state == State.CLOSED || state == State.OPEN && !held && due();
    }

    /** Whether one message is out to see how it goes: what follows waits for its answer. */
    synchronized boolean waits() {
        believe();
        return state == State.PROBING && !due();
    }

    /** A message is about to be handed over. @return whether it may: if not, it was certainly not sent */
    synchronized boolean enter() {
        believe();
        if (state != State.CLOSED) {
            if (held || !due()) {
                return false;
            }
            state = State.PROBING;
            probedAt = nanoTime.getAsLong();
            until = probedAt + probeLimit.toNanos();
        }
        return true;
    }

    /** The channel said what became of a message. */
    synchronized void answered() {
        failures = 0;
        if (state == State.PROBING) {
            state = State.CLOSED;
            pause = FIRST_PAUSE;
        }
    }

    /** The one that was sent to see is well under way: the next failure opens again, as long as none has been answered. */
    private void believe() {
        if (state == State.PROBING
                && !silent
                && wellAfter.isPresent()
                && nanoTime.getAsLong() - probedAt >= wellAfter.get().toNanos()) {
            state = State.CLOSED;
            failures = FAILURES_IN_A_ROW - 1;
        }
    }

    /** It threw. @return whether this was once too often */
    synchronized boolean failed(String reason) {
        return failed(reason, false);
    }

    /** It had its time. @return whether this was once too often */
    synchronized boolean silent() {
        return failed("no word in time", true);
    }

    private boolean failed(String reason, boolean nothingSaid) {
        failures++;
        silent = nothingSaid;
        boolean probe = state == State.PROBING;
        if (probe || state == State.CLOSED && failures >= FAILURES_IN_A_ROW) {
            open(probe ? longer() : FIRST_PAUSE, failures + " failures in a row, the last: " + reason);
            return true;
        }
        return false;
    }

    /** Opens without counting: the channel does not come back. @param hold until {@link #release}, whatever the time */
    synchronized void trip(String reason, boolean hold) {
        silent = false;
        open(state == State.CLOSED ? FIRST_PAUSE : longer(), reason);
        held = hold;
    }

    synchronized void release() {
        held = false;
    }

    /** Why nothing is sent just now; empty when the account is in service. */
    synchronized Optional<String> trouble() {
        if (state == State.CLOSED) {
            return Optional.empty();
        }
        long seconds =
                Math.max(0, Duration.ofNanos(until - nanoTime.getAsLong()).toSeconds());
        return Optional.of("left alone after " + why
                + (held
                        ? "; until a call returns: deploy its bundle again"
                        : state == State.PROBING || due()
                                ? "; one message shows how it goes now"
                                : "; tried with one message in " + seconds + " s"));
    }

    private void open(Duration time, String reason) {
        state = State.OPEN;
        pause = time;
        until = nanoTime.getAsLong() + time.toNanos();
        why = reason;
    }

    private Duration longer() {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
    }

    private boolean due() {
        return nanoTime.getAsLong() - until >= 0;
    }
}
