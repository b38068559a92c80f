package io.tocsin.channel.sms.internal;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.timeout.IdleStateEvent;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.sms.internal.Oddities.Kind;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import javax.net.ssl.SSLException;
import org.jsmpp.SMPPConstant;
import org.jsmpp.bean.DeliverSm;
import org.jsmpp.util.DefaultComposer;
import org.jsmpp.util.PDUComposer;

/**
 * One connection to the carrier and all that is pending on it: submits by their sequence number, deliveries until the core
 * has them. Everything happens on the connection's event loop, so nothing here is locked and nothing here may block. When
 * the connection ends, for whatever reason, every submit that was written is in doubt at that moment, and every other is
 * certainly not sent.
 */
final class SmppSession extends ChannelInboundHandlerAdapter implements PduFramer.Sink {
    /** The first octet of a TLS alert (RFC 8446 §5.1), which no PDU that can be skipped begins with. */
    private static final byte TLS_ALERT = 0x15;

    private static final PDUComposer COMPOSER = new DefaultComposer();

    /** Who holds the session; called on its event loop. */
    interface Owner {
        /** The carrier answered the bind: 0 is welcome. */
        void bindAnswered(int status);

        /** A submit's response, in or out of time. */
        void answered(Submission submission, int status, String id);

        /** A submit's response came after the submit was given up. */
        void answeredLate(PendingSubmits.Late submission, int status, String id);

        /** A submit came to this without a response. */
        void ended(Submission submission, SendOutcome outcome);

        /** What a carrier delivers; {@code answer} is called once with a command_status, on any thread. */
        void deliver(DeliverSm deliver, IntConsumer answer);

        /** All that had come was read: what follows from it may leave now. */
        void readAll();

        /** The connection is gone; comes last and once. */
        void closed(String why);
    }

    private final String bindId;
    private final SmsSettings settings;
    private final Oddities oddities;
    private final Owner owner;
    private final PendingSubmits pending = new PendingSubmits();
    private final PendingDeliveries deliveries;
    private ChannelHandlerContext context;
    private int sequence;
    private int bindCommand;
    private int bindSequence;
    private boolean bound;
    private boolean leaving;
    private boolean asked;
    private boolean dirty;
    private boolean closing;
    private Integer unbindToAnswer;
    private String why = "the carrier hung up before it answered the bind: check port and tls";

    SmppSession(String bindId, SmsSettings settings, Oddities oddities, Owner owner) {
        this.bindId = bindId;
        this.settings = settings;
        this.oddities = oddities;
        this.owner = owner;
        this.deliveries = new PendingDeliveries(settings.receiveWindow(), this::answerDelivery, this::flush);
    }

    /** Sends the bind (SMPP 3.4 §4.1). */
    void bind(int command, byte[] pdu, int number) {
        bindCommand = command;
        bindSequence = number;
        sequence = number;
        write(pdu);
        flush();
    }

    /** Whether a submit could be written now. */
    boolean hasRoom(int window) {
        return bound && !leaving && pending.size() < window && context.channel().isWritable();
    }

    boolean isUp() {
        return bound && !leaving;
    }

    int pending() {
        return pending.size();
    }

    /** Writes the submission's next segment; leaves with the next {@link #flush}. */
    void submit(Submission submission) {
        int number = next();
        PendingSubmits.Pending one = pending.add(number, submission);
        ChannelFuture written = context.write(Unpooled.wrappedBuffer(submission.pdu(number)));
        dirty = true;
        written.addListener(result -> {
            if (result.isSuccess()) {
                one.setWritten();
            } else if (pending.remove(number, one)) {
                // not all of it was given to the socket: the carrier cannot have it
                owner.ended(submission, notSent());
            }
        });
    }

    void flush() {
        if (dirty) {
            dirty = false;
            context.flush();
        }
    }

    /** Gives up on what has had its time: submits and deliveries. */
    void giveUpOverdue(long now) {
        for (Submission submission : pending.takeOverdue(now)) {
            oddities.saw(Kind.NO_RESPONSE, bindId, "a submit was not answered in time");
            owner.ended(submission, new SendOutcome.InDoubt("response-timeout"));
        }
        deliveries.giveUpOverdue(now);
        answerUnbind();
        flush();
    }

