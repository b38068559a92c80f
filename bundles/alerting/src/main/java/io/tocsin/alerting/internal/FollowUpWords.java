package io.tocsin.alerting.internal;

import io.tocsin.alerting.api.FollowUps.Kind;
import io.tocsin.alerting.api.Scenario;
import io.tocsin.alerting.api.Scenario.Message;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Marks a correction and an all-clear, first thing and in the reader's language, and words what an all-clear says at least. */
final class FollowUpWords {
    private static final Map<String, String> CORRECTIONS = Map.of(
            "fr", "CORRECTION",
            "en", "CORRECTION",
            "es", "CORRECCIÓN",
            "de", "BERICHTIGUNG",
            "it", "RETTIFICA",
            "pt", "CORREÇÃO",
            "nl", "CORRECTIE");
    private static final Map<String, String> ALL_CLEARS = Map.of(
            "fr", "FIN D'ALERTE",
            "en", "ALL CLEAR",
            "es", "FIN DE LA ALERTA",
            "de", "ENTWARNUNG",
            "it", "CESSATO ALLARME",
            "pt", "FIM DO ALERTA",
            "nl", "EINDE ALARM");
    private static final Map<String, String> OVER = Map.of(
            "fr", "%s : l'alerte est levée.",
            "en", "%s: the alert is over.",
            "es", "%s: la alerta ha terminado.",
            "de", "%s: Der Alarm ist aufgehoben.",
            "it", "%s: l'allarme è cessato.",
            "pt", "%s: o alerta terminou.",
            "nl", "%s: het alarm is voorbij.");

    private FollowUpWords() {}

    static String title(Kind kind, String name, String language) {
        return word(kind, language) + " — " + name;
    }

    /** What an all-clear says when nobody writes anything else. @param name of the scenario */
    static String over(String name, String language) {
        return OVER.getOrDefault(base(language), "%s").formatted(name);
    }

    /** Whether an all-clear can be worded in it. */
    static boolean speaks(String language) {
        return OVER.containsKey(base(language));
    }

    static Message message(Kind kind, String name, String text, String channel, String language) {
        String word = word(kind, language);
        return switch (channel) {
            case Scenario.VOICE -> new Message(Optional.empty(), word + ". " + text, Optional.empty());
            // a dash outside GSM-7 would make every SMS UCS-2 and more than double its segments
            case "sms" -> new Message(Optional.empty(), word + " - " + text, Optional.empty());
            case Scenario.FAX -> new Message(Optional.of(word + " — " + name), word + "\n\n" + text, Optional.empty());
            default -> new Message(Optional.of(word + " — " + name), word + " — " + text, Optional.empty());
        };
    }

    private static String word(Kind kind, String language) {
        return kind == Kind.CORRECTION
                ? CORRECTIONS.getOrDefault(base(language), "CORRECTION")
                : ALL_CLEARS.getOrDefault(base(language), "FIN D'ALERTE / ALL CLEAR");
    }

    private static String base(String language) {
        return language.toLowerCase(Locale.ROOT).split("-", 2)[0];
    }
}
