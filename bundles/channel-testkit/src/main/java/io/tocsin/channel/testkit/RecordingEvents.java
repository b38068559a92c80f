package io.tocsin.channel.testkit;

import io.tocsin.channel.api.ChannelEvents;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.InboundMessage;
import io.tocsin.channel.api.Receipt;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Keeps what a channel reports; can refuse to store the next few, as a database that is away would. Thread-safe. */
public final class RecordingEvents implements ChannelEvents {
    private final List<Receipt> receipts = new CopyOnWriteArrayList<>();
    private final List<InboundMessage> inbound = new CopyOnWriteArrayList<>();
    private final List<ChannelHealth> health = new CopyOnWriteArrayList<>();
    private final AtomicInteger refusals = new AtomicInteger();

    /** Fails the stage of the next {@code n} receipts or inbound messages, storing nothing. */
    public void refuseNext(int n) {
        refusals.set(n);
    }

    @Override
    public CompletionStage<Void> receipt(Receipt receipt) {
        return store(receipts, receipt);
    }

    @Override
    public CompletionStage<Void> inbound(InboundMessage message) {
        return store(inbound, message);
    }

    @Override
    public void health(ChannelHealth state) {
        health.add(state);
    }

    public List<Receipt> receipts() {
        return List.copyOf(receipts);
    }

    public List<InboundMessage> inbound() {
        return List.copyOf(inbound);
    }

    public List<ChannelHealth> healths() {
        return List.copyOf(health);
    }

    private <T> CompletionStage<Void> store(List<T> list, T event) {
        if (refusals.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
            return CompletableFuture.failedFuture(new IllegalStateException("refused by the test"));
        }
        list.add(event);
        return CompletableFuture.completedFuture(null);
    }
}
