package io.tocsin.lab.smsc.internal;

import io.tocsin.lab.smsc.Oddity;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jsmpp.PDUStringException;
import org.jsmpp.SMPPConstant;
import org.jsmpp.bean.Bind;
import org.jsmpp.bean.SubmitSm;
import org.jsmpp.util.DefaultComposer;
import org.jsmpp.util.DefaultDecomposer;
import org.jsmpp.util.PDUComposer;
import org.jsmpp.util.PDUDecomposer;

/**
 * One connection of a sender: reads PDUs on a thread of its own, writes answers and deliveries from any thread.
 *
 * <p>Codes and decodes with jSMPP but is not its {@code SMPPServerSession}: that one answers a submit by returning from
 * a callback and so needs a thread for every submit that waits for its latency.
 */
final class SmscSession implements Runnable {
    private static final int LARGEST_PDU = 64 * 1024;
    private static final int SMALLEST_PDU = 16;
    private static final int BUFFER = 64 * 1024;
    private static final int SEQUENCE_AT = 12;

    /** What the session asks of the SMSC it belongs to. */
    interface Carrier {
        /** Checks a bind request: an SMPP command status, 0 to let it in. */
        int admit(Bind bind);

        /** Called once the bind response is written. */
        void bound(SmscSession session);

        void submit(SmscSession session, SubmitSm submit);

        void delivered(SmscSession session, int sequence, int status);

        void closed(SmscSession session);

        /** Flushes every session written to: called before this one waits for input. */
        void idle();

        int deliverWindow();
    }

    private final Socket socket;
    private final Carrier carrier;
    private final PDUComposer composer = new DefaultComposer();
    private final PDUDecomposer decomposer = new DefaultDecomposer();
    private final DataInputStream in;
    private final OutputStream out;
    private final Map<Integer, Delivery> unacknowledged = new HashMap<>();
    private int sequence;
    private volatile boolean dirty;
    private volatile boolean transmits;
    private volatile boolean receives;
    private volatile String login = "";

