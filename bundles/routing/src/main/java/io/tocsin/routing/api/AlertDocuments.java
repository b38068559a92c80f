package io.tocsin.routing.api;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The documents that alerts print, as files of this node; a service of routing. A document is named by what it is: the SHA-256 of its
 * bytes, hexadecimal. Safe for use by several threads; blocks for the database and the disk.
 *
 * @since 1.8
 */
@ProviderType
public interface AlertDocuments {

    /**
     * The file of a document, fetched from the database unless this node has it already. Its content was compared with its name. It stays
     * for as long as the settings promise from the last time it was asked for (hours).
     *
     * @throws java.util.NoSuchElementException when there is no such document
     * @throws java.io.UncheckedIOException when it cannot be kept on this node: its disk, or the room it may take; names the cure
     * @throws io.tocsin.persistence.api.DatabaseException while the database cannot be asked
     */
    Path file(int tenantId, String sha256);

    /**
     * Writes a document out, a stretch at a time; no file is kept.
     *
     * @param to not closed
     * @return false if there is none: then nothing was written
     * @throws IOException when {@code to} breaks
     * @throws io.tocsin.persistence.api.DatabaseException while the database cannot be asked
     */
    boolean copy(int tenantId, String sha256, OutputStream to) throws IOException;
}
