package io.tocsin.rest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.alerting.api.Alerts.AnswerPage;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerHtmlTest {

    private static AnswerPage page(String reader, String text, Optional<String> answered) {
        Map<String, String> choices = new LinkedHashMap<>();
        choices.put("1", "En sécurité");
        choices.put("2", "Besoin d’aide");
        return new AnswerPage(
                "Saint-Aurel", "Inondation <haute>", true, reader, "texte & co", choices, answered, text, "fr");
    }

    @ParameterizedTest(name = "reader {0}, text {1}: words {2}, text runs {3}")
    @CsvSource({
        "fr,    fr,      fr, ltr",
        "fr-CA, fr,      fr, ltr",
        "en,    en,      en, ltr",
        "en,    fr,      en, ltr",
        "ar,    ar,      en, rtl",
        "ar-DZ, fr,      fr, ltr",
        "ar,    en,      en, ltr",
        "de,    de,      en, ltr",
        "de,    fr,      fr, ltr",
        "he,    he,      en, rtl",
        "ur-PK, ur-PK,   en, rtl",
        "az,    az-Arab, en, rtl",
        "ar,    ar-Latn, en, ltr"
    })
    void everyPartSaysItsLanguageAndDirection(String reader, String text, String words, String direction) {
        String html = AnswerHtml.question(page(reader, text, Optional.empty()));
        assertThat(html)
                .startsWith("<!doctype html><html lang=\"" + words + "\" dir=\"ltr\">")
                .contains("<p class=\"text\" lang=\"" + text + "\" dir=\"" + direction + "\">texte &amp; co</p>")
                .contains("<h1 lang=\"fr\" dir=\"ltr\">Inondation &lt;haute&gt;</h1>")
                .contains("<button name=\"answer\" value=\"1\" lang=\"fr\" dir=\"ltr\">En sécurité</button>")
                .contains(words.equals("fr") ? "<h2>Votre réponse</h2>" : "<h2>Your answer</h2>")
                .contains(words.equals("fr") ? "EXERCICE — ceci" : "EXERCISE — this")
                .doesNotContain("text-align:left", "border-left");
    }

    @Test
    void thanksAreInTheSameWords() {
        assertThat(AnswerHtml.thanks(page("ar", "ar", Optional.empty()), "1", true))
                .contains("<html lang=\"en\" dir=\"ltr\">")
                .contains("Thank you. Your answer is recorded: <bdi lang=\"fr\">En sécurité</bdi>");
        assertThat(AnswerHtml.thanks(page("ar", "fr", Optional.of("2")), "1", false))
                .contains("Vous avez déjà répondu : <bdi lang=\"fr\">Besoin d’aide</bdi>");
    }

    @Test
    void aLanguageThatIsNoneHarmsNothing() {
        assertThat(AnswerHtml.question(page("\"><script>", "\"><script>", Optional.empty())))
                .startsWith("<!doctype html><html lang=\"en\" dir=\"ltr\">")
                .doesNotContain("<script>");
        AnswerPage unknown = new AnswerPage("Commune", "Titre", false, "", "texte", Map.of(), Optional.empty(), "", "");
        assertThat(AnswerHtml.question(unknown)).contains("<p class=\"text\" dir=\"auto\">texte</p>");
    }
}
