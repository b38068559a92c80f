package io.tocsin.audit.api;

import java.io.IOException;
import java.io.OutputStream;
import org.osgi.annotation.versioning.ProviderType;

/** Makes the evidence package of an alert: PDF, CSV, JSON, journal excerpt and signature, verifiable offline. */
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
    void write(int tenantId, long alertId, Actor actor, OutputStream out) throws IOException;
}
