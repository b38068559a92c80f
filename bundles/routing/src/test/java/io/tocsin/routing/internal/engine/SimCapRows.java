package io.tocsin.routing.internal.engine;

import io.tocsin.routing.internal.engine.SimLedger.Probe;
import io.tocsin.routing.internal.engine.SimStore.SimCap;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** {@link CapRows} in memory. */
final class SimCapRows implements CapRows {
    private final SimStore store;
    private final Probe probe;

    SimCapRows(SimStore store, Probe probe) {
        this.store = store;
        this.probe = probe;
    }

    /** Nobody else ever holds one: there is one transaction at a time. */
    @Override
    public Optional<Held> hold(List<Integer> capIds) throws SQLException {
        probe.before("hold-caps");
        return Optional.of(new Held(
                store.now.get(),
                capIds.stream()
                        .map(store.caps::get)
                        .filter(Objects::nonNull)
                        .map(SimCap::permits)
                        .toList()));
    }

    @Override
    public void update(List<CapPermits> caps, int taken, Instant now) throws SQLException {
        probe.before("update-caps");
        caps.forEach(
                c -> store.put(store.caps, c.capId(), store.caps.get(c.capId()).with(c)));
    }
}
