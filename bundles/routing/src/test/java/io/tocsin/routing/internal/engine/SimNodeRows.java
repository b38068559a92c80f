package io.tocsin.routing.internal.engine;

import io.tocsin.routing.api.DispatchStatus.NodeStatus;
import io.tocsin.routing.internal.engine.SimLedger.Probe;
import io.tocsin.routing.internal.engine.SimStore.LineShareRow;
import io.tocsin.routing.internal.engine.SimStore.SimBatch;
import io.tocsin.routing.internal.engine.SimStore.SimNodeRow;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
                .filter(q -> !q.found() && q.asksNobody())
                .forEach(q -> store.put(
                        store.reattach,
                        q.target().reference(),
                        new SimStore.SimReattach(
                                q.target(),
                                q.accountId(),
                                q.askedBy(),
                                false,
                                q.askAt(),
                                now,
                                now.plus(Reattach.LIMIT))));
        return node;
    }

    @Override
    public Optional<NodeLife> begin(Node node) throws SQLException {
        probe.before("begin-life");
        SimNodeRow row = store.nodes.get(node.name());
        if (row == null || row.incarnation != node.incarnation()) {
            return Optional.empty();
        }
        store.touch(row);
        row.life++;
        row.session = store.session;
        row.heartbeat = store.now.get();
        return Optional.of(new NodeLife(node.name(), node.incarnation(), row.life));
    }

    @Override
    public Optional<List<NodeLife>> beat(NodeLife life) throws SQLException {
        probe.before("beat");
        SimNodeRow own = store.nodes.get(life.name());
        if (!is(own, life) || own.session != store.session) {
            return Optional.empty();
        }
        store.touch(own);
        own.heartbeat = store.now.get();
        List<NodeLife> gone = new ArrayList<>();
        store.nodes.forEach((name, row) -> {
            if (!name.equals(life.name())
                    && row.life > 0
                    && row.endedLife != row.life
                    && !store.sessions.contains(row.session)) {
                gone.add(new NodeLife(name, row.incarnation, row.life));
            }
        });
        return Optional.of(gone);
    }

    @Override
    public boolean end(NodeLife life) throws SQLException {
        probe.before("end-life");
        SimNodeRow row = store.nodes.get(life.name());
        if (!is(row, life)) {
            return false;
        }
        store.touch(row);
        row.endedLife = life.number();
        for (SimBatch b : store.batches()) {
            if (!b.settled && life.owner().equals(b.owner)) {
                store.touch(b);
                b.until = Instant.EPOCH;
            }
        }
        List.copyOf(store.lines.entrySet()).stream()
                .filter(e -> e.getValue().share().holder().startsWith(life.owner() + "/"))
                .forEach(e -> store.put(
                        store.lines,
                        e.getKey(),
                        new LineShareRow(e.getValue().accountId(), e.getValue().share(), Instant.EPOCH)));
        return true;
    }

    /** Whether it is the node's present life, and nobody has ended it. */
    private static boolean is(SimNodeRow row, NodeLife life) {
        return row != null
                && row.incarnation == life.incarnation()
                && row.life == life.number()
                && row.endedLife != row.life;
    }

    @Override
    public int living(Duration lease) throws SQLException {
        probe.before("living");
        return (int) store.nodes.values().stream()
                .filter(row -> row.lives(store.now.get(), lease))
                .count();
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
                        e.getValue().lives(store.now.get(), lease)))
                .toList();
    }
}
