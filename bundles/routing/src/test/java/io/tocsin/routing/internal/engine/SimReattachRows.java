package io.tocsin.routing.internal.engine;

import io.tocsin.routing.internal.TargetRef;
import io.tocsin.routing.internal.engine.Fact.Intent;
import io.tocsin.routing.internal.engine.SimLedger.Probe;
import io.tocsin.routing.internal.engine.SimStore.Recipient;
import io.tocsin.routing.internal.engine.SimStore.SimNodeRow;
import io.tocsin.routing.internal.engine.SimStore.SimReattach;
import io.tocsin.routing.internal.engine.SimStore.SimTarget;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** {@link ReattachRows} in memory. */
final class SimReattachRows implements ReattachRows {
    private final SimStore store;
    private final Probe probe;

    SimReattachRows(SimStore store, Probe probe) {
        this.store = store;
        this.probe = probe;
    }

    @Override
    public void canAsk(String channel) throws SQLException {
        probe.before("can-ask");
        if (store.reattaches.add(channel)) {
            store.undo(() -> store.reattaches.remove(channel));
        }
    }

    @Override
    public void doubt(List<Doubt> doubts, Duration limit) throws SQLException {
        if (doubts.isEmpty()) {
            return;
        }
        probe.before("doubt");
        Instant now = store.now.get();
        for (Doubt doubt : doubts) {
            if (!store.reattach.containsKey(doubt.target().reference())) {
                put(new SimReattach(
                        doubt.target(),
                        doubt.accountId(),
                        doubt.node() + "#0",
                        false,
                        Instant.EPOCH,
                        now,
                        now.plus(limit)));
                store.asked.add(doubt.target());
            }
        }
    }

    private void put(SimReattach row) {
        store.put(store.reattach, row.target().reference(), row);
    }

    @Override
    public List<Question> take(
            Node node,
            Collection<Integer> accountIds,
            Collection<Integer> onlyOwn,
            int atMost,
            Duration lease,
            Duration limit)
            throws SQLException {
        probe.before("take-doubts");
        Instant now = store.now.get();
        List<Question> questions = new ArrayList<>();
        for (SimReattach row : List.copyOf(store.reattach.values())) {
            SimTarget t = store.target(row.target());
            boolean ended = List.of("delivered", "failed").contains(SimStore.state(t));
            if (accountIds.contains(row.accountId())
                    && questions.size() < atMost
                    && !row.askAt().isAfter(now)
                    && (!onlyOwn.contains(row.accountId())
                            || Node.named(row.askedBy()).equals(node.name()))
                    && !alive(row.askedBy(), lease)
                    && !(row.found() && ended)) {
                Instant most = row.since().plus(limit.multipliedBy(MOST_LIMITS));
                Instant wanted = now.plus(limit).plus(lease);
                Instant until = wanted.isBefore(most) ? wanted : most;
                put(new SimReattach(
                        row.target(),
                        row.accountId(),
                        node.owner(),
                        row.found(),
                        row.askAt(),
                        row.since(),
                        until.isAfter(row.until()) ? until : row.until()));
                Recipient r = t.wave.alert.recipients.get(t.recipientNo - 1);
                questions.add(new Question(
                        new Intent(
                                t.ref,
                                null,
                                t.wave.root,
                                t.recipientNo,
                                t.address,
                                t.possibleDuplicate,
                                t.tryNo,
                                t.wave.alert.launched.category(),
                                r.name(),
                                r.language(),
                                r.variables(),
                                false),
                        row.accountId()));
            }
        }
        return questions;
    }

    private boolean alive(String owner, Duration lease) {
        int hash = owner.indexOf('#');
        SimNodeRow row = store.nodes.get(owner.substring(0, hash));
        return row != null
                && row.incarnation == Long.parseLong(owner.substring(hash + 1))
                && row.lives(store.now.get(), lease);
    }

    @Override
    public boolean found(TargetRef target, String owner) throws SQLException {
        probe.before("found");
        SimReattach row = store.reattach.get(target.reference());
        if (row != null) {
            put(new SimReattach(target, row.accountId(), owner, true, row.askAt(), row.since(), row.until()));
        }
        return row == null || !row.found();
    }

    @Override
    public void notFound(TargetRef target) throws SQLException {
        probe.before("not-found");
        SimReattach row = store.reattach.remove(target.reference());
        if (row != null) {
            store.undo(() -> store.reattach.put(target.reference(), row));
        }
    }

    @Override
    public void again(TargetRef target, Duration after) throws SQLException {
        probe.before("ask-again");
        SimReattach row = store.reattach.get(target.reference());
        if (row != null) {
            Instant askAt = store.now.get().plus(after);
            put(new SimReattach(
                    target,
                    row.accountId(),
                    Node.named(row.askedBy()) + "#0",
                    row.found(),
                    askAt,
                    row.since(),
                    row.until()));
        }
    }
}
