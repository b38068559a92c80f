package io.tocsin.alerting.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tocsin.alerting.api.Alerts;
import io.tocsin.alerting.api.Alerts.LaunchRequest;
import io.tocsin.alerting.api.Documents;
import io.tocsin.alerting.api.Documents.Document;
import io.tocsin.alerting.api.Documents.DocumentException;
import io.tocsin.alerting.api.Documents.DocumentException.Reason;
import io.tocsin.alerting.api.LaunchRefusedException;
import io.tocsin.alerting.api.LaunchRefusedException.Problem;
import io.tocsin.alerting.internal.pdf.PdfReader;
import io.tocsin.audit.api.Journal;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.persistence.testing.TestDatabase;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.CostEstimates;
import io.tocsin.routing.api.PersonalMessages;
import io.tocsin.routing.internal.engine.RenderedAgain;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a tenant prints by fax, from the PDF somebody brings to the message a channel is handed. */
class DocumentLaunchTest {
    private static final String EVACUATION =
            """
            name: Évacuation
            category: life-safety
            lists: [quartier-bas]
            cascade:
              - {channel: fax, patience: 10m}
            variables: {point: Salle des fêtes, heure: }
            fallback-language: fr
            messages:
              fr:
                fax: {text: "{{document.plan}} Rejoignez {{point}} avant {{heure}}, {{name}}."}
              en:
                fax: {text: "{{document.plan}}"}
            """;

    private static TestDatabase db;
    private static final PdfReader READER = PdfReader.ofThisClassPath();

    @TempDir
    static Path keys;

    private Commune commune;
    private Alerts alerts;
    private Documents documents;
    private PersonalMessages messages;

    @BeforeAll
    static void startDatabase() {
        db = TestDatabase.start();
    }

    @AfterAll
    static void stopDatabase() {
        db.close();
    }

    @BeforeEach
    void faxedCommune() {
        db.clear();
        db.database().asEngine(c -> {
            try (var statement = c.createStatement()) {
                return statement.execute(
                        "insert into channel_endpoint_kind values ('sms', 'mobile'), ('fax', 'mobile')");
            }
        });
        commune = new Commune(db, keys).withPeople(12);
        alerts = commune.alerts;
        documents = new StoredDocuments(db.database(), commune.journal, commune.documents, READER);
        messages = new RenderedAgain(db.database(), commune.links, commune.calls, commune.documents);
    }

    @AfterEach
    void stopSpeaking() {
        commune.calls.close();
    }

    @Test
    void anAlertPrintsTheDocumentItWasLaunchedWith() throws Exception {
        byte[] plan = Sheets.pdf(2, "Plan");
        commune.withScenario("evacuation", EVACUATION);
        Document first = brought("plan", plan);

        Alert alert = alerts.launch(commune.tenant, Commune.live("evacuation"), Optional.empty(), Commune.MAYOR);
        brought("plan", Sheets.pdf(1, "Autre"));
        commune.withScenario("evacuation", EVACUATION.replace("{{document.plan}}", "Montez."));
        assertThat(documents.remove(commune.tenant, "plan", Commune.MAYOR)).isTrue();

        OutboundMessage fax = faxTo(alert, 1);
        assertThat(fax.text()).isEqualTo("Rejoignez Salle des fêtes avant 18 h, Zoé Personne1.");
        assertThat(fax.document().orElseThrow()).hasBinaryContent(plan).hasFileName(first.sha256() + ".pdf");
        OutboundMessage english = faxTo(alert, 10);
        assertThat(english.text()).as("the document alone").isEmpty();
        assertThat(english.document()).isEqualTo(fax.document());
        assertThat(faxTo(alert, 7).text())
                .as("nobody writes her language")
                .isEqualTo(fax.text().replace("1.", "7."));
    }

