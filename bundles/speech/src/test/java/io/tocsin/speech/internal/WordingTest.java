package io.tocsin.speech.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is written, what is handed to the engine, and that espeak-ng then says what a person would read out. */
class WordingTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    à 18h30                        | à 18 heures 30                        | à dix-huit heures trente
                    à 18 h 30 précises             | à 18 heures 30 précises               | à dix-huit heures trente précises
                    dès 8h                         | dès 8 heures                          | dès huit heures
                    à 8h05                         | à 8 heures 5                          | à huit heures cinq
                    à 18:30                        | à 18 heures 30                        | à dix-huit heures trente
                    à 21h15                        | à vingt et une heures 15              | à vingt et une heures quinze
                    à 1h                           | à une heure                           | à une heure
                    à 0h10                         | à zéro heure 10                       | à zéro heure dix
                    de 10h-12h                     | de 10 heures à 12 heures              | de dix heures à douze heures
                    24h/24 et 7j/7                 | 24 heures sur 24 et 7 jours sur 7     | vingt-quatre heures sur vingt-quatre et sept jours sur sept
                    04 65 71 12 34                 | zéro 4, 65, 71, 12, 34                | zéro quatre, soixante-cinq, soixante et onze, douze, trente-quatre
                    04.65.71.00.05                 | zéro 4, 65, 71, zéro zéro, zéro 5     | zéro quatre, soixante-cinq, soixante et onze, zéro zéro, zéro cinq
                    0465711234                     | zéro 4, 65, 71, 12, 34                | zéro quatre, soixante-cinq, soixante et onze, douze, trente-quatre
                    +33 4 65 71 12 34              | zéro 4, 65, 71, 12, 34                | zéro quatre, soixante-cinq, soixante et onze, douze, trente-quatre
                    +33 (0)4 65 71 12 34           | zéro 4, 65, 71, 12, 34                | zéro quatre, soixante-cinq, soixante et onze, douze, trente-quatre
                    en 04 65 71                    | en zéro 4, 65, 71                     | en zéro quatre, soixante-cinq, soixante et onze
                    appelez le 112                 | appelez le 112                        | appelez le cent douze
                    appelez le 3919                | appelez le 39 19                      | appelez le trente-neuf dix-neuf
                    la RN83                        | la RN83                               | la èrène 83
                    la D437                        | la D437                               | la dé quatre cent trente-sept
                    le 22/11/2026                  | le 22 novembre 2026                   | le vingt-deux novembre deux mille vingt-six
                    le 01/05                       | le 1er mai                            | le premier mai
                    2026-11-22                     | 22 novembre 2026                      | vingt-deux novembre deux mille vingt-six
                    le 31/02/2026                  | le 31/02/2026                         |
                    50 km/h                        | 50 kilomètres-heure                   | cinquante kilomètres-heure
                    12 000 m3                      | 12 000 mètres cubes                   | douze mille mètres cubes
                    120 m³/s                       | 120 mètres cubes par seconde          | cent vingt mètres cubes par seconde
                    3,5 m d'eau                    | 3,5 mètres d'eau                      | trois virgule cinq mètres d'eau
                    5 M€                           | 5 M€                                  |
                    -12°C                          | -12 degrés                            |
                    n° 5, N°12                     | numéro 5, numéro 12                   | numéro cinq, numéro douze
                    sous 48h, 72 h au plus         | sous 48 heures, 72 heures au plus     | sous quarante-huit heures, soixante-douze heures au plus
                    à 18H30, à 7H, à 19 H 05       | à 18 heures 30, à 7 heures, à dix-neuf heures 5 | à dix-huit heures trente, à sept heures, à dix-neuf heures cinq
                    bâtiment 5 H, appartement 2E   | bâtiment 5 H, appartement 2E          |
                    l'eau monte à 5 m. Sortez      | l'eau monte à 5 mètres. Sortez        | l'eau monte à cinq mètres. Sortez
                    M. Martin                      | monsieur Martin                       | monsieur Martin
                    au 2e étage, la 3ème fois      | au deuxième étage, la troisième fois  | au deuxième étage, la troisième fois
                    1er et 1ère                    | 1er et 1ère                           | premier et première
                    12,5 km et 1 200 personnes     | 12,5 km et 1 200 personnes            | douze virgule cinq kilomètre et mille deux cents personnes
                    20 % de 200 €, 1 €             | 20 % de 200 euros, 1 euro             | vingt pour cent de 200 euros, 1 euro
                    5 min                          | 5 minutes                             | cinq minutes
                    """)
    void french(String written, String worded, String said) throws Exception {
        assertThat(Wording.of("fr").read(written)).isEqualTo(worded);
        if (said != null) {
            assertThat(phonemes(worded, "fr")).as("what espeak-ng says").isEqualTo(phonemes(said, "fr"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    at 18h30            | at 18 30                                | at eighteen thirty
                    at 18:00            | at 18 hours                             | at eighteen hours
                    at 08:05            | at 8 oh 5                               | at eight oh five
                    at 6.30pm           | at 6 30 p m                             | at six thirty p m
                    at 6:00 am          | at 6 a m                                | at six a m
                    04 65 71 12 34      | 0 4, 6 5, 7 1, 1 2, 3 4                 | zero four, six five, seven one, one two, three four
                    +33 4 65 71 12 34   | plus 3 3, 4, 6 5, 7 1, 1 2, 3 4         | plus three three, four, six five, seven one, one two, three four
                    call 112            | call 112                                | call 112
                    the RN83            | the RN83                                | the R N eighty three
                    on 22/11/2026       | on 22 November 2026                     | on twenty two November 2026
                    by 2026-12-01       | by 1st December 2026                    | by first December 2026
                    31/02/2026          | 31/02/2026                              |
                    50 km/h             | 50 kilometres per hour                  | fifty kilometres per hour
                    120 m3/s            | 120 cubic metres per second             | 120 cubic metres per second
                    20°C                | 20 degrees                              | twenty degrees
                    N° 5                | number 5                                | number five
                    Answer no. 3 left   | Answer no. 3 left                       |
                    within 48h          | within 48 hours                         | within forty eight hours
                    1,200 people        | 1,200 people                            | one thousand two hundred people
                    """)
    void english(String written, String worded, String said) throws Exception {
        assertThat(Wording.of("en").read(written)).isEqualTo(worded);
        if (said != null) {
            assertThat(phonemes(worded, "en-gb")).as("what espeak-ng says").isEqualTo(phonemes(said, "en-gb"));
        }
    }

    @Test
    void spaces_of_every_kind_are_spaces_and_controls_are_none() {
        assertThat(Wording.of("fr").read("à 18\u00A0h\u202F30\u0000\u0007\tici\r\nlà"))
                .isEqualTo("à 18 heures 30 ici\nlà");
        assertThat(Wording.of("fr").read("\uFEFFinfor\u00ADmation")).isEqualTo("information");
        assertThat(Wording.of("de").read(" um 18h30 ")).isEqualTo("um 18h30");
    }

    /** Stress marks left out: they follow how many words are written, not what is said. */
    private static String phonemes(String text, String voice) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("espeak-ng", "-q", "--ipa", "-b", "1", "--stdin", "-v", voice).start();
        process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return said.replaceAll("[ˈˌ\\-\\s]+", "");
    }
}
