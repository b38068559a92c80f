package io.tocsin.routing.internal.engine;

import io.tocsin.routing.internal.engine.SimLedger.Probe;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** {@link ReachRows} in memory. */
final class SimReachRows implements ReachRows {
    private final SimStore store;
    private final Probe probe;

    SimReachRows(SimStore store, Probe probe) {
        this.store = store;
        this.probe = probe;
    }

    @Override
    public void tell(Node node, Map<Integer, Boolean> sends) throws SQLException {
        probe.before("tell-reach");
        Set<Integer> can = sends.entrySet().stream()
                .filter(Map.Entry::getValue)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        store.put(store.reach, node.name(), can);
    }

    @Override
    public boolean anybody(Collection<Integer> accounts, Duration lease) throws SQLException {
        probe.before("ask-reach");
        return store.reach.entrySet().stream()
                .filter(told -> store.nodes.get(told.getKey()).lives(store.now.get(), lease))
                .anyMatch(told -> accounts.stream().anyMatch(told.getValue()::contains));
    }
}
