package io.tocsin.channel.sms.internal;

import io.tocsin.channel.api.ChannelEvents;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.AsyncProcessorSupport;
import org.jsmpp.bean.DeliverSm;

/**
 * Takes what the carrier delivers, receipts and people's messages, and ends the exchange once the core has it on disk;
 * with a failure, and the carrier delivers it again. Never blocks.
 */
final class DeliverReceiver extends AsyncProcessorSupport {
    /** How long the core may take; after that the carrier is asked to come again. */
    static final Duration LIMIT = Duration.ofSeconds(20);

    private final ChannelEvents events;
    private final ReceiptReader receipts;
    private final InboundReader inbound;

    DeliverReceiver(ChannelEvents events, ReceiptReader receipts, InboundReader inbound) {
        this.events = events;
        this.receipts = receipts;
        this.inbound = inbound;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        DeliverSm deliver = (DeliverSm) exchange.getMessage().getBody();
        CompletionStage<Void> stored = ReceiptReader.isReceipt(deliver)
                ? store(receipts.read(deliver), events::receipt)
                : inbound.read(deliver, message -> store(message, events::inbound));
        stored.whenComplete((nothing, failure) -> {
            if (failure != null) {
                exchange.setException(new NotStored(failure));
            }
            callback.done(false);
        });
        return false;
    }

    /** What the core throws is no fault of the delivery: it is to come again. */
    private static <T> CompletionStage<Void> store(T one, Function<T, CompletionStage<Void>> core) {
        try {
            return core.apply(one);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** The core could not keep it, for now. */
    static final class NotStored extends Exception {
        private static final long serialVersionUID = 1L;

        NotStored(Throwable cause) {
            super("not stored yet", cause);
        }
    }
}
