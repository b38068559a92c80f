package io.tocsin.channel.voice.internal;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A number that may be shown by an automated call. For French numbers: the numbering plan as ARCEP decision 2022-1583 changed it
 * (from 2023-01-01) leaves automated calls 0162–0163, 0270–0271, 0377–0378, 0424–0425, 0568–0569, 0948–0949 (overseas
 * 09475–09479), special numbers of 08 except 089, and short numbers of 30 and 31; never 06 and 07. Of other countries nothing
 * is known here: E.164 is asked for, the carrier knows its rules.
 */
record CallerId(String number) {
    private static final Pattern E164 = Pattern.compile("\\+[1-9][0-9]{6,14}");
    private static final Pattern SHORT = Pattern.compile("3[01][0-9]{2}");
    private static final Pattern FRENCH = Pattern.compile("\\+33[1-9][0-9]{8}");

    /** After +33, of nine digits. */
    private static final Pattern OF_AUTOMATS =
            Pattern.compile("(16[23]|27[01]|37[78]|42[45]|56[89]|94[89]|947[5-9]|8(?!9))[0-9]*");

    /** Reserved by ARCEP for fiction: nobody's, and so the only ones of demonstrations and tests. */
    private static final Pattern OF_FICTION = Pattern.compile("(19900|26191|35301|46571|53649|63998)[0-9]{4}");

    /** @return empty if it may be shown; else what is wrong and what to write */
    static Optional<String> problem(String number) {
        if (SHORT.matcher(number).matches()) {
            return Optional.empty();
        }
        if (!E164.matcher(number).matches()) {
            return Optional.of("\"" + shortened(number) + "\" is not a number: write E.164, such as +33162000000");
        }
        if (!number.startsWith("+33")) {
            return Optional.empty();
        }
        if (!FRENCH.matcher(number).matches()) {
            return Optional.of("a French number has nine digits after +33");
        }
        String national = number.substring(3);
        if (OF_AUTOMATS.matcher(national).matches()
                || OF_FICTION.matcher(national).matches()) {
            return Optional.empty();
        }
        return Optional.of("0" + national.substring(0, 3)
                + "… may not be shown by automated calls in France: use 0162–0163, 0270–0271, 0377–0378, 0424–0425, 0568–0569,"
                + " 0948–0949, a special number except 089, or 30xx/31xx");
    }

    /** Of several, that of the recipient's zone (the first digit of a French landline), so that who is near sees a near number; else the first. */
    static CallerId of(List<CallerId> ours, String recipient) {
        if (recipient.matches("\\+33[1-5][0-9]{8}")) {
            for (CallerId id : ours) {
                if (id.number.startsWith(recipient.substring(0, 4))) {
                    return id;
                }
            }
        }
        return ours.get(0);
    }

    private static String shortened(String text) {
        return text.length() <= 20 ? text : text.substring(0, 20) + "…";
    }
}
