package io.tocsin.alerting.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.tocsin.alerting.api.Alerts;
import io.tocsin.alerting.api.Alerts.LaunchRequest;
import io.tocsin.alerting.api.Alerts.RelaunchRequest;
import io.tocsin.alerting.api.LaunchRefusedException;
import io.tocsin.alerting.api.LaunchRefusedException.Problem;
import io.tocsin.alerting.api.Lexicons;
import io.tocsin.alerting.api.Recordings;
import io.tocsin.audit.api.Journal;
import io.tocsin.channel.api.CallScript.AnsweringMachine;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.persistence.api.StaleRecordException;
import io.tocsin.persistence.testing.TestDatabase;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.CostEstimates;
import io.tocsin.routing.api.DispatchPolicy.CallPolicy;
import io.tocsin.routing.api.Totals;
import io.tocsin.speech.api.Lexicon;
import io.tocsin.speech.api.Recording.RecordingException;
import io.tocsin.speech.api.Recording.RecordingException.Reason;
import io.tocsin.speech.api.Sound;
import io.tocsin.speech.api.SpeechException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a tenant says by telephone, from its recordings and words to the launch: with the real engine. */
class VoiceLaunchTest {
    private static final String CLOUD =
            """
            name: Nuage toxique
            category: life-safety
            lists: [quartier-bas]
            cascade:
              - {channel: voice, patience: 10m}
            question: {choices: {"1": En sécurité, "2": Besoin d'aide}}
            call: {times: 2}
            variables: {point: Salle des fêtes, heure: }
            fallback-language: fr
            messages:
              fr:
                voice: {text: "{{recording.sirene}} Confinez-vous jusqu'à {{heure}}, {{name}}. {{point}} est fermée."}
              en:
                voice: {text: "Stay inside until {{heure}}, {{name}}."}
            """;
    private static final String SIREN = "PUT recordings/sirene";

    private static TestDatabase db;

    @TempDir
    static Path keys;

    @TempDir
    Path folder;

    private Studio studio;
    private Commune commune;
    private Alerts alerts;
    private StoredRecordings recordings;
    private Lexicons lexicons;

    @BeforeAll
    static void startDatabase() {
        db = TestDatabase.start();
    }

    @AfterAll
    static void stopDatabase() {
        db.close();
    }

    @BeforeEach
    void calledCommune() {
        db.clear();
        db.database().asEngine(c -> {
            try (var statement = c.createStatement()) {
                return statement.execute(
                        "insert into channel_endpoint_kind values ('sms', 'mobile'), ('voice', 'mobile')");
            }
        });
        studio = new Studio(folder);
        commune = new Commune(db, keys).withPeople(12);
        commune.calls.bindSpeech(studio.speech);
        commune.calls.bindFiles(studio.speech);
        alerts = commune.alerts;
        recordings = new StoredRecordings(db.database(), commune.journal);
        recordings.bindIntake(studio.intake);
        lexicons = new StoredLexicons(db.database(), commune.journal);
    }

    @AfterEach
    void stopSpeaking() {
        commune.calls.close();
    }

    @Test
    void anAlertKeepsWhatItWasLaunchedWith() throws Exception {
        commune.withScenario("nuage", CLOUD);
        String siren = record("sirene", Studio.tone(440)).sha256();
        lexicons.save(commune.tenant, words("Zoé", "zo hé"), Optional.empty(), Commune.MAYOR);

        Alert alert = launch(Commune.drill("nuage"));
        record("sirene", Studio.tone(880));
        lexicons.save(commune.tenant, words("Zoé", "zoo"), Optional.empty(), Commune.MAYOR);

        assertThat(text(alert, "fr"))
                .isEqualTo("EXERCICE — ceci n’est pas une alerte réelle. {{recording.sirene." + siren
                        + "}} Confinez-vous jusqu'à {{heure}}, {{name}}. {{point}} est fermée.");
        assertThat(text(alert, "pt-BR")).as("nobody writes it").isEqualTo(text(alert, "fr"));
        assertThat(alert.policy().lexicon()).isEqualTo(1);
        assertThat(alert.policy().call())
                .contains(new CallPolicy(
                        Duration.ofSeconds(30),
                        2,
                        AnsweringMachine.LEAVE_MESSAGE,
                        Optional.empty(),
                        Map.of(),
                        Optional.of("*"),
                        Map.of()));
        assertThat(spokenFiles())
                .as("spoken and recorded before anybody is called")
                .isGreaterThanOrEqualTo(12);
        assertThat(recordings.find(commune.tenant, "sirene").orElseThrow().sha256())
                .isNotEqualTo(siren);
    }

