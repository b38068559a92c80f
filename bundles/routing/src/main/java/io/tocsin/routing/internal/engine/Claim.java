package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.OutboundMessage.Category;
import io.tocsin.routing.internal.engine.BatchRows.Candidate;
import io.tocsin.routing.internal.engine.BatchRows.Fenced;
import io.tocsin.routing.internal.engine.BatchRows.Wanted;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * First step: leases batches that are due, the most urgent and the least served first, for the lanes that have room. A lease
 * is a fencing token in PostgreSQL; whoever holds the latest may move the watermark, nobody else.
 */
final class Claim {
    /** Batches of one alert under the same caps looked at in a round: more could not be leased in one. */
    private static final int LOOKED_AT = 8;

    private final DispatchLedger ledger;
    private final Node node;
    private final Duration lease;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final FairOrder fair = new FairOrder();

    /** Every lease of this node that has not ended: those being sent, and those drained whose outcomes are on their way. */
    private final Set<HeldBatch> leased = ConcurrentHashMap.newKeySet();

    /** Leases to be ended, which failed so far or is being tried. */
    private final Set<HeldBatch> ending = ConcurrentHashMap.newKeySet();

    Claim(DispatchLedger ledger, Node node, Duration lease, Clock clock, LongSupplier nanoTime) {
        this.ledger = ledger;
        this.node = node;
        this.lease = lease;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /** Leases what fits and hands it to the lanes. @return how many batches were leased */
    int round(Lanes lanes) {
        Collection<String> channels = lanes.channelsWithRoom();
        if (channels.isEmpty()) {
            return 0;
        }
        long goodUntil = nanoTime.getAsLong() + lease.toNanos();
        Map<Candidate, Lane> chosen = new LinkedHashMap<>();
        // Looked at and leased in one: what a round finds is hardly ever somebody else's by then, and each is a commit.
        Map<HeldBatch.Key, Long> tokens = ledger.transact(t -> {
            chosen.clear();
            chosen.putAll(choose(t.batches().due(clock.instant(), channels, LOOKED_AT), lanes));
            if (chosen.isEmpty()) {
                return Map.of();
            }
            List<Wanted> wanted = chosen.entrySet().stream()
                    .map(choice -> new Wanted(choice.getKey(), choice.getValue().accountId()))
                    .toList();
            return t.batches().lease(wanted, node.owner(), lease);
        });
        chosen.forEach((candidate, lane) -> {
            Long token = tokens.get(candidate.key());
            if (token != null) {
                HeldBatch batch = new HeldBatch(
                        candidate.key(),
                        candidate.channel(),
                        candidate.category(),
                        token,
                        candidate.watermark(),
                        candidate.end(),
                        candidate.caps(),
                        goodUntil);
                leased.add(batch);
                lane.hold(batch);
            }
        });
        return tokens.size();
    }

    private Map<Candidate, Lane> choose(List<Candidate> waiting, Lanes lanes) {
        Map<Candidate, Lane> chosen = new LinkedHashMap<>();
        Map<Room, Integer> taken = new HashMap<>();
        fair.serve(waiting, candidate -> {
            Optional<Lane> lane = lanes.laneFor(candidate.tenantId(), candidate.channel());
            if (lane.isEmpty()) {
                return false;
            }
            Room room = Room.of(lane.get(), candidate);
            int left = candidate.caps().isEmpty()
                    ? lane.get().room(candidate.category())
                    : lane.get().room(candidate.category(), candidate.caps());
            if (left <= taken.getOrDefault(room, 0)) {
                return false;
            }
            chosen.put(candidate, lane.get());
            taken.merge(room, candidate.messages(), Integer::sum);
            return true;
        });
        return chosen;
    }

    /** What a batch takes up of a lane. Those without caps share it, whatever their category; those under caps do not. */
    private record Room(Lane lane, Optional<Category> category, List<Integer> caps) {
        static Room of(Lane lane, Candidate candidate) {
            return new Room(
                    lane,
                    candidate.caps().isEmpty() ? Optional.empty() : Optional.of(candidate.category()),
                    candidate.caps());
        }
    }

    /**
     * Prolongs this node's leases, and tries again to end those that could not be.
     *
     * @return those that are somebody else's by now, forgotten here
     */
    List<HeldBatch> renew() {
        if (!ending.isEmpty()) {
            release(List.copyOf(ending));
        }
        List<HeldBatch> batches = List.copyOf(leased);
        if (batches.isEmpty()) {
            return List.of();
        }
        long goodUntil = nanoTime.getAsLong() + lease.toNanos();
        Map<HeldBatch.Key, Long> ours = ledger.transact(t -> t.batches().renew(batches, lease));
        batches.stream().filter(b -> isOurs(b, ours)).forEach(b -> b.prolonged(goodUntil));
        return forget(batches.stream().filter(b -> !isOurs(b, ours)).toList());
    }

    /** A batch may have been lost and leased again meanwhile: the token tells which lease it is. */
    private static boolean isOurs(HeldBatch batch, Map<HeldBatch.Key, Long> ours) {
        return Long.valueOf(batch.token).equals(ours.get(batch.key));
    }

    /** Batches that were fenced; some may be this node's own. @return those that are, forgotten here */
    List<HeldBatch> fenced(List<Fenced> fenced) {
        return forget(leased.stream()
                .filter(b -> fenced.stream().anyMatch(f -> f.key().equals(b.key) && f.token() > b.token))
                .toList());
    }

    private List<HeldBatch> forget(List<HeldBatch> lost) {
        List<HeldBatch> forgotten = lost.stream().filter(leased::remove).toList();
        forgotten.forEach(HeldBatch::lost);
        return forgotten;
    }

    /**
     * Ends leases whose every position is recorded: settled when none is left to send, free for anybody otherwise. If that
     * fails they are not prolonged any more: they are ended later, or run out.
     */
    void release(Collection<HeldBatch> batches) {
        ending.addAll(batches);
        leased.removeAll(batches);
        ledger.transact(t -> {
            t.batches().release(batches);
            return null;
        });
        ending.removeAll(batches);
    }

    /** A transaction that ended these leases is committed. */
    void released(Collection<HeldBatch> batches) {
        leased.removeAll(batches);
    }
}
