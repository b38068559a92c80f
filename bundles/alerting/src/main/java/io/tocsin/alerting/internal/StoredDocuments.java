package io.tocsin.alerting.internal;

import io.tocsin.alerting.api.Documents;
import io.tocsin.alerting.api.Documents.DocumentException.Reason;
import io.tocsin.alerting.internal.pdf.PdfReader;
import io.tocsin.audit.api.Actor;
import io.tocsin.audit.api.Journal;
import io.tocsin.persistence.api.Database;
import io.tocsin.routing.api.AlertDocuments;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Documents in the database, where every node finds them: each PDF once, under its hash, and what a name means now. */
@Component(service = Documents.class)
public final class StoredDocuments implements Documents {
    private static final String BEGINNING = "%PDF-";
    /** Where readers look for it: some programs write something else first. */
    private static final int BEGINS_WITHIN = 1_024;

    private static final int BLOCK = 1 << 16;

    private final Database database;
    private final Journal journal;
    private final AlertDocuments kept;
    private final PdfReader reader;
    private final Clock clock;
    private final DocumentTable table = new DocumentTable();

    @Activate
    public StoredDocuments(
            @Reference Database database,
            @Reference Journal journal,
            @Reference AlertDocuments kept,
            @Reference PdfReader reader) {
        this(database, journal, kept, reader, Clock.systemUTC());
    }

    StoredDocuments(Database database, Journal journal, AlertDocuments kept, PdfReader reader, Clock clock) {
        this.database = database;
        this.journal = journal;
        this.kept = kept;
        this.reader = reader;
        this.clock = clock;
    }

    @Override
    public List<Document> list(int tenantId) {
        return database.inTenant(tenantId, connection -> table.all(connection, tenantId));
    }

    @Override
    public Optional<Document> find(int tenantId, String slug) {
        return database.inTenant(tenantId, connection -> table.find(connection, tenantId, slug));
    }

    @Override
    public boolean content(int tenantId, String slug, OutputStream to) throws IOException {
        Optional<Document> found = find(tenantId, slug);
        return found.isPresent() && kept.copy(tenantId, found.get().sha256(), to);
    }

    @Override
    public Document save(int tenantId, String slug, String name, InputStream upload, Actor actor)
            throws DocumentException, IOException {
        KeptNames.check(slug, name);
        Path file = Files.createTempFile("document-", ".pdf");
        try {
            byte[] sha256 = taken(upload, file);
            int pages = reader.pages(file);
            return database.inTenant(tenantId, connection -> {
                KeptNames.DOCUMENTS.checkRoom(connection, tenantId, slug);
                try {
                    table.keep(connection, tenantId, sha256, file, pages);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                KeptNames.DOCUMENTS.save(
                        connection,
                        tenantId,
                        slug,
                        name,
                        sha256,
                        Map.of("pages", pages),
                        journal,
                        actor,
                        clock.instant());
                return table.find(connection, tenantId, slug).orElseThrow();
            });
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** @return the SHA-256 of what came */
    private static byte[] taken(InputStream upload, Path file) throws DocumentException, IOException {
        MessageDigest digest = sha256();
        long bytes = 0;
        try (OutputStream out = Files.newOutputStream(file)) {
            byte[] block = upload.readNBytes(BLOCK);
            String beginning = new String(block, 0, Math.min(block.length, BEGINS_WITHIN), StandardCharsets.ISO_8859_1);
            if (!beginning.contains(BEGINNING)) {
                throw new DocumentException(Reason.NO_PDF, "is no PDF: save it as PDF and bring that");
            }
            while (block.length > 0) {
                bytes += block.length;
                if (bytes > LARGEST) {
                    throw new DocumentException(
                            Reason.TOO_LARGE,
                            "has more than " + (LARGEST >> 20) + " MiB: save it with smaller images, or fewer pages");
                }
                digest.update(block);
                out.write(block);
                block = upload.readNBytes(BLOCK);
            }
        }
        return digest.digest();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public boolean remove(int tenantId, String slug, Actor actor) {
        return database.inTenant(
                tenantId, connection -> KeptNames.DOCUMENTS.remove(connection, tenantId, slug, journal, actor));
    }
}
