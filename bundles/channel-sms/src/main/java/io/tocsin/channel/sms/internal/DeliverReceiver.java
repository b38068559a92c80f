package io.tocsin.channel.sms.internal;

import io.tocsin.channel.api.ChannelEvents;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.smpp.SmppMessage;
import org.jsmpp.SMPPConstant;
import org.jsmpp.bean.Command;
import org.jsmpp.bean.DeliverSm;
import org.jsmpp.extra.ProcessRequestException;

/**
 * Takes what the carrier delivers, receipts and people's messages, and lets the session answer only once the core has
 * it on disk; otherwise answers a temporary error, and the carrier delivers it again. Runs on the receiving bind's own
 * threads, of which there must be enough for all that wait for one commit: {@code receive-threads}.
 */
final class DeliverReceiver implements Processor {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final ChannelEvents events;
    private final ReceiptReader receipts;
    private final InboundReader inbound;

    DeliverReceiver(ChannelEvents events, ReceiptReader receipts, InboundReader inbound) {
        this.events = events;
        this.receipts = receipts;
        this.inbound = inbound;
    }

    @Override
    public void process(Exchange exchange) throws ProcessRequestException {
        Command command = exchange.getIn(SmppMessage.class).getCommand();
        if (!(command instanceof DeliverSm deliver)) {
            throw new ProcessRequestException("only deliver_sm is understood here", SMPPConstant.STAT_ESME_RX_R_APPN);
        }
        if (ReceiptReader.isReceipt(deliver)) {
            stored(events.receipt(receipts.read(deliver)));
        } else {
            inbound.read(deliver, message -> stored(events.inbound(message)));
        }
    }

    private static void stored(CompletionStage<Void> stage) throws ProcessRequestException {
        try {
            stage.toCompletableFuture().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new ProcessRequestException("not stored yet", SMPPConstant.STAT_ESME_RX_T_APPN, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProcessRequestException("closing", SMPPConstant.STAT_ESME_RX_T_APPN, e);
        }
    }
}
