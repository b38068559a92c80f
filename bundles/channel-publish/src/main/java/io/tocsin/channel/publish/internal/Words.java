package io.tocsin.channel.publish.internal;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;

/** The pages' own words: French, or else English. */
enum Words {
    FRENCH(
            Locale.FRENCH,
            "Alertes",
            "Aucune alerte en cours.",
            "En cours",
            "Passées",
            "Publié le ",
            "Corrigé le ",
            "EXERCICE — ceci n’est pas une alerte réelle",
            "EXERCICE",
            "Danger pour la vie",
            "Important",
            "Information",
            "Être averti par un lecteur de flux : ",
            "d MMMM uuuu 'à' HH 'h' mm"),
    ENGLISH(
            Locale.ENGLISH,
            "Alerts",
            "No current alert.",
            "Current",
            "Past",
            "Published on ",
            "Corrected on ",
            "EXERCISE — this is not a real alert",
            "EXERCISE",
            "Danger to life",
            "Important",
            "Information",
            "Follow with a feed reader: ",
            "d MMMM uuuu, HH:mm");

    /** Scripts and languages written from right to left (CLDR). */
    private static final Set<String> RIGHT_TO_LEFT_SCRIPTS =
            Set.of("Arab", "Hebr", "Thaa", "Syrc", "Nkoo", "Adlm", "Rohg", "Mand", "Samr");

    private static final Set<String> RIGHT_TO_LEFT = Set.of(
            "ar", "arc", "azb", "ckb", "dv", "fa", "glk", "he", "iw", "ks", "lrc", "mzn", "nqo", "pnb", "prs", "ps",
            "sd", "syr", "ug", "ur", "yi");

    final String alerts;
    final String none;
    final String current;
    final String past;
    final String published;
    final String corrected;
    final String drill;
    final String drillMark;
    final String feeds;
    private final String lifeSafety;
    private final String operational;
    private final String information;
    private final DateTimeFormatter time;

    Words(
            Locale locale,
            String alerts,
            String none,
            String current,
            String past,
            String published,
            String corrected,
            String drill,
            String drillMark,
            String lifeSafety,
            String operational,
            String information,
            String feeds,
            String time) {
        this.alerts = alerts;
        this.none = none;
        this.current = current;
        this.past = past;
        this.published = published;
        this.corrected = corrected;
        this.drill = drill;
        this.drillMark = drillMark;
        this.lifeSafety = lifeSafety;
        this.operational = operational;
        this.information = information;
        this.feeds = feeds;
        this.time = DateTimeFormatter.ofPattern(time, locale);
    }

    static Words of(String language) {
        return Locale.forLanguageTag(language).getLanguage().equals("fr") ? FRENCH : ENGLISH;
    }

    String language() {
        return this == FRENCH ? "fr" : "en";
    }

    String kind(String category) {
        return switch (category) {
            case "life-safety" -> lifeSafety;
            case "operational" -> operational;
            default -> information;
        };
    }

    String time(Instant at, ZoneId zone) {
        return time.format(ZonedDateTime.ofInstant(at, zone));
    }

    /** A title that cannot be mistaken for a real alert's. */
    String marked(Entry entry, String title) {
        String start = title.toUpperCase(Locale.ROOT);
        boolean said = start.startsWith("EXERCICE") || start.startsWith("EXERCISE") || start.startsWith("[EXERCI");
        return entry.drill() && !said ? drillMark + " — " + title : title;
    }

    /** What an entry is called where it has to be called something: its title, or how its text begins. */
    String headline(Entry entry) {
        String title = entry.title().isEmpty()
                ? Drafts.cut(entry.text().lines().findFirst().orElse("").strip(), 90)
                : entry.title();
        return marked(entry, title);
    }

    static boolean rightToLeft(String language) {
        Locale locale = Locale.forLanguageTag(language);
        return locale.getScript().isEmpty()
                ? RIGHT_TO_LEFT.contains(locale.getLanguage())
                : RIGHT_TO_LEFT_SCRIPTS.contains(locale.getScript());
    }
}
