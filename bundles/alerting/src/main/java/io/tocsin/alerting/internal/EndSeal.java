package io.tocsin.alerting.internal;

import io.tocsin.audit.api.Actor;
import io.tocsin.audit.api.Evidence;
import io.tocsin.audit.api.Journal;
import io.tocsin.routing.api.Ledger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the end of an alert into the journal once: the totals, and the root hashes of what is known of it at that moment,
 * so that evidence made later can be held against them. A row in the database keeps two nodes from doing it twice.
 */
final class EndSeal {
    private static final Logger LOG = LoggerFactory.getLogger(EndSeal.class);

    private final Ledger ledger;
    private final Journal journal;
    private final Evidence evidence;

    EndSeal(Ledger ledger, Journal journal, Evidence evidence) {
        this.ledger = ledger;
        this.journal = journal;
        this.evidence = evidence;
    }

    private record End(String state, boolean journaled) {}

    /**
     * Seals the end of an alert that ended and is not sealed. Waits for whoever is doing so just now: once this returns and
     * its transaction is committed, an alert that has ended is sealed. Reads all of the alert; blocks.
     *
     * @return whether this call wrote the seal
     */
    boolean write(Connection connection, int tenantId, long alertId) throws SQLException {
        Optional<End> end = unsealed(connection, tenantId, alertId);
        // its row is the lock: another node waits here and then finds it done
        if (end.isEmpty() || !AlertEnds.markSealed(connection, tenantId, alertId)) {
            return false;
        }
        Evidence.Seal seal = evidence.seal(connection, tenantId, alertId);
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("state", end.get().state());
        details.put("totals", AlertEnds.words(ledger.totals(connection, tenantId, alertId)));
        details.put("records", seal.records());
        details.put("audience", seal.audienceRoot());
        details.put("observations", seal.observationsRoot());
        journal.append(
                connection,
                tenantId,
                Actor.engine(),
                end.get().journaled() ? "alert.sealed" : "alert." + end.get().state(),
                "alert",
                Long.toString(alertId),
                details);
        LOG.info(
                "alert.sealed tenant={} alert={} state={}",
                tenantId,
                alertId,
                end.get().state());
        return true;
    }

    /** Holds the alert: nobody relaunches it while its end is written. */
    private static Optional<End> unsealed(Connection connection, int tenantId, long alertId) throws SQLException {
        String sql =
                """
                select a.state, exists (
                    select from alert_end e where e.tenant_id = a.tenant_id and e.alert_id = a.alert_id)
                from alert a
                where a.tenant_id = ? and a.alert_id = ? and a.state in ('cancelled', 'closed') and not exists (
                    select from alert_end e where e.tenant_id = a.tenant_id and e.alert_id = a.alert_id and e.sealed)
                for share of a
                """;
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setInt(1, tenantId);
            query.setLong(2, alertId);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? Optional.of(new End(row.getString(1), row.getBoolean(2))) : Optional.empty();
            }
        }
    }
}