    @Test
    void anExerciseSaysSoOnACoverOfItsOwn() throws Exception {
        commune.withScenario("evacuation", EVACUATION);
        brought("plan", Sheets.pdf(1, "Plan"));
        Alert alert = alerts.launch(commune.tenant, Commune.drill("evacuation"), Optional.empty(), Commune.MAYOR);

        assertThat(faxTo(alert, 10).text()).isEqualTo("EXERCISE — this is not a real alert");
        assertThat(faxTo(alert, 10).document()).isPresent();
        assertThat(faxTo(alert, 1).text()).startsWith("EXERCICE — ceci n’est pas une alerte réelle\n");
    }

    @Test
    void aPreviewCountsItsPagesAndNamesIt() throws Exception {
        commune.withScenario("evacuation", EVACUATION);
        byte[] plan = Sheets.pdf(3, "Plan");
        brought("plan", plan);
        List<OutboundMessage> asked = new ArrayList<>();
        commune.tariff = (tenantId, channel, samples) -> {
            asked.addAll(samples);
            return CostEstimates.Estimate.unknown("a flat rate");
        };

        Alerts.Preview preview = alerts.preview(commune.tenant, Commune.live("evacuation"));

        assertThat(preview.problems()).isEmpty();
        assertThat(preview.sampleTexts().get("fr.fax"))
                .isEqualTo("[plan] Rejoignez Salle des fêtes avant 18 h, Zoé Personne1.");
        assertThat(asked).hasSize(8).allSatisfy(message -> assertThat(
                        message.document().orElseThrow())
                .hasBinaryContent(plan));
        assertThat(asked.get(0).text()).isEqualTo("Rejoignez Salle des fêtes avant 18 h, Zoé Personne1.");
    }

    @Test
    void aDocumentThatIsNotThereIsToldBeforeTheLaunch() {
        commune.withScenario("evacuation", EVACUATION);
        assertThat(problems(Commune.live("evacuation")))
                .contains(new Problem(
                        "messages.fr.fax.text",
                        "there is no document \"plan\"; bring it (PUT documents/plan), or write one of []"));
        assertThat(commune.count("select count(*) from alert")).isZero();
    }

    @Test
    void theAnswerPageNamesIt() throws Exception {
        commune.withScenario(
                "evacuation",
                EVACUATION
                        .replace("variables:", "question: {choices: {\"1\": Vu}}\nvariables:")
                        .replace("{{name}}", "{{name}} {{answer_url}}")
                        .replace("\"{{document.plan}}\"", "\"{{answer_url}} {{document.plan}}\""));
        brought("plan", Sheets.pdf(1, "Plan"));
        Alert alert = alerts.launch(commune.tenant, Commune.live("evacuation"), Optional.empty(), Commune.MAYOR);
        assertThat(alerts.answerPage(commune.links.token(commune.tenant, alert.alertId(), 1))
                        .orElseThrow()
                        .text())
                .startsWith("[plan] Rejoignez");
    }

    @Test
    void documentsAreKeptListedReadAndRemoved() throws Exception {
        byte[] plan = Sheets.pdf(2, "Plan");
        Document first = brought("plan", plan);
        assertThat(first.pages()).isEqualTo(2);
        assertThat(first.bytes()).isEqualTo(plan.length);
        assertThat(first.name()).isEqualTo("Le plan");
        brought("consignes", Sheets.pdf(1, "Consignes"));
        assertThat(documents.list(commune.tenant)).extracting(Document::slug).containsExactly("consignes", "plan");
        assertThat(documents.list(db.tenant("voisine"))).isEmpty();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(documents.content(commune.tenant, "plan", out)).isTrue();
        assertThat(out.toByteArray()).isEqualTo(plan);
        assertThat(documents.content(commune.tenant, "autre", out)).isFalse();

        commune.withScenario("evacuation", EVACUATION);
        assertThatThrownBy(() -> documents.remove(commune.tenant, "plan", Commune.MAYOR))
                .isInstanceOf(LaunchRefusedException.class)
                .hasMessage("slug: is printed in the scenarios [evacuation]; take {{document.plan}} out of them first");
        assertThat(documents.remove(commune.tenant, "consignes", Commune.MAYOR)).isTrue();
        assertThat(documents.remove(commune.tenant, "consignes", Commune.MAYOR)).isFalse();
        assertThat(commune.journaled())
                .extracting(Journal.Entry::action)
                .contains("document.saved", "document.removed");
    }