    /** Says goodbye (SMPP 3.4 §4.2) and closes once the carrier answers, or at the latest at the limit. */
    void unbind(long limitMillis) {
        if (leaving || context == null || !context.channel().isActive()) {
            close("closed");
            return;
        }
        leaving = true;
        why = "closed";
        write(COMPOSER.unbind(next()));
        flush();
        context.executor().schedule(() -> close("closed"), limitMillis, TimeUnit.MILLISECONDS);
    }

    /** Closes at once; the first reason given is the one that is told. */
    void close(String because) {
        if (!closing) {
            closing = true;
            why = because;
        }
        if (context != null) {
            context.close();
        }
    }

    /** Takes away all that waits for a response. */
    List<Submission> takePending() {
        return pending.takeAll().stream()
                .map(PendingSubmits.Pending::submission)
                .toList();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        deliveries.on(added);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ignored) {
        owner.readAll();
        answerUnbind();
        flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ignored) {
        owner.readAll();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ignored, Object event) {
        if (!(event instanceof IdleStateEvent) || !bound || deliveries.readingStopped()) {
            return;
        }
        if (asked) {
            close("the carrier no longer answers enquire_link");
            return;
        }
        asked = true;
        write(COMPOSER.enquireLink(next()));
        flush();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ignored) {
        bound = false;
        deliveries.clear();
        for (PendingSubmits.Pending one : pending.takeAll()) {
            owner.ended(one.submission(), one.written() ? new SendOutcome.InDoubt("connection-lost") : notSent());
        }
        owner.closed(why);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ignored, Throwable cause) {
        if (cause instanceof DecoderException && cause.getCause() instanceof SSLException tls) {
            close(CarrierTls.reason(tls));
        } else if (cause instanceof IOException) {
            close("connection lost: " + cause.getMessage());
        } else {
            oddities.saw(Kind.UNFORESEEN, bindId, String.valueOf(cause));
            close("connection closed after " + cause.getClass().getName());
        }
    }

    @Override
    public void framingLost(long length) {
        oddities.saw(Kind.FRAMING_LOST, bindId, "a PDU of " + length + " octets");
        write(COMPOSER.genericNack(SMPPConstant.STAT_ESME_RINVCMDLEN, 0));
        flush();
        close(
                bound
                        ? "the carrier sent a PDU of " + length + " octets"
                        : "what answers there does not speak SMPP: check host, port and tls");
    }

    @Override
    public void cutOff(byte first, int octets) {
        if (bound) {
            oddities.saw(Kind.CUT_OFF, bindId, "the connection ended after " + octets + " octets of a PDU");
        } else if (first == TLS_ALERT) {
            why = "the carrier speaks TLS on this port: set tls to true";
        }
    }

    @Override
    public void pdu(int command, int status, int number, ByteBuf body, boolean oversized) {
        asked = false;
        if (oversized) {
            oddities.saw(Kind.OVERSIZED, bindId, "command 0x%08x".formatted(command));
        }
        switch (command) {
            case SMPPConstant.CID_SUBMIT_SM_RESP -> submitAnswered(status, number, body, oversized);
            case SMPPConstant.CID_DELIVER_SM -> deliver(number, body);
            case SMPPConstant.CID_ENQUIRE_LINK -> write(COMPOSER.enquireLinkResp(number));
            case SMPPConstant.CID_ENQUIRE_LINK_RESP -> {
                // that something came is what counts
            }
            case SMPPConstant.CID_GENERIC_NACK -> nacked(status, number);
            case SMPPConstant.CID_UNBIND -> {
                leaving = true;
                why = "unbound by the carrier";
                unbindToAnswer = number;
            }
            case SMPPConstant.CID_UNBIND_RESP -> close(why);
            case SMPPConstant.CID_ALERT_NOTIFICATION, SMPPConstant.CID_OUTBIND -> {
                // neither needs an answer, and neither says anything to us
            }
            case SMPPConstant.CID_DATA_SM -> {
                oddities.saw(Kind.UNKNOWN_COMMAND, bindId, "data_sm");
                write(COMPOSER.composeHeader(SMPPConstant.CID_DATA_SM_RESP, SMPPConstant.STAT_ESME_RX_R_APPN, number));
            }
            default -> other(command, status, number);
        }
    }

