package io.tocsin.channel.sms.internal;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The address a message seems to come from, and its type and plan of number (SMPP 3.4 §5.2.5, §5.2.6). French rules:
 * a number in E.164, a short code, or at most 11 letters and digits with at least one letter, without a space; operators
 * refuse words that any sender could use. Nobody can reply to a sender written in letters.
 *
 * @param address the address as submitted, without plus
 * @param typeOfNumber 5 alphanumeric, 3 network-specific (short code), 1 international
 * @param numberingPlan 0 unknown, 1 ISDN
 */
record SmsSender(String address, byte typeOfNumber, byte numberingPlan) {
    static final String RULE =
            "write a number in E.164 (+33…), a short code of 3 to 6 digits, or 1 to 11 letters and digits "
                    + "with at least one letter, no space, no accent";
    private static final Pattern INTERNATIONAL = Pattern.compile("\\+[1-9][0-9]{6,14}");
    private static final Pattern SHORT_CODE = Pattern.compile("[0-9]{3,6}");
    private static final Pattern WORD = Pattern.compile("(?=.*[A-Za-z])[A-Za-z0-9]{1,11}");
    private static final Set<String> TOO_GENERIC =
            Set.of("alert", "alerte", "info", "infos", "sms", "urgent", "urgence");

    /** No sender of our own: the carrier puts its default. */
    static final SmsSender CARRIERS = new SmsSender("", (byte) 0, (byte) 0);

    /** Reads a sender, or empty if the rules refuse it. */
    static Optional<SmsSender> of(String written) {
        if (INTERNATIONAL.matcher(written).matches()) {
            return Optional.of(new SmsSender(written.substring(1), (byte) 1, (byte) 1));
        }
        if (SHORT_CODE.matcher(written).matches()) {
            return Optional.of(new SmsSender(written, (byte) 3, (byte) 0));
        }
        if (WORD.matcher(written).matches() && !TOO_GENERIC.contains(written.toLowerCase(Locale.ROOT))) {
            return Optional.of(new SmsSender(written, (byte) 5, (byte) 0));
        }
        return Optional.empty();
    }
}
