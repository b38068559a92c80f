package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.ChannelEvents;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.Dialogue;
import io.tocsin.channel.api.InboundCall;
import io.tocsin.channel.api.InboundMessage;
import io.tocsin.channel.api.Receipt;
import io.tocsin.routing.api.CarrierAccounts.Route;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What one channel reports, on whatever thread it likes; deaf once it is closed. */
final class LaneEvents implements ChannelEvents {
    private final Route first;
    private final Fleet.Reports reports;
    private volatile Lane lane;
    private ChannelHealth early;
    private volatile boolean closed;

    LaneEvents(Route route, Fleet.Reports reports) {
        this.first = route;
        this.reports = reports;
    }

    /** Its lane is there: it hears what was said before. */
    synchronized void opened(Lane opened) {
        lane = opened;
        if (early != null) {
            opened.health(early);
        }
    }

    void close() {
        closed = true;
    }

    @Override
    public CompletionStage<Void> receipt(Receipt receipt) {
        if (closed) {
            return refused("the channel is closed");
        }
        if (receipt == null) {
            return refused("a receipt is null");
        }
        String code = Outcomes.code(receipt.code());
        return reports.receipt(
                route(),
                code == receipt.code()
                        ? receipt
                        : new Receipt(
                                receipt.carrierId(),
                                receipt.reference(),
                                receipt.address(),
                                receipt.state(),
                                code,
                                receipt.at()));
    }

    @Override
    public CompletionStage<Void> inbound(InboundMessage message) {
        if (closed) {
            return refused("the channel is closed");
        }
        return message == null ? refused("a message is null") : reports.inbound(route(), message);
    }

    @Override
    public CompletionStage<Dialogue> called(InboundCall call) {
        if (closed) {
            return refused("the channel is closed");
        }
        return call == null ? refused("a call is null") : reports.called(route(), call);
    }

    /** Who may use the account changes while it is open. */
    private Route route() {
        Lane opened = lane;
        return opened == null ? first : opened.route();
    }

    private static <T> CompletionStage<T> refused(String why) {
        return CompletableFuture.failedFuture(new IllegalStateException(why));
    }

    @Override
    public void health(ChannelHealth health) {
        Lane opened;
        synchronized (this) {
            early = health;
            opened = lane;
        }
        if (opened != null && !closed && health != null) {
            if (opened.channel() instanceof GuardedChannel guarded) {
                guarded.health(health);
            }
            opened.health(health);
        }
    }
}
