package io.tocsin.routing.internal.engine;

import io.tocsin.routing.api.Alert;
import io.tocsin.routing.internal.engine.Fact.Intent;
import io.tocsin.routing.internal.engine.SimLedger.Advance;
import io.tocsin.routing.internal.engine.SimLedger.Probe;
import io.tocsin.routing.internal.engine.SimStore.Recipient;
import io.tocsin.routing.internal.engine.SimStore.SimAlert;
import io.tocsin.routing.internal.engine.SimStore.SimBatch;
import io.tocsin.routing.internal.engine.SimStore.SimTarget;
import io.tocsin.routing.internal.engine.SimStore.SimWave;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** {@link BatchRows} in memory. */
final class SimBatchRows implements BatchRows {
    private final SimStore store;
    private final Probe probe;
    private final Consumer<Advance> advanced;

    SimBatchRows(SimStore store, Probe probe, Consumer<Advance> advanced) {
        this.store = store;
        this.probe = probe;
        this.advanced = advanced;
    }

    @Override
    public List<Candidate> due(Instant now, Collection<String> channels, int atMost) throws SQLException {
        probe.before("due");
        List<Candidate> due = new ArrayList<>();
        for (SimAlert alert : store.alerts.values()) {
            Map<List<Integer>, Integer> seen = new HashMap<>();
            for (SimWave wave : alert.state == Alert.State.RUNNING ? alert.waves : List.<SimWave>of()) {
                for (SimBatch b : wave.batches) {
                    if (wave.closedAt == null
                            && !b.settled
                            && b.owner == null
                            && !b.dueAt.isAfter(now)
                            && channels.contains(wave.channel)
                            && seen.getOrDefault(b.caps, 0) < atMost) {
                        due.add(new Candidate(
                                b.key,
                                wave.channel,
                                alert.launched.category(),
                                store.shares.get(alert.tenantId),
                                b.token,
                                b.watermark,
                                b.end,
                                b.caps));
                        seen.merge(b.caps, 1, Integer::sum);
                    }
                }
            }
        }
        return due;
    }

    @Override
    public Map<HeldBatch.Key, Long> lease(Collection<Wanted> wanted, String owner, Duration lease) throws SQLException {
        probe.before("lease");
        Map<HeldBatch.Key, Long> leased = new HashMap<>();
        for (Wanted w : wanted) {
            SimBatch b = store.batch(w.batch().key());
            if (b.token == w.batch().token() && b.owner == null && !b.settled) {
                store.touch(b);
                b.owner = owner;
                b.token++;
                b.until = store.now.get().plus(lease);
                b.accountId = w.accountId();
                leased.put(b.key, b.token);
            }
        }
        return leased;
    }

    @Override
    public List<Intent> advance(HeldBatch batch, int from, int to, Duration lease) throws SQLException {
        probe.before("advance");
        SimBatch b = store.batch(batch.key);
        SimAlert alert = b.wave.alert;
        boolean allowed = alert.state == Alert.State.RUNNING && b.wave.closedAt == null;
        if (b.token != batch.token || b.watermark != from && b.watermark != to || !allowed) {
            return List.of();
        }
        store.touch(b);
        b.watermark = to;
        b.until = store.now.get().plus(lease);
        List<Intent> intents = new ArrayList<>();
        for (SimTarget t : b.wave.targets.subList(from, to)) {
            Recipient r = alert.recipients.get(t.recipientNo - 1);
            intents.add(new Intent(
                    t.ref,
                    batch,
                    b.wave.root,
                    t.recipientNo,
                    t.address,
                    t.possibleDuplicate,
                    t.tryNo,
                    batch.category,
                    r.name(),
                    r.language(),
                    r.variables(),
                    alert.answers.containsKey(t.recipientNo)));
        }
        advanced.accept(new Advance(batch, from, to, allowed, b.owner != null, Set.copyOf(alert.answers.keySet())));
        return intents;
    }

    @Override
    public Map<HeldBatch.Key, Long> renew(Collection<HeldBatch> batches, Duration lease) throws SQLException {
        probe.before("renew");
        Map<HeldBatch.Key, Long> kept = new HashMap<>();
        for (HeldBatch held : batches) {
            SimBatch b = store.batch(held.key);
            if (b.token == held.token) {
                store.touch(b);
                b.until = store.now.get().plus(lease);
                kept.put(b.key, b.token);
            }
        }
        return kept;
    }

    @Override
    public void release(Collection<HeldBatch> batches) throws SQLException {
        probe.before("release");
        for (HeldBatch held : batches) {
            SimBatch b = store.batch(held.key);
            if (b.token == held.token) {
                store.touch(b);
                b.token++;
                b.watermark = held.watermark();
                end(b);
            }
        }
    }

    private void end(SimBatch b) {
        store.touch(b);
        b.owner = null;
        b.until = null;
        b.settled = b.watermark == b.end || b.wave.closedAt != null;
    }

    @Override
    public List<Fenced> fence(int atMost) throws SQLException {
        probe.before("fence");
        List<Fenced> fenced = new ArrayList<>();
        for (SimBatch b : store.batches()) {
            if (!b.settled && b.owner != null && b.until.isBefore(store.now.get()) && fenced.size() < atMost) {
                store.touch(b);
                b.token++;
                fenced.add(new Fenced(b.key, b.owner, b.token));
            }
        }
        return fenced;
    }

    @Override
    public List<Silent> silent(List<HeldBatch.Key> batches) throws SQLException {
        probe.before("silent");
        List<Silent> silent = new ArrayList<>();
        for (HeldBatch.Key key : batches) {
            SimBatch b = store.batch(key);
            for (SimTarget t : b.wave.targets.subList(b.first, b.watermark)) {
                if (t.attempts.isEmpty()) {
                    silent.add(new Silent(
                            t.ref,
                            b.accountId,
                            b.wave.alert.launched.category(),
                            store.reattaches.contains(b.wave.channel),
                            b.owner));
                }
            }
        }
        return silent;
    }

    @Override
    public void free(List<HeldBatch.Key> batches) throws SQLException {
        probe.before("free");
        batches.forEach(key -> end(store.batch(key)));
    }
}
