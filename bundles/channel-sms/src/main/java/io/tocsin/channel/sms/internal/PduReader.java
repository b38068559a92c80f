package io.tocsin.channel.sms.internal;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jsmpp.bean.DeliverSm;
import org.jsmpp.bean.OptionalParameter;
import org.jsmpp.bean.OptionalParameters;

/**
 * Reads the bodies that matter, and reads them leniently: jSMPP's own decoder gives up a whole receipt for one cut-off
 * parameter, and runs over the end of what is not terminated. A PDU that a carrier mangled still says something.
 */
final class PduReader {
    /** SMPP allows 64 octets; some carriers write more. */
    private static final int LONGEST_ID = 255;

    private PduReader() {}

    /**
     * A message id.
     *
     * @param whole whether it was terminated as it should be
     */
    record Id(String text, boolean whole) {}

    /**
     * A deliver_sm.
     *
     * @param whole false if something of it was missing or could not be read
     */
    record Delivery(DeliverSm deliver, boolean whole) {}

    /** The message id of a submit_sm_resp (SMPP 3.4 §4.4.2); empty if there is none. */
    static Id messageId(ByteBuf body) {
        int end = body.indexOf(body.readerIndex(), body.writerIndex(), (byte) 0);
        int length = (end < 0 ? body.writerIndex() : end) - body.readerIndex();
        int taken = Math.min(length, LONGEST_ID);
        String text = body.toString(body.readerIndex(), taken, StandardCharsets.ISO_8859_1);
        // a positive response without any body is a way to give no id
        return new Id(text, length == taken && (end >= 0 || length == 0));
    }

    /**
     * Reads a deliver_sm (SMPP 3.4 §4.6.1).
     *
     * @throws IndexOutOfBoundsException if it ends before its message
     */
    static Delivery deliver(int sequence, ByteBuf body) {
        DeliverSm deliver = new DeliverSm();
        deliver.setSequenceNumber(sequence);
        deliver.setServiceType(string(body));
        deliver.setSourceAddrTon(body.readByte());
        deliver.setSourceAddrNpi(body.readByte());
        deliver.setSourceAddr(string(body));
        deliver.setDestAddrTon(body.readByte());
        deliver.setDestAddrNpi(body.readByte());
        deliver.setDestAddress(string(body));
        deliver.setEsmClass(body.readByte());
        deliver.setProtocolId(body.readByte());
        deliver.setPriorityFlag(body.readByte());
        deliver.setScheduleDeliveryTime(string(body));
        deliver.setValidityPeriod(string(body));
        deliver.setRegisteredDelivery(body.readByte());
        deliver.setReplaceIfPresent(body.readByte());
        deliver.setDataCoding(body.readByte());
        deliver.setSmDefaultMsgId(body.readByte());
        int said = body.readUnsignedByte();
        byte[] text = new byte[Math.min(said, body.readableBytes())];
        body.readBytes(text);
        deliver.setShortMessage(text);
        boolean whole = text.length == said;
        List<OptionalParameter> parameters = new ArrayList<>();
        while (body.readableBytes() >= 2 * Short.BYTES) {
            short tag = body.readShort();
            int length = body.readUnsignedShort();
            if (length > body.readableBytes()) {
                whole = false;
                break;
            }
            byte[] value = new byte[length];
            body.readBytes(value);
            whole &= read(tag, value, parameters);
        }
        whole &= !body.isReadable();
        deliver.setOptionalParameters(parameters.toArray(OptionalParameter[]::new));
        return new Delivery(deliver, whole);
    }

    private static boolean read(short tag, byte[] value, List<OptionalParameter> parameters) {
        try {
            parameters.add(OptionalParameters.deserialize(tag, value));
            return true;
        } catch (RuntimeException e) {
            // a value of another length than its tag has: jSMPP reads past its end. The other parameters count all the
            // same
            return false;
        }
    }

    private static String string(ByteBuf body) {
        int end = body.indexOf(body.readerIndex(), body.writerIndex(), (byte) 0);
        if (end < 0) {
            throw new IndexOutOfBoundsException("a field without its end");
        }
        String text = body.toString(body.readerIndex(), end - body.readerIndex(), StandardCharsets.ISO_8859_1);
        body.readerIndex(end + 1);
        return text;
    }
}
