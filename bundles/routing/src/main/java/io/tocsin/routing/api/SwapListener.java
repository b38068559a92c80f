package io.tocsin.routing.api;

import io.tocsin.routing.api.InstalledChannels.Version;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Told how swaps on this node end; services of this type are found by themselves. Called by a thread of dispatch, one call at a
 * time: an implementation returns at once, and neither stops nor refreshes a bundle within the call.
 *
 * @since 1.4
 */
@ConsumerType
public interface SwapListener {

    /** A version took over and has proven itself. @param superseded drained and closed: it may go */
    void swapped(Version serving, Version superseded);

    /** A version could not take over, or failed soon after it had: the one before it serves. @param candidate its detail says why */
    void failed(Version candidate);
}
