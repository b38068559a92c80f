package io.tocsin.routing.internal.engine;

import io.tocsin.routing.internal.engine.Fact.Intent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Second step: makes the intent to send durable before anything leaves. One statement moves the watermark (only for the
 * holder of the lease, only while the alert runs) and reads the targets it passed; its transaction is committed when this
 * returns.
 */
final class Intend {
    private final DispatchLedger ledger;
    private final Duration lease;
    private final LongSupplier nanoTime;

    Intend(DispatchLedger ledger, Duration lease, LongSupplier nanoTime) {
        this.ledger = ledger;
        this.lease = lease;
        this.nanoTime = nanoTime;
    }

    /**
     * Intends up to {@code most} messages of a batch.
     *
     * @return the intents, in order; empty: the lease is lost or the alert does not run, nothing may be sent
     * @throws io.tocsin.persistence.api.DatabaseException when it is not known whether it happened: ask again
     */
    Optional<List<Intent>> intend(HeldBatch batch, int most) {
        int from = batch.watermark();
        int to = batch.promise(most);
        long goodUntil = nanoTime.getAsLong() + lease.toNanos();
        List<Intent> intents = ledger.transact(t -> t.batches().advance(batch, from, to, lease));
        if (intents.isEmpty()) {
            return Optional.empty();
        }
        if (intents.size() != to - from) {
            throw new IllegalStateException("wave " + batch.key + " has holes between " + from + " and " + to);
        }
        batch.prolonged(goodUntil);
        batch.intended();
        return Optional.of(intents);
    }
}
