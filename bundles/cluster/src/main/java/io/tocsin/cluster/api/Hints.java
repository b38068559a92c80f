package io.tocsin.cluster.api;

import org.osgi.annotation.versioning.ProviderType;

/** Tells all nodes, this one included, that something is worth a look. Everything works without it, a little later. */
@ProviderType
public interface Hints {

    /**
     * Gives a hint, after the commit of what it is about. Returns at once and never throws; equal hints given within a few
     * hundredths of a second are heard once.
     */
    void give(Hint hint);
}
