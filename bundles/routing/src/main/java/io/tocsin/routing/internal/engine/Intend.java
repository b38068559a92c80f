package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.OutboundMessage.Category;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.internal.engine.CapPermits.Grant;
import io.tocsin.routing.internal.engine.CapRows.Held;
import io.tocsin.routing.internal.engine.DispatchLedger.Tables;
import io.tocsin.routing.internal.engine.Fact.Intent;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Second step: makes the intent to send durable before anything leaves. One statement moves the watermark (only for the
 * holder of the lease, only while the alert runs) and reads the targets it passed; its transaction, in which the permits of
 * the caps that people fall under are taken too, is committed when this returns.
 */
final class Intend {
    /** Until somebody else has taken what they take of a cap. */
    private static final Duration CAP_TAKEN = Duration.ofMillis(10);

    private final DispatchLedger ledger;
    private final Duration lease;
    private final LongSupplier nanoTime;

    Intend(DispatchLedger ledger, Duration lease, LongSupplier nanoTime) {
        this.ledger = ledger;
        this.lease = lease;
        this.nanoTime = nanoTime;
    }

    /**
     * What came of an intent.
     *
     * @param going whether more of the batch may be sent: the lease is ours and the alert runs
     * @param intents in order; none: a cap has no permits just now, or nothing may be sent any more
     */
    record Intended(boolean going, List<Intent> intents) {}

    /** Whether it is worth intending something of a batch: a cap it falls under may have permits. */
    boolean mayGo(HeldBatch batch) {
        return !batch.waits(nanoTime.getAsLong());
    }

    /**
     * Intends up to {@code most} messages of a batch.
     *
     * @throws io.tocsin.persistence.api.DatabaseException when it is not known whether it happened: ask again
     */
    Intended intend(HeldBatch batch, int most) {
        int from = batch.watermark();
        long goodUntil = nanoTime.getAsLong() + lease.toNanos();
        Attempt attempt = ledger.transact(t -> attempt(t, batch, from, most));
        batch.waitUntil(nanoTime.getAsLong() + attempt.again.toNanos());
        if (attempt.intents.isEmpty()) {
            return new Intended(attempt.wanted == 0, List.of());
        }
        if (attempt.intents.size() != attempt.wanted) {
            throw new IllegalStateException(
                    "wave " + batch.key + " has holes between " + from + " and " + (from + attempt.wanted));
        }
        batch.prolonged(goodUntil);
        batch.intended();
        return new Intended(true, attempt.intents);
    }

    /** @param wanted messages the caps allowed; 0: none @param again when it is worth asking for more */
    private record Attempt(int wanted, Duration again, List<Intent> intents) {}

    /** As if it had been tried and refused. */
    private static final Attempt NOTHING_ANY_MORE = new Attempt(1, Duration.ZERO, List.of());

    /** Asked when a cap refuses: a batch of an alert that was stopped must not wait for permits it will not use. */
    private static boolean runs(Tables tables, HeldBatch.Key key) throws SQLException {
        return tables.waves()
                .find(key.tenantId(), key.alertId())
                .filter(alert -> alert.state() == Alert.State.RUNNING)
                .isPresent();
    }

    private Attempt attempt(Tables tables, HeldBatch batch, int from, int most) throws SQLException {
        if (batch.caps.isEmpty()) {
            int to = batch.promise(most);
            return new Attempt(to - from, Duration.ZERO, tables.batches().advance(batch, from, to, lease));
        }
        Optional<Held> held = tables.caps().hold(batch.caps);
        if (held.isEmpty()) {
            return new Attempt(0, CAP_TAKEN, List.of());
        }
        Held caps = held.get();
        Grant grant = CapPermits.take(
                caps.caps(),
                caps.now(),
                batch.unanswered(),
                most,
                batch.remaining(),
                batch.category == Category.LIFE_SAFETY);
        batch.worthAsking(grant.worthAsking());
        if (grant.granted() == 0 && !runs(tables, batch.key)) {
            return NOTHING_ANY_MORE;
        }
        if (grant.granted() == 0) {
            tables.caps().update(grant.caps(), 0, caps.now());
            return new Attempt(0, grant.again(), List.of());
        }
        int to = batch.promise(grant.granted());
        List<Intent> intents = tables.batches().advance(batch, from, to, lease);
        if (!intents.isEmpty()) {
            tables.caps().update(grant.caps(), intents.size(), caps.now());
        }
        return new Attempt(to - from, grant.again(), intents);
    }
}