    private void other(int command, int status, int number) {
        if (!bound && command == (bindCommand | SMPPConstant.MASK_CID_RESP) && number == bindSequence) {
            bindAnswered(status);
        } else if (command < 0) {
            oddities.saw(Kind.UNEXPECTED_RESPONSE, bindId, "command 0x%08x".formatted(command));
        } else {
            oddities.saw(Kind.UNKNOWN_COMMAND, bindId, "command 0x%08x".formatted(command));
            write(COMPOSER.genericNack(SMPPConstant.STAT_ESME_RINVCMDID, number));
        }
    }

    private void bindAnswered(int status) {
        bound = status == SMPPConstant.STAT_ESME_ROK;
        why = "connection lost";
        owner.bindAnswered(status);
    }

    private void submitAnswered(int status, int number, ByteBuf body, boolean oversized) {
        String id = "";
        if (status == SMPPConstant.STAT_ESME_ROK) {
            PduReader.Id read = PduReader.messageId(body);
            id = read.text();
            if (!read.whole()) {
                oddities.saw(Kind.TRUNCATED_RESPONSE, bindId, "submit_sm_resp");
            }
            if (id.isEmpty() && !oversized) {
                oddities.saw(Kind.NO_MESSAGE_ID, bindId, "submit_sm_resp");
            }
        }
        Optional<Submission> waiting = pending.answered(number);
        if (waiting.isPresent()) {
            owner.answered(waiting.get(), status, id);
            return;
        }
        Optional<PendingSubmits.Late> late = pending.answeredLate(number);
        if (late.isPresent()) {
            oddities.saw(Kind.LATE_RESPONSE, bindId, "submit_sm_resp after its time-out");
            owner.answeredLate(late.get(), status, id);
        } else {
            oddities.saw(Kind.UNEXPECTED_RESPONSE, bindId, "submit_sm_resp to no submit that waits");
        }
    }

    /** Refused before it was understood: no part of it was acted on. */
    private void nacked(int status, int number) {
        Optional<Submission> waiting = pending.answered(number);
        if (waiting.isPresent()) {
            owner.ended(waiting.get(), SmppStatus.outcome(status));
        } else if (!bound && number == bindSequence) {
            bindAnswered(status == SMPPConstant.STAT_ESME_ROK ? SMPPConstant.STAT_ESME_RSYSERR : status);
        } else {
            oddities.saw(Kind.UNEXPECTED_RESPONSE, bindId, "generic_nack 0x%02x".formatted(status));
        }
    }

    private void deliver(int number, ByteBuf body) {
        PduReader.Delivery delivery;
        try {
            delivery = PduReader.deliver(number, body);
        } catch (IndexOutOfBoundsException e) {
            oddities.saw(Kind.UNREADABLE_DELIVERY, bindId, "deliver_sm");
            answerDelivery(number, SMPPConstant.STAT_ESME_RX_P_APPN);
            return;
        }
        if (!delivery.whole()) {
            oddities.saw(Kind.TRUNCATED_DELIVERY, bindId, "deliver_sm");
        }
        owner.deliver(delivery.deliver(), deliveries.begin(number));
    }

    /** With its unused message_id, one null octet (SMPP 3.4 §4.6.2): some carriers cannot read a response without. */
    private void answerDelivery(int number, int status) {
        write(COMPOSER.deliverSmResp(status, number, ""));
    }

    /** A carrier that unbinds may still answer what it has: it is let go when nothing waits any more. */
    private void answerUnbind() {
        if (unbindToAnswer != null && pending.size() == 0) {
            write(COMPOSER.unbindResp(SMPPConstant.STAT_ESME_ROK, unbindToAnswer));
            flush();
            unbindToAnswer = null;
            close(why);
        }
    }

    private void write(byte[] pdu) {
        if (context.channel().isActive()) {
            context.write(Unpooled.wrappedBuffer(pdu), context.voidPromise());
            dirty = true;
        }
    }

    private int next() {
        sequence = sequence == Integer.MAX_VALUE ? 1 : sequence + 1;
        return sequence;
    }

    private SendOutcome notSent() {
        return SmppStatus.notBound(settings.reconnectDelay());
    }
}
