package io.tocsin.routing.api;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Which of several versions of a channel serves on this node. By itself the highest version of a bundle does: one that comes
 * beside it opens all accounts of its type too, proves itself, and takes over; otherwise the one before it stays.
 *
 * @since 1.4
 */
@ProviderType
public interface ChannelSwaps {

    /**
     * The version in that bundle is wanted, whatever its number: it takes over once it is there and has proven itself. Holds until
     * another is chosen or the bundle stops; a version that comes later with a higher number than all takes over all the same.
     * Returns at once; the bundle need not be started yet.
     */
    void choose(long bundleId);
}
