package io.tocsin.directory.internal.imports;

import io.tocsin.directory.api.Imports.ImportRun;
import io.tocsin.directory.api.RefusedException;
import io.tocsin.directory.internal.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.NoSuchElementException;

/** Puts back what an import found, from the images it kept; all of it or, if somebody has built on it, nothing. */
final class ImportUndo {
    private static final int NAMED = 10;

    private static final String LOCK_RUN =
            "select import_id from import_run where tenant_id = ? and import_id = ? for update";

    private static final String LOCK_CONTACTS =
            """
            with mine as materialized (
                select c.contact_id from contact c
                where c.tenant_id = ? and c.contact_id in (
                    select contact_id from import_change where tenant_id = ? and import_id = ?)
                order by c.contact_id for update)
            select count(*) from mine
            """;

    private static final String TOUCHED_SINCE =
            """
            select coalesce(c.external_id, i.before ->> 'external_id', i.contact_id::text), count(*) over ()
            from import_change i
            left join contact c on c.tenant_id = i.tenant_id and c.contact_id = i.contact_id
            where i.tenant_id = ? and i.import_id = ? and c.version is distinct from i.after_version
            order by i.contact_id limit ?
            """;

    private static final String DROP_ENDPOINTS =
            """
            delete from endpoint e using import_change i
            where i.tenant_id = ? and i.import_id = ? and e.tenant_id = i.tenant_id and e.contact_id = i.contact_id
            """;

    private static final String DROP_ADDED =
            """
            delete from contact c using import_change i
            where i.tenant_id = ? and i.import_id = ? and i.before is null
                and c.tenant_id = i.tenant_id and c.contact_id = i.contact_id
            """;

    private static final String RESTORE =
            """
            update contact c set external_id = i.before ->> 'external_id', first_name = i.before ->> 'first_name',
                last_name = i.before ->> 'last_name', language = i.before ->> 'language',
                household = i.before ->> 'household',
                tags = array(select jsonb_array_elements_text(i.before -> 'tags')),
                variables = i.before -> 'variables', reach = reach_of(i.before -> 'endpoints'), origin = i.before ->> 'origin',
                latitude = (i.before ->> 'latitude')::double precision,
                longitude = (i.before ->> 'longitude')::double precision, legal_basis = i.before ->> 'legal_basis', state = i.before ->> 'state',
                version = c.version + 1, updated_at = now()
            from import_change i
            where i.tenant_id = ? and i.import_id = ? and i.before is not null
                and c.tenant_id = i.tenant_id and c.contact_id = i.contact_id
            """;

    private static final String RESTORE_ENDPOINTS =
            """
            insert into endpoint (tenant_id, contact_id, rank, kind, address, written_as, origin, legal_basis)
            select i.tenant_id, i.contact_id, e.rank, e.kind, e.address, e.written_as, e.origin, e.legal_basis
            from import_change i, jsonb_to_recordset(i.before -> 'endpoints') as e(
                rank smallint, kind text, address text, written_as text, origin text, legal_basis text)
            where i.tenant_id = ? and i.import_id = ? and i.before is not null
            """;

    /** An earlier import that left a contact just as it is again now can itself be rolled back next. */
    private static final String REOPEN_EARLIER =
            """
            update import_change earlier set after_version = c.version
            from import_change i
            join contact c on c.tenant_id = i.tenant_id and c.contact_id = i.contact_id
            where i.tenant_id = ? and i.import_id = ? and i.before is not null
                and earlier.tenant_id = i.tenant_id and earlier.contact_id = i.contact_id
                and earlier.import_id < i.import_id
                and earlier.after_version = (i.before ->> 'version')::integer
            """;

    private static final String MARK =
            "update import_run set state = 'rolled-back' where tenant_id = ? and import_id = ?";

    private ImportUndo() {}

    /** @return how many contacts were put back */
    static int undo(Connection connection, int tenantId, long importId) throws SQLException {
        Sql.one(connection, LOCK_RUN, row -> row.getLong(1), tenantId, importId)
                .orElseThrow(() -> new NoSuchElementException("no import " + importId));
        ImportRun run = ImportRuns.find(connection, tenantId, importId).orElseThrow();
        refuseUnlessDone(run);
        Sql.query(connection, LOCK_CONTACTS, row -> null, tenantId, tenantId, importId);
        refuseIfTouched(connection, tenantId, importId);
        Sql.update(connection, DROP_ENDPOINTS, tenantId, importId);
        int dropped = Sql.update(connection, DROP_ADDED, tenantId, importId);
        int restored = Sql.update(connection, RESTORE, tenantId, importId);
        Sql.update(connection, RESTORE_ENDPOINTS, tenantId, importId);
        Sql.update(connection, REOPEN_EARLIER, tenantId, importId);
        Sql.update(connection, MARK, tenantId, importId);
        return dropped + restored;
    }

    private static void refuseUnlessDone(ImportRun run) {
        if (run.dryRun()) {
            throw new RefusedException("import", "was a dry run: it changed nothing");
        }
        if (!run.state().equals("done")) {
            throw new RefusedException(
                    "import",
                    switch (run.state()) {
                        case "rolled-back" -> "was rolled back already";
                        case "failed" -> "failed: it changed nothing";
                        default -> "has not ended yet: wait for its end";
                    });
        }
    }

    private static void refuseIfTouched(Connection connection, int tenantId, long importId) throws SQLException {
        long[] all = new long[1];
        List<String> named = Sql.query(
                connection,
                TOUCHED_SINCE,
                row -> {
                    all[0] = row.getLong(2);
                    return row.getString(1);
                },
                tenantId,
                importId,
                NAMED);
        if (!named.isEmpty()) {
            throw new RefusedException(
                    "import",
                    all[0] + " of its contacts were changed since (" + String.join(", ", named)
                            + (all[0] > named.size() ? ", …" : "")
                            + "): roll the later import back first, or correct them by hand");
        }
    }
}
