package io.tocsin.cluster.api;

import org.osgi.annotation.versioning.ConsumerType;

/** Registered as a service by who can look sooner than at its next round. */
@ConsumerType
public interface HintListener {

    /** Called by one thread at a time; wakes somebody else up and returns at once. */
    void heard(Hint hint);
}
