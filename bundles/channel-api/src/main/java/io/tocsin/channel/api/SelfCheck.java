package io.tocsin.channel.api;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A {@link Channel} that can prove that it works without sending anything to anybody: by a round trip to its carrier.
 * Optional; found with {@code instanceof} on what {@link ChannelProvider#open} returned. Asked once after opening, when a new
 * version takes over from an old one: while it does not come out well the old one stays. A channel without it is believed by
 * its {@link Channel#health()}.
 *
 * @since 1.2
 */
@ConsumerType
public interface SelfCheck {

    /**
     * Checks now. Called on a thread of the core's; returns at once, and completes the stage from a thread of the channel's own
     * within about ten seconds: later is taken for {@link ChannelHealth.State#DOWN}, as is a stage that fails.
     *
     * @return what came of it, with the reason in its detail when that is not {@link ChannelHealth.State#UP}; never null
     */
    CompletionStage<ChannelHealth> check();
}
