package io.tocsin.routing.internal.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tocsin.channel.api.CallScript;
import io.tocsin.channel.api.CallScript.AnsweringMachine;
import io.tocsin.persistence.testing.TestDatabase;
import io.tocsin.routing.api.DispatchPolicy.CallPolicy;
import io.tocsin.routing.api.SpokenCalls.Telling;
import io.tocsin.routing.api.SpokenCalls.Words;
import io.tocsin.routing.api.Template;
import io.tocsin.speech.api.Lexicon;
import io.tocsin.speech.api.Sound;
import io.tocsin.speech.api.SpeechException;
import io.tocsin.speech.api.SpeechException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls put together by the real engine. */
class CallWriterTest {
    private static final Map<String, String> CHOICES = choices("1", "En sécurité", "2", "Besoin d'aide");
    private static TestDatabase db;
    private static int tenant;

    @TempDir
    Path folder;

    private Voices voices;
    private CallWriter writer;

    @BeforeAll
    static void startDatabase() {
        db = TestDatabase.start();
        tenant = db.tenant("saint-aurel");
    }

    @AfterAll
    static void stopDatabase() {
        db.close();
    }

    @BeforeEach
    void start() {
        voices = new Voices(folder);
        writer = new CallWriter(db.database());
        writer.bindSpeech(voices);
        writer.bindFiles(voices);
    }

    @AfterEach
    void stop() {
        writer.close();
    }

    @Test
    void whatIsTheSameForEverybodyIsOneStretchAndOnesOwnValuesAreTheirs() throws Exception {
        Words words = words("{{name}}, rejoignez {{point}} avant {{heure}} h, {{rue}}. Merci", "fr");
        Map<String, String> shared = Map.of("point", "le gymnase", "heure", "18");

        CallScript call = writer.script(new Telling(words, shared, Map.of("name", "Zoé", "rue", "rue du Pont")));

        assertThat(call.message())
                .containsExactly(
                        spoken("Zoé", "fr"),
                        spoken("rejoignez le gymnase avant 18 h,", "fr"),
                        spoken("rue du Pont", "fr"),
                        spoken("Merci", "fr"))
                .allSatisfy(
                        file -> assertThat(file).isAbsolute().isRegularFile().hasExtension("alaw"));
        assertThat(writer.script(new Telling(words, shared, Map.of("name", "Zoé", "rue", "quai", "heure", "9")))
                        .message())
                .as("a value of one's own wins, and is said by itself")
                .containsExactly(
                        spoken("Zoé", "fr"),
                        spoken("rejoignez le gymnase avant", "fr"),
                        spoken("9", "fr"),
                        spoken("h,", "fr"),
                        spoken("quai", "fr"),
                        spoken("Merci", "fr"));
    }

    @Test
    void aCodeIsSaidDigitByDigit() throws Exception {
        CallScript call = writer.script(new Telling(
                words("Code {{code}}, rappelez le {{tel}} le {{jour}}", "fr"),
                Map.of("code", "25012", "tel", "0199000012", "jour", "2026-11-22T18:30"),
                Map.of()));

        assertThat(call.message())
                .containsExactly(spoken("Code 2 5 0 1 2, rappelez le 0199000012 le 2026-11-22, 18:30", "fr"));
    }

    @Test
    void aNumberKeepsItsPlusAndATemperatureItsMinus() throws Exception {
        Words words = words("{{name}} - appelez {{tel}}. +33199000012, {{name}} -5 °C", "fr");

        assertThat(writer.script(new Telling(words, Map.of(), Map.of("name", "Zoé", "tel", "+33199000011")))
                        .message())
                .containsExactly(
                        spoken("Zoé", "fr"),
                        spoken("appelez", "fr"),
                        spoken("+33199000011", "fr"),
                        spoken("+33199000012,", "fr"),
                        spoken("Zoé", "fr"),
                        spoken("-5 °C", "fr"));
    }

