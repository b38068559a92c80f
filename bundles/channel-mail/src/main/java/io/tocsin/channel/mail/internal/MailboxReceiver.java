package io.tocsin.channel.mail.internal;

import io.tocsin.channel.api.ChannelEvents;
import io.tocsin.channel.api.Receipt;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads one mail of the mailbox and reports it; the exchange ends once the report is stored. */
final class MailboxReceiver implements AsyncProcessor {
    private static final Logger LOG = LoggerFactory.getLogger(MailboxReceiver.class);

    private final String account;
    private final InboundMailReader reader;
    private final ChannelEvents events;
    private final LongAdder automatic = new LongAdder();
    private final LongAdder unreadable = new LongAdder();

    MailboxReceiver(String account, InboundMailReader reader, ChannelEvents events) {
        this.account = account;
        this.reader = reader;
        this.events = events;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        CompletionStage<Void> stored = report(exchange);
        stored.whenComplete((nothing, failure) -> {
            if (failure != null) {
                LOG.warn(
                        "mail.receive.unstored account={} cause={}",
                        account,
                        failure.getClass().getSimpleName());
                exchange.setException(failure);
            }
            callback.done(false);
        });
        return false;
    }

    @Override
    public void process(Exchange exchange) {
        processAsync(exchange).join();
    }

    @Override
    public CompletableFuture<Exchange> processAsync(Exchange exchange) {
        var done = new CompletableFuture<Exchange>();
        process(exchange, synchronous -> done.complete(exchange));
        return done;
    }

    private CompletionStage<Void> report(Exchange exchange) {
        InboundMail mail;
        try {
            mail = reader.read(exchange.getMessage().getBody(MimeMessage.class));
        } catch (MessagingException | IOException | RuntimeException broken) {
            // whatever a stranger sends must not stop the mailbox: set aside as read, counted, never met again
            unreadable.increment();
            LOG.warn(
                    "mail.receive.unreadable account={} count={} cause={}",
                    account,
                    unreadable,
                    broken.getClass().getSimpleName());
            return CompletableFuture.completedFuture(null);
        }
        exchange.setProperty(MailboxConsumer.RECOGNISED, mail.recognised());
        if (mail instanceof InboundMail.Reply reply) {
            return events.inbound(reply.message());
        }
        if (mail instanceof InboundMail.Report report) {
            return all(report);
        }
        automatic.increment();
        LOG.info("mail.receive.ignored account={} why={} count={}", account, mail, automatic);
        return CompletableFuture.completedFuture(null);
    }

    private CompletionStage<Void> all(InboundMail.Report report) {
        CompletionStage<Void> stored = CompletableFuture.completedFuture(null);
        for (Receipt receipt : report.receipts()) {
            stored = stored.thenCombine(events.receipt(receipt), (before, after) -> null);
        }
        return stored;
    }
}
