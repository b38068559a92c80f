package io.tocsin.routing.internal.engine;

import io.tocsin.routing.internal.TargetRef;
import io.tocsin.routing.internal.engine.SimLedger.Probe;
import io.tocsin.routing.internal.engine.SimStore.Attempt;
import io.tocsin.routing.internal.engine.SimStore.CarrierRef;
import io.tocsin.routing.internal.engine.SimStore.Followup;
import io.tocsin.routing.internal.engine.SimStore.SimAlert;
import io.tocsin.routing.internal.engine.SimStore.TallyKey;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** {@link AttemptRows} in memory. */
final class SimAttemptRows implements AttemptRows {
    private final SimStore store;
    private final Probe probe;

    SimAttemptRows(SimStore store, Probe probe) {
        this.store = store;
        this.probe = probe;
    }

    @Override
    public void begin(Mark mark) throws SQLException {
        probe.before("begin");
        store.put(store.marks, mark.appender(), mark.number());
    }

    @Override
    public boolean committed(Mark mark) throws SQLException {
        probe.before("committed");
        Long last = store.marks.get(mark.appender());
        return last != null && last == mark.number();
    }

    @Override
    public void append(List<Row> rows, String node) throws SQLException {
        probe.before("append");
        for (Row row : rows) {
            refuseNul(row.carrierId());
            refuseNul(row.code());
        }
        for (Row row : rows) {
            store.added(store.target(row.target()).attempts, new Attempt(row, node));
            if (row.kind().equals("accepted") && row.carrierId() != null) {
                refer(row);
            }
        }
    }

    @Override
    public void refer(List<Row> named) throws SQLException {
        probe.before("refer");
        named.forEach(this::refer);
    }

    private void refer(Row row) {
        store.added(
                store.carrierRefs.computeIfAbsent(row.accountId() + "/" + row.carrierId(), k -> new ArrayList<>()),
                new CarrierRef(row.target(), row.segment(), row.at()));
    }

    /** As PostgreSQL does. */
    private static void refuseNul(String text) throws SQLException {
        if (text != null && text.indexOf('\u0000') >= 0) {
            throw new SQLException("invalid byte sequence for encoding \"UTF8\": 0x00", "22021");
        }
    }

    @Override
    public void decideLater(List<Later> decisions) throws SQLException {
        probe.before("decideLater");
        for (Later d : decisions) {
            refuseNul(d.code());
            TargetRef t = d.target();
            SimAlert alert = store.alert(t.tenantId(), t.alertId());
            Instant over = alert.wave(alert.wave(t.waveNo()).root).deadline;
            Moment due = d.due();
            boolean tooLate = due.asked().isBefore(over) && !due.together().isBefore(over);
            Instant at = tooLate ? due.asked() : due.together();
            store.added(alert.followups, new Followup(t, d.kind(), d.code(), at));
        }
    }

    @Override
    public void count(List<Counted> counts, String node) throws SQLException {
        probe.before("count");
        for (Counted c : counts) {
            SimAlert alert = store.alert(c.tenantId(), c.alertId());
            TallyKey key = new TallyKey(c.waveNo(), node, c.kind());
            store.put(alert.tallies, key, alert.tallies.getOrDefault(key, 0L) + c.more());
        }
    }

    @Override
    public void setAside(TargetRef target, Integer accountId, String kind, String reason, Instant at)
            throws SQLException {
        probe.before("setAside");
        store.added(store.setAside, (target == null ? "" : target.reference()) + "/" + kind + "/" + reason);
    }
}
