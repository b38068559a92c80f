package io.tocsin.routing.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChoicesTest {

    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "' 1 ', 1",
        "1 merci, 1",
        "'1, tout va bien', 1",
        "OUI, 1",
        "oui je suis là, 1",
        "Oui. Envoyé de mon mobile, 1",
        "2, 2",
        "NON, 2",
        "besoin d'aide, 3",
        "BESOIN D’AIDE, 3",
        "besoin, 3",
        "3!, 3"
    })
    void keysAndMeaningsAreRead(String written, String choice) {
        assertThat(Choices.read(question(), written)).contains(choice);
    }

    @ParameterizedTest
    @CsvSource({"''", "12", "peut-être", "je ne sais pas 1", "…", "sous l'eau"})
    void nothingIsGuessed(String written) {
        assertThat(Choices.read(question(), written)).isEmpty();
    }

    @Test
    void onlyTheFirstLineThatSaysSomethingCounts() {
        assertThat(Choices.read(question(), "\n\n2\n> Répondez 1 pour oui")).contains("2");
    }

    @Test
    void whatCouldMeanTwoThingsMeansNone() {
        Map<String, String> two = new LinkedHashMap<>();
        two.put("a", "Oui, à la maison");
        two.put("b", "Oui, au travail");
        assertThat(Choices.read(two, "oui")).isEmpty();
        assertThat(Choices.read(two, "oui au travail")).contains("b");
    }

    @Test
    void anythingAnswersWhenNothingIsAsked() {
        assertThat(Choices.read(Map.of(), "bien reçu")).contains(Choices.REPLY);
    }

    private static Map<String, String> question() {
        Map<String, String> choices = new LinkedHashMap<>();
        choices.put("1", "Oui");
        choices.put("2", "Non");
        choices.put("3", "Besoin d'aide");
        return choices;
    }
}
