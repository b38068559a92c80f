package io.tocsin.speech.internal;

import io.tocsin.speech.internal.Wording.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How English says what is written short, in a country that writes days before months: telephone numbers digit by digit, "18 hours". */
final class EnglishWords {

    private EnglishWords() {}

    static Wording wording() {
        List<Rule> rules = new ArrayList<>();
        rules.addAll(telephone());
        rules.addAll(days());
        rules.addAll(hours());
        rules.addAll(units());
        return new Wording(rules);
    }

    private static List<Rule> telephone() {
        return List.of(
                Rule.of(
                        "(?<![\\d.,+])\\+(\\d{1,3})((?:[ .-]?\\(?\\d\\)?){6,12})(?![ .,-]?\\d)",
                        match -> "plus " + digits(match.group(1)) + ", " + digits(match.group(2))),
                Rule.of(
                        "(?<![\\d.,+])(?<!\\d )(0\\d(?:[ .-]?\\d\\d){2,4})(?![ .,-]?\\d)",
                        match -> digits(match.group(1))));
    }

    /** In pairs from the end, so that one can write along. */
    private static String digits(String written) {
        String digits = written.replaceAll("\\D", "");
        int odd = digits.length() % 2;
        Stream<String> alone = odd == 1 ? Stream.of(digits.substring(0, 1)) : Stream.of();
        Stream<String> pairs = Stream.iterate(odd, i -> i < digits.length(), i -> i + 2)
                .map(i -> digits.charAt(i) + " " + digits.charAt(i + 1));
        return Stream.concat(alone, pairs).collect(Collectors.joining(", "));
    }

    private static List<Rule> days() {
        return List.of(
                Rule.of(
                        "(?<![\\d/.-])(\\d{1,2})([/.])(\\d{1,2})\\2((?:19|20)\\d\\d)(?![\\d/]|\\.\\d)",
                        match -> day(match, 1, 3, 4)),
                Rule.of("(?<![\\d/-])((?:19|20)\\d\\d)-(\\d\\d)-(\\d\\d)(?![\\d-])", match -> day(match, 3, 2, 1)));
    }

    private static String day(MatchResult match, int day, int month, int year) {
        return CalendarDay.of(match.group(day), match.group(month), match.group(year))
                .map(written -> written.said(Locale.ENGLISH, "1st"))
                .orElse(null);
    }

    private static List<Rule> hours() {
        String hour = "(?<![\\d.,:])([01]?\\d|2[0-4])";
        return List.of(
                Rule.of(
                        hour + "[:.]([0-5]\\d) ?([ap])\\.?m\\b",
                        match -> hour(match.group(1), match.group(2), "") + " " + match.group(3) + " m"),
                Rule.of(
                        hour + "(?-i: ?h|H) ?([0-5]\\d)?(?![\\p{L}\\d])",
                        match -> hour(match.group(1), match.group(2), " hours")),
                Rule.of("(?<![\\d.,:])(\\d{2,3})(?-i: ?h|H)(?![\\p{L}\\d])", match -> match.group(1) + " hours"),
                Rule.of(hour + ":([0-5]\\d)(?![:\\d])", match -> hour(match.group(1), match.group(2), " hours")));
    }

    /** @param whole after a full hour */
    private static String hour(String hour, String minutes, String whole) {
        int past = minutes == null ? 0 : Integer.parseInt(minutes);
        String said = String.valueOf(Integer.parseInt(hour));
        return past == 0 ? said + whole : said + (past < 10 ? " oh " : " ") + past;
    }

    private static List<Rule> units() {
        String number = "(?<=\\d) ?";
        String end = "(?![\\p{L}\\d])";
        return List.of(
                Rule.of(number + "km ?/ ?h" + end, " kilometres per hour"),
                Rule.of(number + "mm ?/ ?h" + end, " millimetres per hour"),
                Rule.of(number + "m ?(?:3|³) ?/ ?s" + end, " cubic metres per second"),
                Rule.of(number + "m(?:3|³)" + end, " cubic metres"),
                Rule.of(number + "m(?:2|²)" + end, " square metres"),
                Rule.of(number + "° ?C" + end, " degrees"),
                Rule.of(number + "km" + end, " kilometres"),
                Rule.of(number + "(?-i:m)(?![\\p{L}\\d€'’/]|\\.\\p{L})", " metres"),
                Rule.of("\\bn ?[°º] ?(?=\\d)", "number "));
    }
}
