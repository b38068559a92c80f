package io.tocsin.channel.sms.internal;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Locale;

/**
 * How a carrier writes message ids in responses and in receipts, so that both become the same text: many write a number
 * in hexadecimal in one and in decimal in the other, or change its case or leading zeros.
 */
enum MessageIdFormat {
    /** As written. */
    AS_IS("as-is"),
    /** The same digits both times; case and leading zeros do not count. */
    AUTO("auto"),
    /** Hexadecimal both times. */
    HEX("hex"),
    /** Decimal both times. */
    DECIMAL("decimal"),
    /** Hexadecimal in responses, decimal in receipts. */
    HEX_THEN_DECIMAL("hex-then-decimal"),
    /** Decimal in responses, hexadecimal in receipts. */
    DECIMAL_THEN_HEX("decimal-then-hex");

    private final String written;

    MessageIdFormat(String written) {
        this.written = written;
    }

    String written() {
        return written;
    }

    static MessageIdFormat of(String written) {
        return Arrays.stream(values())
                .filter(format -> format.written.equals(written))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no format of message ids: " + written));
    }

    String ofResponse(String id) {
        return switch (this) {
            case AS_IS -> id;
            case AUTO -> trimmed(id);
            case HEX, HEX_THEN_DECIMAL -> number(id, 16);
            case DECIMAL, DECIMAL_THEN_HEX -> number(id, 10);
        };
    }

    String ofReceipt(String id) {
        return switch (this) {
            case HEX_THEN_DECIMAL -> number(id, 10);
            case DECIMAL_THEN_HEX -> number(id, 16);
            default -> ofResponse(id);
        };
    }

    private static String trimmed(String id) {
        int begin = 0;
        while (begin < id.length() - 1 && id.charAt(begin) == '0') {
            begin++;
        }
        return id.substring(begin).toLowerCase(Locale.ROOT);
    }

    /** The number in decimal; an id that is no number stays as it is, and matches if the carrier writes it so again. */
    private static String number(String id, int radix) {
        boolean digits = !id.isEmpty() && id.chars().allMatch(c -> c < 0x80 && Character.digit(c, radix) >= 0);
        return digits ? new BigInteger(id, radix).toString() : id;
    }
}