    @Test
    void aPreviewSaysHowLongPeopleListenAndWhatItCosts() throws Exception {
        commune.withScenario("nuage", CLOUD);
        record("sirene", Studio.tone(440));
        List<OutboundMessage> asked = new ArrayList<>();
        commune.tariff = (tenantId, channel, samples) -> {
            asked.addAll(samples);
            return CostEstimates.Estimate.unknown("a flat rate");
        };

        Alerts.Preview preview = alerts.preview(commune.tenant, Commune.live("nuage"));

        assertThat(preview.problems()).isEmpty();
        assertThat(preview.warnings()).isEmpty();
        assertThat(preview.calls()).containsOnlyKeys("fr", "en");
        assertThat(preview.calls().get("fr").message())
                .as("the tone and a sentence, twice")
                .isBetween(Duration.ofSeconds(8), Duration.ofSeconds(30));
        assertThat(preview.calls().get("fr").question()).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(20));
        assertThat(preview.sampleTexts().get("fr.voice"))
                .isEqualTo("[sirene] Confinez-vous jusqu'à 18 h, Zoé Personne1. Salle des fêtes est fermée.");
        assertThat(asked).hasSize(8).allSatisfy(message -> assertThat(message.call())
                .isPresent());
    }

    @Test
    void whatCannotBeSaidIsToldBeforeTheLaunch() {
        commune.withScenario("nuage", CLOUD);
        assertThat(problems(Commune.live("nuage"))).singleElement().satisfies(problem -> {
            assertThat(problem.field()).isEqualTo("messages.fr.voice.text");
            assertThat(problem.problem())
                    .startsWith("there is no recording \"sirene\"")
                    .contains(SIREN);
        });

        commune.withScenario("nuage", CLOUD.replace("{{recording.sirene}} ", "Внимание. "));
        assertThat(problems(Commune.live("nuage"))).singleElement().satisfies(problem -> {
            assertThat(problem.field()).isEqualTo("messages.fr.voice.text");
            assertThat(problem.problem()).contains("“Внимание” cannot be read in “fr”");
        });

        commune.withScenario(
                "nuage",
                CLOUD.replace("{{recording.sirene}} ", "")
                        .replace("  en:", "  de:")
                        .replace("Stay", "1 2 Stay"));
        assertThat(problems(Commune.live("nuage"))).singleElement().satisfies(problem -> assertThat(problem.problem())
                .startsWith("nobody here speaks “de”"));
        assertThat(commune.count("select count(*) from alert")).isZero();
    }

    @Test
    void withoutAnEngineOnlyThoseAreRefusedWhoReachNobodyOtherwise() {
        commune.calls.unbindSpeech(studio.speech);
        String spoken = CLOUD.replace("{{recording.sirene}} ", "");
        commune.withScenario("nuage", spoken);
        assertThat(problems(Commune.live("nuage")))
                .extracting(Problem::field)
                .containsExactlyInAnyOrder("messages.fr.voice.text", "messages.en.voice.text");

        commune.withScenario(
                "nuage",
                spoken.replace("cascade:\n", "cascade:\n  - {channel: sms, patience: 5m}\n")
                        .replace("    voice: {text: \"Conf", "    sms: {text: x}\n    voice: {text: \"Conf"));
        assertThat(alerts.preview(commune.tenant, Commune.live("nuage")).warnings())
                .extracting(Problem::problem)
                .allSatisfy(problem -> assertThat(problem).contains("tocsin-speech"))
                .hasSize(2);
        assertThat(launch(Commune.live("nuage")).state()).isEqualTo(Alert.State.RUNNING);
    }

    @Test
    void whatIsSpokenForEachOfManyIsWarnedOf() throws Exception {
        commune.morePeople(1_100);
        commune.withScenario("nuage", CLOUD);
        record("sirene", Studio.tone(440));

        assertThat(alerts.preview(commune.tenant, Commune.live("nuage")).warnings())
                .extracting(Problem::field, Problem::problem)
                .startsWith(tuple(
                        "messages.fr.voice.text",
                        "has {{name}}, spoken anew for each of 1078 people while their calls wait; leave out what need"
                                + " not be said"));
        commune.withScenario("nuage", CLOUD.replace(", {{name}}", ""));
        assertThat(alerts.preview(commune.tenant, Commune.live("nuage")).warnings())
                .isEmpty();
    }

    @Test
    void everybodyNeedsAPin() {
        commune.withScenario("nuage", CLOUD.replace("{{recording.sirene}} ", "").replace("{times: 2}", "{pin: code}"));
        assertThat(problems(Commune.live("nuage"))).singleElement().satisfies(problem -> {
            assertThat(problem.field()).isEqualTo("variables.code");
            assertThat(problem.problem()).startsWith("is missing for 8 contacts: C-1 (Zoé Personne1)");
        });

        commune.sql("update contact set variables = variables || '{\"code\": \"47a1\"}' where external_id = 'C-4'");
        LaunchRequest shared = new LaunchRequest(
                "nuage", false, Map.of("heure", "18 h", "code", "4711"), Optional.empty(), Optional.empty());
        assertThat(problems(shared)).singleElement().satisfies(problem -> {
            assertThat(problem.field()).isEqualTo("variables.code");
            assertThat(problem.problem())
                    .isEqualTo("is a PIN, 3 to 10 digits, and something else for 1 contact: C-4 (Zoé Personne4);"
                            + " correct the contacts, or give the variable at launch");
        });
        assertThat(problems(new LaunchRequest(
                        "nuage", false, Map.of("heure", "18 h", "code", "x"), Optional.empty(), Optional.empty())))
                .contains(new Problem("variables.code", "is a PIN: 3 to 10 digits"));
        commune.sql("update contact set variables = variables || '{\"code\": \"4711\"}'");
        assertThat(launch(Commune.live("nuage")).policy().call().orElseThrow().pin())
                .contains("code");
    }

    @Test
    void aRelaunchByTelephoneSaysWhatTheLaunchFroze() throws Exception {
        commune.withScenario(
                "nuage",
                CLOUD.replace("{channel: voice", "{channel: sms")
                        .replace("    voice: {text: \"{{rec", "    sms: {text: x}\n    voice: {text: \"{{rec"));
        record("sirene", Studio.tone(440));
        Alert alert = launch(Commune.live("nuage"));
        assertThat(spokenFiles()).as("nobody is called yet").isZero();
        RelaunchRequest byVoice = new RelaunchRequest(List.of(Totals.State.PENDING), "voice", Duration.ofMinutes(5));

        commune.calls.unbindSpeech(studio.speech);
        assertThatThrownBy(() ->
                        alerts.relaunch(commune.tenant, alert.alertId(), byVoice, Optional.empty(), Commune.MAYOR))
                .isInstanceOf(LaunchRefusedException.class)
                .hasMessageContaining("tocsin-speech");

        commune.calls.bindSpeech(studio.speech);
        assertThat(alerts.relaunch(commune.tenant, alert.alertId(), byVoice, Optional.empty(), Commune.MAYOR)
                        .targets())
                .isEqualTo(8);
        assertThat(spokenFiles()).isGreaterThan(8);
    }

    @Test
    void theAnswerPageReadsWhatIsSaid() throws Exception {
        commune.withScenario("nuage", CLOUD);
        record("sirene", Studio.tone(440));
        Alert alert = launch(Commune.live("nuage"));

        assertThat(alerts.answerPage(commune.links.token(commune.tenant, alert.alertId(), 1))
                        .orElseThrow()
                        .text())
                .isEqualTo("[sirene] Confinez-vous jusqu'à 18 h, Zoé Personne1. Salle des fêtes est fermée.");
    }

    @Test
    void recordingsAreKeptListedHeardAndRemoved() throws Exception {
        Recordings.Recorded first = record("sirene", Studio.tone(440));
        record("maire", Studio.tone(300));

        assertThat(recordings.list(commune.tenant))
                .extracting(Recordings.Recorded::slug)
                .containsExactly("maire", "sirene");
        assertThat(first.duration()).isBetween(Duration.ofMillis(1_500), Duration.ofMillis(2_500));
        assertThat(recordings.sound(commune.tenant, "sirene").orElseThrow().duration())
                .isEqualTo(first.duration());
        assertThat(recordings.list(db.tenant("voisine"))).isEmpty();

        commune.withScenario("nuage", CLOUD);
        assertThatThrownBy(() -> recordings.remove(commune.tenant, "sirene", Commune.MAYOR))
                .isInstanceOf(LaunchRefusedException.class)
                .hasMessageContaining("[nuage]");
        assertThat(recordings.remove(commune.tenant, "maire", Commune.MAYOR)).isTrue();
        assertThat(recordings.remove(commune.tenant, "maire", Commune.MAYOR)).isFalse();
        assertThat(commune.journaled())
                .extracting(Journal.Entry::action)
                .contains("recording.saved", "recording.removed");
    }

    @Test
    void anUploadThatNobodyWouldUnderstandIsRefusedWithTheCure() {
        refused(new ByteArrayInputStream("RIFF????WAVEfmt ".getBytes(StandardCharsets.US_ASCII)), Reason.DAMAGED);
        refused(new ByteArrayInputStream("hello".getBytes(StandardCharsets.US_ASCII)), Reason.FORMAT);
        refused(InputStream.nullInputStream(), Reason.FORMAT);
        refused(Studio.silence(), Reason.SILENT);
        refused(Studio.minutes(4), Reason.TOO_LONG);
        assertThatThrownBy(() -> record("Sirène", Studio.tone(440))).isInstanceOf(LaunchRefusedException.class);
        assertThat(recordings.list(commune.tenant)).isEmpty();
        recordings.unbindIntake(studio.intake);
        refused(Studio.tone(440), Reason.DECODER);
    }

    @Test
    void aLexiconIsVersioned() {
        assertThat(lexicons.current(commune.tenant).version()).isZero();
        Lexicons.Current first = lexicons.save(commune.tenant, words("Loue", "lou"), Optional.of(0), Commune.MAYOR);
        assertThat(first.version()).isEqualTo(1);
        assertThat(lexicons.save(commune.tenant, words("Loue", "lou"), Optional.of(1), Commune.MAYOR)
                        .version())
                .as("nothing changed")
                .isEqualTo(1);
        assertThatThrownBy(() -> lexicons.save(commune.tenant, words("Loue", "lo"), Optional.of(0), Commune.MAYOR))
                .isInstanceOf(StaleRecordException.class);
        assertThat(lexicons.save(commune.tenant, Lexicon.none(), Optional.empty(), Commune.MAYOR)
                        .version())
                .isEqualTo(2);
        assertThat(lexicons.current(commune.tenant).lexicon()).isEqualTo(Lexicon.none());
    }

    @Test
    void aScenarioCanBeHeardBefore() throws Exception {
        commune.withScenario("nuage", CLOUD);
        SpokenBefore listening = new SpokenBefore(db.database(), db.model(), commune.calls);
        assertThatThrownBy(() -> listening.scenario(commune.tenant, "nuage", "fr", false, Map.of()))
                .isInstanceOf(LaunchRefusedException.class)
                .hasMessageContaining(SIREN);
        record("sirene", Studio.tone(440));
        byte[] siren = recordings.sound(commune.tenant, "sirene").orElseThrow().alaw();

        Sound heard = listening.scenario(commune.tenant, "nuage", "fr", false, Map.of("heure", "18 h"));
        assertThat(heard.alaw()).startsWith(siren);
        assertThat(heard.duration()).isGreaterThan(Duration.ofSeconds(15));
        assertThat(listening
                        .scenario(commune.tenant, "nuage", "fr", true, Map.of())
                        .duration())
                .as("an exercise says so")
                .isGreaterThan(heard.duration());
        assertThatThrownBy(() -> listening.scenario(commune.tenant, "nuage", "de", false, Map.of()))
                .isInstanceOf(LaunchRefusedException.class)
                .hasMessage("language: \"de\" is not written; choose one of [fr, en]");
        assertThatThrownBy(() -> listening.scenario(commune.tenant, "tsunami", "fr", false, Map.of()))
                .isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void aTextCanBeHeardAsTheTenantSaysIt() throws Exception {
        SpokenBefore listening = new SpokenBefore(db.database(), db.model(), commune.calls);
        Duration written = listening.text(commune.tenant, "La Loue", "fr").duration();
        lexicons.save(commune.tenant, words("Loue", "rivière du village"), Optional.empty(), Commune.MAYOR);

        assertThat(listening.text(commune.tenant, "La Loue", "fr").duration()).isGreaterThan(written);
        assertThatThrownBy(() -> listening.text(commune.tenant, "Bonjour {{name}}", "fr"))
                .isInstanceOf(LaunchRefusedException.class)
                .hasMessageContaining("variable name is missing");
        assertThatThrownBy(() -> listening.text(commune.tenant, "…", "fr")).isInstanceOf(SpeechException.class);
    }

    private Recordings.Recorded record(String slug, InputStream upload) throws RecordingException, IOException {
        return recordings
                .save(commune.tenant, slug, "La " + slug, upload, Commune.MAYOR)
                .recording();
    }

    private void refused(InputStream upload, Reason reason) {
        assertThat(catchThrowableOfType(RecordingException.class, () -> record("essai", upload)))
                .isNotNull()
                .extracting(RecordingException::reason)
                .isEqualTo(reason);
    }

    private static Lexicon words(String word, String spoken) {
        return new Lexicon(List.of(new Lexicon.Entry(word, spoken, "fr")));
    }

    private Alert launch(LaunchRequest request) {
        return alerts.launch(commune.tenant, request, Optional.empty(), Commune.MAYOR);
    }

    /** As a preview says and as a launch refuses: the same. */
    private List<Problem> problems(LaunchRequest request) {
        List<Problem> previewed = alerts.preview(commune.tenant, request).problems();
        LaunchRefusedException refused = catchThrowableOfType(LaunchRefusedException.class, () -> launch(request));
        assertThat(refused).isNotNull();
        assertThat(previewed).containsAll(refused.problems());
        return previewed;
    }

    private String text(Alert alert, String language) {
        return db.database().inTenant(commune.tenant, connection -> {
            try (var query = connection.prepareStatement(
                    "select body_text from alert_message where alert_id = ? and channel = 'voice' and language = ?")) {
                query.setLong(1, alert.alertId());
                query.setString(2, language);
                try (var row = query.executeQuery()) {
                    row.next();
                    return row.getString(1);
                }
            }
        });
    }

    private long spokenFiles() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".alaw")).count();
        }
    }
}
