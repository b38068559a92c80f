package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.Receipt;
import io.tocsin.routing.internal.TargetRef;
import io.tocsin.routing.internal.engine.Fact.Receipted;
import io.tocsin.routing.internal.engine.SimLedger.Probe;
import io.tocsin.routing.internal.engine.SimStore.Attempt;
import io.tocsin.routing.internal.engine.SimStore.CarrierRef;
import io.tocsin.routing.internal.engine.SimStore.Orphan;
import io.tocsin.routing.internal.engine.SimStore.SimAlert;
import io.tocsin.routing.internal.engine.SimStore.SimTarget;
import io.tocsin.routing.internal.engine.SimStore.SimWave;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** {@link ReceiptRows} in memory. */
final class SimReceiptRows implements ReceiptRows {
    private final SimStore store;
    private final Probe probe;

    SimReceiptRows(SimStore store, Probe probe) {
        this.store = store;
        this.probe = probe;
    }

    @Override
    public Map<Integer, Place> byCarrierId(List<Receipted> received) throws SQLException {
        probe.before("byCarrierId");
        Map<Integer, Place> places = new HashMap<>();
        for (int i = 0; i < received.size(); i++) {
            int index = i;
            latest(received.get(i).accountId(), received.get(i).receipt().carrierId())
                    .ifPresent(place -> places.put(index, place));
        }
        return places;
    }

    private Optional<Place> latest(int accountId, String carrierId) {
        return carrierId.isEmpty()
                ? Optional.empty()
                : store.carrierRefs.getOrDefault(accountId + "/" + carrierId, List.of()).stream()
                        .max(Comparator.comparing(CarrierRef::at))
                        .map(ref -> new Place(ref.target(), ref.segment()));
    }

    @Override
    public boolean exists(TargetRef target) throws SQLException {
        probe.before("exists");
        return store.target(target) != null;
    }

    @Override
    public void keep(List<Receipted> orphans) throws SQLException {
        probe.before("keep");
        for (Receipted orphan : orphans) {
            Receipt r = orphan.receipt();
            if (r.carrierId().indexOf('\u0000') >= 0 || r.code().indexOf('\u0000') >= 0) {
                throw new SQLException("invalid byte sequence for encoding \"UTF8\": 0x00", "22021");
            }
            store.added(
                    store.orphans,
                    new Orphan(
                            orphan.accountId(),
                            r.carrierId(),
                            r.address().orElse(null),
                            ReceiptMatching.kind(r.state()),
                            Record.word(r.code()),
                            r.at(),
                            orphan.seenAt()));
        }
    }

    @Override
    public List<Found> takeKnown(Instant since) throws SQLException {
        probe.before("takeKnown");
        return take(o -> !o.seenAt().isBefore(since), o -> latest(o.accountId(), o.carrierId()));
    }

    @Override
    public List<Found> takeByAddress(Instant since, Instant until) throws SQLException {
        probe.before("takeByAddress");
        return take(
                o -> !o.seenAt().isBefore(since) && o.seenAt().isBefore(until) && o.address() != null,
                this::inDoubtAtAddress);
    }

    private List<Found> take(Predicate<Orphan> looked, Function<Orphan, Optional<Place>> place) {
        List<Found> found = new ArrayList<>();
        List<Orphan> left = new ArrayList<>();
        for (Orphan o : store.orphans) {
            Optional<Place> at = looked.test(o) ? place.apply(o) : Optional.empty();
            if (at.isEmpty()) {
                left.add(o);
            } else {
                found.add(new Found(
                        at.get(),
                        o.accountId(),
                        new Receipt(
                                o.carrierId(),
                                Optional.empty(),
                                Optional.empty(),
                                Receipt.State.valueOf(o.kind().toUpperCase(Locale.ROOT)),
                                o.code(),
                                o.at())));
            }
        }
        if (!found.isEmpty()) {
            List<Orphan> before = List.copyOf(store.orphans);
            store.orphans.clear();
            store.orphans.addAll(left);
            store.undo(() -> {
                store.orphans.clear();
                store.orphans.addAll(before);
            });
        }
        return found;
    }

    private Optional<Place> inDoubtAtAddress(Orphan o) {
        SimTarget best = null;
        Instant bestAt = null;
        for (SimAlert alert : store.alerts.values()) {
            for (SimWave wave : alert.waves) {
                for (SimTarget t : wave.targets) {
                    if (t.address.equals(o.address()) && SimStore.state(t).equals("in-doubt")) {
                        for (Attempt a : t.attempts) {
                            Instant at = a.row().at();
                            if (a.row().kind().equals("in-doubt")
                                    && a.row().accountId() != null
                                    && a.row().accountId() == o.accountId()
                                    && !at.isBefore(o.seenAt().minus(Duration.ofHours(6)))
                                    && !at.isAfter(o.seenAt().plus(Duration.ofMinutes(2)))
                                    && (best == null || at.isAfter(bestAt))) {
                                best = t;
                                bestAt = at;
                            }
                        }
                    }
                }
            }
        }
        return Optional.ofNullable(best).map(t -> new Place(t.ref, 0));
    }

    @Override
    public boolean anyWaiting(Instant since) throws SQLException {
        probe.before("anyWaiting");
        return store.orphans.stream().anyMatch(o -> !o.seenAt().isBefore(since));
    }
}
