package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.Receipt;
import io.tocsin.routing.api.CarrierAccounts.Route;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a channel that publishes may report: nobody is reached by a publication, whatever it says. */
final class Published {
    private static final Logger LOG = LoggerFactory.getLogger(Published.class);

    private Published() {}

    /** The same receipt, but for a delivery: there is none. */
    static Receipt only(Receipt receipt) {
        return receipt.state() != Receipt.State.DELIVERED
                ? receipt
                : new Receipt(
                        receipt.carrierId(),
                        receipt.reference(),
                        receipt.address(),
                        Receipt.State.BUFFERED,
                        receipt.code(),
                        receipt.at());
    }

    /** Taken and left out: under a post many may write, none of them for the place it was published on. */
    static CompletionStage<Void> nobodyAnswered(Route route) {
        LOG.debug("publish.answer-left-out account={}", route.name());
        return CompletableFuture.completedFuture(null);
    }
}
