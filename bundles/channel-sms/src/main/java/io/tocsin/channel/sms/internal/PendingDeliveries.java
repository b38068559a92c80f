package io.tocsin.channel.sms.internal;

import io.netty.channel.ChannelHandlerContext;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import org.jsmpp.SMPPConstant;

/**
 * The deliver_sm of one connection that the core does not have on disk yet. Beyond the receive window nothing more is read,
 * and TCP has the carrier wait. Used on the connection's event loop, but for {@link #answer}.
 */
final class PendingDeliveries {
    private static final long LIMIT_NANOS = DeliverReceiver.LIMIT.toNanos();

    /** Writes a deliver_sm_resp, on the event loop. */
    interface Writer {
        void write(int sequence, int commandStatus);
    }

    private record Answered(int sequence, int status) {}

    private final int window;
    private final Writer writer;
    private final Runnable flush;
    private final Map<Integer, Long> deadlines = new LinkedHashMap<>();
    private final Queue<Answered> answers = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean answersDue = new AtomicBoolean();
    private ChannelHandlerContext context;

    PendingDeliveries(int window, Writer writer, Runnable flush) {
        this.window = window;
        this.writer = writer;
        this.flush = flush;
    }

    void on(ChannelHandlerContext connection) {
        context = connection;
    }

    /** A delivery goes to the core. @return takes its command_status, once, on any thread */
    IntConsumer begin(int sequence) {
        deadlines.put(sequence, System.nanoTime() + LIMIT_NANOS);
        if (deadlines.size() >= window) {
            context.channel().config().setAutoRead(false);
        }
        return status -> answer(sequence, status);
    }

    /** Whether it is we who read nothing. */
    boolean readingStopped() {
        return !context.channel().config().isAutoRead();
    }

    /** Has the carrier come again with what the core did not take in time. */
    void giveUpOverdue(long nanoTime) {
        for (Iterator<Map.Entry<Integer, Long>> it = deadlines.entrySet().iterator(); it.hasNext(); ) {
            Map.Entry<Integer, Long> eldest = it.next();
            if (nanoTime - eldest.getValue() < 0) {
                break;
            }
            it.remove();
            writer.write(eldest.getKey(), SMPPConstant.STAT_ESME_RX_T_APPN);
        }
        readOn();
    }

    void clear() {
        deadlines.clear();
    }

    private void answer(int sequence, int status) {
        answers.add(new Answered(sequence, status));
        if (answersDue.compareAndSet(false, true)) {
            try {
                context.executor().execute(this::writeAnswers);
            } catch (RejectedExecutionException e) {
                // the channel is closed: unanswered, the carrier delivers it again
                answers.clear();
            }
        }
    }

    /** Answers come a group at a time, when the core has committed it: they leave together. */
    private void writeAnswers() {
        answersDue.set(false);
        for (Answered one = answers.poll(); one != null; one = answers.poll()) {
            if (deadlines.remove(one.sequence) != null) {
                writer.write(one.sequence, one.status);
            }
        }
        readOn();
        flush.run();
    }

    private void readOn() {
        if (readingStopped() && deadlines.size() <= window / 2) {
            context.channel().config().setAutoRead(true);
        }
    }
}
