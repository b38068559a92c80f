package io.tocsin.directory.internal.imports;

import io.tocsin.audit.api.Actor;
import io.tocsin.audit.api.Journal;
import io.tocsin.directory.api.Imports;
import io.tocsin.directory.api.RefusedException;
import io.tocsin.directory.api.RefusedException.Problem;
import io.tocsin.directory.internal.DirectorySettings;
import io.tocsin.directory.internal.imports.ImportJob.Order;
import io.tocsin.directory.internal.table.Row;
import io.tocsin.directory.internal.table.Rows;
import io.tocsin.directory.internal.table.Table;
import io.tocsin.directory.internal.table.TableFile;
import io.tocsin.directory.internal.table.TableLimits;
import io.tocsin.directory.internal.value.CleanText;
import io.tocsin.directory.internal.value.LanguageTag;
import io.tocsin.directory.internal.value.PhoneCell;
import io.tocsin.directory.internal.value.Tags;
import io.tocsin.persistence.api.Database;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** Takes contact files in: looks at them, orders their import, and undoes it. */
@Component(service = Imports.class, configurationPid = "io.tocsin.directory")
@Designate(ocd = DirectorySettings.class)
public final class ImportDesk implements Imports {
    private static final int FIRST_ROWS = 10;
    private static final int MAX_SOURCE = 100;
    private static final int MAX_PAGE = 10_000;

    private final Database database;
    private final Journal journal;
    private final TableLimits limits;
    private final int keptErrors;
    private final ImportQueue queue;

    @Activate
    public ImportDesk(@Reference Database database, @Reference Journal journal, DirectorySettings settings) {
        this.database = database;
        this.journal = journal;
        this.limits = new TableLimits(
                (long) settings.max_file_mebibytes() << 20,
                (long) settings.max_unpacked_mebibytes() << 20,
                settings.max_row_characters());
        this.keptErrors = settings.max_row_errors();
        this.queue = new ImportQueue(database, journal, settings.import_threads());
    }

    @Deactivate
    public void close() {
        queue.close();
    }

    @Override
    public ImportRun start(int tenantId, Path file, String fileName, ImportPlan plan, Actor actor) {
        ImportJob job = order(tenantId, file, fileName, plan, actor);
        queue.add(job);
        return find(tenantId, job.order().importId()).orElseThrow();
    }

    @Override
    public ImportRun run(int tenantId, Path file, String fileName, ImportPlan plan, Actor actor) {
        ImportJob job = order(tenantId, file, fileName, plan, actor);
        CompletableFuture<Void> end = queue.add(job);
        try {
            end.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
        return find(tenantId, job.order().importId()).orElseThrow();
    }

    private ImportJob order(int tenantId, Path file, String fileName, ImportPlan given, Actor actor) {
        ImportPlan plan = checked(given);
        String shownName = CleanText.of(fileName);
        TableFile.Opened opened = TableFile.open(file, limits);
        ColumnMapping mapping = ColumnMapping.require(opened.table(), plan.mapping());
        long importId = database.inTenant(
                tenantId,
                connection -> ImportRuns.queue(
                        connection, tenantId, plan, shownName, opened.sha256(), mapping.asText(), actor.name()));
        return new ImportJob(
                database,
                journal,
                new Order(tenantId, importId, shownName, opened.table(), mapping, plan, actor),
                keptErrors);
    }

    private static ImportPlan checked(ImportPlan plan) {
        List<Problem> problems = new ArrayList<>();
        String source = CleanText.of(plan.source());
        if (source.isEmpty() || source.length() > MAX_SOURCE) {
            problems.add(new Problem(
                    "source",
                    "name where the file comes from, in 1 to " + MAX_SOURCE + " characters: a delta sync goes by it"));
        }
        String legalBasis = CleanText.of(plan.legalBasis());
        if (legalBasis.isEmpty()) {
            problems.add(new Problem("legalBasis", "say why these people may be alerted, such as 'public task'"));
        }
        if (LanguageTag.of(plan.language()).isEmpty()) {
            problems.add(new Problem("language", "give the code of the file's usual language, such as fr"));
        }
        try {
            new PhoneCell(plan.region());
        } catch (IllegalArgumentException e) {
            problems.add(new Problem("region", e.getMessage()));
        }
        plan.maxRemovedPercent()
                .filter(p -> p < 0 || p > 100)
                .ifPresent(p -> problems.add(new Problem("maxRemovedPercent", p + " is no share: give 0 to 100")));
        Tags.of(plan.tags()).stream()
                .filter(t -> t.length() > Tags.MAX_LENGTH)
                .forEach(t -> problems.add(new Problem(
                        "tags", "'" + t.substring(0, 20) + "…' is longer than " + Tags.MAX_LENGTH + " characters")));
        if (!problems.isEmpty()) {
            throw new RefusedException(problems);
        }
        return new ImportPlan(
                source,
                plan.mapping(),
                plan.dryRun(),
                plan.removeMissing(),
                plan.region(),
                plan.language(),
                legalBasis,
                plan.tags(),
                plan.maxRemovedPercent());
    }

    @Override
    public Inspection inspect(Path file, String fileName) {
        Table table = TableFile.open(file, limits).table();
        ColumnMapping mapping;
        try {
            mapping = ColumnMapping.find(table, Map.of());
        } catch (RefusedException e) {
            mapping = null;
        }
        List<List<String>> firstRows = new ArrayList<>();
        List<String> columns = new ArrayList<>();
        try (Rows rows = table.rows()) {
            while (rows.hasNext() && firstRows.size() < FIRST_ROWS) {
                Row row = rows.next();
                List<String> cells = row.cells().stream().map(CleanText::of).toList();
                if (columns.isEmpty() && (mapping == null || row.number() == mapping.titleRow())) {
                    columns.addAll(cells);
                } else if (!columns.isEmpty()) {
                    firstRows.add(cells);
                }
            }
        }
        if (mapping != null) {
            columns.clear();
            mapping.columns().forEach(c -> columns.add(c.title()));
        }
        Map<String, String> proposed = new LinkedHashMap<>();
        if (mapping == null) {
            columns.forEach(title -> proposed.put(title, "ignore"));
        } else {
            proposed.putAll(mapping.asText());
        }
        return new Inspection(table.format(), table.encoding(), table.separator(), columns, proposed, firstRows);
    }

    @Override
    public Optional<ImportRun> find(int tenantId, long importId) {
        return database.inTenant(tenantId, connection -> ImportRuns.find(connection, tenantId, importId));
    }

    @Override
    public List<ImportRun> latest(int tenantId, int limit) {
        return database.inTenant(tenantId, connection -> ImportRuns.latest(connection, tenantId, page(limit)));
    }

    @Override
    public List<RowError> errors(int tenantId, long importId, int afterRow, int limit) {
        return database.inTenant(
                tenantId, connection -> ImportRuns.errors(connection, tenantId, importId, afterRow, page(limit)));
    }

    @Override
    public ImportRun rollback(int tenantId, long importId, Actor actor) {
        return database.inTenant(tenantId, connection -> {
            int contacts = ImportUndo.undo(connection, tenantId, importId);
            journal.append(
                    connection,
                    tenantId,
                    actor,
                    "import.rolled-back",
                    "import",
                    Long.toString(importId),
                    Map.of("contacts", contacts));
            return ImportRuns.find(connection, tenantId, importId).orElseThrow();
        });
    }

    private static int page(int limit) {
        return Math.max(1, Math.min(limit, MAX_PAGE));
    }
}
