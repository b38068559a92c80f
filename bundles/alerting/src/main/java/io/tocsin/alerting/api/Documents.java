package io.tocsin.alerting.api;

import io.tocsin.audit.api.Actor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * PDFs of a tenant's, printed by faxes at {@code {{document.SLUG}}}. An alert keeps the documents it was launched with, whatever becomes
 * of them later. Changes are journaled. Blocks (database, and the upload).
 *
 * @since 1.4
 */
@ProviderType
public interface Documents {

    /** Bytes. */
    int LARGEST = 20 << 20;

    int MOST_PAGES = 100;

    /** Of a tenant. */
    int MOST = 200;

    List<Document> list(int tenantId);

    Optional<Document> find(int tenantId, String slug);

    /**
     * Writes out what is printed.
     *
     * @param to not closed
     * @return false if there is no such document: then nothing was written
     * @throws IOException when {@code to} breaks
     */
    boolean content(int tenantId, String slug, OutputStream to) throws IOException;

    /**
     * Brings a document anew, or for the first time. Each of its pages is drawn before it is taken: seconds, a minute at most.
     *
     * @param slug {@code [a-z0-9][a-z0-9-]{0,51}}
     * @param name for people; 1 to 200 characters
     * @param upload a PDF, read and not closed; at most {@link #LARGEST}, 1 to {@link #MOST_PAGES} pages, not encrypted
     * @throws DocumentException when it cannot be used; names the cure
     * @throws LaunchRefusedException for a slug or name that is none, or when there are {@link #MOST} already
     * @throws IOException when the stream breaks
     */
    Document save(int tenantId, String slug, String name, InputStream upload, Actor actor)
            throws DocumentException, IOException;

    /**
     * @return false if there is none
     * @throws LaunchRefusedException while a scenario uses it, naming it
     */
    boolean remove(int tenantId, String slug, Actor actor);

    /** @param sha256 of its bytes, hexadecimal: what it is, whatever it is called @param bytes how many */
    record Document(
            String slug, String name, String sha256, int pages, long bytes, String updatedBy, Instant updatedAt) {}

    /** A document that cannot be used; its message names the cure. */
    final class DocumentException extends Exception {
        private static final long serialVersionUID = 1L;

        /** Why it cannot be used. */
        public enum Reason {
            TOO_LARGE,
            NO_PDF,
            ENCRYPTED,
            /** Broken, or cut off. */
            DAMAGED,
            EMPTY,
            TOO_MANY_PAGES,
            /** It takes more memory or time to draw than a document may. */
            TOO_HEAVY,
            /** Nothing on this node can look at it now. */
            READER
        }

        private final Reason reason;

        public DocumentException(Reason reason, String message) {
            super(message);
            this.reason = Objects.requireNonNull(reason, "reason");
        }

        public DocumentException(Reason reason, String message, Throwable cause) {
            super(message, cause);
            this.reason = Objects.requireNonNull(reason, "reason");
        }

        public Reason reason() {
            return reason;
        }
    }
}
