package io.tocsin.channel.sms.internal;

import io.tocsin.channel.api.SendOutcome;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jsmpp.PDUStringException;
import org.jsmpp.SMPPConstant;
import org.jsmpp.bean.OptionalParameter;
import org.jsmpp.util.DefaultComposer;
import org.jsmpp.util.PDUComposer;

/**
 * One message on its way: the body of the exchange that carries it, and where its outcome is left. Its segments go one
 * after the other; the first that is not accepted ends the message, and none is ever sent twice. After it was given to the
 * {@link TransmitWindow}, only that one's event loop touches it, until the outcome is there.
 *
 * <p>All of the submit is here and nothing in headers, so that no header can steer it.
 */
final class Submission {
    /** What all segments of a message share. */
    record Common(
            SmsSender sender,
            String destination,
            byte dataCoding,
            byte esmClass,
            byte priority,
            String validity,
            Optional<Tlv> tlv) {}

    /** An optional parameter with text in it. */
    record Tlv(short tag, String text) {}

    private static final int SEQUENCE_AT = 12;
    private static final byte INTERNATIONAL = 1;
    private static final byte ISDN = 1;
    private static final PDUComposer COMPOSER = new DefaultComposer();
    private static final OptionalParameter[] NONE = {};

    private final String reference;
    private final String address;
    private final List<byte[]> pdus;
    private List<String> ids = List.of();
    private SendOutcome outcome;
    private Runnable done;
    /** {@link System#nanoTime} until when it may wait for a place in the window, then for its response. */
    private long deadline;

    /**
     * @param reference our reference
     * @param segments the octets of each
     * @throws PDUStringException if SMPP has no room for a field of it
     */
    Submission(String reference, Common common, List<byte[]> segments) throws PDUStringException {
        this.reference = reference;
        this.address = "+" + common.destination;
        this.pdus = new ArrayList<>(segments.size());
        for (byte[] segment : segments) {
            pdus.add(submit(common, segment));
        }
    }

    String reference() {
        return reference;
    }

    /** Where it goes, in E.164. */
    String address() {
        return address;
    }

    void whenDone(Runnable action) {
        done = action;
    }

    long deadline() {
        return deadline;
    }

    void deadline(long nanoTime) {
        deadline = nanoTime;
    }

    /** The submit_sm of the next segment. */
    byte[] pdu(int sequence) {
        byte[] pdu = pdus.get(ids.size());
        ByteBuffer.wrap(pdu).putInt(SEQUENCE_AT, sequence);
        return pdu;
    }

    /** Whether a segment of it was accepted already. */
    boolean begun() {
        return !ids.isEmpty();
    }

    /** The next segment was accepted; returns whether that was the last. */
    boolean accepted(String id) {
        if (pdus.size() == 1) {
            ids = List.of(id);
            return true;
        }
        if (ids.isEmpty()) {
            ids = new ArrayList<>(pdus.size());
        }
        ids.add(id);
        return ids.size() == pdus.size();
    }

    /** All segments are accepted. */
    void end() {
        end(new SendOutcome.Accepted(ids));
    }

    /** The next segment came to this, and with it the message; part of it may be with the carrier. */
    void end(SendOutcome ofSegment) {
        if (outcome == null) {
            boolean inPart = begun() && !(ofSegment instanceof SendOutcome.Accepted);
            outcome = inPart ? new SendOutcome.InDoubt("segments-sent-in-part", ids) : ofSegment;
            if (done != null) {
                done.run();
            }
        }
    }

    /** What became of it, or empty if the window never had it. */
    Optional<SendOutcome> outcome() {
        return Optional.ofNullable(outcome);
    }

    /** Leaves number and text out: both are personal data, and Camel may print a body. */
    @Override
    public String toString() {
        return "Submission[" + reference + "]";
    }

    /** A submit_sm (SMPP 3.4 §4.4.1) that asks for a receipt; its number is put in when it goes. */
    private static byte[] submit(Common common, byte[] segment) throws PDUStringException {
        return COMPOSER.submitSm(
                0,
                "",
                common.sender.typeOfNumber(),
                common.sender.numberingPlan(),
                common.sender.address(),
                INTERNATIONAL,
                ISDN,
                common.destination,
                common.esmClass,
                (byte) 0,
                common.priority,
                null,
                common.validity,
                SMPPConstant.REGDEL_SMSC_SUCCESS_FAILURE_REQUESTED,
                (byte) 0,
                common.dataCoding,
                (byte) 0,
                segment,
                common.tlv
                        .map(tlv -> new OptionalParameter[] {new OptionalParameter.OctetString(tlv.tag(), tlv.text())})
                        .orElse(NONE));
    }
}
