package io.tocsin.platform.asterisk.trunk;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How numbers are written on a trunk.
 *
 * @param dial technology, number and trunk, such as {@code PJSIP/{number}@trunk}
 * @param form of numbers that are dialled
 * @param own a number of the account's; its country is that of numbers without one. A short number has no country
 */
public record TrunkNumbers(String dial, Form form, String own) {
    /** Nothing that could begin a second channel, a variable or another line. */
    private static final Pattern DIAL = Pattern.compile("[A-Za-z0-9/@._+:;=-]*\\{number}[A-Za-z0-9/@._+:;=-]*");

    private static final Pattern E164 = Pattern.compile("\\+[1-9][0-9]{5,14}");

    /** Shorter ones are a switch's own, or an exchange's services: they are the same everywhere on the trunk. */
    private static final Pattern LONG = Pattern.compile("[0-9]{7,17}");

    private static final PhoneNumberUtil PLANS = PhoneNumberUtil.getInstance();

    /** How a number is dialled. */
    public enum Form {
        /** +33199001234. */
        PLUS,
        /** 33199001234. */
        DIGITS,
        /** 0033199001234. */
        INTERNATIONAL,
        /**
         * Within the country as its people write it, digits only: 0199001234 in France, 912345678 in Spain, 0669821234 in Italy,
         * where the 0 belongs to the number. Else, and for what no number of the country can be, as {@link #INTERNATIONAL}.
         */
        NATIONAL;

        /**
         * @param setting as accounts write it
         * @throws IllegalArgumentException if it is not {@code plus}, {@code digits}, {@code 00} or {@code national}
         */
        public static Form of(String setting) {
            return switch (setting) {
                case "plus" -> PLUS;
                case "digits" -> DIGITS;
                case "00" -> INTERNATIONAL;
                case "national" -> NATIONAL;
                default -> throw new IllegalArgumentException(setting);
            };
        }
    }

    /** @throws IllegalArgumentException if {@link #problem} has one, or a national form is asked for and there is no country */
    public TrunkNumbers {
        problem(dial).ifPresent(why -> {
            throw new IllegalArgumentException("dial " + why);
        });
        if (form == Form.NATIONAL && country(own).isEmpty()) {
            throw new IllegalArgumentException("national without a country");
        }
    }

    /** What is wrong with a dial string and what to write instead, to stand behind its name; empty if it can be dialled. */
    public static Optional<String> problem(String dial) {
        return DIAL.matcher(dial).matches()
                ? Optional.empty()
                : Optional.of(
                        "is no dial string: write such as PJSIP/{number}@trunk, with {number} once and without spaces");
    }

    /** The country code of a number in E.164, with its plus; empty of any other, and of a code that no country has. */
    public static Optional<String> country(String number) {
        return parsed(number).map(p -> "+" + p.getCountryCode());
    }

    private static Optional<PhoneNumber> parsed(String e164) {
        return E164.matcher(e164).matches() ? parsed(e164, null) : Optional.empty();
    }

    /** @param region whose number it is when it does not begin with a plus */
    private static Optional<PhoneNumber> parsed(String written, String region) {
        try {
            return Optional.of(PLANS.parse(written, region));
        } catch (NumberParseException e) {
            return Optional.empty();
        }
    }

    /** What the switch dials to reach a number. @param e164 with its plus */
    public String endpoint(String e164) {
        return dial.replace("{number}", written(e164));
    }

    /** As the trunk wants it. @param e164 with its plus */
    public String written(String e164) {
        return switch (form) {
            case PLUS -> e164;
            case DIGITS -> e164.substring(1);
            case INTERNATIONAL -> "00" + e164.substring(1);
            case NATIONAL ->
                parsed(e164)
                        .filter(this::isOfOurCountry)
                        .filter(PLANS::isPossibleNumber)
                        .map(number ->
                                PLANS.format(number, PhoneNumberFormat.NATIONAL).replaceAll("[^0-9]", ""))
                        .orElseGet(() -> "00" + e164.substring(1));
        };
    }

    private boolean isOfOurCountry(PhoneNumber number) {
        return parsed(own)
                .filter(ours -> ours.getCountryCode() == number.getCountryCode())
                .isPresent();
    }

    /**
     * A number as the trunk wrote it, in E.164 where that can be told; else as it is. What can be read as a national number and
     * as an international one without its prefix is what {@link #form} says.
     */
    public String e164(String written) {
        if (written.matches("\\+[0-9]{7,15}")) {
            return written;
        }
        if (!LONG.matcher(written).matches()) {
            return written;
        }
        if (written.matches("00[1-9][0-9]{6,14}")) {
            return "+" + written.substring(2);
        }
        Optional<String> national = national(written);
        Optional<String> international = international(written);
        return (form == Form.DIGITS ? international.or(() -> national) : national.or(() -> international))
                .orElse(written.matches("[1-9][0-9]{9,14}") ? "+" + written : written);
    }

    private Optional<String> national(String written) {
        return parsed(own)
                .map(ours -> PLANS.getRegionCodeForCountryCode(ours.getCountryCode()))
                .flatMap(region -> parsed(written, region))
                // a 0 in front says that it is national, even of a range that is not in use yet
                .filter(number ->
                        PLANS.isValidNumber(number) || written.startsWith("0") && PLANS.isPossibleNumber(number))
                .map(number -> PLANS.format(number, PhoneNumberFormat.E164));
    }

    private static Optional<String> international(String written) {
        return parsed("+" + written).filter(PLANS::isValidNumber).map(number -> "+" + written);
    }

    /** Without numbers. */
    @Override
    public String toString() {
        return "TrunkNumbers[" + dial + " " + form + "]";
    }
}
