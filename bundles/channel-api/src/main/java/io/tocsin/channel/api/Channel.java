package io.tocsin.channel.api;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/** An open connection to a carrier on one account. Thread-safe; closed by the core. */
@ConsumerType
public interface Channel extends AutoCloseable {

    /**
     * Hands one message to the carrier. The core calls this from several threads, never with more than
     * {@link #window()} messages unfinished, and only once the intent to send is durable.
     *
     * <p>May block briefly (tens of milliseconds) but should return at once and complete the stage from a thread of its
     * own. The stage never completes exceptionally by design; if it does, or if this method throws, the core records
     * {@link SendOutcome.InDoubt}, because the message may have left. It completes exactly once; the core stops
     * waiting after its own time limit and then records in-doubt too.
     *
     * @param message what to send, to whom; never null
     * @return the outcome, from the closed vocabulary; never null
     */
    CompletionStage<SendOutcome> send(OutboundMessage message);

    /** How many messages may be unfinished at once; at least 1. Read once after opening. */
    int window();

    /** The channel's present health; returns at once, never null. */
    ChannelHealth health();

    /**
     * Stops taking messages, lets those in flight finish (up to ten seconds), completes the rest as
     * {@link SendOutcome.InDoubt}, releases every thread and socket. Idempotent; may block that long.
     */
    @Override
    void close();
}
