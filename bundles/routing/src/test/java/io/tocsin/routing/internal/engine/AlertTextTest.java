package io.tocsin.routing.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.OutboundMessage.Category;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.AlertDocuments;
import io.tocsin.routing.api.AnswerLinks;
import io.tocsin.routing.api.DispatchPolicy;
import io.tocsin.routing.api.SmsTemplate;
import io.tocsin.routing.api.SpokenCalls;
import io.tocsin.routing.api.Template;
import io.tocsin.routing.internal.TargetRef;
import io.tocsin.routing.internal.calls.CallWriter;
import io.tocsin.routing.internal.calls.Voices;
import io.tocsin.routing.internal.engine.AlertText.Written;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlertTextTest {
    private static final AnswerLinks LINKS = new AnswerLinks() {
        @Override
        public String token(int tenantId, long alertId, int recipientNo) {
            return "t" + recipientNo;
        }

        @Override
        public Optional<Person> read(String token) {
            return Optional.empty();
        }
    };

    private static final String SHA256 = "a".repeat(64);
    /** Has one. */
    private static final AlertDocuments DOCUMENTS = new AlertDocuments() {
        @Override
        public Path file(int tenantId, String sha256) {
            if (!sha256.equals(SHA256)) {
                throw new NoSuchElementException("the document is not there");
            }
            return Path.of(String.valueOf(tenantId), sha256);
        }

        @Override
        public boolean copy(int tenantId, String sha256, OutputStream to) {
            throw new UnsupportedOperationException();
        }
    };

    @Test
    void aLongValueOfOnesOwnCostsNobodyTheAlert() {
        String written = "CRUE " + "x".repeat(1400) + " {{rue}}, allez {{point}} {{answer_url}}";

        String sms = render("sms", written, "r".repeat(2_000)).text();
        assertThat(SmsTemplate.segments(sms)).isEqualTo(SmsTemplate.MOST_SEGMENTS);
        assertThat(sms).endsWith("rrr..., allez à l'école https://a.example/a/t7");
        assertThat(render("mail", written, "r".repeat(2_000)).text())
                .as("a mail has room")
                .contains("r".repeat(2_000));
    }

    @Test
    void whatIsThePlatformsOwnNobodyBringsAlong() {
        assertThat(render("sms", "{{title}} {{answer_url}} {{first_name}} {{last_name}}", "x")
                        .text())
                .isEqualTo("Crue https://a.example/a/t7 Zoé Personne");
    }

    @Test
    void everyTryOfAMessageHasTheSameKeyAndNoOtherMessage() {
        OutboundMessage first = text("sms", "Montez").render("sms", intent(1, 0, 1, 7, "+33639980001", false));
        OutboundMessage again = text("sms", "Montez").render("sms", intent(3, 5, 1, 7, "+33639980001", true));
        assertThat(again.repeatKey()).isEqualTo(first.repeatKey()).matches("[A-Za-z0-9_-]{22}");
        assertThat(again.reference()).isNotEqualTo(first.reference());

        assertThat(List.of(
                        intent(4, 0, 4, 7, "+33639980001", false),
                        intent(1, 0, 1, 8, "+33639980001", false),
                        intent(2, 0, 1, 7, "+33639980002", false)))
                .as("a relaunch, another person, another address")
                .extracting(
                        intent -> text("sms", "Montez").render("sms", intent).repeatKey())
                .doesNotContain(first.repeatKey())
                .doesNotHaveDuplicates();
        assertThat(RepeatKey.of("another token", 1, "+33639980001")).isNotEqualTo(first.repeatKey());
    }

    @Test
    void whoeverIsCalledHearsTheTextInTheLanguageItIsWrittenIn(@TempDir Path folder) throws Exception {
        Voices voices = new Voices(folder);
        CallWriter calls = new CallWriter(null);
        calls.bindSpeech(voices);
        Template french = new Template("Crue {{rue}}");
        AlertText text = text(
                List.of(
                        new Written("voice", "en", new Template(""), new Template("Flood {{rue}}"), Optional.empty()),
                        new Written("voice", "fr", new Template(""), french, Optional.empty()),
                        new Written(
                                "voice", "pt-BR", new Template(""), new Template("Crue {{rue}}"), Optional.empty())),
                calls);

        OutboundMessage message = text.render("voice", intent("pt-BR", "{\"rue\": \"Pont\"}"));

        assertThat(message.text()).isEqualTo("Crue Pont");
        assertThat(message.call().orElseThrow().message()).hasSize(2);
        assertThat(voices.asked).contains("fr: Crue", "fr: Pont").noneMatch(said -> said.startsWith("pt"));
        assertThat(message.call().orElseThrow().question()).isEmpty();
        assertThatThrownBy(() -> text.render("voice", intent("fr", "{\"rue\": \"Мост\"}")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("{{rue}}")
                .hasMessageNotContaining("Мост");
    }

    @Test
    void withoutAnEngineACallIsNotMadeAndTheCureIsNamed() {
        AlertText text = text(
                List.of(new Written("voice", "fr", new Template(""), new Template("Crue"), Optional.empty())),
                new CallWriter(null));

        assertThatThrownBy(() -> text.render("voice", intent("fr", "{}")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tocsin-speech");
    }

    @Test
    void aFaxSaysWhoSendsIt() {
        assertThat(render("fax", "Crue", "x").sender()).contains("Commune");
    }

    @Test
    void aFaxIsItsWordsThenItsDocument() {
        OutboundMessage fax =
                render("fax", "EXERCICE\n\n{{document.plan." + SHA256 + "}}\n\n{{rue}} est coupée.", "Pont");
        assertThat(fax.text()).isEqualTo("EXERCICE\n\n\n\nPont est coupée.");
        assertThat(fax.document()).contains(Path.of("1", SHA256));

        OutboundMessage alone = render("fax", " {{document.plan." + SHA256 + "}}\n", "x");
        assertThat(alone.text()).isEmpty();
        assertThat(alone.document()).isPresent();
        assertThat(render("fax", "Crue", "x").document()).isEmpty();
    }

    @Test
    void aDocumentThatIsNotThereIsAMessageThatIsNotSent() {
        for (String text : List.of(
                "{{document.plan." + SHA256.replace('a', 'b') + "}}",
                "{{document.plan}}",
                "{{document.plan." + SHA256 + "}} {{document.plan." + SHA256 + "}}")) {
            assertThatThrownBy(() -> render("fax", text, "x"))
                    .as(text)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("document");
        }
    }

    private static OutboundMessage render(String channel, String text, String street) {
        return text(channel, text)
                .render(
                        channel,
                        intent(
                                1,
                                0,
                                1,
                                7,
                                "+33639980001",
                                false,
                                "{\"rue\": \"" + street
                                        + "\", \"title\": \"faux\", \"answer_url\": \"http://faux.example\"}"));
    }

    private static AlertText text(String channel, String text) {
        return text(
                List.of(new Written(channel, "fr", new Template("Crue"), new Template(text), Optional.empty())), null);
    }

    private static AlertText text(List<Written> written, SpokenCalls calls) {
        DispatchPolicy policy = new DispatchPolicy(
                List.of(),
                Map.of(),
                Map.of("point", "à l'école"),
                Optional.of("https://a.example"),
                Optional.empty(),
                Optional.empty());
        Alert alert = new Alert(
                1,
                2,
                "crue",
                1,
                "Crue",
                Category.LIFE_SAFETY,
                false,
                Alert.State.RUNNING,
                policy,
                9,
                "maire",
                Instant.EPOCH,
                Optional.empty());
        return new AlertText(
                new WaveRows.Launched(alert, "Commune", "fr", written), LINKS, new Media(calls, DOCUMENTS));
    }

    private static Fact.Intent intent(String language, String variables) {
        Fact.Intent other = intent(1, 0, 1, 7, "+33639980001", false, variables);
        return new Fact.Intent(
                other.target(),
                other.batch(),
                other.rootWave(),
                other.recipientNo(),
                other.address(),
                other.possibleDuplicate(),
                other.tryNo(),
                other.category(),
                other.name(),
                language,
                variables,
                other.answered());
    }

    private static Fact.Intent intent(
            int wave, int position, int rootWave, int recipientNo, String address, boolean possibleDuplicate) {
        return intent(wave, position, rootWave, recipientNo, address, possibleDuplicate, "{}");
    }

    private static Fact.Intent intent(
            int wave,
            int position,
            int rootWave,
            int recipientNo,
            String address,
            boolean possibleDuplicate,
            String variables) {
        return new Fact.Intent(
                new TargetRef(1, 2, wave, position),
                null,
                rootWave,
                recipientNo,
                address,
                possibleDuplicate,
                1,
                Category.LIFE_SAFETY,
                "Zoé Personne",
                "fr",
                variables,
                false);
    }
}
