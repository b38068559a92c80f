package io.tocsin.routing.internal.engine;

import java.time.Duration;
import java.time.Instant;

/**
 * When a decision is due, in step with others: what is tried again at one moment is one wave. A telephone alert whose calls end one
 * by one would open a wave a call otherwise, thousands of them.
 *
 * @param asked the earliest moment: never before it
 * @param together the moment it shares with whatever else is due soon after: ten seconds later at most where people wait a minute or
 *     more, else one
 */
record Moment(Instant asked, Instant together) {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final long LONG_STEP_SECONDS = 10;
    private static final long STEP_SECONDS = 1;

    /** So long after a moment. The steps are those of the clock, so that nodes do not differ. */
    static Moment after(Instant from, Duration wait) {
        Instant asked = from.plus(wait);
        long step = wait.compareTo(LONG) < 0 ? STEP_SECONDS : LONG_STEP_SECONDS;
        long second = asked.getEpochSecond() + (asked.getNano() == 0 ? 0 : 1);
        return new Moment(asked, Instant.ofEpochSecond(-Math.floorDiv(-second, step) * step));
    }
}
