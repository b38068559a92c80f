package io.tocsin.routing.api;

import org.osgi.annotation.versioning.ProviderType;

/** Which of several versions of a channel serves. */
@ProviderType
public interface ChannelSwaps {
    /** The version of that bundle is wanted from now on, whatever its number. */
    void choose(long bundleId);
}
