package io.tocsin.routing.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.persistence.api.Database;
import io.tocsin.routing.api.Totals;
import io.tocsin.routing.internal.ledger.LedgerStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

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
            if (totals.pending() == 0) {
                // While it runs, something is observed between the two counts.
                assertThat(totals)
                        .as("totals, and everybody counted one by one")
                        .isEqualTo(oneByOne(connection, tenantId, alertId, totals.published()));
            }
            return totals;
        });
    }

    /**
     * Totals take a short cut when an alert has ended: everybody's own state must say the same.
     *
     * @param published which is counted beside the law
     */
    private static Totals oneByOne(Connection connection, int tenantId, long alertId, long published)
            throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                """
                select count(*), count(*) filter (where state = 'answered'), count(*) filter (where state = 'delivered'),
                    count(*) filter (where state = 'failed'), count(*) filter (where state = 'unknown'),
                    count(*) filter (where state = 'pending'), count(*) filter (where flagged)
                from alert_people(?, ?)
                """)) {
            query.setInt(1, tenantId);
            query.setLong(2, alertId);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return new Totals(
                        row.getLong(1),
                        row.getLong(2),
                        row.getLong(3),
                        row.getLong(4),
                        row.getLong(5),
                        row.getLong(6),
                        row.getLong(7),
                        published);
            }
        }
    }

    /** As {@link #assertHolds}, and that nobody is pending any more. */
    public static Totals assertSettled(Database database, int tenantId, long alertId) {
        Totals totals = assertHolds(database, tenantId, alertId);
        assertThat(totals.pending()).as("pending of %s", totals).isZero();
        return totals;
    }
}
