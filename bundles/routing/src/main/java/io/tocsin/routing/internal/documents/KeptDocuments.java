package io.tocsin.routing.internal.documents;

import io.tocsin.persistence.api.Database;
import io.tocsin.routing.api.AlertDocuments;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Fetches a document from the database once for this node, and keeps it as a file for the channel that draws it. */
@Component(service = AlertDocuments.class, configurationPid = KeptDocuments.PID)
@Designate(ocd = KeptDocuments.Settings.class)
public final class KeptDocuments implements AlertDocuments {
    static final String PID = "io.tocsin.routing.documents";

    /** {@code etc/io.tocsin.routing.documents.cfg}. */
    @ObjectClassDefinition(id = PID, name = "Tocsin documents", description = "PDFs of faxes, as files of this node")
    public @interface Settings {
        @AttributeDefinition(description = "empty: documents in the node's data folder")
        String folder() default "";

        @AttributeDefinition(description = "most that is kept; a document has 20 at most")
        int mebibytes() default 2_048;

        @AttributeDefinition(description = "hours that a document stays at least after it was last asked for")
        int keepHours() default 4;
    }

    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    /** Of a document, that is in memory at a time. */
    private static final int STRETCH = 1 << 20;

    private record Key(int tenantId, String sha256) {}

    private final Database database;
    private final DocumentFolder folder;
    /** Whoever fetches one keeps out those who want the same. */
    private final Map<Key, Object> turns = new ConcurrentHashMap<>();

    @Activate
    public KeptDocuments(Settings settings, BundleContext bundle, @Reference Database database) {
        this(
                settings,
                settings.folder().isBlank()
                        ? Path.of(
                                Optional.ofNullable(bundle.getProperty("karaf.data"))
                                        .orElse("data"),
                                "documents")
                        : Path.of(settings.folder().strip()),
                database,
                Clock.systemUTC());
    }

    KeptDocuments(Settings settings, Path folder, Database database, Clock clock) {
        this(
                new DocumentFolder(
                        folder,
                        (long) atLeastOne("mebibytes", settings.mebibytes()) << 20,
                        Duration.ofHours(atLeastOne("keepHours", settings.keepHours())),
                        clock),
                database);
    }

    private KeptDocuments(DocumentFolder folder, Database database) {
        this.folder = folder;
        this.database = database;
    }

    /** Outside a container. */
    public static KeptDocuments in(Path folder, Database database) {
        return new KeptDocuments(
                new DocumentFolder(folder, 1L << 30, Duration.ofHours(1), Clock.systemUTC()), database);
    }

    private static int atLeastOne(String setting, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(PID + ": " + setting + " is " + value + "; choose 1 or more");
        }
        return value;
    }

    @Override
    public Path file(int tenantId, String sha256) {
        Key key = new Key(tenantId, named(sha256));
        Object turn = turns.computeIfAbsent(key, each -> new Object());
        try {
            synchronized (turn) {
                Optional<Path> kept = folder.find(tenantId, sha256);
                return kept.isPresent() ? kept.get() : fetched(tenantId, sha256);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "documents cannot be kept in " + folder + " (folder of " + PID + "): " + e.getMessage(), e);
        } finally {
            turns.remove(key, turn);
        }
    }

    private Path fetched(int tenantId, String sha256) throws IOException {
        long length = length(tenantId, sha256)
                .orElseThrow(() -> new NoSuchElementException(
                        "the document " + sha256.substring(0, 12) + "… is not there: upload it again and launch anew"));
        return folder.keep(tenantId, sha256, length, out -> write(tenantId, sha256, length, out));
    }

    @Override
    public boolean copy(int tenantId, String sha256, OutputStream to) throws IOException {
        Optional<Long> length = length(tenantId, named(sha256));
        if (length.isPresent()) {
            write(tenantId, sha256, length.get(), to);
        }
        return length.isPresent();
    }

    /** Each stretch in a transaction of its own: whoever takes it may be slow, and what it is never changes. */
    private void write(int tenantId, String sha256, long length, OutputStream to) throws IOException {
        for (long from = 0; from < length; from += STRETCH) {
            to.write(stretch(tenantId, sha256, from));
        }
    }

    private Optional<Long> length(int tenantId, String sha256) {
        String sql = "select octet_length(pdf) from document_content where tenant_id = ? and sha256 = ?";
        return database.asEngine(connection -> {
            try (PreparedStatement query = connection.prepareStatement(sql)) {
                query.setInt(1, tenantId);
                query.setBytes(2, HexFormat.of().parseHex(sha256));
                try (ResultSet row = query.executeQuery()) {
                    return row.next() ? Optional.of(row.getLong(1)) : Optional.empty();
                }
            }
        });
    }

    private byte[] stretch(int tenantId, String sha256, long from) {
        String sql = "select substring(pdf from ? for ?) from document_content where tenant_id = ? and sha256 = ?";
        return database.asEngine(connection -> {
            try (PreparedStatement query = connection.prepareStatement(sql)) {
                query.setInt(1, Math.toIntExact(from + 1));
                query.setInt(2, STRETCH);
                query.setInt(3, tenantId);
                query.setBytes(4, HexFormat.of().parseHex(sha256));
                try (ResultSet row = query.executeQuery()) {
                    if (!row.next()) {
                        throw new NoSuchElementException("the document is gone");
                    }
                    return row.getBytes(1);
                }
            }
        });
    }

    /** Never a way out of the folder. */
    private static String named(String sha256) {
        if (!SHA256.matcher(sha256).matches()) {
            throw new IllegalArgumentException("a document is named by the 64 hexadecimal digits of its SHA-256");
        }
        return sha256;
    }
}