    @Test
    void theQuestionIsWordedInThePersonsLanguageAndMeaningsSpokenInTheirs() throws Exception {
        CallPolicy policy = new CallPolicy(
                Duration.ofSeconds(20),
                2,
                AnsweringMachine.HANG_UP,
                Optional.empty(),
                Map.of("9", "+33199000009"),
                Optional.of("*"),
                Map.of("busy", Duration.ofMinutes(1)));

        CallScript french = writer.script(telling(asking("Alerte", "fr", policy)));
        CallScript.Question question = french.question().orElseThrow();
        assertThat(question.asked())
                .containsExactly(
                        spoken("Pour « En sécurité », appuyez sur 1.", "fr"),
                        spoken("Pour « Besoin d'aide », appuyez sur 2.", "fr"),
                        spoken("Pour parler à quelqu’un, appuyez sur 9.", "fr"),
                        spoken("Pour réécouter, appuyez sur étoile.", "fr"));
        assertThat(question.keys())
                .containsOnlyKeys("1", "2")
                .containsEntry(
                        "2", List.of(spoken("Merci. Votre réponse est enregistrée : Besoin d'aide. Au revoir.", "fr")));
        assertThat(question.transfers()).containsExactly(Map.entry("9", "+33199000009"));
        assertThat(question.repeat()).contains("*");
        assertThat(question.unclear()).hasSize(1);
        assertThat(french)
                .extracting(CallScript::ringing, CallScript::times, CallScript::machine, CallScript::again)
                .containsExactly(
                        Duration.ofSeconds(20), 2, AnsweringMachine.HANG_UP, Map.of("busy", Duration.ofMinutes(1)));

        CallScript english = writer.script(telling(asking("Alert", "en", policy)));
        assertThat(english.question().orElseThrow().asked())
                .startsWith(spoken("For “", "en"), spoken("En sécurité", "fr"), spoken("”, press 1.", "en"));
    }

