package io.tocsin.audit.internal;

import io.tocsin.audit.api.Actor;
import io.tocsin.audit.api.Evidence;
import io.tocsin.audit.api.Journal;
import io.tocsin.audit.verify.EntryHash;
import io.tocsin.audit.verify.Json;
import io.tocsin.audit.verify.Merkle;
import io.tocsin.audit.verify.RecordChain;
import io.tocsin.audit.verify.ZipLayout;
import io.tocsin.persistence.api.Database;
import io.tocsin.persistence.api.DatabaseException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Makes evidence packages: reads the ledger in one snapshot into compressed parts on disk, writes the report, signs the
 * manifest, journals, and only then lets the ZIP leave. Memory does not grow with the alert.
 */
@Component(service = Evidence.class, configurationPid = AuditSettings.PID)
@Designate(ocd = AuditSettings.class)
public final class EvidencePackages implements Evidence {
    private static final String FORMAT = "tocsin-evidence";
    private static final int VERSION = 1;

    private final Database database;
    private final Journal journal;
    private final Path keyFolder;
    private final Optional<Path> workFolder;
    private final Clock clock;

    @Activate
    public EvidencePackages(
            @Reference Database database, @Reference Journal journal, AuditSettings settings, BundleContext bundle) {
        this(
                database,
                journal,
                keyFolder(settings, bundle),
                Optional.of(settings.workFolder())
                        .filter(folder -> !folder.isBlank())
                        .map(Path::of),
                Clock.systemUTC());
    }

    public EvidencePackages(
            Database database, Journal journal, Path keyFolder, Optional<Path> workFolder, Clock clock) {
        this.database = database;
        this.journal = journal;
        this.keyFolder = keyFolder;
        this.workFolder = workFolder;
        this.clock = clock;
    }

    private static Path keyFolder(AuditSettings settings, BundleContext bundle) {
        if (!settings.keyFolder().isBlank()) {
            return Path.of(settings.keyFolder());
        }
        String data = bundle.getProperty("karaf.data");
        return data == null ? bundle.getDataFile("keys").toPath() : Path.of(data, "keys");
    }

    @Override
    public void write(int tenantId, long alertId, Variant variant, Actor actor, OutputStream out) throws IOException {
        SigningKey key = SigningKey.in(keyFolder);
        Path folder = workFolder.isPresent()
                ? Files.createTempDirectory(Files.createDirectories(workFolder.get()), "evidence")
                : Files.createTempDirectory("tocsin-evidence");
        try {
            Instant asOf = clock.instant().truncatedTo(ChronoUnit.MICROS);
            Draft draft = read(folder, tenantId, alertId, variant, asOf);
            byte[] manifest = manifest(draft, variant, actor, asOf);
            byte[] signature = key.sign(manifest);
            journal(tenantId, alertId, variant, actor, manifest, key.id());
            pack(out, manifest, draft.parts(), signature);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } finally {
            delete(folder);
        }
    }

    private record Draft(AlertFacts facts, List<PackedPart> parts) {}

