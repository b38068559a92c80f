package io.tocsin.lab.smsc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jsmpp.InvalidResponseException;
import org.jsmpp.PDUException;
import org.jsmpp.bean.AlertNotification;
import org.jsmpp.bean.BindType;
import org.jsmpp.bean.DataCodings;
import org.jsmpp.bean.DataSm;
import org.jsmpp.bean.DeliverSm;
import org.jsmpp.bean.ESMClass;
import org.jsmpp.bean.NumberingPlanIndicator;
import org.jsmpp.bean.RegisteredDelivery;
import org.jsmpp.bean.TypeOfNumber;
import org.jsmpp.extra.NegativeResponseException;
import org.jsmpp.extra.ProcessRequestException;
import org.jsmpp.extra.ResponseTimeoutException;
import org.jsmpp.session.BindParameter;
import org.jsmpp.session.DataSmResult;
import org.jsmpp.session.MessageReceiverListener;
import org.jsmpp.session.SMPPSession;
import org.jsmpp.session.Session;

/**
 * Plain jSMPP submitting as fast as it can: the control that {@code bench sms} is compared with, on the same binds, window
 * and number of messages against the same SMSC. Keeps nothing, retries nothing.
 */
public final class RawSubmitter {
    private static final int RECEIVE_QUEUE = 20_000;

    /**
     * What a run measured.
     *
     * @param submits segments answered positively
     * @param failures everything else
     * @param receipts receipts that came before the limit
     * @param seconds from the first submit to the last receipt
     * @param submitSeconds from the first submit to the last response
     */
    public record Result(long submits, long failures, long receipts, double seconds, double submitSeconds) {

        /** Messages a second, receipts included. */
        public double rate() {
            return submits / seconds;
        }
    }

    private final String host;
    private final int port;
    private final String systemId;
    private final String password;

    public RawSubmitter(String host, int port, String systemId, String password) {
        this.host = host;
        this.port = port;
        this.systemId = systemId;
        this.password = password;
    }

    /**
     * Submits and waits for every receipt; blocks until then.
     *
     * @param binds transmitting binds; one receiving bind is added
     * @param window submits unanswered at once, over all binds
     * @param messages how many, each to a number of its own from the ranges reserved for fiction
     * @param limitSeconds when to stop waiting for receipts
     * @throws IOException if a bind fails
     */
    public Result run(int binds, int window, int messages, int limitSeconds) throws IOException, InterruptedException {
        CountDownLatch receipts = new CountDownLatch(messages);
        List<SMPPSession> sessions = new ArrayList<>();
        ExecutorService callers = Executors.newFixedThreadPool(window);
        try {
            SMPPSession receiver = new SMPPSession();
            receiver.setQueueCapacity(RECEIVE_QUEUE);
            receiver.setMessageReceiverListener(new Counting(receipts));
            sessions.add(receiver);
            bind(receiver, BindType.BIND_RX);
            for (int i = 0; i < binds; i++) {
                SMPPSession session = new SMPPSession();
                session.setTransactionTimer(10_000);
                session.setQueueCapacity(Math.max(100, 2 * window));
                sessions.add(session);
                bind(session, BindType.BIND_TX);
            }
            return submit(sessions.subList(1, sessions.size()), callers, window, messages, receipts, limitSeconds);
        } finally {
            callers.shutdownNow();
            sessions.forEach(SMPPSession::unbindAndClose);
        }
    }

    private Result submit(
            List<SMPPSession> binds,
            ExecutorService callers,
            int window,
            int messages,
            CountDownLatch receipts,
            int limitSeconds)
            throws InterruptedException {
        AtomicLong next = new AtomicLong();
        AtomicLong submitted = new AtomicLong();
        AtomicLong failed = new AtomicLong();
        CountDownLatch done = new CountDownLatch(window);
        byte[] text = "Ceci est un exercice. Repondez 1.".getBytes(StandardCharsets.US_ASCII);
        long begun = System.nanoTime();
        for (int caller = 0; caller < window; caller++) {
            SMPPSession session = binds.get(caller % binds.size());
            callers.execute(() -> {
                for (long n = next.getAndIncrement(); n < messages; n = next.getAndIncrement()) {
                    if (submitOne(session, "3363998%06d".formatted(n), text)) {
                        submitted.incrementAndGet();
                    } else {
                        failed.incrementAndGet();
                        receipts.countDown();
                    }
                }
                done.countDown();
            });
        }
        done.await();
        double submitSeconds = (System.nanoTime() - begun) / 1e9;
        receipts.await(limitSeconds, TimeUnit.SECONDS);
        double seconds = (System.nanoTime() - begun) / 1e9;
        long came = messages - receipts.getCount() - failed.get();
        return new Result(submitted.get(), failed.get(), came, seconds, submitSeconds);
    }

    private static boolean submitOne(SMPPSession session, String destination, byte[] text) {
        try {
            session.submitShortMessage(
                    "",
                    TypeOfNumber.UNKNOWN,
                    NumberingPlanIndicator.UNKNOWN,
                    "38000",
                    TypeOfNumber.INTERNATIONAL,
                    NumberingPlanIndicator.ISDN,
                    destination,
                    new ESMClass(),
                    (byte) 0,
                    (byte) 0,
                    null,
                    null,
                    new RegisteredDelivery((byte) 1),
                    (byte) 0,
                    DataCodings.ZERO,
                    (byte) 0,
                    text);
            return true;
        } catch (PDUException
                | ResponseTimeoutException
                | InvalidResponseException
                | NegativeResponseException
                | IOException e) {
            return false;
        }
    }

    private void bind(SMPPSession session, BindType type) throws IOException {
        session.connectAndBind(
                host,
                port,
                new BindParameter(
                        type, systemId, password, "", TypeOfNumber.UNKNOWN, NumberingPlanIndicator.UNKNOWN, null));
    }

    private record Counting(CountDownLatch receipts) implements MessageReceiverListener {
        @Override
        public void onAcceptDeliverSm(DeliverSm deliver) {
            if (deliver.isSmscDeliveryReceipt()) {
                receipts.countDown();
            }
        }

        @Override
        public void onAcceptAlertNotification(AlertNotification alert) {}

        @Override
        public DataSmResult onAcceptDataSm(DataSm data, Session source) throws ProcessRequestException {
            throw new ProcessRequestException("data_sm is not used here", 0x03);
        }
    }
}
