package io.tocsin.alerting.internal;

import io.tocsin.alerting.api.Scenario;
import io.tocsin.alerting.api.Scenario.Message;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Marks everything people see of an exercise, in their language, first thing: it cannot be mistaken for the real one. */
final class Drill {
    private static final Map<String, String> WORDS = Map.of(
            "fr", "EXERCICE",
            "en", "EXERCISE",
            "es", "SIMULACRO",
            "de", "ÜBUNG",
            "it", "ESERCITAZIONE",
            "pt", "SIMULACRO",
            "nl", "OEFENING");
    private static final Map<String, String> BANNERS = Map.of(
            "fr", "EXERCICE — ceci n’est pas une alerte réelle",
            "en", "EXERCISE — this is not a real alert");
    private static final Pattern BODY = Pattern.compile("<body[^>]*>", Pattern.CASE_INSENSITIVE);

    private Drill() {}

    static String title(String title, String language) {
        return word(language) + " — " + title;
    }

    static Message mark(Message message, String channel, String language) {
        if (channel.equals(Scenario.VOICE)) {
            return new Message(
                    message.subject(),
                    BANNERS.getOrDefault(base(language), word(language)) + ". " + message.text(),
                    message.html());
        }
        if (channel.equals(Scenario.FAX)) {
            // on paper: a document may be all that follows
            return new Message(
                    message.subject().map(subject -> word(language) + " — " + subject),
                    BANNERS.getOrDefault(base(language), word(language)) + "\n\n" + message.text(),
                    message.html());
        }
        // a dash outside GSM-7 would make every SMS UCS-2 and more than double its segments
        String separator = channel.equals("sms") ? " - " : " — ";
        String word = word(language) + separator;
        return new Message(
                message.subject().map(subject -> word + subject),
                word + message.text(),
                message.html().map(html -> banner(html, language)));
    }

    private static String banner(String html, String language) {
        String banner = "<div style=\"background:#9a3412;color:#ffffff;font:bold 18px sans-serif;padding:12px;"
                + "text-align:center\">" + BANNERS.getOrDefault(base(language), word(language)) + "</div>";
        Matcher body = BODY.matcher(html);
        return body.find() ? html.substring(0, body.end()) + banner + html.substring(body.end()) : banner + html;
    }

    private static String word(String language) {
        return WORDS.getOrDefault(base(language), "EXERCICE / EXERCISE");
    }

    private static String base(String language) {
        return language.toLowerCase(Locale.ROOT).split("-", 2)[0];
    }
}
