package io.tocsin.rest.internal;

import io.tocsin.alerting.api.Alerts.AnswerPage;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The words and the look of the answer page. Our own words are in the reader's language; where there are none, in the one the
 * text is written in; else in English. Every part says its language and runs in its direction.
 */
final class AnswerHtml {
    private AnswerHtml() {}

    private static final String STYLE =
            """
            :root{color-scheme:light dark}
            body{font:1.125rem/1.5 system-ui,sans-serif;margin:0;background:Canvas;color:CanvasText}
            main{max-width:34rem;margin:0 auto;padding:1.5rem}
            h1{font-size:1.4rem;line-height:1.25;margin:.2rem 0 1rem}
            .who{margin:0;opacity:.8}
            .drill{background:#5b2d8e;color:#fff;padding:.6rem 1.5rem;font-weight:700;text-align:center}
            .text{white-space:pre-line;border-inline-start:.25rem solid #c2410c;padding-inline-start:1rem}
            button{display:block;width:100%;font:inherit;font-weight:600;text-align:start;padding:1rem;margin:.75rem 0;
            border:2px solid currentColor;border-radius:.5rem;background:transparent;color:inherit;cursor:pointer}
            button:focus-visible{outline:.25rem solid #2563eb;outline-offset:.15rem}
            """;

    /** Scripts and languages written from right to left (CLDR). */
    private static final Set<String> RIGHT_TO_LEFT_SCRIPTS =
            Set.of("Arab", "Hebr", "Thaa", "Syrc", "Nkoo", "Adlm", "Rohg", "Mand", "Samr");

    private static final Set<String> RIGHT_TO_LEFT = Set.of(
            "ar", "arc", "azb", "ckb", "dv", "fa", "glk", "he", "iw", "ks", "lrc", "mzn", "nqo", "pnb", "prs", "ps",
            "sd", "syr", "ug", "ur", "yi");

    static String question(AnswerPage page) {
        StringBuilder body = head(page);
        body.append("<p class=\"text\"")
                .append(spoken(page.textLanguage()))
                .append(">")
                .append(escape(page.text()))
                .append("</p>");
        if (page.alreadyAnswered().isPresent()) {
            return page(
                    words(page),
                    page.title(),
                    body.append(recorded(page, page.alreadyAnswered().get(), false)));
        }
        if (page.choices().isEmpty()) {
            return page(words(page), page.title(), body);
        }
        body.append("<form method=\"post\"><h2>")
                .append(french(page) ? "Votre réponse" : "Your answer")
                .append("</h2>");
        for (Map.Entry<String, String> choice : page.choices().entrySet()) {
            body.append("<button name=\"answer\" value=\"")
                    .append(escape(choice.getKey()))
                    .append("\"")
                    .append(spoken(page.tenantLanguage()))
                    .append(">")
                    .append(escape(choice.getValue()))
                    .append("</button>");
        }
        return page(words(page), page.title(), body.append("</form>"));
    }

    static String thanks(AnswerPage page, String choice, boolean first) {
        String kept = first ? choice : page.alreadyAnswered().orElse(choice);
        return page(words(page), page.title(), head(page).append(recorded(page, kept, first)));
    }

    static String unknown() {
        return page(
                "fr",
                "Lien inconnu",
                new StringBuilder(
                        "<h1>Lien inconnu</h1><p>Ce lien n’est pas, ou n’est plus, valable. Vérifiez qu’il a été"
                                + " copié en entier.</p><p lang=\"en\">This link is not known. Check that it was copied whole.</p>"));
    }

    static String away() {
        return page(
                "fr",
                "Un instant",
                new StringBuilder(
                        "<h1>Un instant</h1><p>Votre réponse n’a pas pu être enregistrée. Réessayez dans quelques"
                                + " secondes.</p><p lang=\"en\">Your answer could not be stored. Try again in a few seconds.</p>"));
    }

    private static String recorded(AnswerPage page, String choice, boolean first) {
        String meaning = page.choices().getOrDefault(choice, choice);
        String said = french(page)
                ? (first ? "Merci. Votre réponse est enregistrée : " : "Vous avez déjà répondu : ")
                : (first ? "Thank you. Your answer is recorded: " : "You have already answered: ");
        return "<p role=\"status\"><strong>" + said + "<bdi" + language(page.tenantLanguage()) + ">" + escape(meaning)
                + "</bdi></strong></p>";
    }

    private static StringBuilder head(AnswerPage page) {
        StringBuilder body = new StringBuilder();
        if (page.drill()) {
            body.append("<p class=\"drill\">")
                    .append(
                            french(page)
                                    ? "EXERCICE — ceci n’est pas une alerte réelle"
                                    : "EXERCISE — this is not a real alert")
                    .append("</p>");
        }
        return body.append("<p class=\"who\"")
                .append(spoken(page.tenantLanguage()))
                .append(">")
                .append(escape(page.tenantName()))
                .append("</p><h1")
                .append(spoken(page.tenantLanguage()))
                .append(">")
                .append(escape(page.title()))
                .append("</h1>");
    }

    /** The language of our own words on this page: one we have. */
    private static String words(AnswerPage page) {
        return Stream.of(page.language(), page.textLanguage())
                .map(tag -> Locale.forLanguageTag(tag).getLanguage())
                .filter(language -> language.equals("fr") || language.equals("en"))
                .findFirst()
                .orElse("en");
    }

    private static boolean french(AnswerPage page) {
        return words(page).equals("fr");
    }

    /** The attributes of an element whose text is in a language. */
    private static String spoken(String language) {
        return language(language) + " dir=\"" + (language.isEmpty() ? "auto" : direction(language)) + "\"";
    }

    private static String language(String language) {
        return language.isEmpty() ? "" : " lang=\"" + escape(language) + "\"";
    }

    private static String direction(String language) {
        Locale locale = Locale.forLanguageTag(language);
        boolean rightToLeft = locale.getScript().isEmpty()
                ? RIGHT_TO_LEFT.contains(locale.getLanguage())
                : RIGHT_TO_LEFT_SCRIPTS.contains(locale.getScript());
        return rightToLeft ? "rtl" : "ltr";
    }

    private static String page(String language, String title, StringBuilder body) {
        return "<!doctype html><html" + spoken(language)
                + "><head><meta charset=\"utf-8\"><meta name=\"viewport\""
                + " content=\"width=device-width,initial-scale=1\"><title>" + escape(title) + "</title><style>" + STYLE
                + "</style></head><body><main>" + body + "</main></body></html>";
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
