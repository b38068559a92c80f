package io.tocsin.routing.api;

import io.tocsin.routing.api.InstalledChannels.Version;
import org.osgi.annotation.versioning.ConsumerType;

/** Told of swaps on a thread of dispatch: does not block. */
@ConsumerType
public interface SwapListener {
    /** serving took over and has proven itself; superseded is drained and closed, and may go. */
    void swapped(Version serving, Version superseded);

    /** candidate did not prove itself: the version before it serves. */
    void failed(Version candidate);
}
