package io.tocsin.directory.internal.imports;

import io.tocsin.directory.api.Imports.ImportPlan;
import io.tocsin.directory.api.Imports.ImportRun;
import io.tocsin.directory.api.Imports.RowError;
import io.tocsin.directory.internal.Json;
import io.tocsin.directory.internal.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The record of imports: one row a run, and its row errors. In the caller's transaction. */
final class ImportRuns {
    private static final int ERRORS_A_BATCH = 1_000;
    private static final String COLUMNS =
            """
            import_id, source, file_name, dry_run, state, problem, rows_read, added, changed, unchanged, removed, rejected,
            started_at, ended_at, mapping, started_by
            """;

    private static final String QUEUE =
            """
            insert into import_run (tenant_id, source, file_name, file_sha256, mapping, dry_run, state, started_by)
            values (?, ?, ?, ?, ?::jsonb, ?, 'queued', ?)
            returning import_id
            """;

    private static final String BEGIN =
            """
            update import_run set state = 'running', beat_at = now()
            where tenant_id = ? and import_id = ? and state = 'queued'
            """;

    private static final String BEAT =
            """
            update import_run set rows_read = ?, beat_at = now()
            where tenant_id = ? and import_id = ? and state in ('queued', 'running')
            """;

    private static final String END =
            """
            update import_run set state = ?, problem = ?, rows_read = ?, added = ?, changed = ?, unchanged = ?, removed = ?,
                rejected = ?, ended_at = now()
            where tenant_id = ? and import_id = ? and state in ('queued', 'running')
            """;

    private static final String ADD_ERROR =
            """
            insert into import_row_error (tenant_id, import_id, row_number, field, problem, outcome)
            values (?, ?, ?, ?, ?, ?)
            """;

    private static final String ABANDON_SILENT =
            """
            update import_run set state = 'failed', ended_at = now(),
                problem = 'the node that ran it stopped; nothing was changed: start it again'
            where state in ('queued', 'running') and beat_at < now() - make_interval(secs => ?)
            returning tenant_id, import_id
            """;

    private ImportRuns() {}

    /** A run that died with its node. */
    record Abandoned(int tenantId, long importId) {}

    static long queue(
            Connection connection,
            int tenantId,
            ImportPlan plan,
            String fileName,
            byte[] sha256,
            Map<String, String> mapping,
            String startedBy)
            throws SQLException {
        return Sql.one(
                        connection,
                        QUEUE,
                        row -> row.getLong(1),
                        tenantId,
                        plan.source(),
                        fileName,
                        sha256,
                        Json.write(mapping),
                        plan.dryRun(),
                        startedBy)
                .orElseThrow();
    }

    static boolean begin(Connection connection, int tenantId, long importId) throws SQLException {
        return Sql.update(connection, BEGIN, tenantId, importId) == 1;
    }

    static void beat(Connection connection, int tenantId, long importId, int rowsRead) throws SQLException {
        Sql.update(connection, BEAT, rowsRead, tenantId, importId);
    }

    /** @return false if the run was given up meanwhile: whatever it did must not be kept */
    static boolean end(
            Connection connection,
            int tenantId,
            long importId,
            String state,
            String problem,
            int rowsRead,
            Merge.Counts counts,
            int rejected)
            throws SQLException {
        return Sql.update(
                        connection,
                        END,
                        state,
                        problem,
                        rowsRead,
                        counts.added(),
                        counts.changed(),
                        counts.unchanged(),
                        counts.removed(),
                        rejected,
                        tenantId,
                        importId)
                == 1;
    }

    static void add(Connection connection, int tenantId, long importId, List<RowError> errors) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(ADD_ERROR)) {
            int pending = 0;
            for (RowError error : errors) {
                insert.setInt(1, tenantId);
                insert.setLong(2, importId);
                insert.setInt(3, error.row());
                insert.setString(4, error.field());
                insert.setString(5, error.problem());
                insert.setString(6, error.outcome());
                insert.addBatch();
                if (++pending % ERRORS_A_BATCH == 0) {
                    insert.executeBatch();
                }
            }
            insert.executeBatch();
        }
    }

    static List<Abandoned> abandonSilent(Connection engine, Duration silence) throws SQLException {
        return Sql.query(engine, ABANDON_SILENT, row -> new Abandoned(row.getInt(1), row.getLong(2)), (double)
                silence.toSeconds());
    }

    static Optional<ImportRun> find(Connection connection, int tenantId, long importId) throws SQLException {
        return Sql.one(
                connection,
                "select " + COLUMNS + " from import_run where tenant_id = ? and import_id = ?",
                ImportRuns::run,
                tenantId,
                importId);
    }

    static List<ImportRun> latest(Connection connection, int tenantId, int limit) throws SQLException {
        return Sql.query(
                connection,
                "select " + COLUMNS + " from import_run where tenant_id = ? order by import_id desc limit ?",
                ImportRuns::run,
                tenantId,
                limit);
    }

    static List<RowError> errors(Connection connection, int tenantId, long importId, int afterRow, int limit)
            throws SQLException {
        return Sql.query(
                connection,
                """
                select row_number, field, problem, outcome from import_row_error
                where tenant_id = ? and import_id = ? and row_number > ?
                order by row_number fetch first ? rows with ties
                """,
                row -> new RowError(row.getInt(1), row.getString(2), row.getString(3), row.getString(4)),
                tenantId,
                importId,
                afterRow,
                limit);
    }

    private static ImportRun run(ResultSet row) throws SQLException {
        OffsetDateTime ended = row.getObject("ended_at", OffsetDateTime.class);
        return new ImportRun(
                row.getLong("import_id"),
                row.getString("source"),
                row.getString("file_name"),
                row.getBoolean("dry_run"),
                row.getString("state"),
                Optional.ofNullable(row.getString("problem")),
                row.getInt("rows_read"),
                row.getInt("added"),
                row.getInt("changed"),
                row.getInt("unchanged"),
                row.getInt("removed"),
                row.getInt("rejected"),
                row.getObject("started_at", OffsetDateTime.class).toInstant(),
                Optional.ofNullable(ended).map(OffsetDateTime::toInstant),
                Json.texts(row.getString("mapping")),
                row.getString("started_by"));
    }
}
