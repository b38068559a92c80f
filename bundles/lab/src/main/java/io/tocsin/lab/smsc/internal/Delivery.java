package io.tocsin.lab.smsc.internal;

import io.tocsin.lab.smsc.Fate;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jsmpp.PDUStringException;
import org.jsmpp.bean.OptionalParameter;
import org.jsmpp.util.DefaultComposer;
import org.jsmpp.util.PDUComposer;

/**
 * One deliver_sm on its way to the sender: a receipt or a person's reply.
 *
 * @param from the telephone, with a plus if international
 * @param to the address the message had come from
 */
record Delivery(boolean receipt, String from, String to, byte[] text, OptionalParameter[] parameters, Damage damage) {
    /** What happens to it on the way. */
    enum Damage {
        NONE,
        /** Its last parameter lost its end. */
        CUT,
        /** Only the header and a few octets arrive. */
        BEHEADED
    }

    private static final PDUComposer COMPOSER = new DefaultComposer();
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyMMddHHmm").withZone(ZoneOffset.UTC);
    private static final byte RECEIPT = 0x04;
    private static final short RECEIPTED_MESSAGE_ID = 0x001e;
    private static final short MESSAGE_STATE = 0x0427;

    static Delivery reply(String from, String to, String text) {
        return new Delivery(false, from, to, Gsm7.encode(text), new OptionalParameter[0], Damage.NONE);
    }

    static Delivery receipt(
            String id,
            String destination,
            String sender,
            Fate fate,
            Instant submitted,
            Optional<String> reference,
            int referenceTag) {
        String text = (id.isEmpty() ? "" : "id:" + id + " ") + "sub:001 dlvrd:"
                + (fate == Fate.DELIVERED ? "001" : "000") + " submit date:"
                + MINUTE.format(submitted) + " done date:" + MINUTE.format(Instant.now()) + " stat:" + fate.stat()
                + " err:" + fate.error() + " text:";
        List<OptionalParameter> parameters = new ArrayList<>();
        if (!id.isEmpty()) {
            parameters.add(new OptionalParameter.COctetString(RECEIPTED_MESSAGE_ID, id));
        }
        parameters.add(new OptionalParameter.Byte(MESSAGE_STATE, fate.messageState()));
        reference.ifPresent(r -> parameters.add(new OptionalParameter.OctetString((short) referenceTag, r)));
        return new Delivery(
                true,
                destination,
                sender,
                text.getBytes(StandardCharsets.US_ASCII),
                parameters.toArray(OptionalParameter[]::new),
                Damage.NONE);
    }

    Delivery mangled(Damage how) {
        return new Delivery(receipt, from, to, text, parameters, how);
    }

    byte[] pdu(int sequence) throws PDUStringException {
        byte[] whole = composed(sequence);
        return switch (damage) {
            case NONE -> whole;
            case CUT -> Strange.cut(whole, 2);
            case BEHEADED -> Strange.keep(whole, 20);
        };
    }

    private byte[] composed(int sequence) throws PDUStringException {
        return COMPOSER.deliverSm(
                sequence,
                "",
                typeOf(from),
                planOf(from),
                bare(from),
                typeOf(to),
                planOf(to),
                bare(to),
                receipt ? RECEIPT : 0,
                (byte) 0,
                (byte) 0,
                (byte) 0,
                (byte) 0,
                text,
                parameters);
    }

    private static byte typeOf(String address) {
        return (byte) (address.startsWith("+") ? 1 : 0);
    }

    private static byte planOf(String address) {
        return typeOf(address);
    }

    private static String bare(String address) {
        return address.startsWith("+") ? address.substring(1) : address;
    }
}
