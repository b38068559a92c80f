package io.tocsin.directory.internal.value;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberType;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads telephone numbers as people write them, one or several in a cell, into E.164. Immutable; any thread.
 *
 * <p>The numbers ARCEP reserves for fiction (decision 2018-0881: 01 99 00, 02 61 91, 03 53 01, 04 65 71, 05 36 49 and
 * 06 39 98) are taken as valid although no operator serves them: samples, demos and tests use nothing else.
 */
public final class PhoneCell {
    /** One national plan, several country codes: a mainland file may hold overseas numbers written nationally. */
    private static final Map<String, List<String>> SISTER_REGIONS = Map.of("FR", List.of("RE", "GP", "MQ", "GF", "YT"));

    private static final Pattern FICTION = Pattern.compile("\\+33(?:19900|26191|35301|46571|53649|63998)\\d{4}");
    private static final Pattern SEPARATORS = Pattern.compile(
            "[;,|\\n\\r]+|\\s+(?:ou|et|or|and|puis)\\s+|\\s*&\\s*|\\s+[-–/]\\s+", Pattern.CASE_INSENSITIVE);
    private static final Pattern SLASHES = Pattern.compile("\\s*/\\s*");
    /** Words that town halls write around a number. "Poste" is not among them: an extension cannot be dialled by a machine. */
    private static final Pattern LABELS = Pattern.compile(
            "(?<![\\p{L}])(?:t[ée]l[ée]phones?|t[ée]ls?|portables?|port|mobiles?|mob|gsm|cell|fixes?|domicile|dom|"
                    + "maison|bureau|bur|travail|pro|professionnel|perso|personnel|priv[ée]|home|work|phone)"
                    + "(?![\\p{L}])\\s*[.:)]*",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

    private final PhoneNumberUtil plans = PhoneNumberUtil.getInstance();
    private final String region;

    /**
     * @param region ISO 3166 region of numbers written nationally
     * @throws IllegalArgumentException if there is no such region
     */
    public PhoneCell(String region) {
        if (region == null || !plans.getSupportedRegions().contains(region)) {
            throw new IllegalArgumentException(
                    "'" + region + "' is not a region: give its ISO 3166 code of two capitals, such as FR");
        }
        this.region = region;
    }

    /**
     * @param cell may be null or blank: no numbers and no problem
     * @param mobileExpected settles the kind where the plan cannot tell mobile from landline (North America)
     */
    public AddressCell read(String cell, boolean mobileExpected) {
        String text = withoutNotes(cell);
        if (text.isEmpty()) {
            return cell == null || cell.isBlank() ? AddressCell.EMPTY : problem(CleanText.of(cell), "is not a number");
        }
        Outcome whole = one(text, mobileExpected);
        if (whole.address().isPresent()) {
            return new AddressCell(List.of(whole.address().get()), List.of());
        }
        List<String> pieces = pieces(text, mobileExpected);
        if (pieces.size() < 2) {
            return problem(text, whole.problem());
        }
        List<Address> good = new ArrayList<>();
        List<String> bad = new ArrayList<>();
        for (String piece : pieces) {
            Outcome outcome = one(piece, mobileExpected);
            outcome.address().ifPresentOrElse(good::add, () -> bad.add("'" + brief(piece) + "' " + outcome.problem()));
        }
        return new AddressCell(good, bad);
    }

    private List<String> pieces(String text, boolean mobileExpected) {
        List<String> pieces = new ArrayList<>();
        for (String piece : SEPARATORS.split(text)) {
            if (piece.isBlank()) {
                continue;
            }
            if (one(piece, mobileExpected).address().isPresent()) {
                pieces.add(piece.strip());
            } else if (piece.indexOf('/') >= 0) {
                for (String part : SLASHES.split(piece)) {
                    if (!part.isBlank()) {
                        pieces.add(part.strip());
                    }
                }
            } else {
                pieces.addAll(runTogether(piece.strip()));
            }
        }
        return pieces;
    }

    /** "06 39 98 00 01 04 65 71 00 01": ten digits each in the French plan. */
    private List<String> runTogether(String piece) {
        String digits = piece.replaceAll("[^0-9]", "");
        if (!region.equals("FR") || digits.length() < 20 || digits.length() % 10 != 0 || piece.indexOf('+') >= 0) {
            return List.of(piece);
        }
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < digits.length(); i += 10) {
            if (digits.charAt(i) != '0') {
                return List.of(piece);
            }
            parts.add(digits.substring(i, i + 10));
        }
        return parts;
    }

