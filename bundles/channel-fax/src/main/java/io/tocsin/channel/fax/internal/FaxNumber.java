package io.tocsin.channel.fax.internal;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A telephone number, in E.164.
 *
 * @param e164 with its plus
 */
record FaxNumber(String e164) {
    private static final Pattern E164 = Pattern.compile("\\+[1-9][0-9]{6,14}");
    private static final String FRANCE = "+33";

    /** How a trunk wants it written. */
    enum Form {
        PLUS,
        DIGITS,
        INTERNATIONAL,
        /** Within France, else with 00. */
        NATIONAL;

        /** @param setting as accounts write it; checked there */
        static Form of(String setting) {
            return switch (setting) {
                case "plus" -> PLUS;
                case "digits" -> DIGITS;
                case "00" -> INTERNATIONAL;
                case "national" -> NATIONAL;
                default -> throw new IllegalArgumentException(setting);
            };
        }
    }

    static Optional<FaxNumber> of(String written) {
        return E164.matcher(written).matches() ? Optional.of(new FaxNumber(written)) : Optional.empty();
    }

    /**
     * Whether an automatic caller may show it: a French mobile number never (decision 2022-1583 of ARCEP); that a number is the
     * tenant's own the operator answers for.
     */
    boolean mayBeShown() {
        return !e164.startsWith(FRANCE + "6") && !e164.startsWith(FRANCE + "7");
    }

    String written(Form form) {
        String digits = e164.substring(1);
        return switch (form) {
            case PLUS -> e164;
            case DIGITS -> digits;
            case INTERNATIONAL -> "00" + digits;
            case NATIONAL -> e164.startsWith(FRANCE) ? "0" + e164.substring(FRANCE.length()) : "00" + digits;
        };
    }

    /** Without most of the number. */
    @Override
    public String toString() {
        return "…" + e164.substring(e164.length() - 2);
    }
}
