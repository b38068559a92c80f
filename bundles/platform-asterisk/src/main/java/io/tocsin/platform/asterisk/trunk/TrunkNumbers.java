package io.tocsin.platform.asterisk.trunk;

import java.util.Optional;
import java.util.regex.Matcher;
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

    /** ITU-T E.164: codes of one and two digits by name, all others have three. */
    private static final Pattern COUNTRY = Pattern.compile(
            "(\\+(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|[2-9][0-9]{2}))[0-9]{4,}");

    /** How a number is dialled. */
    public enum Form {
        /** +33199001234. */
        PLUS,
        /** 33199001234. */
        DIGITS,
        /** 0033199001234. */
        INTERNATIONAL,
        /** 0199001234 within the country, else as {@link #INTERNATIONAL}. */
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

    /** The country code of a number in E.164, with its plus; empty of any other. */
    public static Optional<String> country(String number) {
        Matcher country = COUNTRY.matcher(number);
        return country.matches() ? Optional.of(country.group(1)) : Optional.empty();
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
            case NATIONAL -> {
                String country = country(own).orElseThrow();
                yield e164.startsWith(country) ? "0" + e164.substring(country.length()) : "00" + e164.substring(1);
            }
        };
    }

    /** A number as the trunk wrote it, in E.164 where that can be told; else as it is. */
    public String e164(String written) {
        if (written.matches("\\+[0-9]{7,15}")) {
            return written;
        }
        if (written.matches("00[1-9][0-9]{6,13}")) {
            return "+" + written.substring(2);
        }
        if (written.matches("0[1-9][0-9]{7,9}") && country(own).isPresent()) {
            return country(own).get() + written.substring(1);
        }
        return written.matches("[1-9][0-9]{9,14}") ? "+" + written : written;
    }

    /** Without numbers. */
    @Override
    public String toString() {
        return "TrunkNumbers[" + dial + " " + form + "]";
    }
}
