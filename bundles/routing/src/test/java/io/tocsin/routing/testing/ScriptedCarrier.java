package io.tocsin.routing.testing;

import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelEvents;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.ChannelProvider;
import io.tocsin.channel.api.InboundMessage;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.Receipt;
import io.tocsin.channel.api.SendOutcome;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;

/**
 * A channel provider that does what its script says: a real implementation of the SPI, in memory. By default it accepts
 * everything at once and says nothing more.
 */
public final class ScriptedCarrier implements ChannelProvider {

    /** What the script answers to a message. */
    public interface Script {
        CompletionStage<SendOutcome> answer(Link link, OutboundMessage message);
    }

    /** One open channel. */
    public final class Link implements Channel {
        private final ChannelAccount account;
        private final ChannelEvents events;
        private volatile ChannelHealth health = ChannelHealth.up();
        private volatile boolean closed;

        private Link(ChannelAccount account, ChannelEvents events) {
            this.account = account;
            this.events = events;
        }

        public String accountId() {
            return account.id();
        }

        public ChannelEvents events() {
            return events;
        }

        public boolean closed() {
            return closed;
        }

        public void health(ChannelHealth now) {
            health = now;
            events.health(now);
        }

        @Override
        public CompletionStage<SendOutcome> send(OutboundMessage message) {
            if (closed) {
                return CompletableFuture.completedFuture(new SendOutcome.InDoubt("closed"));
            }
            sent.add(message);
            return script.answer(this, message);
        }

        /** A receipt for a message accepted with {@link ScriptedCarrier#accept}. */
        public CompletionStage<Void> receipt(OutboundMessage message, Receipt.State state) {
            return receipt(idOf(message), state);
        }

        public CompletionStage<Void> receipt(String carrierId, Receipt.State state) {
            return events.receipt(new Receipt(carrierId, Optional.empty(), Optional.empty(), state, "", Instant.now()));
        }

        public CompletionStage<Void> reply(String id, String from, String text) {
            return events.inbound(new InboundMessage(id, from, "36111", Optional.empty(), text, Instant.now()));
        }

        @Override
        public int window() {
            return window;
        }

        @Override
        public ChannelHealth health() {
            return health;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private final int window;
    private final List<Link> links = new CopyOnWriteArrayList<>();
    private final java.util.Queue<OutboundMessage> sent = new java.util.concurrent.ConcurrentLinkedQueue<>();
    private final Map<String, String> ids = new ConcurrentHashMap<>();
    private final AtomicLong nextId = new AtomicLong();
    private volatile Script script = (link, message) -> accept(message);

    public ScriptedCarrier(int window) {
        this.window = window;
    }

    public ScriptedCarrier script(Script next) {
        script = next;
        return this;
    }

    /** A script that decides at once. */
    public ScriptedCarrier answers(BiFunction<Link, OutboundMessage, SendOutcome> outcome) {
        return script((link, message) -> CompletableFuture.completedFuture(outcome.apply(link, message)));
    }

    /** Accepts everything and says at once that it is delivered. */
    public ScriptedCarrier delivers() {
        return script((link, message) -> {
            CompletionStage<SendOutcome> accepted = accept(message);
            link.receipt(message, Receipt.State.DELIVERED);
            return accepted;
        });
    }

    /** Accepts a message under a fresh id. */
    public CompletionStage<SendOutcome> accept(OutboundMessage message) {
        return CompletableFuture.completedFuture(accepted(message));
    }

    public SendOutcome accepted(OutboundMessage message) {
        String id = "c" + nextId.incrementAndGet();
        ids.put(message.reference(), id);
        return new SendOutcome.Accepted(id);
    }

    public String idOf(OutboundMessage message) {
        return ids.get(message.reference());
    }

    /** Everything handed over, in order. */
    public List<OutboundMessage> sent() {
        return List.copyOf(sent);
    }

    /** The channels opened, in order, closed ones included. */
    public List<Link> links() {
        return links;
    }

    @Override
    public Channel open(ChannelAccount account, ChannelEvents events) {
        Link link = new Link(account, events);
        links.add(link);
        return link;
    }
}
