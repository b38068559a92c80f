package io.tocsin.alerting.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.tocsin.alerting.api.LaunchRefusedException.Problem;
import io.tocsin.channel.api.CallScript.AnsweringMachine;
import io.tocsin.routing.api.DispatchPolicy.CallPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a scenario says that people are called. */
class CallSectionTest {
    private static final String CLOUD =
            """
            name: Nuage toxique
            category: life-safety
            lists: [riverains]
            cascade:
              - {channel: voice, patience: 10m}
            question: {choices: {"1": En sécurité, "2": Besoin d'aide}}
            call:
              ring: 25s
              times: 2
              pin: code
              machine: hang-up
              transfer: {"9": 01 99 00 00 09}
              repeat: "0"
              retry: {busy: 1m, no-answer: 5m}
            variables: {code: }
            fallback-language: fr
            messages:
              fr:
                voice: {text: "{{recording.sirene}} Confinez-vous, {{name}}."}
            """;

    @Test
    void readsTheDocumentedShape() {
        assertThat(ScenarioFormat.read("nuage", yaml(CLOUD)).call())
                .contains(new CallPolicy(
                        Duration.ofSeconds(25),
                        2,
                        AnsweringMachine.HANG_UP,
                        Optional.of("code"),
                        Map.of("9", "+33199000009"),
                        Optional.of("0"),
                        Map.of("busy", Duration.ofMinutes(1), "no-answer", Duration.ofMinutes(5))));
    }

    @Test
    void writesWhatItReads() {
        Scenario cloud = ScenarioFormat.read("nuage", yaml(CLOUD));

        assertThat(ScenarioFormat.read("nuage", ScenarioFormat.write(cloud))).isEqualTo(cloud);
    }

    @Test
    void whatIsNotSaidIsAsUsual() {
        assertThat(ScenarioFormat.read(
                                "nuage",
                                yaml(CLOUD.replaceAll("(?m)^  (ring|times|pin|machine|transfer|repeat|retry):.*\\R", "")
                                        .replace("call:", "call: {}")))
                        .call())
                .contains(CallPolicy.usual(true));
        assertThat(ScenarioFormat.read("nuage", yaml(CLOUD.replace("  machine: hang-up\n", "")))
                        .call()
                        .orElseThrow()
                        .machine())
                .as("a machine must not hear what a PIN protects")
                .isEqualTo(AnsweringMachine.HANG_UP);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            ring: 25s               | ring: 4s                    | call.ring
            ring: 25s               | ring: 3m                    | call.ring
            ring: 25s               | ring: soon                  | call.ring
            ring: 25s               | rings: 25s                  | call.rings
            times: 2                | times: 4                    | call.times
            times: 2                | times: twice                | call.times
            pin: code               | pin: 1234                   | call.pin
            pin: code               | pin: name                   | call.pin
            machine: hang-up        | machine: leave-message      | call.machine
            machine: hang-up        | machine: talk               | call.machine
            "9": 01 99 00 00 09     | "9": 01 99 00               | call.transfer.9
            "9": 01 99 00 00 09     | "9": poste 12               | call.transfer.9
            "9": 01 99 00 00 09     | "9":                        | call.transfer.9
            "9": 01 99 00 00 09     | "1": 01 99 00 00 09         | call.transfer.1
            "9": 01 99 00 00 09     | "10": 01 99 00 00 09        | call.transfer.10
            repeat: "0"             | repeat: "1"                 | call.repeat
            repeat: "0"             | repeat: "9"                 | call.repeat
            repeat: "0"             | repeat: "##"                | call.repeat
            busy: 1m                | BUSY: 1m                    | call.retry.BUSY
            busy: 1m                | busy: 0s                    | call.retry.busy
            busy: 1m                | busy: 25h                   | call.retry.busy
            "2": Besoin d'aide      | "12": Besoin d'aide         | question.choices.12
            "2": Besoin d'aide      | "oui": Besoin d'aide        | question.choices.oui
            {text: "{{rec           | {subject: x, text: "{{rec   | messages.fr.voice
            {{name}}.               | {{answer_url}}.             | messages.fr.voice.text
            recording.sirene        | recording.Sirène            | messages.fr.voice.text
            recording.sirene        | recording.SIRENE            | messages.fr.voice.text
            variables: {code: }     | variables: {recording.x: y} | variables.recording.x
            """)
    void namesTheFieldThatIsWrong(String good, String bad, String field) {
        String broken = CLOUD.replace(good, bad);
        assertThat(broken).isNotEqualTo(CLOUD);

        assertThat(problems(broken)).extracting(Problem::field).contains(field);
    }

    @Test
    void whereNothingIsAskedNoKeyMeansAnything() {
        assertThat(problems(CLOUD.replaceAll("(?m)^question:.*\\R", "")))
                .extracting(Problem::field)
                .containsExactlyInAnyOrder("call.transfer", "call.repeat");
    }

    @Test
    void aSectionThatCallsNobodyAndARecordingThatNobodyHears() {
        String text = CLOUD.replace("voice", "sms").replace("{{name}}.", "{{answer_url}}");

        assertThat(problems(text)).extracting(Problem::field).containsExactlyInAnyOrder("messages.fr.sms", "call");
    }

    @Test
    void inALanguageThePlatformDoesNotAskInTheTextSaysWhatKeysMean() {
        String german = CLOUD + "  de:\n    voice: {text: \"Bleiben Sie im Haus. %s\"}\n";

        assertThat(problems(german.formatted("Sicher: Taste 1")))
                .containsExactly(
                        new Problem(
                                "messages.de.voice.text",
                                "must say which key means what, as the platform asks in [fr, en] only; it does not name"
                                        + " key 2"),
                        new Problem(
                                "call.pin", "is asked for in [fr, en] only; take messages.de.voice out, or the pin"));
        assertThat(ScenarioFormat.read(
                        "nuage", yaml(german.formatted("Sicher: 1, Hilfe: 2").replace("  pin: code\n", ""))))
                .isNotNull();
    }

    private static List<Problem> problems(String yaml) {
        LaunchRefusedException refused =
                catchThrowableOfType(LaunchRefusedException.class, () -> ScenarioFormat.read("nuage", yaml(yaml)));
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