    private Outcome one(String text, boolean mobileExpected) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isLetter(text.charAt(i))) {
                return Outcome.bad("holds letters: write the number alone, without extension or note");
            }
        }
        PhoneNumber number;
        try {
            number = plans.parse(text, region);
        } catch (NumberParseException e) {
            return Outcome.bad(
                    switch (e.getErrorType()) {
                        case INVALID_COUNTRY_CODE -> "has no known country code";
                        case TOO_LONG -> "is too long";
                        case TOO_SHORT_AFTER_IDD, TOO_SHORT_NSN -> "is too short";
                        case NOT_A_NUMBER -> "is not a number";
                    });
        }
        if (number.hasExtension()) {
            return Outcome.bad("has an extension, which cannot be dialled automatically");
        }
        String e164 = plans.format(number, PhoneNumberFormat.E164);
        if (FICTION.matcher(e164).matches()) {
            return Outcome.good(new Address(e164.charAt(3) == '6' ? "mobile" : "landline", e164, text));
        }
        if (plans.isValidNumber(number)) {
            return byType(number, e164, text, mobileExpected);
        }
        return sister(text, mobileExpected).orElseGet(() -> Outcome.bad(whyInvalid(number)));
    }

    private Outcome byType(PhoneNumber number, String e164, String text, boolean mobileExpected) {
        PhoneNumberType type = plans.getNumberType(number);
        return switch (type) {
            case MOBILE -> Outcome.good(new Address("mobile", e164, text));
            case FIXED_LINE, VOIP, PERSONAL_NUMBER -> Outcome.good(new Address("landline", e164, text));
            case FIXED_LINE_OR_MOBILE -> Outcome.good(new Address(mobileExpected ? "mobile" : "landline", e164, text));
            case TOLL_FREE, PREMIUM_RATE, SHARED_COST, UAN ->
                Outcome.bad("is a special number (" + words(type) + "), not somebody's line");
            case PAGER, VOICEMAIL, UNKNOWN -> Outcome.bad("is no line of a person (" + words(type) + ")");
        };
    }

    private Optional<Outcome> sister(String text, boolean mobileExpected) {
        if (text.indexOf('+') >= 0) {
            return Optional.empty();
        }
        for (String sister : SISTER_REGIONS.getOrDefault(region, List.of())) {
            try {
                PhoneNumber number = plans.parse(text, sister);
                if (plans.isValidNumberForRegion(number, sister)) {
                    return Optional.of(
                            byType(number, plans.format(number, PhoneNumberFormat.E164), text, mobileExpected));
                }
            } catch (NumberParseException e) {
                // not in this plan either: the mainland's reason is the one to tell
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private String whyInvalid(PhoneNumber number) {
        return switch (plans.isPossibleNumberWithReason(number)) {
            case TOO_SHORT -> "is too short";
            case TOO_LONG -> "is too long";
            case INVALID_COUNTRY_CODE -> "has no known country code";
            case INVALID_LENGTH -> "has a wrong number of digits";
            case IS_POSSIBLE_LOCAL_ONLY -> "lacks its area code";
            case IS_POSSIBLE ->
                "is not a number in service in " + plans.getRegionCodeForCountryCode(number.getCountryCode());
        };
    }

    private static String words(PhoneNumberType type) {
        return type.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }

    private static String withoutNotes(String cell) {
        if (cell == null) {
            return "";
        }
        String lines = cell.replaceAll("[\\r\\n]+", ";");
        String text = CleanText.of(lines).replace("(0)", "");
        boolean letters = text.chars().anyMatch(Character::isLetter);
        return letters
                ? LABELS.matcher(text)
                        .replaceAll(" ")
                        .replaceAll("\\(\\s*\\)", "")
                        .strip()
                : text;
    }

    private static AddressCell problem(String text, String problem) {
        return new AddressCell(List.of(), List.of("'" + brief(text) + "' " + problem));
    }

    static String brief(String text) {
        return text.length() <= 40 ? text : text.substring(0, 37) + "…";
    }

    private record Outcome(Optional<Address> address, String problem) {
        static Outcome good(Address address) {
            return new Outcome(Optional.of(address), "");
        }

        static Outcome bad(String problem) {
            return new Outcome(Optional.empty(), problem);
        }
    }
}
