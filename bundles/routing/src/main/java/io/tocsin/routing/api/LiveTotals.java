package io.tocsin.routing.api;

import org.osgi.annotation.versioning.ProviderType;

/**
 * The totals of an alert for whoever watches it: many people, all the time, while it is sent. What they cost does not grow
 * with how many look, and little with how large the alert is.
 */
@ProviderType
public interface LiveTotals {

    /**
     * Where people stand, by the law of conservation. An alert whose state changed since anybody looked is counted now
     * ({@link Ledger#totals}); one that has ended is counted again when ten times as long as a count takes is over. While it runs,
     * deliveries and answers are those recorded by now or a moment ago, but for a few that wait with all else for the next count
     * of everybody: nobody is shown better than they are, and whoever is behind is so by ten times what a count takes. Blocks;
     * any thread.
     *
     * @param alert as it is now: its state says whether a count is due
     * @throws io.tocsin.persistence.api.DatabaseException if the database does not answer
     * @since 1.2
     */
    Totals of(Alert alert);
}
