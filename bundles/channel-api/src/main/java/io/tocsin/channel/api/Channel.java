package io.tocsin.channel.api;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * An open connection to a carrier on one account; implemented by whoever ships a channel, thread-safe. May also be a
 * {@link LineCapacity}, {@link CostEstimate}, {@link Preflight}, {@link SelfCheck}, {@link Reattachment} or {@link Withdrawal}.
 *
 * <p>Its life: {@link ChannelProvider#open opened}; asked once for its {@link #window()}; then {@link #send} and {@link #health()}
 * until {@link #close()}, after which the core calls nothing but {@code close} and what the channel reports is ignored. The core calls
 * every method on threads of this account's: a call that takes too long, or throws, harms this account and no other, and takes it out
 * of service for a while (see each method).
 */
@ConsumerType
public interface Channel extends AutoCloseable {

    /**
     * Hands one message to the carrier. The core calls this from several threads, never with more than
     * {@link #window()} messages unfinished, and only once the intent to send is durable.
     *
     * <p>May block briefly (tens of milliseconds) but should return at once and complete the stage from a thread of its
     * own. The stage never completes exceptionally by design; if it does, or if this method throws, the core records
     * {@link SendOutcome.InDoubt}, because the message may have left. It completes exactly once; the core stops
     * waiting after its own time limit (20 seconds unless configured otherwise; of a {@link LineCapacity} its
     * {@link LineCapacity#longest()}) and then records in-doubt too, and
     * what the stage says later is taken as news. After several such failures in a row the account is left alone for a
     * while, then tried with one message.
     *
     * @param message what to send, to whom; never null
     * @return the outcome, from the closed vocabulary; never null
     */
    CompletionStage<SendOutcome> send(OutboundMessage message);

    /** How many messages may be unfinished at once; at least 1. Read once after opening; returns at once. */
    int window();

    /**
     * The channel's present health, from memory: returns at once, never null. Asked a few times a second; one that does
     * not come back within seconds, or throws, counts as {@link ChannelHealth.State#DOWN}.
     */
    ChannelHealth health();

    /**
     * Stops taking messages, lets those in flight finish (up to ten seconds), completes the rest as
     * {@link SendOutcome.InDoubt}, releases every thread and socket. Idempotent; may block that long. Called by the core
     * on one thread, once as a rule; possibly while a {@link #send} is under way on another. The core waits fifteen
     * seconds, then interrupts the thread, takes what is in flight for in doubt and goes on without it.
     */
    @Override
    void close();
}
