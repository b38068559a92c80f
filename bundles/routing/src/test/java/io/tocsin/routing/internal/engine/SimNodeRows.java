package io.tocsin.routing.internal.engine;

import io.tocsin.routing.api.DispatchStatus.NodeStatus;
import io.tocsin.routing.internal.engine.SimLedger.Probe;
import io.tocsin.routing.internal.engine.SimStore.SimBatch;
import io.tocsin.routing.internal.engine.SimStore.SimNodeRow;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** {@link NodeRows} in memory. */
final class SimNodeRows implements NodeRows {
    private final SimStore store;
    private final Probe probe;

    SimNodeRows(SimStore store, Probe probe) {
        this.store = store;
        this.probe = probe;
    }

    @Override
    public Node register(String name) throws SQLException {
        probe.before("register");
        SimNodeRow before = store.nodes.get(name);
        SimNodeRow row = new SimNodeRow();
        row.incarnation = before == null ? 1 : before.incarnation + 1;
        row.startedAt = store.now.get();
        row.heartbeat = row.startedAt;
        store.put(store.nodes, name, row);
        Node node = new Node(name, row.incarnation);
        for (SimBatch b : store.batches()) {
            if (!b.settled && b.owner != null && b.owner.startsWith(name + '#') && !b.owner.equals(node.owner())) {
                store.touch(b);
                b.until = Instant.EPOCH;
            }
        }
        Instant now = store.now.get();
        List.copyOf(store.reattach.values()).stream()
                .filter(q -> !q.found() && q.askedBy() == null)
                .forEach(q -> store.put(
                        store.reattach,
                        q.target().reference(),
                        new SimStore.SimReattach(
                                q.target(), q.accountId(), null, false, q.askAt(), now, now.plus(Reattach.LIMIT))));
        return node;
    }

    @Override
    public int heartbeat(Node node, Duration lease) throws SQLException {
        probe.before("heartbeat");
        SimNodeRow row = store.nodes.get(node.name());
        boolean beats = row != null && row.incarnation == node.incarnation();
        if (beats) {
            Instant before = row.heartbeat;
            row.heartbeat = store.now.get();
            store.undo(() -> row.heartbeat = before);
        }
        return Math.max(1, (int)
                store.nodes.values().stream().filter(r -> alive(r, lease)).count());
    }

    @Override
    public List<NodeStatus> all(Duration lease) throws SQLException {
        probe.before("nodes");
        return store.nodes.entrySet().stream()
                .map(e -> new NodeStatus(
                        e.getKey(),
                        e.getValue().incarnation,
                        e.getValue().startedAt,
                        e.getValue().heartbeat,
                        alive(e.getValue(), lease)))
                .toList();
    }

    private boolean alive(SimNodeRow row, Duration lease) {
        return row.heartbeat.isAfter(store.now.get().minus(lease));
    }
}
