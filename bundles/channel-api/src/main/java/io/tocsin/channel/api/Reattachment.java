package io.tocsin.channel.api;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A {@link Channel} whose messages go on at the carrier when whoever handed them over dies, and can be found again by another: a
 * telephone call. Optional; found with {@code instanceof}.
 *
 * @since 1.4
 */
@ConsumerType
public interface Reattachment {

    /**
     * Looks for a message that was handed over on this account, by this process or another that is gone, and whose outcome nobody
     * heard. The core has it in doubt. Never sends anything anew. Returns at once.
     *
     * @param message as it was, or as it is rendered now; the reference is the same
     * @return true if it is under way: how it ends then comes as a {@link Receipt} with its reference
     *     ({@link Receipt.State#DELIVERED} or {@link Receipt.State#FAILED}), answers as ever. False if the carrier does not know it.
     *     Exceptionally if nothing can be said
     */
    CompletionStage<Boolean> reattach(OutboundMessage message);

    /**
     * Whether only what this node handed over can be found here, in this life or one before: where each node has a carrier's system of
     * its own. The core then leaves to every node its own messages, instead of being told by another that they are not known. Asked once,
     * when the channel is open; returns at once.
     *
     * @since 1.6
     */
    default boolean findsOnlyOwn() {
        return false;
    }
}
