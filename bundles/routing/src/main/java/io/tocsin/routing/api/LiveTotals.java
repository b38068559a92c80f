package io.tocsin.routing.api;

import org.osgi.annotation.versioning.ProviderType;

/**
 * The totals of an alert for whoever watches it: many people, all the time, while it is sent. What they cost does not grow
 * with how many look, and little with how large the alert is.
 */
@ProviderType
public interface LiveTotals {

    /**
     * Where people stand, by the law of conservation. What was recorded by whatever node before the call is in it when that is
     * to be had within a tenth of a second, else these are the last figures: a moment old, up to some seconds where the database
     * is slow. Whoever asks first, after a change between open and ended, or after a long while waits until everybody is counted
     * ({@link Ledger#totals}). That is not needed of an alert of which nothing was observed yet.
     *
     * <p>While an alert runs, deliveries and answers are shown one by one, and people reached are never fewer than a moment ago.
     * All else (failed, unknown, second copies) waits for the next count of everybody, ten times as long as one takes at most:
     * nobody is shown better than they are. Of an ended alert all do. Blocks; any thread.
     *
     * @param alert as it is now: its state says what is due
     * @throws io.tocsin.persistence.api.DatabaseException if the database does not answer
     * @since 1.2
     */
    Totals of(Alert alert);
}
