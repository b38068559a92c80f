package io.tocsin.audit.api;

import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Makes the evidence package of an alert: PDF, CSV, JSON, journal excerpt and signature, verifiable offline by
 * {@code java -cp <this bundle> io.tocsin.audit.verify.Verify FILE}, which needs nothing but a JDK.
 */
@ProviderType
public interface Evidence {

    /**
     * Writes the package (a ZIP) of what is known now. Reads the ledger in one snapshot; blocks for as long as that
     * takes. The making of it is journaled.
     *
     * @param out where to write; not closed
     * @throws java.util.NoSuchElementException if the tenant has no such alert
     * @throws IOException if the stream fails
     */
    default void write(int tenantId, long alertId, Actor actor, OutputStream out) throws IOException {
        write(tenantId, alertId, Variant.FULL, actor, out);
    }

    /** As {@link #write(int, long, Actor, OutputStream)}, in a variant. */
    void write(int tenantId, long alertId, Variant variant, Actor actor, OutputStream out) throws IOException;

    /**
     * What is known of an alert, as hashes: put into the journal when the alert ends, so that evidence made later can
     * be held against it. Reads everything; blocks.
     *
     * @param connection a connection bound to the tenant, or the engine's
     */
    Seal seal(Connection connection, int tenantId, long alertId);

    /** What of people a package shows. */
    enum Variant {
        /** Names and addresses: what was sent to whom. */
        FULL,
        /** No names, no contact ids, of addresses the last two characters. */
        MASKED
    }

    /**
     * @param records how many records there were: recipients, attempts and answers
     * @param audienceRoot Merkle root (RFC 6962, SHA-256, hex) over the records of {@code recipients.csv}: the frozen
     *     audience, which never changes
     * @param observationsRoot Merkle root over the records of {@code attempts.csv} as they were then
     */
    record Seal(long records, String audienceRoot, String observationsRoot) {}
}
