package io.tocsin.directory.internal.imports;

import io.tocsin.audit.api.Actor;
import io.tocsin.audit.api.Journal;
import io.tocsin.directory.api.Imports.ImportPlan;
import io.tocsin.directory.api.RefusedException;
import io.tocsin.directory.internal.Sql;
import io.tocsin.directory.internal.imports.Merge.Counts;
import io.tocsin.directory.internal.imports.RowReader.Result;
import io.tocsin.directory.internal.table.Rows;
import io.tocsin.directory.internal.table.Table;
import io.tocsin.directory.internal.value.LanguageTag;
import io.tocsin.directory.internal.value.PhoneCell;
import io.tocsin.persistence.api.Database;
import io.tocsin.persistence.api.DatabaseException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * One import from its first row to its end: everything in one transaction, so it is all there or nothing is. Only how
 * far it has come ({@link #rowsRead()}) is told outside of it. Runs on one thread.
 */
final class ImportJob {
    private static final Logger LOG = LoggerFactory.getLogger(ImportJob.class);
    private static final int ROWS_BETWEEN_LOOKS = 1_000;
    private static final String STOPPED = "the node was stopped meanwhile; nothing was changed: start it again";
    private static final Counts NOTHING = new Counts(0, 0, 0, 0);
    /** First key of the advisory lock that lets one import of a tenant run at a time, on whatever node. */
    private static final int LOCK_SPACE = 0x696d70;

    private final Database database;
    private final Journal journal;
    private final Order order;
    private final RowErrors errors;
    private volatile int rowsRead;

    ImportJob(Database database, Journal journal, Order order, int keptErrors) {
        this.database = database;
        this.journal = journal;
        this.order = order;
        this.errors = new RowErrors(keptErrors);
    }

    /** What was ordered, checked and found readable. */
    record Order(
            int tenantId,
            long importId,
            String fileName,
            Table table,
            ColumnMapping mapping,
            ImportPlan plan,
            Actor actor) {}

    Order order() {
        return order;
    }

    int rowsRead() {
        return rowsRead;
    }

    /** Runs to the end. What goes wrong is written into the run's record, not thrown. */
    void run() {
        // for the log only: nothing reads it back, the work takes its tenant from the order
        try (var tenantField = MDC.putCloseable("tenant", Integer.toString(order.tenantId()))) {
            runToTheEnd();
        }
    }

    private void runToTheEnd() {
        long started = System.nanoTime();
        try {
            boolean mine = database.inTenant(
                    order.tenantId(), connection -> ImportRuns.begin(connection, order.tenantId(), order.importId()));
            if (mine) {
                database.inTenant(order.tenantId(), this::everything);
                LOG.info(
                        "import.done tenant={} import={} rows={} rejected={} ms={}",
                        order.tenantId(),
                        order.importId(),
                        rowsRead,
                        errors.rejected(),
                        (System.nanoTime() - started) / 1_000_000);
            }
        } catch (RefusedException e) {
            fail(e.getMessage());
        } catch (DatabaseException e) {
            LOG.warn("import.failed tenant={} import={}", order.tenantId(), order.importId(), e);
            fail(reason(e));
        } catch (UncheckedIOException e) {
            LOG.warn("import.failed tenant={} import={}", order.tenantId(), order.importId(), e);
            fail("file: could not be read to its end ("
                    + e.getCause().getClass().getSimpleName() + ")");
        }
    }

    private static String reason(DatabaseException e) {
        if (e.duplicate()) {
            return "somebody added one of the same contacts meanwhile: start the import again";
        }
        return e.transientFailure()
                ? "the database was not available: start the import again"
                : "the database refused it (SQLSTATE " + e.sqlState() + ")";
    }

    private Void everything(Connection connection) throws SQLException {
        Sql.query(connection, "select pg_advisory_xact_lock(?, ?)", row -> null, LOCK_SPACE, order.tenantId());
        ImportPlan plan = order.plan();
        String language = LanguageTag.of(plan.language()).orElseThrow();
        stage(connection, new PhoneCell(plan.region()));
        Merge merge = new Merge(connection, order.tenantId(), order.importId(), plan, language);
        Counts counts = merge.plan(order.mapping(), errors);
        refuseIfNothingTaken(counts);
        if (!plan.dryRun()) {
            merge.apply();
        }
        ImportRuns.add(connection, order.tenantId(), order.importId(), errors.inOrder());
        if (!ImportRuns.end(
                connection, order.tenantId(), order.importId(), "done", null, rowsRead, counts, errors.rejected())) {
            throw new RefusedException("import", "was given up, because its node fell silent for too long");
        }
        journal(connection, plan.dryRun() ? "import.tried" : "import.done", counts, Map.of());
        return null;
    }

    private void stage(Connection connection, PhoneCell phones) throws SQLException {
        RowReader reader = new RowReader(order.mapping(), phones, order.plan().tags(), errors);
        Staging staging = new Staging(connection);
        try (Rows rows = order.table().rows()) {
            while (rows.hasNext()) {
                var row = rows.next();
                if (row.number() <= order.mapping().titleRow()) {
                    continue;
                }
                Result result = reader.read(row);
                if (result.contact().isPresent()) {
                    staging.add(result.contact().get());
                } else {
                    staging.add(result.rejected());
                }
                rowsRead++;
                if (rowsRead % ROWS_BETWEEN_LOOKS == 0 && Thread.interrupted()) {
                    throw new RefusedException("import", STOPPED);
                }
            }
        }
        staging.finish();
    }

    private void refuseIfNothingTaken(Counts counts) {
        if (rowsRead == 0) {
            throw new RefusedException("file", "holds no row under its titles");
        }
        if (counts.added() + counts.changed() + counts.unchanged() == 0) {
            throw new RefusedException("file", "none of its " + rowsRead + " rows could be taken: see the row errors");
        }
    }

    /** Ends a job that never had its turn. */
    void giveUp() {
        try (var tenantField = MDC.putCloseable("tenant", Integer.toString(order.tenantId()))) {
            fail(STOPPED);
        }
    }

    private void fail(String problem) {
        String told = problem.length() <= 2_000 ? problem : problem.substring(0, 1_999) + "…";
        try {
            database.inTenant(order.tenantId(), connection -> {
                if (ImportRuns.end(
                        connection,
                        order.tenantId(),
                        order.importId(),
                        "failed",
                        told,
                        rowsRead,
                        NOTHING,
                        errors.rejected())) {
                    ImportRuns.add(connection, order.tenantId(), order.importId(), errors.inOrder());
                    journal(connection, "import.failed", NOTHING, Map.of("problem", told));
                }
                return null;
            });
        } catch (DatabaseException e) {
            // its heart stops beating with this job: any node gives the run up within a minute of the database's return
            LOG.warn("import.unrecorded tenant={} import={}", order.tenantId(), order.importId(), e);
        }
    }

    private void journal(Connection connection, String action, Counts counts, Map<String, Object> more) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("source", order.plan().source());
        details.put("file", order.fileName());
        details.put("dryRun", order.plan().dryRun());
        details.put("rows", rowsRead);
        details.put("added", counts.added());
        details.put("changed", counts.changed());
        details.put("unchanged", counts.unchanged());
        details.put("removed", counts.removed());
        details.put("rejected", errors.rejected());
        details.putAll(more);
        journal.append(
                connection,
                order.tenantId(),
                order.actor(),
                action,
                "import",
                Long.toString(order.importId()),
                details);
    }
}
