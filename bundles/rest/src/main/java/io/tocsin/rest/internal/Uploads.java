package io.tocsin.rest.internal;

import io.tocsin.rest.internal.problems.Problem;
import io.tocsin.rest.internal.problems.ProblemCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/** Bodies too large for memory, kept in files only as long as somebody reads them. */
public final class Uploads implements AutoCloseable {
    private final Path folder;
    private final long maxBytes;
    private final Map<Upload, BooleanSupplier> kept = new ConcurrentHashMap<>();

    Uploads(Path folder, long maxBytes) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.maxBytes = maxBytes;
    }

    /** What a file may weigh, in bytes. */
    public long maxBytes() {
        return maxBytes;
    }

    /** Writes a body to a file. Blocks until it is read whole. */
    public Upload receive(InputStream body) throws IOException {
        sweep();
        Upload upload = new Upload(Files.createTempFile(folder, "upload-", ".part"));
        boolean whole = false;
        try (OutputStream out = Files.newOutputStream(upload.file())) {
            byte[] buffer = new byte[64 * 1024];
            long total = 0;
            for (int n; (n = body.read(buffer)) >= 0; ) {
                total += n;
                if (total > maxBytes) {
                    throw Problem.of(
                                    ProblemCode.TOO_LARGE,
                                    "The file is too large",
                                    "The limit is " + maxBytes / (1024 * 1024) + " MiB; split the file")
                            .exception();
                }
                out.write(buffer, 0, n);
            }
            if (total == 0) {
                throw Problem.invalid("body", "is empty; send the file as the body of the request");
            }
            whole = true;
        } finally {
            if (!whole) {
                upload.close();
            }
        }
        return upload;
    }

    /** Keeps a file until its reader is done; looked at when the next one arrives and at closing. */
    public void keepUntil(Upload upload, BooleanSupplier done) {
        kept.put(upload, done);
    }

    private void sweep() throws IOException {
        for (Iterator<Map.Entry<Upload, BooleanSupplier>> all = kept.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<Upload, BooleanSupplier> entry = all.next();
            if (entry.getValue().getAsBoolean()) {
                entry.getKey().close();
                all.remove();
            }
        }
    }

    @Override
    public void close() throws IOException {
        for (Upload upload : kept.keySet()) {
            upload.close();
        }
        kept.clear();
    }

    /** A received file; closing deletes it. */
    public record Upload(Path file) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            Files.deleteIfExists(file);
        }
    }
}
