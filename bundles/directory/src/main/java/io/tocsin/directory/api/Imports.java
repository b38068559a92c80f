package io.tocsin.directory.api;

import io.tocsin.audit.api.Actor;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/** Bringing in contact files: CSV and XLSX as town halls really have them. */
@ProviderType
public interface Imports {

    /**
     * Starts an import (or a dry run, which changes nothing) on a thread of this room and returns at once. The file
     * must stay where it is until the run has ended.
     *
     * @throws RefusedException if the file cannot be read as a table at all, or a required column is not mapped
     */
    ImportRun start(int tenantId, Path file, String fileName, ImportPlan plan, Actor actor);

    /** Runs an import to its end in the calling thread. */
    ImportRun run(int tenantId, Path file, String fileName, ImportPlan plan, Actor actor);

    /** What the file looks like: encoding, separator, columns and a proposed mapping, with its first rows. */
    Inspection inspect(Path file, String fileName);

    Optional<ImportRun> find(int tenantId, long importId);

    List<ImportRun> latest(int tenantId, int limit);

    List<RowError> errors(int tenantId, long importId, int afterRow, int limit);

    /**
     * Puts every contact back as it was before the import.
     *
     * @throws RefusedException if a later import or edit touched the same contacts (named), or it was already undone
     */
    ImportRun rollback(int tenantId, long importId, Actor actor);

    /**
     * @param source names the file's origin; a delta sync removes only contacts of the same source
     * @param mapping column title to field ({@code external_id, first_name, last_name, mobile, phone, email, language,
     *     household, tags, var:NAME, ignore}); empty: detected
     * @param removeMissing delta sync: contacts of this source that are not in the file are removed
     * @param region ISO 3166 region for national numbers, such as {@code FR}
     */
    record ImportPlan(
            String source,
            Map<String, String> mapping,
            boolean dryRun,
            boolean removeMissing,
            String region,
            String language,
            String legalBasis,
            Set<String> tags) {}

    /** @param state {@code running}, {@code done}, {@code failed} or {@code rolled-back} */
    record ImportRun(
            long id,
            String source,
            String fileName,
            boolean dryRun,
            String state,
            Optional<String> problem,
            int rowsRead,
            int added,
            int changed,
            int unchanged,
            int removed,
            int rejected,
            Instant startedAt,
            Optional<Instant> endedAt) {}

    record RowError(int row, String field, String problem) {}

    record Inspection(
            String format,
            String encoding,
            String separator,
            List<String> columns,
            Map<String, String> mapping,
            List<List<String>> firstRows) {}
}
