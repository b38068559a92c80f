package io.tocsin.routing.internal.engine;

import io.tocsin.routing.internal.engine.SimLedger.Probe;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

/** {@link AccountTimeRows} in memory. */
final class SimAccountTimeRows implements AccountTimeRows {
    private final SimStore store;
    private final Probe probe;

    SimAccountTimeRows(SimStore store, Probe probe) {
        this.store = store;
        this.probe = probe;
    }

    @Override
    public Answer take(int accountId, Duration stretch, Duration longest, Duration ahead, boolean urgent)
            throws SQLException {
        probe.before("take-time");
        Instant now = store.now.get();
        SimStore.AccountTime row = store.accountTimes.getOrDefault(accountId, new SimStore.AccountTime(now, 0));
        boolean noTime = row.takenUntil().isAfter(now.plus(longest).plus(ahead));
        boolean mayBeAhead = urgent || row.urgentInARow() == 0 || row.urgentInARow() == MOST_URGENT_IN_A_ROW;
        Instant from = mayBeAhead ? row.takenUntil().minus(ahead) : row.takenUntil();
        if (!noTime && from.isAfter(now)) {
            return new Answer(false, Duration.between(now, from));
        }
        Instant starts = noTime || row.takenUntil().isBefore(now) ? now : row.takenUntil();
        store.put(
                store.accountTimes,
                accountId,
                new SimStore.AccountTime(
                        starts.plus(stretch), urgent ? Math.min(row.urgentInARow() + 1, MOST_URGENT_IN_A_ROW) : 0));
        return new Answer(true, Duration.between(now, starts));
    }
}
