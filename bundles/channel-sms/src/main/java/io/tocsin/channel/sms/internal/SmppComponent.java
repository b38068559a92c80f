package io.tocsin.channel.sms.internal;

import io.tocsin.channel.sms.internal.Oddities.Kind;
import java.util.Map;
import java.util.function.IntConsumer;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.AsyncProducer;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultAsyncProducer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;
import org.jsmpp.SMPPConstant;
import org.jsmpp.bean.DeliverSm;

/**
 * An account's binds as Camel sees them: {@code smpp:submit}, an asynchronous producer of {@link Submission}s, and
 * {@code smpp:receive}, a consumer of what the carrier delivers. Neither holds a thread while it waits, and neither reads
 * or writes a header, so that no stranger can set one.
 *
 * <p>camel-smpp holds a thread for every submit that waits and leaves the pending window to jSMPP; the decision record
 * "the pending window is ours" says what that cost.
 */
final class SmppComponent extends DefaultComponent {
    static final String SUBMIT = "smpp:submit";
    static final String RECEIVE = "smpp:receive";

    private final TransmitWindow window;
    private final Oddities oddities;
    private volatile DeliverConsumer consumer;

    SmppComponent(TransmitWindow window, Oddities oddities) {
        this.window = window;
        this.oddities = oddities;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        return new SmppEndpoint(uri, this);
    }

    /** Carries a delivery along the receiving route; one that is stopped or suspended has the carrier come again. */
    void deliver(DeliverSm deliver, IntConsumer answer) {
        DeliverConsumer now = consumer;
        if (now == null || !now.isRunAllowed() || now.isSuspendingOrSuspended()) {
            answer.accept(SMPPConstant.STAT_ESME_RX_T_APPN);
        } else {
            now.carry(deliver, answer);
        }
    }

    private static final class SmppEndpoint extends DefaultEndpoint {
        private final SmppComponent account;

        SmppEndpoint(String uri, SmppComponent account) {
            super(uri, account);
            this.account = account;
        }

        @Override
        public Producer createProducer() {
            return createAsyncProducer();
        }

        @Override
        public AsyncProducer createAsyncProducer() {
            return new SubmitProducer(this, account.window);
        }

        @Override
        public Consumer createConsumer(Processor processor) {
            return new DeliverConsumer(this, processor);
        }
    }

    private static final class SubmitProducer extends DefaultAsyncProducer {
        private final TransmitWindow window;

        SubmitProducer(Endpoint endpoint, TransmitWindow window) {
            super(endpoint);
            this.window = window;
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            Submission submission = (Submission) exchange.getMessage().getBody();
            submission.whenDone(() -> callback.done(false));
            window.submit(submission);
            return false;
        }
    }

    private static final class DeliverConsumer extends DefaultConsumer {
        private final SmppComponent account;
        private final AsyncProcessor processor;

        DeliverConsumer(SmppEndpoint endpoint, Processor processor) {
            super(endpoint, processor);
            this.account = endpoint.account;
            this.processor = getAsyncProcessor();
        }

        @Override
        protected void doStart() throws Exception {
            super.doStart();
            account.consumer = this;
        }

        @Override
        protected void doStop() throws Exception {
            account.consumer = null;
            super.doStop();
        }

        private void carry(DeliverSm deliver, IntConsumer answer) {
            Exchange exchange = createExchange(false);
            exchange.getMessage().setBody(deliver);
            processor.process(exchange, doneSync -> {
                Exception failure = exchange.getException();
                releaseExchange(exchange, false);
                answer.accept(status(failure));
            });
        }

        private int status(Exception failure) {
            if (failure == null) {
                return SMPPConstant.STAT_ESME_ROK;
            }
            if (failure instanceof DeliverReceiver.NotStored) {
                return SMPPConstant.STAT_ESME_RX_T_APPN;
            }
            // reading it failed: reading it again would fail again
            account.oddities.saw(
                    Kind.UNREADABLE_DELIVERY, "receive", failure.getClass().getName());
            return SMPPConstant.STAT_ESME_RX_P_APPN;
        }
    }
}
