package io.tocsin.channel.api;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What the core gives a channel to report what it learns later. Callable from any thread at any time until the channel
 * is closed, also while it is being opened; never blocks. Calls after closing are ignored: the stage they return completes
 * exceptionally, so that the carrier delivers again to whoever comes next.
 */
@ProviderType
public interface ChannelEvents {

    /**
     * A carrier's receipt. Acknowledge to the carrier only once the returned stage completes: it is durable then. If the
     * stage completes exceptionally, ask the carrier to deliver it again.
     */
    CompletionStage<Void> receipt(Receipt receipt);

    /** A message from a person. The same promise as {@link #receipt}. */
    CompletionStage<Void> inbound(InboundMessage message);

    /** The channel's health changed. */
    void health(ChannelHealth health);
}
