package io.tocsin.routing.internal.engine;

import io.tocsin.routing.internal.engine.SimLedger.Probe;
import io.tocsin.routing.internal.engine.SimStore.LineShareRow;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** {@link LineRows} in memory. */
final class SimLineRows implements LineRows {
    private final SimStore store;
    private final Probe probe;

    SimLineRows(SimStore store, Probe probe) {
        this.store = store;
        this.probe = probe;
    }

    @Override
    public List<Share> hold(int accountId) throws SQLException {
        probe.before("hold-lines");
        return store.lines.values().stream()
                .filter(row -> row.accountId() == accountId && row.until().isAfter(store.now.get()))
                .map(LineShareRow::share)
                .toList();
    }

    @Override
    public void keep(int accountId, Share share, Duration lease) throws SQLException {
        probe.before("keep-lines");
        store.put(
                store.lines,
                accountId + "/" + share.holder(),
                new LineShareRow(accountId, share, store.now.get().plus(lease)));
    }

    @Override
    public void drop(int accountId, String holder) throws SQLException {
        probe.before("drop-lines");
        String key = accountId + "/" + holder;
        LineShareRow before = store.lines.remove(key);
        if (before != null) {
            store.undo(() -> store.lines.put(key, before));
        }
    }
}