    @Test
    void aPersonsPinIsAskedBeforeAnything() throws Exception {
        CallPolicy policy = pin("code");
        Words words = asking("Alerte", "fr", policy);

        CallScript call = writer.script(new Telling(words, Map.of(), Map.of("code", " 4711 ")));

        assertThat(call.pin().orElseThrow().digits()).isEqualTo("4711");
        assertThat(call.pin().orElseThrow().asked())
                .as("nobody gives a code to somebody unknown")
                .containsExactly(spoken(
                        "Un message de Saint-Aurel, pour vous seul. Composez votre code, puis appuyez sur dièse.",
                        "fr"));
        assertThat(call.toString()).doesNotContain("4711");
        for (String bad : List.of("", "12", "12345678901", "12a4")) {
            assertThatThrownBy(() -> writer.script(new Telling(words, Map.of(), Map.of("code", bad))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("variable code is no PIN of 3 to 10 digits");
        }
    }

    @Test
    void aRecordingIsTheTenantsAndIsFetchedAgainWhenItsFileIsGone() throws Exception {
        Sound sound = Sound.read(spoken("Ici la maire", "fr"));
        String sha256 = stored(sound);
        Words words = words("Alerte {{recording.maire." + sha256 + "}}", "fr");

        Path file = writer.script(telling(words)).message().get(1);

        assertThat(file).hasBinaryContent(sound.alaw());
        Files.delete(file);
        assertThat(writer.script(telling(words)).message().get(1)).hasBinaryContent(sound.alaw());
        Words gone = words("{{recording.maire." + "0".repeat(64) + "}}", "fr");
        assertThat(catchThrowableOfType(SpeechException.class, () -> writer.script(telling(gone))))
                .hasMessageContaining("“maire” is not there");
    }

    @Test
    void anAlertKeepsTheLexiconItWasLaunchedWith() throws Exception {
        lexicon(1, "[{\"word\":\"Loue\",\"spoken\":\"lou\",\"language\":\"fr\"}]");
        lexicon(2, "[{\"word\":\"Loue\",\"spoken\":\"la loue\",\"language\":\"fr\"}]");

        List<Path> first =
                writer.script(telling(words("Crue de la Loue", "fr", 1))).message();
        List<Path> second =
                writer.script(telling(words("Crue de la Loue", "fr", 2))).message();

        assertThat(first).containsExactly(spoken("Crue de la lou", "fr")).isNotEqualTo(second);
    }

    @Test
    void nothingIsSpokenTwice() throws Exception {
        Words words = asking("{{name}}, alerte", "fr", CallPolicy.usual(true));
        writer.prepare(words, Map.of());
        List<String> before = List.copyOf(voices.asked);
        assertThat(before).hasSize(7).doesNotHaveDuplicates();

        List<Telling> people = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            people.add(new Telling(words, Map.of(), Map.of("name", "Personne " + "ABC".charAt(i % 3))));
        }
        writer.ahead(people);
        assertThat(voices.asked.subList(before.size(), voices.asked.size()))
                .containsExactlyInAnyOrder("fr: Personne A", "fr: Personne B", "fr: Personne C");
        for (Telling person : people) {
            writer.script(person);
        }
        assertThat(voices.asked).hasSize(before.size() + 3);
    }

    @Test
    void withoutAnEngineTheCureIsNamedAndItsComingIsEnough() throws Exception {
        writer.unbindSpeech(voices);
        Words words = words("Alerte", "fr");

        assertThat(writer.languages()).isEmpty();
        assertThat(catchThrowableOfType(SpeechException.class, () -> writer.prepare(words, Map.of())))
                .hasMessageContaining("tocsin-speech")
                .extracting(SpeechException::reason)
                .isEqualTo(Reason.ENGINE);

        writer.bindSpeech(voices);
        assertThat(writer.script(telling(words)).message()).hasSize(1);
    }

    @Test
    void aPersonsOwnValueIsNeverQuoted() {
        Telling person = new Telling(words("Alerte {{name}}", "fr"), Map.of(), Map.of("name", "Дмитрий"));

        assertThat(catchThrowableOfType(SpeechException.class, () -> writer.script(person)))
                .hasMessageContaining("{{name}}")
                .hasMessageNotContaining("Дмитрий")
                .extracting(SpeechException::reason)
                .isEqualTo(Reason.TEXT);
    }

    @Test
    void aMissingValueIsNamedAndNotLeftOut() {
        assertThatThrownBy(() -> writer.script(telling(words("Alerte {{rue}}", "fr"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("variable rue is missing");
        assertThatThrownBy(() -> writer.script(
                        new Telling(words("Alerte {{rue}}", "fr"), Map.of("rue", "rue du Pont"), Map.of("rue", " "))))
                .as("blank is what would be said")
                .hasMessage("variable rue is missing");
    }

    private Path spoken(String text, String language) throws Exception {
        return new Voices(folder).render(tenant, text, language, Lexicon.none()).file();
    }

    private static String stored(Sound sound) throws Exception {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(sound.alaw());
        db.database().inTenant(tenant, connection -> {
            try (var insert =
                    connection.prepareStatement("insert into sound (tenant_id, sha256, alaw) values (?, ?, ?)")) {
                insert.setInt(1, tenant);
                insert.setBytes(2, hash);
                insert.setBytes(3, sound.alaw());
                return insert.executeUpdate();
            }
        });
        return HexFormat.of().formatHex(hash);
    }

    private static void lexicon(int version, String entries) {
        db.database().inTenant(tenant, connection -> {
            try (var insert = connection.prepareStatement(
                    "insert into lexicon (tenant_id, version, entries, updated_by, updated_at) values (?, ?, ?::jsonb, 'test', now())")) {
                insert.setInt(1, tenant);
                insert.setInt(2, version);
                insert.setString(3, entries);
                return insert.executeUpdate();
            }
        });
    }

    private static Telling telling(Words words) {
        return new Telling(words, Map.of(), Map.of());
    }

    private static Words words(String text, String language) {
        return words(text, language, 0);
    }

    private static Words words(String text, String language, int lexicon) {
        return new Words(
                tenant, new Template(text), language, Map.of(), "fr", CallPolicy.usual(false), lexicon, "Saint-Aurel");
    }

    private static Words asking(String text, String language, CallPolicy policy) {
        return new Words(tenant, new Template(text), language, CHOICES, "fr", policy, 0, "Saint-Aurel");
    }

    private static CallPolicy pin(String variable) {
        return new CallPolicy(
                Duration.ofSeconds(30),
                1,
                AnsweringMachine.HANG_UP,
                Optional.of(variable),
                Map.of(),
                Optional.of("*"),
                Map.of());
    }

    private static Map<String, String> choices(String... pairs) {
        Map<String, String> choices = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            choices.put(pairs[i], pairs[i + 1]);
        }
        return choices;
    }
}
