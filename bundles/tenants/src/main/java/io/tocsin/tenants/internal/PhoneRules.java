package io.tocsin.tenants.internal;

import java.util.Optional;
import java.util.regex.Pattern;

/** What an ID and a PIN keyed on a telephone must be. Answers like {@link Rules}; never with the PIN. */
final class PhoneRules {
    private static final Pattern ID = Pattern.compile("[0-9]{4,10}");
    private static final Pattern PIN = Pattern.compile("[0-9]{6,10}");

    /** So many digits in a row make a sequence, wherever they stand. */
    private static final int LONGEST_RUN = 5;

    private PhoneRules() {}

    static Optional<String> id(String value) {
        return ID.matcher(value).matches()
                ? Optional.empty()
                : Optional.of("is not an ID for the telephone; write 4 to 10 digits, or leave it out to be given one");
    }

    /** @param id the ID it goes with */
    static Optional<String> pin(String pin, String id) {
        if (!PIN.matcher(pin).matches()) {
            return Optional.of("has to be 6 to 10 digits");
        }
        if (repeats(pin)) {
            return Optional.of("repeats itself; choose digits in no order");
        }
        if (runs(pin, 0) || runs(pin, 1) || runs(pin, 9)) {
            return Optional.of("is, or holds, a sequence such as 123456 or 111111; choose digits in no order");
        }
        String backwards = new StringBuilder(pin).reverse().toString();
        return pin.contains(id) || id.contains(pin) || backwards.contains(id) || id.contains(backwards)
                ? Optional.of("holds the ID or is held by it; choose digits that have nothing to do with it")
                : Optional.empty();
    }

    /** A part again and again: 121212, 123123, 777777. */
    private static boolean repeats(String pin) {
        for (int length = 1; length <= pin.length() / 2; length++) {
            if (pin.startsWith(pin.substring(length)) && pin.length() % length == 0) {
                return true;
            }
        }
        return false;
    }

    /** @param step from digit to digit, modulo 10: 0 the same, 1 upwards, 9 downwards */
    private static boolean runs(String pin, int step) {
        int run = 1;
        for (int at = 1; at < pin.length(); at++) {
            run = (pin.charAt(at - 1) - '0' + step) % 10 == pin.charAt(at) - '0' ? run + 1 : 1;
            if (run >= LONGEST_RUN) {
                return true;
            }
        }
        return false;
    }
}
