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

    /**
     * Runs an import to its end and returns how it ended; waits for its turn behind other imports of the tenant.
     *
     * @throws RefusedException as {@link #start}; what is found wrong later ends the run as {@code failed}
     */
    ImportRun run(int tenantId, Path file, String fileName, ImportPlan plan, Actor actor);

    /** What the file looks like: encoding, separator, columns and a proposed mapping, with its first rows. */
    Inspection inspect(Path file, String fileName);

    Optional<ImportRun> find(int tenantId, long importId);

    List<ImportRun> latest(int tenantId, int limit);

    /** What was wrong in the rows after {@code afterRow}, by row; the first 10,000 (a setting) of a run are kept. */
    List<RowError> errors(int tenantId, long importId, int afterRow, int limit);

    /**
     * Puts every contact back as it was before the import.
     *
     * @throws RefusedException if a later import or edit touched the same contacts (named), or it was already undone
     */
    ImportRun rollback(int tenantId, long importId, Actor actor);

    /**
     * @param source names the file's origin; a delta sync removes only contacts of the same source
     * @param mapping column title to field ({@code external_id, first_name, last_name, full_name, mobile, phone, email,
     *     webhook, publication, language, household, tags, latitude, longitude, var:NAME, ignore}); a column not named is ignored; empty: all are recognised from
     *     their titles
     * @param removeMissing delta sync: contacts of this source that are not in the file are removed
     * @param region ISO 3166 region for national numbers, such as {@code FR}
     * @param language for people whose row gives none
     * @param tags given to everyone in the file, besides the tags of the rows
     * @param maxRemovedPercent a delta sync that would remove a greater share of the source's contacts (and ten people
     *     or more) is refused: the file is more likely cut short than the town empty; absent or null: 50
     */
    record ImportPlan(
            String source,
            Map<String, String> mapping,
            boolean dryRun,
            boolean removeMissing,
            String region,
            String language,
            String legalBasis,
            Set<String> tags,
            Optional<Integer> maxRemovedPercent) {

        @SuppressWarnings("OptionalAssignedToNull") // what a JSON reader leaves where nothing was written
        public ImportPlan {
            mapping = mapping == null ? Map.of() : Map.copyOf(mapping);
            tags = tags == null ? Set.of() : Set.copyOf(tags);
            maxRemovedPercent = maxRemovedPercent == null ? Optional.empty() : maxRemovedPercent;
        }

        public ImportPlan(
                String source,
                Map<String, String> mapping,
                boolean dryRun,
                boolean removeMissing,
                String region,
                String language,
                String legalBasis,
                Set<String> tags) {
            this(source, mapping, dryRun, removeMissing, region, language, legalBasis, tags, Optional.empty());
        }
    }

    /**
     * @param state {@code queued}, {@code running}, {@code done}, {@code failed} (nothing was changed) or {@code
     *     rolled-back}
     * @param problem why it failed
     * @param rejected rows not taken
     * @param mapping column title to field, as in {@link ImportPlan}: what the run went by
     * @param startedBy the name of whoever started it
     */
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
            Optional<Instant> endedAt,
            Map<String, String> mapping,
            String startedBy) {

        public ImportRun(
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
                Optional<Instant> endedAt) {
            this(
                    id, source, fileName, dryRun, state, problem, rowsRead, added, changed, unchanged, removed,
                    rejected, startedAt, endedAt, Map.of(), "");
        }
    }

    /**
     * @param row as an editor or a spreadsheet numbers it
     * @param field the column's title, or {@code row}
     * @param outcome {@code rejected}: the row was not taken; {@code partial}: taken without this value; {@code notice}:
     *     taken whole, but look at it
     */
    record RowError(int row, String field, String problem, String outcome) {}

    /**
     * @param format {@code csv} or {@code xlsx}
     * @param encoding charset of a text; empty for a workbook
     * @param separator empty for a workbook
     * @param columns titles in order
     * @param mapping title to field, as in {@link ImportPlan}; {@code ignore} where nothing was recognised
     */
    record Inspection(
            String format,
            String encoding,
            String separator,
            List<String> columns,
            Map<String, String> mapping,
            List<List<String>> firstRows) {}
}