    private Draft read(Path folder, int tenantId, long alertId, Variant variant, Instant asOf) throws IOException {
        Draft records = database.asEngine(connection -> {
            oneSnapshot(connection);
            RecordParts.prepareForScan(connection);
            AlertFacts facts = AlertFacts.read(connection, tenantId, alertId);
            RecordParts.How how = new RecordParts.How(variant == Variant.MASKED, Words.in(facts.language()));
            List<PackedPart> parts = new ArrayList<>();
            try {
                for (RecordParts.Part part : RecordParts.ALL) {
                    parts.add(PackedPart.<SQLException>ofRecords(
                            folder,
                            part.name(),
                            how.words().columns(part.columns()),
                            how.words().of("column.check"),
                            lines -> part.read(connection, tenantId, alertId, how, lines)));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return new Draft(facts, parts);
        });
        AlertFacts facts = records.facts();
        List<PackedPart> parts = new ArrayList<>();
        parts.add(PackedPart.of(folder, "report.pdf", out -> new Report(
                        facts,
                        Words.in(facts.language()),
                        asOf,
                        SigningKey.in(keyFolder).id())
                .writeTo(out)));
        parts.add(PackedPart.of(folder, "alert.json", out -> out.write(utf8(Json.canonical(facts.json(asOf)) + "\n"))));
        parts.addAll(records.parts());
        parts.add(PackedPart.of(folder, "journal.json", out -> out.write(utf8(excerpt(facts.journal())))));
        return new Draft(facts, parts);
    }

    /** Must be the first thing in the transaction. */
    private static void oneSnapshot(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("set transaction isolation level repeatable read, read only");
        }
    }

    /** One entry a line: what was hashed, the hash it follows and its own. */
    private static String excerpt(List<ChainedJournal.Row> journal) {
        List<String> lines = new ArrayList<>();
        for (ChainedJournal.Row row : journal) {
            Map<String, Object> entry = new LinkedHashMap<>(row.stored().canonical());
            entry.put("previous", HexFormat.of().formatHex(row.stored().previous()));
            entry.put("hash", HexFormat.of().formatHex(row.hash()));
            lines.add(Json.canonical(entry));
        }
        return "[\n" + String.join(",\n", lines) + "\n]\n";
    }

    private static byte[] manifest(Draft draft, Variant variant, Actor actor, Instant asOf) {
        Merkle root = new Merkle();
        draft.parts().forEach(part -> root.add(HexFormat.of().parseHex(part.root())));
        List<Map<String, Object>> parts = new ArrayList<>();
        for (PackedPart part : draft.parts()) {
            Map<String, Object> entry = part.manifestEntry();
            if (RecordParts.RECIPIENTS.name().equals(entry.get("name"))) {
                entry.put("sealed", variant == Variant.FULL);
            }
            parts.add(entry);
        }
        AlertFacts facts = draft.facts();
        Map<String, Object> manifest = new LinkedHashMap<>();
        manifest.put("format", FORMAT);
        manifest.put("version", VERSION);
        manifest.put("variant", variant.name().toLowerCase(Locale.ROOT));
        manifest.put("tenant", Map.of("slug", facts.tenantSlug(), "name", facts.tenantName()));
        manifest.put(
                "alert",
                Map.of("id", facts.alertId(), "title", facts.title(), "drill", facts.drill(), "state", facts.state()));
        facts.attemptsDroppedBefore().ifPresent(day -> manifest.put("attemptsDroppedBefore", day.toString()));
        manifest.put("made", Map.of("at", asOf.toString(), "by", actor.name()));
        manifest.put(
                "records", draft.parts().stream().mapToLong(PackedPart::records).sum());
        manifest.put("root", root.root());
        manifest.put("parts", parts);
        return utf8(Json.canonical(manifest) + "\n");
    }

    private void journal(int tenantId, long alertId, Variant variant, Actor actor, byte[] manifest, String keyId) {
        database.inTenant(tenantId, connection -> {
            Map<String, Object> details = new LinkedHashMap<>();
            details.put("variant", variant.name().toLowerCase(Locale.ROOT));
            details.put("manifest", HexFormat.of().formatHex(EntryHash.sha256().digest(manifest)));
            details.put("key", keyId);
            journal.append(connection, tenantId, actor, "evidence.made", "alert", Long.toString(alertId), details);
            return null;
        });
    }

    private static void pack(OutputStream out, byte[] manifest, List<PackedPart> parts, byte[] signature)
            throws IOException {
        List<ZipLayout.Entry> entries = new ArrayList<>();
        long offset = stored(out, entries, "manifest.json", manifest, 0);
        for (PackedPart part : parts) {
            ZipLayout.Entry entry = part.zipEntry(offset);
            out.write(ZipLayout.localHeader(entry));
            part.copyTo(out);
            entries.add(entry);
            offset = entry.end();
        }
        stored(out, entries, "signature.json", signature, offset);
        out.write(ZipLayout.directory(entries));
        out.flush();
    }

    private static long stored(
            OutputStream out, List<ZipLayout.Entry> entries, String name, byte[] content, long offset)
            throws IOException {
        CRC32 crc = new CRC32();
        crc.update(content);
        ZipLayout.Entry entry =
                new ZipLayout.Entry(name, ZipLayout.STORED, crc.getValue(), content.length, content.length, offset);
        out.write(ZipLayout.localHeader(entry));
        out.write(content);
        entries.add(entry);
        return entry.end();
    }

    @Override
    public Seal seal(Connection connection, int tenantId, long alertId) {
        try {
            RecordParts.prepareForScan(connection);
            Merkle audience = merkle(connection, tenantId, alertId, RecordParts.RECIPIENTS);
            Merkle observations = merkle(connection, tenantId, alertId, RecordParts.ATTEMPTS);
            Merkle answers = merkle(connection, tenantId, alertId, RecordParts.ANSWERS);
            return new Seal(
                    audience.records() + observations.records() + answers.records(),
                    audience.root(),
                    observations.root());
        } catch (SQLException e) {
            throw new DatabaseException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Merkle merkle(Connection connection, int tenantId, long alertId, RecordParts.Part part)
            throws SQLException, IOException {
        Merkle merkle = new Merkle();
        RecordChain chain = new RecordChain();
        RecordParts.How how = new RecordParts.How(false, Words.in("en"));
        part.read(connection, tenantId, alertId, how, line -> merkle.add(utf8(line + ";" + chain.next(line))));
        return merkle;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
