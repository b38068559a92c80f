package io.tocsin.channel.sms.internal;

import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.api.SendOutcome.Fault;
import io.tocsin.channel.api.SendOutcome.Scope;
import java.io.IOException;
import java.time.Duration;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.DefaultExchange;
import org.jsmpp.GenericNackResponseException;
import org.jsmpp.PDUException;
import org.jsmpp.extra.NegativeResponseException;
import org.jsmpp.extra.ResponseTimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives one segment through a bind's route and turns what comes back, result or exception, into an outcome. The rule:
 * refused by a response is certain; never handed to the session is certain; anything else is doubt.
 */
final class Submitter {
    private static final Logger LOG = LoggerFactory.getLogger(Submitter.class);
    /** How jSMPP's session says that it did not even begin to write, in an IOException like any other. */
    private static final String NOT_WRITTEN = "Cannot submit_sm";

    private final CamelContext context;
    private final ProducerTemplate template;
    private final MessageIdFormat ids;
    private final Duration reconnectDelay;

    Submitter(CamelContext context, MessageIdFormat ids, Duration reconnectDelay) {
        this.context = context;
        this.template = context.createProducerTemplate();
        this.ids = ids;
        this.reconnectDelay = reconnectDelay;
    }

    /** Blocks until the carrier answers, the response time-out passes or the connection is lost. */
    SendOutcome submit(Bind bind, Segment segment) {
        Exchange exchange = new DefaultExchange(context, ExchangePattern.InOnly);
        exchange.getIn().setBody(segment);
        Waiter waiter = new Waiter();
        bind.waits(waiter);
        try {
            if (bind.isUp()) {
                template.send(bind.entry(), exchange);
            }
        } finally {
            bind.waitsNoMore(waiter);
            waiter.finish();
        }
        if (segment.carrierId() != null) {
            return new SendOutcome.Accepted(ids.ofResponse(segment.carrierId()));
        }
        if (!segment.wasHandedOver()) {
            return notSent();
        }
        return outcome(exchange.getException(), bind.isUp());
    }

    private SendOutcome outcome(Exception failure, boolean stillUp) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof NegativeResponseException refused) {
                return SmppStatus.outcome(refused.getCommandStatus());
            }
            if (cause instanceof GenericNackResponseException nack) {
                return SmppStatus.outcome(nack.getCommandStatus());
            }
            if (cause instanceof PDUException) {
                // a field jSMPP would not encode: thrown before anything is written
                return new SendOutcome.Rejected("smpp-field-invalid", Fault.CONTENT);
            }
            if (cause instanceof ResponseTimeoutException) {
                return new SendOutcome.InDoubt(stillUp ? "response-timeout" : "connection-lost");
            }
            if (cause instanceof IOException) {
                return String.valueOf(cause.getMessage()).startsWith(NOT_WRITTEN)
                        ? notSent()
                        : new SendOutcome.InDoubt("connection-lost");
            }
        }
        LOG.warn("sms-submit-unexpected", failure);
        return new SendOutcome.InDoubt("unexpected");
    }

    private SendOutcome notSent() {
        return new SendOutcome.Retry("not-bound", reconnectDelay, Scope.ACCOUNT);
    }
}
