package io.tocsin.speech.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.speech.api.Lexicon;
import io.tocsin.speech.api.Lexicon.Entry;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LexiconTest {

    private static final Lexicon LEXICON = new Lexicon(List.of(
            new Entry("Loue", "lou", ""),
            new Entry("Saint-Aurel-sur-Loue", "Saint Aurèle sur Lou", ""),
            new Entry("POI", "P O I", ""),
            new Entry("plan communal de sauvegarde", "P C S", "fr"),
            new Entry("plan communal", "plan de la commune", "fr"),
            new Entry("RN83", "la nationale 83", "fr"),
            new Entry("RN83", "the main road", "en"),
            new Entry("œuvre", "heuvre", ""),
            new Entry("a.b$1", "x\\$2", ""),
            new Entry("hum", "", "")));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    la Loue déborde                     | fr | la lou déborde
                    LA LOUE                             | fr | LA lou
                    il loue une salle                   | fr | il lou une salle
                    elle louera, Louements              | fr | elle louera, Louements
                    à Saint-Aurel-sur-Loue, la Loue     | fr | à Saint Aurèle sur Lou, la lou
                    le POI, l'POI, un poi, POIS         | fr | le P O I, l'P O I, un poi, POIS
                    le plan  communal\u00A0de sauvegarde | fr | le P C S
                    le plan communal de secours         | fr | le plan de la commune de secours
                    the plan communal                   | en | the plan communal
                    RN83 fermée                         | fr | la nationale 83 fermée
                    RN83 closed                         | en | the main road closed
                    RN83 gesperrt                       | de | RN83 gesperrt
                    RN831, xRN83, RN83b                 | fr | RN831, xRN83, RN83b
                    ŒUVRE d'œuvre                       | fr | heuvre d'heuvre
                    a.b$1 aXb$1                         | fr | x\\$2 aXb$1
                    oui hum non                         | fr | oui  non
                    """)
    void says_whole_words_and_the_longest_first(String text, String language, String said) {
        assertThat(LEXICON.apply(text, language)).isEqualTo(said);
    }

    @Test
    void what_it_says_is_not_looked_up_again() {
        Lexicon swap = new Lexicon(List.of(new Entry("un", "deux", ""), new Entry("deux", "un", "")));

        assertThat(swap.apply("un deux un", "fr")).isEqualTo("deux un deux");
        assertThat(Lexicon.none().apply("un", "fr")).isEqualTo("un");
        assertThat(swap.apply("", "fr")).isEmpty();
    }

    @Test
    void names_what_is_wrong_with_an_entry() {
        assertThatThrownBy(() -> new Entry(" ", "x", "")).hasMessageContaining("1 to 200 characters");
        assertThatThrownBy(() -> new Entry("P.O.I.", "x", ""))
                .hasMessageContaining("“P.O.I.”")
                .hasMessageContaining("begins and ends with a letter or a digit");
        assertThatThrownBy(() -> new Entry("x", "y".repeat(201), "")).hasMessageContaining("at most 200");
        assertThatThrownBy(() -> new Lexicon(List.of(new Entry("Loue", "a", "fr"), new Entry("loue", "b", "fr"))))
                .hasMessageContaining("“loue” stands there twice for fr");
    }

    @Test
    void equal_entries_make_equal_lexicons() {
        assertThat(new Lexicon(List.of(new Entry("a", "b", ""))))
                .isEqualTo(new Lexicon(List.of(new Entry("a", "b", ""))));
    }
}
