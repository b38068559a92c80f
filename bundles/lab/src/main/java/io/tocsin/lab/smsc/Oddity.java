package io.tocsin.lab.smsc;

import java.util.Locale;

/** What a carrier may do that SMPP does not foresee; each seen at a real one, or at its load balancer. */
public enum Oddity {
    /** After the response, a PDU whose length is below that of a header. */
    BAD_LENGTH,
    /** After the response, an HTTP answer: what a load balancer says when nobody is behind it. */
    NOT_SMPP,
    /** Before the response, a request with a command nobody knows, and a response to nothing with another. */
    UNKNOWN_COMMAND,
    /** The response, its id without its end. */
    TRUNCATED_RESPONSE,
    /** The receipt, cut off in the middle of its last parameter. */
    TRUNCATED_RECEIPT,
    /** Before the receipt, a deliver_sm that ends in the middle of its addresses. */
    UNREADABLE_RECEIPT,
    /** Before the response, a PDU of a megabyte with an unknown command. */
    OVERSIZED,
    /** The response bears another number than the submit. */
    WRONG_SEQUENCE,
    /** No response, though the message was taken. */
    NO_RESPONSE,
    /** The same response twice. */
    TWICE,
    /** A second response, that refuses what the first took. */
    SECOND_THOUGHTS,
    /** A generic_nack for the number after the submit's. */
    STRAY_NACK,
    /** The response bears no id. */
    EMPTY_ID,
    /** The response ends with its header: no id, no end of it. */
    NO_BODY,
    /** Before each receipt, one for a message that was never sent. */
    FOREIGN_RECEIPT,
    /** The receipt names no message, in its text or otherwise. */
    RECEIPT_WITHOUT_ID,
    /** Each receipt twice. */
    RECEIPT_TWICE;

    /** As options write it: {@code wrong-sequence}. @throws IllegalArgumentException naming those there are */
    public static Oddity of(String written) {
        for (Oddity one : values()) {
            if (one.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(written)) {
                return one;
            }
        }
        StringBuilder all = new StringBuilder();
        for (Oddity one : values()) {
            all.append(' ').append(one.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        }
        throw new IllegalArgumentException("odd: " + written + " is none of" + all);
    }
}
