package io.tocsin.alerting.internal;

import io.tocsin.audit.api.Evidence;
import io.tocsin.audit.api.Journal;
import io.tocsin.persistence.api.Database;
import io.tocsin.persistence.api.DatabaseException;
import io.tocsin.routing.api.Ledger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Looks for alerts that ended and has their ends sealed ({@link EndSeal}). The engine closes alerts by itself; this is how
 * the journal learns of it. Any node does it.
 */
@Component(service = EndSweep.class, immediate = true, configurationPid = AlertingSettings.PID)
public final class EndSweep {
    private static final Logger LOG = LoggerFactory.getLogger(EndSweep.class);
    private static final int AT_ONCE = 20;

    private final Database database;
    private final EndSeal seal;
    private final AlertFigures figures;
    private final ScheduledExecutorService timer;

    @Activate
    public EndSweep(
            @Reference Database database,
            @Reference Ledger ledger,
            @Reference Journal journal,
            @Reference Evidence evidence,
            AlertingSettings settings) {
        this(database, ledger, journal, evidence);
        long seconds = Math.max(1, settings.sweepSeconds());
        timer.scheduleWithFixedDelay(this::sweepSafely, seconds, seconds, TimeUnit.SECONDS);
    }

    /** Without a timer: {@link #sweep} is called by hand. */
    EndSweep(Database database, Ledger ledger, Journal journal, Evidence evidence) {
        this.database = database;
        this.seal = new EndSeal(ledger, journal, evidence);
        this.figures = new AlertFigures(ledger);
        this.timer = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "tocsin-alert-ends");
            thread.setDaemon(true);
            return thread;
        });
    }

    @Deactivate
    void stop() throws InterruptedException {
        timer.shutdown();
        if (!timer.awaitTermination(10, TimeUnit.SECONDS)) {
            timer.shutdownNow();
        }
    }

    /** A timer that throws never runs again: what the database refuses now is tried at the next turn. */
    private void sweepSafely() {
        try {
            sweep();
        } catch (DatabaseException e) {
            LOG.warn("alert.end.delayed sqlstate={}", e.sqlState());
        } catch (RuntimeException e) {
            LOG.error("alert.end.failed", e);
        }
    }

    /** Journals the ends that are not journaled or not sealed yet. @return how many */
    int sweep() {
        int done = 0;
        for (End end : database.asEngine(EndSweep::unsealed)) {
            // for the log only: nothing reads it back
            try (var tenantField = MDC.putCloseable("tenant", Integer.toString(end.tenantId()));
                    var alertField = MDC.putCloseable("alert", Long.toString(end.alertId()))) {
                done += sealOrDelay(end) ? 1 : 0;
            }
        }
        // after the seals: evidence waits for nobody's statistics
        for (long[] ended : database.asEngine(connection -> AlertFigures.missing(connection, AT_ONCE))) {
            countOrDelay((int) ended[0], ended[1]);
        }
        return done;
    }

    private void countOrDelay(int tenantId, long alertId) {
        try {
            database.inTenant(tenantId, connection -> figures.count(connection, tenantId, alertId));
        } catch (DatabaseException e) {
            LOG.warn("alert.figures.delayed tenant={} alert={} sqlstate={}", tenantId, alertId, e.sqlState());
        } catch (RuntimeException e) {
            LOG.error("alert.figures.failed tenant={} alert={}", tenantId, alertId, e);
        }
    }

    private boolean sealOrDelay(End end) {
        try {
            return database.inTenant(
                    end.tenantId(), connection -> seal.write(connection, end.tenantId(), end.alertId()));
        } catch (DatabaseException e) {
            LOG.warn("alert.end.delayed tenant={} alert={} sqlstate={}", end.tenantId(), end.alertId(), e.sqlState());
            return false;
        } catch (RuntimeException e) {
            // one end that cannot be sealed keeps no other from it
            LOG.error("alert.end.failed tenant={} alert={}", end.tenantId(), end.alertId(), e);
            return false;
        }
    }

    private record End(int tenantId, long alertId) {}

    private static List<End> unsealed(Connection connection) throws SQLException {
        String sql =
                """
                select a.tenant_id, a.alert_id
                from alert a left join alert_end e on e.tenant_id = a.tenant_id and e.alert_id = a.alert_id
                where a.state in ('cancelled', 'closed') and e.sealed is not true
                order by a.ended_at limit ?
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, AT_ONCE);
            try (ResultSet row = statement.executeQuery()) {
                List<End> ends = new ArrayList<>();
                while (row.next()) {
                    ends.add(new End(row.getInt(1), row.getLong(2)));
                }
                return ends;
            }
        }
    }
}