    @Test
    void whatIsNoDocumentIsRefusedWithTheCure() {
        byte[] whole = Sheets.pdf(2, "Plan");
        refused(new ByteArrayInputStream("hello".getBytes(StandardCharsets.US_ASCII)), Reason.NO_PDF);
        refused(InputStream.nullInputStream(), Reason.NO_PDF);
        refused(new ByteArrayInputStream(Sheets.locked("secret")), Reason.ENCRYPTED);
        refused(new ByteArrayInputStream(Sheets.pdf(0, "")), Reason.EMPTY);
        refused(new ByteArrayInputStream(Sheets.pdf(101, "Page")), Reason.TOO_MANY_PAGES);
        refused(
                new SequenceInputStream(new ByteArrayInputStream(whole), new ByteArrayInputStream(new byte[21 << 20])),
                Reason.TOO_LARGE);
        assertThat(catchThrowableOfType(
                                DocumentException.class, () -> brought("essai", Arrays.copyOf(whole, whole.length / 4)))
                        .reason())
                .isIn(Reason.DAMAGED, Reason.EMPTY);
        assertThatThrownBy(() -> brought("Plan d’eau", whole))
                .isInstanceOf(LaunchRefusedException.class)
                .hasMessageContaining("must be 1 to 52 of a-z");
        assertThat(documents.list(commune.tenant)).isEmpty();
        assertThat(commune.count("select count(*) from document_content")).isZero();
    }

    @Test
    void whatWouldFillThisNodesMemoryFillsAnothers() {
        refused(new ByteArrayInputStream(Sheets.bomb()), Reason.TOO_HEAVY);
    }

    @Test
    void thereIsRoomForSoMany() throws Exception {
        byte[] plan = Sheets.pdf(1, "Plan");
        String sha256 = brought("plan", plan).sha256();
        commune.sql(
                """
                insert into document (tenant_id, slug, name, sha256, updated_by, updated_at)
                select %d, 'd-' || n, 'D', decode('%s', 'hex'), 'test', now() from generate_series(1, %d) n
                """
                        .formatted(commune.tenant, sha256, Documents.MOST - 1));
        assertThatThrownBy(() -> brought("autre", plan))
                .isInstanceOf(LaunchRefusedException.class)
                .hasMessageContaining("200 documents are there already");
        assertThat(brought("plan", Sheets.pdf(2, "Plan")).pages()).isEqualTo(2);
    }

    private Document brought(String slug, byte[] pdf) throws DocumentException, IOException {
        return documents.save(commune.tenant, slug, "Le " + slug, new ByteArrayInputStream(pdf), Commune.MAYOR);
    }

    private void refused(InputStream upload, Reason reason) {
        assertThat(catchThrowableOfType(
                        DocumentException.class,
                        () -> documents.save(commune.tenant, "essai", "Essai", upload, Commune.MAYOR)))
                .as(reason.name())
                .isNotNull()
                .satisfies(refused -> assertThat(refused.getMessage()).matches(".*(: | page).*"))
                .extracting(DocumentException::reason)
                .isEqualTo(reason);
    }

    private OutboundMessage faxTo(Alert alert, int recipientNo) {
        return messages.message(commune.tenant, alert.alertId(), recipientNo, "fax")
                .orElseThrow();
    }

    /** As a preview says and as a launch refuses: the same. */
    private List<Problem> problems(LaunchRequest request) {
        List<Problem> previewed = alerts.preview(commune.tenant, request).problems();
        LaunchRefusedException refused = catchThrowableOfType(
                LaunchRefusedException.class,
                () -> alerts.launch(commune.tenant, request, Optional.empty(), Commune.MAYOR));
        assertThat(refused).isNotNull();
        assertThat(previewed).containsAll(refused.problems());
        return previewed;
    }
}
