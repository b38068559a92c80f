package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.OutboundMessage.Category;
import io.tocsin.routing.internal.engine.AccountTimeRows.Answer;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Takes the time of one account for its lane, stretch by stretch, as long as the lane has something to send: a carrier's rate
 * is for all nodes together, and goes to those that need it. An account without a rate is never asked about. Not thread-safe.
 */
final class AccountTime {
    static final Duration STRETCH = Duration.ofMillis(250);

    /** Of an account with lines: a line that comes free on one node is idle through the stretch of another. */
    static final Duration SHORT_STRETCH = Duration.ofMillis(50);

    /** The longest: of a database that answers late, because its commits wait for a distant site, more is taken at once. */
    static final Duration LONGEST = Duration.ofSeconds(5);

    /** A stretch lasts so many times what taking it takes: no more than one part of it is over before it is known to be ours. */
    private static final int TIMES_LATENESS = 4;

    private static final Duration AHEAD = Duration.ofMillis(100);

    /** Who has the present stretch asks for the next later than the others may: two that wait take turns. */
    private static final Duration HOLDER_ASKS = Duration.ofMillis(50);

    private final DispatchLedger ledger;
    private final int accountId;
    private final Duration stretch;
    private final Throttle throttle;
    private final LongSupplier nanoTime;
    private long refusedUntil;
    private boolean refusedUrgent;
    private Duration lateness = Duration.ZERO;

    AccountTime(DispatchLedger ledger, int accountId, Duration stretch, Throttle throttle, LongSupplier nanoTime) {
        this.ledger = ledger;
        this.accountId = accountId;
        this.stretch = stretch;
        this.throttle = throttle;
        this.nanoTime = nanoTime;
        this.refusedUntil = nanoTime.getAsLong();
    }

    /**
     * Sees that there is time to send a category in, as far as there is any. Blocks (database) when the last stretch is nearly
     * over.
     *
     * @throws io.tocsin.persistence.api.DatabaseException while it cannot be asked for
     */
    void look(Category category) {
        if (throttle.mineForNanos() <= HOLDER_ASKS.toNanos()) {
            Duration time = stretch();
            take(category, time).ifPresent(from -> throttle.mine(from, from + time.toNanos()));
        }
    }

    private Duration stretch() {
        Duration wanted = lateness.multipliedBy(TIMES_LATENESS);
        return wanted.compareTo(stretch) <= 0 ? stretch : wanted.compareTo(LONGEST) < 0 ? wanted : LONGEST;
    }

    /**
     * The same for a few messages, all that a cap lets go at once: no more time than they need, or whoever waits for a cap would
     * keep the account from the others.
     */
    void look(Category category, int few) {
        if (throttle.mineForNanos() == 0 && !throttle.comes(few)) {
            take(category, throttle.timeOf(few)).ifPresent(from -> throttle.mine(from, few));
        }
    }

    /** @return from when on it is ours */
    private OptionalLong take(Category category, Duration time) {
        boolean urgent = category == Category.LIFE_SAFETY;
        if (nanoTime.getAsLong() - refusedUntil < 0 && (refusedUrgent || !urgent)) {
            return OptionalLong.empty();
        }
        // Reckoned from before it was asked: an answer that comes late is of a time that is partly somebody else's by
        // now.
        long asked = nanoTime.getAsLong();
        Answer answer = ledger.transact(t -> t.accountTimes().take(accountId, time, LONGEST, AHEAD, urgent));
        lateness = Duration.ofNanos(nanoTime.getAsLong() - asked);
        throttle.late(lateness);
        if (answer.taken()) {
            return OptionalLong.of(asked + answer.in().toNanos());
        }
        refusedUntil = nanoTime.getAsLong() + answer.in().toNanos();
        refusedUrgent = urgent;
        return OptionalLong.empty();
    }
}
