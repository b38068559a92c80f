package io.tocsin.routing.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.routing.api.SmsTemplate.Rendered;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmsTemplateTest {
    private static final Map<String, String> SHARED =
            Map.of("lieu", "la mairie", "answer_url", "https://a.example/a/t");

    @ParameterizedTest
    @CsvSource({
        "a, 160, 1",
        "a, 161, 2",
        "a, 306, 2",
        "a, 307, 3",
        "a, 1530, 10",
        "a, 1531, 11",
        "€, 80, 1",
        "€, 81, 2",
        "€, 152, 2",
        "€, 153, 3",
        "ê, 70, 1",
        "ê, 71, 2",
        "ê, 134, 2",
        "ê, 670, 10",
        "ê, 671, 11",
        "🌊, 35, 1",
        "🌊, 36, 2",
        "🌊, 66, 2",
        "🌊, 67, 3"
    })
    void countsSegmentsAsTheyAreCut(String character, int times, int segments) {
        assertThat(SmsTemplate.segments(character.repeat(times))).isEqualTo(segments);
    }

    @Test
    void leavesAloneWhatFits() {
        Rendered rendered = render("CRUE {{name}} : {{lieu}} {{answer_url}}", Map.of("name", "Benoît Œuvré"));

        assertThat(rendered).isEqualTo(new Rendered("CRUE Benoît Œuvré : la mairie https://a.example/a/t", false));
    }

    @Test
    void cutsALongOwnValueAndNothingElse() {
        String text = "x".repeat(1400) + " {{lieu}} {{consigne}} {{answer_url}}";
        Rendered rendered = render(text, Map.of("consigne", "abcd ".repeat(300)));

        assertThat(rendered.shortened()).isTrue();
        assertThat(SmsTemplate.segments(rendered.text())).isEqualTo(SmsTemplate.MOST_SEGMENTS);
        assertThat(rendered.text()).contains(" la mairie abcd abcd").endsWith("... https://a.example/a/t");
        assertThat(rendered.text().length()).isGreaterThan(1520);
    }

    @Test
    void writesALetterWithoutItsAccentWhereItWouldDoubleTheLength() {
        Rendered rendered = render("é".repeat(800) + " {{name}}", Map.of("name", "Benoît Œuvré ’´"));

        assertThat(rendered.shortened()).isTrue();
        assertThat(rendered.text()).endsWith(" Benoit OEuvré ' ");
    }

    @Test
    void keepsAccentsWhereTheTextItselfNeedsThem() {
        Rendered rendered = render("ê".repeat(600) + " {{name}}", Map.of("name", "Benoît ".repeat(40)));

        assertThat(SmsTemplate.segments(rendered.text())).isEqualTo(SmsTemplate.MOST_SEGMENTS);
        assertThat(rendered.text()).contains(" Benoît Benoît ").endsWith("...");
    }

    @Test
    void aNameInAnotherScriptIsCutRatherThanLost() {
        String text = "x".repeat(600) + " {{name}}";

        assertThat(render(text, Map.of("name", "Олег ".repeat(40))).text())
                .contains(" Олег Олег ")
                .endsWith("...");
        assertThat(SmsTemplate.segments(render("x".repeat(1400) + " {{name}}", Map.of("name", "Олег"))
                        .text()))
                .as("unreadable, but alerted")
                .isLessThanOrEqualTo(SmsTemplate.MOST_SEGMENTS);
    }

    @Test
    void everyOwnValueGivesUpTheSame() {
        Rendered rendered = render(
                "x".repeat(1400) + "{{name}} {{rue}} {{name}}",
                Map.of("name", "n".repeat(50), "rue", "r".repeat(2_000), "notes", "🌊".repeat(900)));

        assertThat(rendered.text())
                .endsWith("n".repeat(39) + "... " + "r".repeat(39) + "... " + "n".repeat(39) + "...");
    }

    @Test
    void neverCutsAPairInTwo() {
        for (int length = 560; length < 640; length++) {
            String text = render("ê".repeat(length) + "{{name}}", Map.of("name", "🌊".repeat(100)))
                    .text();
            assertThat(text.codePoints().noneMatch(point -> point >= 0xd800 && point <= 0xdfff))
                    .isTrue();
            assertThat(SmsTemplate.segments(text)).isLessThanOrEqualTo(SmsTemplate.MOST_SEGMENTS);
        }
    }

    @Test
    void aTextTooLongByItselfStaysWhole() {
        Rendered rendered = render("x".repeat(1525) + "{{name}}", Map.of("name", "n".repeat(50)));

        assertThat(rendered.shortened()).isFalse();
        assertThat(rendered.text()).hasSize(1575);
    }

    private static Rendered render(String text, Map<String, String> own) {
        return new SmsTemplate(new Template(text)).render(SHARED, own);
    }
}
