package io.tocsin.alerting.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.tocsin.alerting.api.LaunchRefusedException.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a scenario may name a document. */
class DocumentPlaceTest {
    private static final String EVACUATION =
            """
            name: Évacuation
            category: life-safety
            lists: [mairies]
            cascade:
              - {channel: fax, patience: 10m}
            variables: {point: Salle des fêtes}
            fallback-language: fr
            messages:
              fr:
                fax: {text: "Rejoignez {{point}}. {{document.plan}}"}
            """;

    @Test
    void aFaxMayPrintOne() {
        assertThat(read(EVACUATION).messages().get("fr").get("fax").text()).contains("{{document.plan}}");
        assertThat(read(EVACUATION.replace("Rejoignez {{point}}. ", "")).variables())
                .as("nothing but the document")
                .containsKey("point");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{{document.plan}}\" | {{document.plan}} {{document.plan}}\" | messages.fr.fax.text | names 2 documents",
                "{{document.plan}}\" | {{document.plan}} {{document.autre}}\" | messages.fr.fax.text | names 2 documents",
                "{{document.plan}} | {{document.Plan}} | messages.fr.fax.text | {{document.Plan}} names no document",
                "{{document.plan}} | {{document.plan.b}} | messages.fr.fax.text | names no document",
                "Rejoignez {{point}}. {{document.plan}}\" | x\", subject: \"{{document.plan}}\" | messages.fr.fax | outside of its text",
                "fax: {text | mail: {subject: s, text: \"{{document.plan}}\"}\\n    fax: {text | messages.fr.mail | write it in fax",
                "fax: {text | voice: {text: \"{{document.plan}}\"}\\n    fax: {text | messages.fr.voice | can only be printed",
                "{{point}}. | {{recording.maire}}. | messages.fr.fax | can only be heard",
                "{point: | {document.plan: x, point: | variables.document.plan | would be a document",
            })
    void anywhereElseItIsRefusedWithTheCure(String written, String instead, String field, String problem) {
        String yaml = EVACUATION.replace(written, instead.replace("\\n", "\n"));
        assertThat(yaml).isNotEqualTo(EVACUATION);
        LaunchRefusedException refused = catchThrowableOfType(LaunchRefusedException.class, () -> read(yaml));
        assertThat(refused).isNotNull();
        assertThat(refused.problems())
                .filteredOn(each -> each.field().equals(field))
                .extracting(Problem::problem)
                .anySatisfy(each -> assertThat(each).contains(problem));
    }

    private static Scenario read(String yaml) {
        try {
            return ScenarioFormat.read("evacuation", new YAMLMapper().readTree(yaml));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
