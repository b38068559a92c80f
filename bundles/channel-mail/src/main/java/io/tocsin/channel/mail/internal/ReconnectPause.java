package io.tocsin.channel.mail.internal;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;

/**
 * How long a server that could not be reached is left alone: the account's interval, doubled from failure to failure, and
 * never much longer than people in danger can wait. Up to a quarter less by chance, so that accounts that lost a server
 * together do not come back together. Thread-safe.
 */
final class ReconnectPause {
    static final Duration LONGEST = Duration.ofSeconds(15);

    /** A refused login is not hammered, lest the server locks the account: somebody must mend it anyway. */
    static final Duration LONGEST_AFTER_LOGIN = Duration.ofMinutes(1);

    private static final int LOGIN_FACTOR = 8;
    private static final int MOST_DOUBLINGS = 6;
    private static final double LEAST_SHARE = 0.75;

    private final Duration interval;
    private final DoubleSupplier chance;
    private final AtomicInteger failures = new AtomicInteger();

    /** @param chance numbers from 0 to 1 */
    ReconnectPause(Duration interval, DoubleSupplier chance) {
        this.interval = interval;
        this.chance = chance;
    }

    /** The server was reached: the next failure is the first again. */
    void reached() {
        failures.set(0);
    }

    /** @param login whether the server was there and refused the login */
    Duration next(boolean login) {
        int doublings = Math.min(MOST_DOUBLINGS, failures.getAndIncrement());
        Duration doubled = interval.multipliedBy((login ? LOGIN_FACTOR : 1L) << doublings);
        Duration longest = login ? LONGEST_AFTER_LOGIN : LONGEST;
        Duration pause = doubled.compareTo(longest) < 0 ? doubled : longest;
        double share = LEAST_SHARE + (1 - LEAST_SHARE) * chance.getAsDouble();
        return Duration.ofNanos((long) (pause.toNanos() * share));
    }
}
