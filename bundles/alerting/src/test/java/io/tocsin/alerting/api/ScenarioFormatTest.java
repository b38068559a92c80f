package io.tocsin.alerting.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.tocsin.alerting.api.LaunchRefusedException.Problem;
import io.tocsin.channel.api.OutboundMessage.Category;
import io.tocsin.routing.api.DispatchPolicy.Step;
import io.tocsin.routing.api.DispatchPolicy.Until;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScenarioFormatTest {
    private static final String FLOOD =
            """
            name: Inondation — évacuation du quartier bas
            category: life-safety
            lists: [quartier-bas]
            cascade:
              - {channel: sms, patience: 5m, attempts: 2, until: answered}
              - {channel: mail, patience: PT15M}
            question: {choices: {"1": En sécurité, "2": Besoin d'aide}}
            variables: {point_rassemblement: Salle des fêtes, heure: }
            fallback-language: fr
            messages:
              fr:
                sms: {text: "ALERTE {{name}} : {{point_rassemblement}} à {{heure}} {{answer_url}}"}
                mail: {subject: "Inondation", text: "Rejoignez {{point_rassemblement}}", html: "<p>{{name}}</p>"}
              en:
                sms: {text: "ALERT {{name}}"}
            """;

    @Test
    void readsTheDocumentedShape() {
        Scenario flood = ScenarioFormat.read("inondation", yaml(FLOOD));

        assertThat(flood.category()).isEqualTo(Category.LIFE_SAFETY);
        assertThat(flood.cascade())
                .containsExactly(
                        new Step("sms", Duration.ofMinutes(5), 2, Until.ANSWERED),
                        new Step("mail", Duration.ofMinutes(15), 3, Until.ANSWERED));
        assertThat(flood.question().orElseThrow().choices())
                .containsExactly(Map.entry("1", "En sécurité"), Map.entry("2", "Besoin d'aide"));
        assertThat(flood.variables()).containsEntry("heure", "");
        assertThat(flood.messages().get("fr").get("mail").html()).isEqualTo(Optional.of("<p>{{name}}</p>"));
    }

    @Test
    void writesWhatItReads() {
        Scenario flood = ScenarioFormat.read("inondation", yaml(FLOOD));

        assertThat(ScenarioFormat.read("inondation", ScenarioFormat.write(flood)))
                .isEqualTo(flood);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            category: life-safety        | category: urgent             | category
            lists: [quartier-bas]        | lists: [Quartier Bas]        | lists[0]
            lists: [quartier-bas]        | lists: quartier-bas          | lists
            patience: 5m                 | patience: soon               | cascade[0].patience
            patience: 5m                 | patience: PT0S               | cascade[0].patience
            patience: 5m,                | ''                           | cascade[0].patience
            attempts: 2                  | attempts: many               | cascade[0].attempts
            attempts: 2                  | attempts: 0                  | cascade[0].attempts
            until: answered              | until: read                  | cascade[0].until
            channel: mail                | channel: fax                 | messages.fr.fax
            name: Inondation             | nom: Inondation              | nom
            name: Inondation             | nom: Inondation              | name
            fallback-language: fr        | fallback-language: de        | fallback-language
            fallback-language: fr        | fallback-language: en        | messages.en.mail
            subject: "Inondation",       | ''                           | messages.fr.mail.subject
            {{name}} :                   | {{1name}} :                  | messages.fr.sms.text
            {{name}} :                   | {{name} :                    | messages.fr.sms.text
            "1": En sécurité             | "oui !": En sécurité         | question.choices.oui !
            "2": Besoin d'aide           | "2": en sécurité             | question.choices.2
            heure: }                     | answer_url: x}               | variables.answer_url
            question: {choices: {"1": En sécurité, "2": Besoin d'aide}} | '' | cascade[0].until
            question: {choices: {"1": En sécurité, "2": Besoin d'aide}} | '' | messages.fr.sms
            sms: {text: "ALERT {{name}}"} | sms: {text: " "}            | messages.en.sms.text
            sms: {text: "ALERT {{name}}"} | sms: {text: x, html: y}     | messages.en.sms
            """)
    void namesTheFieldThatIsWrong(String good, String bad, String field) {
        String broken = FLOOD.replace(good, bad);
        assertThat(broken).isNotEqualTo(FLOOD);

        assertThat(problems(broken)).extracting(Problem::field).contains(field);
    }

    @Test
    void refusesATextOfMoreThanTenSegments() {
        int room = 1530 - "EXERCISE - ".length();
        assertThat(problems(FLOOD.replace("ALERT {{name}}", "x".repeat(room + 1))))
                .containsExactly(new Problem(
                        "messages.en.sms.text",
                        "takes 11 SMS segments as an exercise, with 10 characters for each value filled in;"
                                + " shorten it to 10 at most"));
        assertThat(ScenarioFormat.read("i", yaml(FLOOD.replace("ALERT {{name}}", "x".repeat(room)))))
                .isNotNull();
        assertThat(problems(FLOOD.replace("ALERT {{name}}", "ê".repeat(671))))
                .extracting(Problem::field)
                .containsExactly("messages.en.sms.text");
        assertThat(problems(FLOOD.replace("ALERT {{name}}", "{{name}} {{rue}}" + "x".repeat(room - 20))))
                .as("a person's values need room")
                .extracting(Problem::field)
                .containsExactly("messages.en.sms.text");
        assertThat(problems(FLOOD.replace("ALERT {{name}}", "{{point_rassemblement}}" + "x".repeat(1_100))
                        .replace("Salle des fêtes", "y".repeat(617))))
                .extracting(Problem::problem)
                .containsExactly("takes 12 SMS segments as an exercise, with 10 characters for each value filled in;"
                        + " shorten variables.point_rassemblement (617 characters) or the text to 10 at most");
    }

    @Test
    void refusesAnotherSlugThanItsOwnAndWhatIsNoObject() {
        assertThat(problems("slug: autre\n" + FLOOD)).extracting(Problem::field).containsExactly("slug");
        assertThat(problems("[1, 2]")).extracting(Problem::field).containsExactly("scenario");
        assertThat(problems("messages: 3")).extracting(Problem::field).contains("messages", "name", "category");
    }

    private static List<Problem> problems(String yaml) {
        LaunchRefusedException refused =
                catchThrowableOfType(LaunchRefusedException.class, () -> ScenarioFormat.read("inondation", yaml(yaml)));
        assertThat(refused).isNotNull();
        return refused.problems();
    }

    private static JsonNode yaml(String text) {
        try {
            return new YAMLMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
