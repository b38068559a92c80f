package io.tocsin.routing.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.persistence.api.Database;
import io.tocsin.routing.api.Totals;
import io.tocsin.routing.internal.ledger.LedgerStore;

/** The conservation law, asserted by every test that has an alert: the ledger's own count, and what the room says of it. */
public final class Conservation {
    private Conservation() {}

    /**
     * Asserts that every recipient is in exactly one state, that nothing left without a trace or an intent.
     *
     * @return the totals, for further assertions
     */
    public static Totals assertHolds(Database database, int tenantId, long alertId) {
        return database.asEngine(connection -> {
            io.tocsin.persistence.testing.Conservation.check(connection, tenantId, alertId);
            Totals totals = new LedgerStore().totals(connection, tenantId, alertId);
            assertThat(totals.conserved()).as("conserved: %s", totals).isTrue();
            return totals;
        });
    }

    /** As {@link #assertHolds}, and that nobody is pending any more. */
    public static Totals assertSettled(Database database, int tenantId, long alertId) {
        Totals totals = assertHolds(database, tenantId, alertId);
        assertThat(totals.pending()).as("pending of %s", totals).isZero();
        return totals;
    }
}
