package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelEvents;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.ChannelProvider;
import io.tocsin.channel.api.LineCapacity;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.Reattachment;
import io.tocsin.channel.api.Receipt;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.api.Withdrawal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A telephone switch in memory that several nodes have open: calls go on until a test ends them, whoever placed them and whether
 * that one still lives.
 */
final class Switchboard implements ChannelProvider {

    /** A call that is up. */
    final class Call {
        final OutboundMessage message;
        volatile boolean answered;
        private volatile Link link;
        private final CompletableFuture<SendOutcome> outcome = new CompletableFuture<>();
        private volatile boolean reattached;

        private Call(OutboundMessage message, Link link) {
            this.message = message;
            this.link = link;
        }

        /** The message was heard to its end. */
        void heard() {
            up.remove(message.reference());
            if (reattached) {
                link.events.receipt(new Receipt(
                        "",
                        Optional.of(message.reference()),
                        Optional.of(message.address()),
                        Receipt.State.DELIVERED,
                        "heard",
                        Instant.now()));
                return;
            }
            outcome.complete(new SendOutcome.Accepted(message.reference()));
            link.events.receipt(new Receipt(
                    message.reference(),
                    Optional.of(message.reference()),
                    Optional.of(message.address()),
                    Receipt.State.DELIVERED,
                    "heard",
                    Instant.now()));
        }

        void ends(SendOutcome how) {
            up.remove(message.reference());
            outcome.complete(how);
        }
    }

    private final int size;
    private final Duration longest;
    private volatile int lines;
    private volatile boolean forgets;
    private volatile boolean ofOneNode;
    final Map<String, Call> up = new ConcurrentHashMap<>();
    final Queue<OutboundMessage> placed = new ConcurrentLinkedQueue<>();
    final AtomicInteger asked = new AtomicInteger();
    final List<String> withdrawn = new CopyOnWriteArrayList<>();
    final List<Link> links = new CopyOnWriteArrayList<>();

    Switchboard(int lines) {
        this(lines, Duration.ofMinutes(5));
    }

    Switchboard(int lines, Duration longest) {
        this.size = lines;
        this.lines = lines;
        this.longest = longest;
    }

    /** From now on so many lines work. */
    void lines(int now) {
        lines = now;
    }

    /** Other nodes have another. Said before anybody opens it. */
    Switchboard ofOneNode() {
        ofOneNode = true;
        return this;
    }

    /** It starts again: all calls are gone, without a word to anybody. */
    void restarts() {
        up.clear();
    }

    /** Asked for a call, it has nothing to say. */
    void forgets(boolean now) {
        forgets = now;
    }

    @Override
    public Channel open(ChannelAccount account, ChannelEvents events) {
        Link link = new Link(events);
        links.add(link);
        return link;
    }

    /** One node's connection. */
    final class Link implements Channel, LineCapacity, Reattachment, Withdrawal {
        final ChannelEvents events;
        private volatile boolean closed;

        private Link(ChannelEvents events) {
            this.events = events;
        }

        boolean closed() {
            return closed;
        }

        @Override
        public CompletionStage<SendOutcome> send(OutboundMessage message) {
            Call call = new Call(message, this);
            up.put(message.reference(), call);
            placed.add(message);
            return call.outcome;
        }

        @Override
        public int window() {
            return size;
        }

        @Override
        public int lines() {
            return lines;
        }

        @Override
        public Duration longest() {
            return longest;
        }

        @Override
        public ChannelHealth health() {
            return ChannelHealth.up();
        }

        @Override
        public CompletionStage<Boolean> reattach(OutboundMessage message) {
            asked.incrementAndGet();
            if (forgets) {
                return CompletableFuture.failedFuture(new IllegalStateException("not connected"));
            }
            Call call = up.get(message.reference());
            if (call == null) {
                return CompletableFuture.completedFuture(false);
            }
            call.link = this;
            call.reattached = true;
            return CompletableFuture.completedFuture(true);
        }

        @Override
        public boolean findsOnlyOwn() {
            return ofOneNode;
        }

        @Override
        public void withdraw(String reference) {
            withdrawn.add(reference);
            Call call = up.get(reference);
            if (call != null && !call.answered) {
                call.ends(new SendOutcome.Rejected("withdrawn", SendOutcome.Fault.CARRIER));
            }
        }

        @Override
        public void close() {
            closed = true;
            up.values().stream()
                    .filter(call -> call.link == this)
                    .forEach(call -> call.outcome.complete(new SendOutcome.InDoubt("closed")));
        }
    }
}
