package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.OutboundMessage.Category;
import io.tocsin.routing.internal.TargetRef;
import io.tocsin.routing.internal.engine.Fact.Intent;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Batches and their leases. A lease is a fencing token: every statement of a holder names the token it was given, and
 * touches nothing when the batch has another by now. How long a lease lasts is reckoned by the ledger's clock, never a node's.
 */
interface BatchRows {

    /** A batch nobody holds. */
    record Candidate(
            HeldBatch.Key key,
            String channel,
            Category category,
            FairOrder.Shares shares,
            long token,
            int watermark,
            int end,
            List<Integer> caps)
            implements FairOrder.Waiting {
        @Override
        public int tenantId() {
            return key.tenantId();
        }

        @Override
        public long alertId() {
            return key.alertId();
        }

        @Override
        public int messages() {
            return end - watermark;
        }
    }

    /** A batch somebody wants, as it was seen, and the account it would leave by. */
    record Wanted(Candidate batch, int accountId) {}

    /** A batch taken away from a holder whose lease ran out. @param token what it is now: older ones are void */
    record Fenced(HeldBatch.Key key, String owner, long token) {}

    /**
     * A target that may have left under a lease that ran out, without a word.
     *
     * @param accountId null: nobody knows
     * @param askable whether its channel can be asked for it
     */
    record Silent(TargetRef target, Integer accountId, Category category, boolean askable, String owner) {}

    /**
     * Unsettled batches of running alerts and open waves that nobody holds, due by {@code now}; the first few of each alert under the
     * same caps, so that those who wait for a cap hide nobody else.
     */
    List<Candidate> due(Instant now, Collection<String> channels, int atMost) throws SQLException;

    /** Leases what is still as it was seen. @return the new token of each batch leased */
    Map<HeldBatch.Key, Long> lease(Collection<Wanted> wanted, String owner, Duration lease) throws SQLException;

    /**
     * Moves the watermark from where it is (or already was moved by the same intent) and prolongs the lease, if the holder
     * is still the holder, the alert runs and the wave is open.
     *
     * @return the targets passed, in order; empty if nothing was moved
     */
    List<Intent> advance(HeldBatch batch, int from, int to, Duration lease) throws SQLException;

    /**
     * Prolongs leases.
     *
     * @return those that are still their holder's, with their tokens: of one batch a node may hold an old lease and a new one
     */
    Map<HeldBatch.Key, Long> renew(Collection<HeldBatch> batches, Duration lease) throws SQLException;

    /**
     * Ends leases: the batch is settled if nothing of it is left to send, free for anybody otherwise. The token moves, so
     * that nothing still on its way under the lease can happen after it; and the watermark is what the holder knows it to be,
     * because an intent whose answer was lost may have moved it past messages that certainly did not leave.
     */
    void release(Collection<HeldBatch> batches) throws SQLException;

    /** Moves the token of batches whose lease ran out: their former holders can do nothing any more. */
    List<Fenced> fence(int atMost) throws SQLException;

    /** Targets below the watermark of these batches about which nothing at all is recorded. */
    List<Silent> silent(List<HeldBatch.Key> batches) throws SQLException;

    /** Ends the leases of batches just fenced, as {@link #release} does. */
    void free(List<HeldBatch.Key> batches) throws SQLException;
}