    SmscSession(Socket socket, Carrier carrier) throws IOException {
        this.socket = socket;
        this.carrier = carrier;
        socket.setTcpNoDelay(true);
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), BUFFER));
        this.out = new BufferedOutputStream(socket.getOutputStream(), BUFFER);
    }

    @Override
    public void run() {
        try {
            while (true) {
                if (in.available() == 0) {
                    carrier.idle();
                }
                handle(readPdu());
            }
        } catch (IOException | PDUStringException e) {
            // the sender went away, or speaks something else than SMPP: both end the connection
        } finally {
            close();
            carrier.closed(this);
        }
    }

    boolean isBound() {
        return transmits || receives;
    }

    /** The system-id it is bound under; empty before. */
    String login() {
        return login;
    }

    boolean receives() {
        return receives;
    }

    void accept(SubmitSm submit, String id, Set<Oddity> odd) {
        int number = submit.getSequenceNumber();
        try {
            byte[] response = composer.submitSmResp(number, odd.contains(Oddity.EMPTY_ID) ? "" : id);
            if (odd.isEmpty()) {
                write(response);
            } else {
                acceptOddly(number, response, odd);
            }
        } catch (PDUStringException e) {
            throw new IllegalStateException("an id of this SMSC is always valid", e);
        }
    }

    private void acceptOddly(int number, byte[] response, Set<Oddity> odd) throws PDUStringException {
        if (odd.contains(Oddity.UNKNOWN_COMMAND)) {
            write(Strange.unknownRequest(number));
            write(Strange.unknownResponse(number));
        }
        if (odd.contains(Oddity.OVERSIZED)) {
            write(Strange.oversized(number));
        }
        if (odd.contains(Oddity.STRAY_NACK)) {
            write(composer.genericNack(SMPPConstant.STAT_ESME_RSYSERR, number + 500_000));
        }
        if (odd.contains(Oddity.WRONG_SEQUENCE)) {
            ByteBuffer.wrap(response).putInt(SEQUENCE_AT, number + 1_000_000);
        }
        if (odd.contains(Oddity.TRUNCATED_RESPONSE)) {
            write(Strange.cut(response, 1));
        } else if (odd.contains(Oddity.NO_BODY)) {
            write(Strange.withoutBody(number));
        } else if (!odd.contains(Oddity.NO_RESPONSE)) {
            write(response);
        }
        if (odd.contains(Oddity.TWICE)) {
            write(response);
        }
        if (odd.contains(Oddity.SECOND_THOUGHTS)) {
            write(composer.composeHeader(SMPPConstant.CID_SUBMIT_SM_RESP, SMPPConstant.STAT_ESME_RSUBMITFAIL, number));
        }
        if (odd.contains(Oddity.BAD_LENGTH)) {
            write(Strange.badLength());
        }
        if (odd.contains(Oddity.NOT_SMPP)) {
            write(Strange.notSmpp());
        }
    }

    void refuse(SubmitSm submit, int status) {
        write(composer.composeHeader(SMPPConstant.CID_SUBMIT_SM_RESP, status, submit.getSequenceNumber()));
    }

    /** Closes the socket at once, unsent bytes included: the sender sees a connection that dies. */
    void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // closed is closed
        }
    }

    void flush() {
        if (dirty) {
            dirty = false;
            try {
                synchronized (out) {
                    out.flush();
                }
            } catch (IOException e) {
                close();
            }
        }
    }

    boolean hasRoom() {
        synchronized (unacknowledged) {
            return unacknowledged.size() < carrier.deliverWindow();
        }
    }

    void deliver(Delivery delivery) {
        int number;
        synchronized (unacknowledged) {
            number = ++sequence;
            unacknowledged.put(number, delivery);
        }
        try {
            write(delivery.pdu(number));
        } catch (PDUStringException e) {
            throw new IllegalStateException("the addresses came in a valid submit_sm", e);
        }
    }

    /** Removes and returns what a deliver_sm_resp answers, or null if it answers nothing. */
    Delivery acknowledge(int number) {
        synchronized (unacknowledged) {
            return unacknowledged.remove(number);
        }
    }

    List<Delivery> takeUnacknowledged() {
        synchronized (unacknowledged) {
            List<Delivery> taken = List.copyOf(unacknowledged.values());
            unacknowledged.clear();
            return taken;
        }
    }

    int unacknowledged() {
        synchronized (unacknowledged) {
            return unacknowledged.size();
        }
    }

    private byte[] readPdu() throws IOException {
        int length = in.readInt();
        if (length < SMALLEST_PDU || length > LARGEST_PDU) {
            throw new EOFException("a PDU of " + length + " octets");
        }
        byte[] pdu = new byte[length];
        ByteBuffer.wrap(pdu).putInt(length);
        in.readFully(pdu, Integer.BYTES, length - Integer.BYTES);
        return pdu;
    }

    private void handle(byte[] pdu) throws PDUStringException {
        ByteBuffer header = ByteBuffer.wrap(pdu);
        int command = header.getInt(4);
        int status = header.getInt(8);
        int number = header.getInt(12);
        switch (command) {
            case SMPPConstant.CID_BIND_TRANSMITTER, SMPPConstant.CID_BIND_RECEIVER, SMPPConstant.CID_BIND_TRANSCEIVER ->
                bind(command, pdu);
            case SMPPConstant.CID_SUBMIT_SM -> submit(pdu, number);
            case SMPPConstant.CID_DELIVER_SM_RESP -> carrier.delivered(this, number, status);
            case SMPPConstant.CID_ENQUIRE_LINK -> write(composer.enquireLinkResp(number));
            case SMPPConstant.CID_ENQUIRE_LINK_RESP -> {}
            case SMPPConstant.CID_UNBIND -> {
                receives = false;
                transmits = false;
                write(composer.unbindResp(SMPPConstant.STAT_ESME_ROK, number));
                flush();
                carrier.closed(this);
            }
            default -> write(composer.genericNack(SMPPConstant.STAT_ESME_RINVCMDID, number));
        }
    }

    private void bind(int command, byte[] pdu) throws PDUStringException {
        Bind bind = decomposer.bind(pdu);
        int response = command | SMPPConstant.MASK_CID_RESP;
        int status = isBound() ? SMPPConstant.STAT_ESME_RALYBND : carrier.admit(bind);
        if (status != SMPPConstant.STAT_ESME_ROK) {
            write(composer.composeHeader(response, status, bind.getSequenceNumber()));
            return;
        }
        login = bind.getSystemId();
        transmits = command != SMPPConstant.CID_BIND_RECEIVER;
        receives = command != SMPPConstant.CID_BIND_TRANSMITTER;
        write(composer.bindResp(response, bind.getSequenceNumber(), "tocsin-lab"));
        carrier.bound(this);
    }

    private void submit(byte[] pdu, int number) {
        if (!transmits) {
            write(composer.composeHeader(SMPPConstant.CID_SUBMIT_SM_RESP, SMPPConstant.STAT_ESME_RINVBNDSTS, number));
            return;
        }
        try {
            carrier.submit(this, decomposer.submitSm(pdu));
        } catch (PDUStringException e) {
            write(composer.composeHeader(SMPPConstant.CID_SUBMIT_SM_RESP, e.getErrorCode(), number));
        }
    }

    private void write(byte[] pdu) {
        try {
            synchronized (out) {
                out.write(pdu);
                dirty = true;
            }
        } catch (IOException e) {
            close();
        }
    }
}
