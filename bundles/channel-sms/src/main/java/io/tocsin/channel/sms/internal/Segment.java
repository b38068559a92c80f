package io.tocsin.channel.sms.internal;

import java.util.Optional;

/**
 * One submit_sm, ready to go: the body of the exchange that carries it, and where its result is left.
 *
 * <p>All of the submit is here and nothing in headers, so that no header can steer it.
 */
final class Segment {
    /** What all segments of a message share. */
    record Common(
            SmsSender sender,
            String destination,
            byte dataCoding,
            byte esmClass,
            byte priority,
            String validity,
            Optional<Tlv> reference) {}

    /** An optional parameter with text in it. */
    record Tlv(short tag, String text) {}

    private final Common common;
    private final byte[] octets;
    private boolean handedOver;
    private String carrierId;

    Segment(Common common, byte[] octets) {
        this.common = common;
        this.octets = octets;
    }

    Common common() {
        return common;
    }

    byte[] octets() {
        return octets;
    }

    /** From here on a failure no longer proves that nothing was sent. */
    void handedOver() {
        handedOver = true;
    }

    boolean wasHandedOver() {
        return handedOver;
    }

    void accepted(String id) {
        carrierId = id;
    }

    /** The carrier's id as it wrote it, or null if it did not accept. */
    String carrierId() {
        return carrierId;
    }

    /** Leaves number and text out: both are personal data, and Camel may print a body. */
    @Override
    public String toString() {
        return "Segment[" + octets.length + " octets]";
    }
}
