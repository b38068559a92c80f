package io.tocsin.channel.api;

import java.util.concurrent.CompletableFuture;
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

    /**
     * Somebody called a number of this account's. The channel has taken the call, or takes it when the stage completes, and then
     * does what the dialogue says, a turn after another.
     *
     * @return what is said to the caller; exceptionally, and before long, if nobody wants the call: it is declined
     * @since 1.4
     */
    default CompletionStage<Dialogue> called(InboundCall call) {
        return CompletableFuture.failedFuture(new UnsupportedOperationException("nobody takes calls"));
    }

    /** The channel's health changed. */
    void health(ChannelHealth health);
}
