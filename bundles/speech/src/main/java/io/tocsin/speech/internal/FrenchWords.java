package io.tocsin.speech.internal;

import io.tocsin.speech.internal.Wording.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How France says what it writes short: telephone numbers in pairs, "dix-huit heures trente", "numéro", "kilomètres-heure". */
final class FrenchWords {

    private static final List<String> ORDINALS = List.of(
            "deuxième",
            "troisième",
            "quatrième",
            "cinquième",
            "sixième",
            "septième",
            "huitième",
            "neuvième",
            "dixième",
            "onzième",
            "douzième",
            "treizième",
            "quatorzième",
            "quinzième",
            "seizième",
            "dix-septième",
            "dix-huitième",
            "dix-neuvième",
            "vingtième");

    /** “18 h”, “18H”, “18 H 30”; but “bâtiment 5 H” is no time. */
    private static final String H = "(?-i: ?h|H| H(?= ?\\d\\d))";

    private FrenchWords() {}

    static Wording wording() {
        List<Rule> rules = new ArrayList<>();
        rules.addAll(telephone());
        rules.addAll(days());
        rules.addAll(hours());
        rules.addAll(units());
        rules.addAll(abbreviations());
        return new Wording(rules);
    }

    private static List<Rule> telephone() {
        return List.of(
                Rule.of(
                        "(?<![\\d.,+])(?:(?:\\+|00)33 ?(?:\\(0\\))?[ .-]?|0)([1-9])((?:[ .-]?\\d\\d){4})(?![ .,-]?\\d)",
                        match -> inPairs(match.group(1), match.group(2))),
                // The beginning of a number, as in “les numéros en 04 65 71”.
                Rule.of(
                        "(?<![\\d.,+])(?<!\\d )0([1-9])((?: \\d\\d){2,3})(?![ .,-]?\\d)",
                        match -> inPairs(match.group(1), match.group(2))),
                Rule.of(
                        "(?<=\\b(?:au|le|numéro|appelez|composez) )(3\\d)(\\d\\d)(?![ .,/-]?\\d)",
                        match -> pair(match.group(1)) + " " + pair(match.group(2))));
    }

    private static String inPairs(String second, String rest) {
        String digits = rest.replaceAll("\\D", "");
        Stream<String> pairs =
                Stream.iterate(0, i -> i < digits.length(), i -> i + 2).map(i -> pair(digits.substring(i, i + 2)));
        return Stream.concat(Stream.of("zéro " + second), pairs).collect(Collectors.joining(", "));
    }

    private static String pair(String digits) {
        return digits.startsWith("0") ? "zéro " + (digits.equals("00") ? "zéro" : digits.substring(1)) : digits;
    }

    private static List<Rule> days() {
        return List.of(
                Rule.of(
                        "(?<![\\d/.-])(\\d{1,2})([/.])(\\d{1,2})\\2((?:19|20)\\d\\d)(?![\\d/]|\\.\\d)",
                        match -> day(match, 1, 3, 4)),
                Rule.of("(?<![\\d/-])((?:19|20)\\d\\d)-(\\d\\d)-(\\d\\d)(?![\\d-])", match -> day(match, 3, 2, 1)),
                Rule.of(
                        "(?<=\\b(?:le|du|au|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche) )(\\d{1,2})/(\\d{1,2})(?![\\d/])",
                        match -> CalendarDay.of(match.group(1), match.group(2), null)
                                .map(day -> day.said(Locale.FRENCH, "1er"))
                                .orElse(null)));
    }

    private static String day(MatchResult match, int day, int month, int year) {
        return CalendarDay.of(match.group(day), match.group(month), match.group(year))
                .map(written -> written.said(Locale.FRENCH, "1er"))
                .orElse(null);
    }

    private static List<Rule> hours() {
        String hour = "(?<![\\d.,:])([01]?\\d|2[0-4])";
        return List.of(
                Rule.of("\\b24 ?h ?(?:/|sur) ?24\\b", "24 heures sur 24"),
                Rule.of("\\b7 ?j ?(?:/|sur) ?7\\b", "7 jours sur 7"),
                // “10h-12h”, “8h30 – 9h”
                Rule.of("(?<=\\d ?h ?(?:[0-5]\\d)?) ?[-–] ?(?=\\d{1,2} ?h)", " à "),
                Rule.of(
                        hour + H + " ?([0-5]\\d)?(?: ?min)?(?![\\p{L}\\d])",
                        match -> hours(match.group(1), match.group(2))),
                // Not a time of day: “sous 48 h”
                Rule.of("(?<![\\d.,:])(\\d{2,3})" + H + "(?![\\p{L}\\d])", match -> match.group(1) + " heures"),
                Rule.of(hour + ":([0-5]\\d)(?![:\\d])", match -> hours(match.group(1), match.group(2))));
    }

    private static String hours(String hour, String minutes) {
        int hours = Integer.parseInt(hour);
        int past = minutes == null ? 0 : Integer.parseInt(minutes);
        // An hour is feminine, and binds: “vingt et une heures”, “neuv heures”. Of figures espeak-ng makes neither.
        String said =
                switch (hours) {
                    case 0 -> "zéro heure";
                    case 1 -> "une heure";
                    case 9 -> "neuf heures";
                    case 19 -> "dix-neuf heures";
                    case 21 -> "vingt et une heures";
                    default -> hours + " heures";
                };
        return past == 0 ? said : said + " " + past;
    }

    private static List<Rule> units() {
        String number = "(?<=\\d) ?";
        String end = "(?![\\p{L}\\d])";
        return List.of(
                Rule.of(number + "km ?/ ?h" + end, " kilomètres-heure"),
                Rule.of(number + "mm ?/ ?h" + end, " millimètres par heure"),
                Rule.of(number + "m ?(?:3|³) ?/ ?s" + end, " mètres cubes par seconde"),
                Rule.of(number + "m(?:3|³)" + end, " mètres cubes"),
                Rule.of(number + "m(?:2|²)" + end, " mètres carrés"),
                Rule.of(number + "° ?C" + end, " degrés"),
                Rule.of(number + "(?-i:m)(?![\\p{L}\\d€'’/]|\\.\\p{L})", " mètres"),
                Rule.of(number + "min" + end, " minutes"),
                Rule.of("(?<![\\d.,])([01]) ?€", match -> match.group(1) + " euro"),
                Rule.of(number + "€", " euros"));
    }

    private static List<Rule> abbreviations() {
        return List.of(
                Rule.of("\\b(?:n ?[°º]|num\\.) ?(?=\\d)", "numéro "),
                Rule.of("(?-i:(?<!\\d )\\bM\\. (?=\\p{Lu}))", "monsieur "),
                Rule.of("(?<![\\d.,])(\\d{1,2})(?-i:e|è|ème|eme)(?![\\p{L}\\d])", match -> ordinal(match.group(1))));
    }

    private static String ordinal(String number) {
        int n = Integer.parseInt(number);
        return n < 2 || n > ORDINALS.size() + 1 ? null : ORDINALS.get(n - 2);
    }
}
