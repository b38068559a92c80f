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
import io.tocsin.audit.api.Evidence;
import io.tocsin.audit.api.Journal;
import io.tocsin.channel.api.CostEstimate;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.Preflight.Objection;
import io.tocsin.persistence.testing.TestDatabase;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.CostEstimates.Estimate;
import io.tocsin.routing.api.DispatchPolicy;
import io.tocsin.routing.api.Ledger;
import io.tocsin.routing.api.SmsTemplate;
import io.tocsin.routing.api.Totals;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlertDeskTest {
    private static TestDatabase db;

    @TempDir
    static Path keys;

    private Commune commune;
    private Alerts alerts;

    @BeforeAll
    static void startDatabase() {
        db = TestDatabase.start();
    }

    @AfterAll
    static void stopDatabase() {
        db.close();
    }

    @BeforeEach
    void floodedCommune() {
        db.clear();
        db.database().asEngine(c -> {
            try (var statement = c.createStatement()) {
                return statement.execute(
                        """
                        insert into channel_endpoint_kind values ('sms', 'mobile'), ('mail', 'email'), ('voice', 'mobile'),
                            ('voice', 'landline'), ('fax', 'fax') on conflict do nothing
                        """);
            }
        });
        commune = new Commune(db, keys).withPeople(30).withScenario("inondation", Commune.FLOOD);
        alerts = commune.alerts;
    }

    @Test
    void launchesEverythingInOneTransaction() {
        Alert alert = launch(Commune.live("inondation"));

        assertThat(alert.recipients()).isEqualTo(30);
        assertThat(alert.state()).isEqualTo(Alert.State.RUNNING);
        assertThat(alert.policy().choices())
                .containsExactly(Map.entry("oui", "En sécurité"), Map.entry("1", "Besoin d'aide"));
        assertThat(alert.policy().variables()).containsEntry("heure", "18 h").containsEntry("point", "Salle des fêtes");
        assertThat(alert.policy().answerBaseUrl()).contains(Commune.BASE);
        Alerts.Status status = alerts.status(commune.tenant, alert.alertId());
        assertThat(status.totals()).isEqualTo(new Totals(30, 0, 0, 0, 0, 30, 0));
        assertThat(status.waves()).singleElement().satisfies(wave -> {
            assertThat(wave.channel()).isEqualTo("sms");
            assertThat(wave.targets()).isEqualTo(20);
        });
        Journal.Entry launched = commune.journaled().get(1);
        assertThat(launched.action()).isEqualTo("alert.launched");
        assertThat(launched.actor()).isEqualTo(Commune.MAYOR);
        assertThat(launched.details()).containsEntry("scenario", "inondation").containsEntry("drill", false);
    }

    @Test
    void hurriesEveryStepWhenTheLaunchSaysSo() {
        Alert alert = launch(hurried(Duration.ofSeconds(20)));

        assertThat(alert.policy().cascade())
                .extracting(DispatchPolicy.Step::patience)
                .containsExactly(Duration.ofSeconds(20), Duration.ofSeconds(20));
        assertThat(refused(hurried(Duration.ZERO))).extracting(Problem::field).containsExactly("patience");
    }

    @Test
    void namesWhomNoStepReachesAndByWhatTheyCouldBe() {
        commune.withScenario("sms", Commune.FLOOD.replace("  - {channel: mail, patience: 15m}\n", ""));
        commune.sql("update contact set reach = '[]' where external_id = 'C-3'");

        Alerts.Preview preview = alerts.preview(commune.tenant, Commune.live("sms"));

        assertThat(preview.people()).isEqualTo(30);
        assertThat(preview.unreachable().people()).isEqualTo(10);
        assertThat(preview.unreachable().otherwise()).containsExactly(Map.entry("email", 9));
        assertThat(preview.unreachable().nowhere()).isEqualTo(1);
        assertThat(preview.unreachable().first())
                .hasSize(10)
                .extracting(person -> person.name())
                .contains("Zoé Personne3", "Zoé Personne30")
                .doesNotContain("Zoé Personne1");
        assertThat(preview.unnamed().unreachable().first()).isEmpty();
        assertThat(alerts.preview(commune.tenant, Commune.live("inondation"))
                        .unreachable()
                        .people())
                .as("by mail whoever has no telephone is")
                .isEqualTo(1);
    }

    @Test
    void listsOfALaunchAreNamedBesideTheScenariosOwn() {
        launch(new LaunchRequest(
                "inondation", false, Map.of("heure", "18 h"), Optional.of(List.of("quartier-bas")), Optional.empty()));

        assertThat(commune.journaled().get(commune.journaled().size() - 1).details())
                .containsEntry("lists", List.of("quartier-bas"))
                .containsEntry("listsOfScenario", List.of("quartier-bas"));
    }

    private static LaunchRequest hurried(Duration patience) {
        return new LaunchRequest("inondation", false, Map.of("heure", "18 h"), Optional.empty(), Optional.of(patience));
    }

    @Test
    void writesEveryLanguageOfTheAudience() {
        Alert alert = launch(Commune.live("inondation"));

        assertThat(texts(alert))
                .containsKeys("fr.sms", "fr.mail", "en.sms", "en.mail", "pt-BR.sms", "pt-BR.mail")
                .hasSize(6);
        assertThat(texts(alert).get("en.mail")).as("not written in English").startsWith("Rejoignez");
        assertThat(texts(alert).get("pt-BR.sms")).startsWith("ALERTE");
    }

    @Test
    void marksADrillEverywhere() {
        Alert drill = launch(Commune.drill("inondation"));

        assertThat(drill.drill()).isTrue();
        assertThat(drill.title()).isEqualTo("EXERCICE — Inondation");
        assertThat(texts(drill).get("fr.sms")).startsWith("EXERCICE - ALERTE");
        assertThat(texts(drill).get("en.sms")).startsWith("EXERCISE - ALERT");
        assertThat(texts(drill).get("fr.mail")).startsWith("EXERCICE — ");
        assertThat(commune.count(
                        "select count(*) from alert_message where channel = 'mail' and (subject not like 'EXERCICE — %'"
                                + " or body_html not like '<html><body><div%EXERCICE%')"))
                .isZero();
        String token = commune.links.token(commune.tenant, drill.alertId(), 1);
        assertThat(alerts.answerPage(token).orElseThrow().drill()).isTrue();
    }

    @Test
    void refusesAMissingVariableNamingContactsAndVariable() {
        commune.sql("update contact set variables = '{}' where external_id in ('C-1', 'C-2', 'C-3', 'C-10')");

        assertThat(refused(Commune.live("inondation")))
                .as("C-3 has no mobile and C-10 reads English: neither gets the text that needs it")
                .containsExactly(new Problem(
                        "variables.rue",
                        "is missing for 2 contacts: C-1 (Zoé Personne1), C-2 (Zoé Personne2); complete the contacts,"
                                + " or give the variable at launch"));
        assertThat(commune.count("select count(*) from alert")).isZero();
        assertThat(commune.count("select count(*) from recipient")).isZero();

        Alert alert = launch(new LaunchRequest(
                "inondation", false, Map.of("heure", "18 h", "rue", "votre rue"), Optional.empty(), Optional.empty()));
        assertThat(alert.recipients()).isEqualTo(30);
    }

    @Test
    void namesTwentyContactsAndHowManyThereAre() {
        LaunchRequest withoutHour =
                new LaunchRequest("inondation", false, Map.of(), Optional.empty(), Optional.empty());

        assertThat(refused(withoutHour)).singleElement().satisfies(problem -> {
            assertThat(problem.field()).isEqualTo("variables.heure");
            assertThat(problem.problem()).startsWith("is missing for 20 contacts: C-1 (");
        });
        commune.morePeople(60);
        assertThat(refused(withoutHour)).singleElement().satisfies(problem -> assertThat(problem.problem())
                .startsWith("is missing for 50 contacts: ")
                .contains(", …; complete"));
    }

    @Test
    void refusesABlankValueAndABlankName() {
        commune.sql("update contact set variables = '{\"rue\": \"  \"}' where external_id = 'C-1';\n"
                + "update contact set first_name = '', last_name = '' where external_id = 'C-2'");

        assertThat(refused(Commune.live("inondation")))
                .extracting(Problem::field)
                .containsExactlyInAnyOrder("variables.rue", "variables.name");
    }

    @Test
    void refusesWhatCannotBeLaunchedWithTheCure() {
        assertThat(refused(Commune.live("tsunami"))).extracting(Problem::field).containsExactly("scenario");
        assertThat(refused(request(Map.of("heure", "1", "huere", "2"), "quartier-bas")))
                .containsExactly(new Problem(
                        "variables.huere", "is not a variable of inondation; there are [heure, point, rue]"));
        assertThat(refused(request(Map.of("heure", "1", "name", "x"), "quartier-bas")))
                .extracting(Problem::field)
                .containsExactly("variables.name");
        assertThat(refused(request(Map.of("heure", "1"), "quartier-haut"))
                        .get(0)
                        .problem())
                .contains("quartier-haut");
        assertThat(refused(request(Map.of("heure", "1"), "personne")).get(0))
                .isEqualTo(new Problem("lists", "nobody is in [personne]; complete the lists or choose others"));
        assertThat(refused(request(Map.of("heure", "1"))))
                .extracting(Problem::field)
                .containsExactly("lists");
        commune.sql(
                """
                insert into contact_list (tenant_id, slug, name, kind, area) values (%d, 'quai', 'Quai', 'area',
                    '{"centre": {"latitude": 47.39, "longitude": 0.69}, "radiusMetres": 300}')
                """
                        .formatted(commune.tenant));
        assertThat(refused(request(Map.of("heure", "1"), "quai")).get(0).problem())
                .startsWith("nobody is in [quai]; ")
                .contains("check the area", "contacts have no place");
        assertThat(alerts.preview(commune.tenant, request(Map.of("heure", "1"), "quartier-bas", "quai"))
                        .warnings())
                .extracting(Problem::field, Problem::problem)
                .contains(
                        tuple(
                                "lists[1]",
                                "nobody lives in the area of 'quai' now: check the area, and whether contacts there have a place"));
    }

    @Test
    void refusesWhenNobodyHasAnEndpoint() {
        commune.sql("delete from endpoint where true; update contact set reach = '[]'");

        assertThat(refused(Commune.live("inondation"))).singleElement().satisfies(problem -> assertThat(
                        problem.problem())
                .startsWith("none of the 30 people can be reached by [sms, mail]"));
    }

    @Test
    void refusesASuspendedTenantAndWhatIsOverQuota() {
        commune.tenantIs("max_recipients = 29");
        assertThat(refused(Commune.live("inondation")).get(0).problem()).contains("quota of 29");
        commune.tenantIs("max_recipients = 30, max_running_alerts = 1");
        launch(Commune.live("inondation"));
        assertThat(refused(Commune.live("inondation")).get(0).problem()).contains("the quota is 1");
        commune.tenantIs("max_running_alerts = 9, state = 'suspended'");
        assertThat(refused(Commune.live("inondation")))
                .extracting(Problem::field)
                .containsExactly("tenant");
    }

    @Test
    void letsOnlyAsManyLaunchesRunAsTheQuotaEvenAtOnce() {
        commune.tenantIs("max_running_alerts = 2");
        long launched = IntStream.range(0, 6)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> tried(Commune.live("inondation"), Optional.empty())))
                .toList()
                .stream()
                .filter(attempt -> attempt.join().isPresent())
                .count();

        assertThat(launched).isEqualTo(2);
        assertThat(commune.count("select count(*) from alert")).isEqualTo(2);
    }

    @Test
    void refusesASenderThatOperatorsRefuse() {
        for (String sender : List.of("alerte", "12345", "Ville de X", "VilleDeSaintAurel", "Été", "0639980001")) {
            commune.tenantIs("sms_sender = '" + sender + "'");
            assertThat(refused(Commune.live("inondation")))
                    .as(sender)
                    .extracting(Problem::field)
                    .containsExactly("tenant.sms-sender");
        }
        commune.tenantIs("sms_sender = 'StAurel'");
        launch(Commune.live("inondation"));
        commune.tenantIs("sms_sender = '36123'");
        launch(Commune.live("inondation"));
    }

    @Test
    void refusesAQuestionNobodyCouldAnswer() {
        commune.withScenario("sourd", Commune.FLOOD.replace("à {{heure}}. {{answer_url}}", "à {{heure}}"));
        commune.tenantIs("sms_sender = 'StAurel'");

        assertThat(refused(Commune.live("sourd"))).extracting(Problem::field).containsExactly("messages.fr.sms.text");
        commune.tenantIs("sms_sender = '38123'");
        launch(Commune.live("sourd"));
    }

    @Test
    void launchesOnceForOneKeyEvenAtOnce() {
        List<Optional<Alert>> all = IntStream.range(0, 6)
                .mapToObj(i ->
                        CompletableFuture.supplyAsync(() -> tried(Commune.live("inondation"), Optional.of("key-1"))))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();

        assertThat(all.stream().flatMap(Optional::stream).map(Alert::alertId).distinct())
                .hasSize(1);
        assertThat(all).allMatch(Optional::isPresent);
        assertThat(commune.count("select count(*) from alert")).isEqualTo(1);
        assertThat(commune.journaled())
                .filteredOn(entry -> entry.action().equals("alert.launched"))
                .hasSize(1);

        LaunchRefusedException other = catchThrowableOfType(
                LaunchRefusedException.class,
                () -> alerts.launch(commune.tenant, Commune.drill("inondation"), Optional.of("key-1"), Commune.MAYOR));
        assertThat(other.problems()).extracting(Problem::field).containsExactly("idempotency-key");
        assertThatThrownBy(() ->
                        alerts.launch(commune.tenant, Commune.live("inondation"), Optional.of("a b"), Commune.MAYOR))
                .isInstanceOf(LaunchRefusedException.class);
    }

    @Test
    void forgetsAKeyADayAfterItsLaunch() {
        long first = alerts.launch(commune.tenant, Commune.live("inondation"), Optional.of("key-old"), Commune.MAYOR)
                .alertId();
        assertThat(sweepAfter(Duration.ofHours(23))).isZero();
        assertThat(alerts.launch(commune.tenant, Commune.live("inondation"), Optional.of("key-old"), Commune.MAYOR)
                        .alertId())
                .isEqualTo(first);
        assertThat(sweepAfter(Duration.ofHours(25))).isEqualTo(1);
        assertThat(commune.count("select count(*) from idempotency")).isZero();
        assertThat(alerts.launch(commune.tenant, Commune.live("inondation"), Optional.of("key-old"), Commune.MAYOR)
                        .alertId())
                .isNotEqualTo(first);
    }

    private static int sweepAfter(Duration later) {
        IdempotencySweep sweep =
                new IdempotencySweep(db.database(), Duration.ofHours(24), Clock.offset(Clock.systemUTC(), later));
        return sweep.sweep();
    }

    @Test
    void leavesTheKeyFreeWhenTheLaunchIsRefused() {
        commune.tenantIs("state = 'suspended'");
        assertThat(tried(Commune.live("inondation"), Optional.of("key-2"))).isEmpty();
        commune.tenantIs("state = 'active'");
        assertThat(tried(Commune.live("inondation"), Optional.of("key-2"))).isPresent();
    }

    @Test
    void warnsWhenNothingButPublishingIsMeant() {
        publishes("mail");
        assertThat(alerts.preview(commune.tenant, Commune.live("inondation")).warnings())
                .as("a step reaches people")
                .isEmpty();
        publishes("sms");
        assertThat(alerts.preview(commune.tenant, Commune.live("inondation")).warnings())
                .singleElement()
                .satisfies(warning -> {
                    assertThat(warning.field()).isEqualTo("cascade");
                    assertThat(warning.toString()).contains("add one that reaches people");
                });
    }

    private static void publishes(String channel) {
        db.database().asEngine(c -> {
            try (var statement = c.createStatement()) {
                return statement.execute("insert into channel_publishes values ('" + channel + "')");
            }
        });
    }

    @Test
    void previewsWithoutDoing() {
        commune.sql("update contact set variables = '{}' where external_id = 'C-1'");
        Alerts.Preview preview = alerts.preview(commune.tenant, Commune.drill("inondation"));

        assertThat(preview.people()).isEqualTo(30);
        assertThat(preview.reachableByChannel()).containsExactly(Map.entry("sms", 20), Map.entry("mail", 30));
        assertThat(preview.problems()).extracting(Problem::field).containsExactly("variables.rue");
        assertThat(preview.sampleTexts().get("en.sms"))
                .isEqualTo("EXERCISE - ALERT Zoé Personne10: go to Salle des fêtes at 18 h. " + Commune.BASE + "/a/…");
        assertThat(preview.sampleTexts().get("fr.sms")).contains("{{rue}}");
        assertThat(commune.count("select count(*) from recipient")).isZero();
        assertThat(commune.journaled()).hasSize(1);
        assertThat(alerts.preview(commune.tenant, Commune.live("tsunami")).problems())
                .extracting(Problem::field)
                .containsExactly("scenario");
        assertThat(alerts.preview(commune.tenant, request(Map.of(), "nulle-part"))
                        .problems())
                .isNotEmpty();
    }

    /** Without the one letter that GSM-7 does not have, and that would leave no text room for 671 characters. */
    private static final String GSM7 = Commune.FLOOD.replace("Salle des fêtes", "Salle des fetes");

    @Test
    void refusesAValueThatMakesAnSmsTooLongNamingIt() {
        commune.withScenario("long", GSM7.replace("rejoignez", "x".repeat(900) + " rejoignez"));
        LaunchRequest tooLong =
                new LaunchRequest("long", false, Map.of("heure", "y".repeat(700)), Optional.empty(), Optional.empty());
        Problem expected = new Problem(
                "messages.fr.sms.text",
                "takes 12 SMS segments with the values of this launch; shorten variables.heure (700 characters) or the"
                        + " text to 10 at most");

        assertThat(refused(tooLong)).containsExactly(expected);
        assertThat(alerts.preview(commune.tenant, tooLong).problems()).containsExactly(expected);
        assertThat(commune.count("select count(*) from alert")).isZero();
    }

    @Test
    void countsTheMarkOfAnExercise() {
        String filled = "ALERTE : " + "x".repeat(1_000) + " {{heure}}";
        commune.withScenario("juste", GSM7.replace("ALERTE {{name}}, {{rue}}", filled));
        String rest = " : rejoignez Salle des fetes à . " + Commune.BASE + "/a/" + Variables.TYPICAL_TOKEN;
        int room = (1530 - "ALERTE : ".length() - 1_001 - rest.length()) / 2;
        LaunchRequest live = juste(false, room);

        assertThat(alerts.preview(commune.tenant, live).problems()).isEmpty();
        assertThat(refused(juste(true, room))).extracting(Problem::field).containsExactly("messages.fr.sms.text");
        launch(live);
    }

    private static LaunchRequest juste(boolean drill, int length) {
        return new LaunchRequest(
                "juste", drill, Map.of("heure", "y".repeat(length)), Optional.empty(), Optional.empty());
    }

    @Test
    void warnsOfThoseWhoseOwnValuesMakeAnSmsTooLongAndLaunchesAllTheSame() {
        commune.withScenario("long", GSM7.replace("ALERTE {{name}}", "ALERTE {{name}} " + "x".repeat(900)));
        commune.sql("update contact set variables = jsonb_build_object('rue', repeat('r', 1600))"
                + " where external_id in ('C-1', 'C-3', 'C-10');\n"
                + "update contact set first_name = 'Benoît' where external_id = 'C-2'");

        Alerts.Preview preview = alerts.preview(commune.tenant, Commune.live("long"));
        assertThat(preview.problems()).isEmpty();
        assertThat(preview.warnings()).singleElement().satisfies(warning -> {
            assertThat(warning.field()).isEqualTo("messages.fr.sms.text");
            assertThat(warning.problem())
                    .as("C-3 has no mobile and C-10 reads English; ê alone would more than double the text")
                    .startsWith("takes more than 10 SMS segments for 2 contacts, most of all by ")
                    .contains("C-1 (Zoé Personne1), C-2 (Benoît Personne2); their own values will be shortened");
        });
        Alert alert = launch(Commune.live("long"));
        assertThat(alert.recipients()).isEqualTo(30);
        Journal.Entry launched = commune.journaled().get(commune.journaled().size() - 1);
        assertThat(launched.details().get("shortened").toString()).isEqualTo("2");
    }

    @Test
    void warnsOfNobodyWhereEverythingFits() {
        assertThat(alerts.preview(commune.tenant, Commune.live("inondation")).warnings())
                .isEmpty();
    }

    @Test
    void showsAPageAndTakesTheFirstAnswerOnly() {
        Alert alert = launch(Commune.live("inondation"));
        String token = commune.links.token(commune.tenant, alert.alertId(), 10);

        Alerts.AnswerPage page = alerts.answerPage(token).orElseThrow();
        assertThat(page.tenantName()).isEqualTo("commune");
        assertThat(page.language()).isEqualTo("en");
        assertThat(page.text())
                .startsWith("ALERT Zoé Personne10: go to Salle des fêtes at 18 h. " + Commune.BASE + "/a/");
        assertThat(page.choices()).containsExactly(Map.entry("oui", "En sécurité"), Map.entry("1", "Besoin d'aide"));
        assertThat(page.alreadyAnswered()).isEmpty();
        assertThat(commune.count("select count(*) from answer"))
                .as("showing is not answering")
                .isZero();

        assertThatThrownBy(() -> alerts.answer(token, "peut-être", "192.0.2.9"))
                .isInstanceOf(LaunchRefusedException.class)
                .hasMessageContaining("must be one of [oui, 1]");
        assertThat(alerts.answer(token, "oui", "192.0.2.9")).isTrue();
        assertThat(alerts.answer(token, "1", "192.0.2.9")).isFalse();
        assertThat(alerts.answerPage(token).orElseThrow().alreadyAnswered()).contains("oui");
        Alerts.Status status = alerts.status(commune.tenant, alert.alertId());
        assertThat(status.answers()).containsExactly(Map.entry("oui", 1L));
        assertThat(status.totals().answered()).isEqualTo(1);

        Alerts.AnswerPage brazilian = alerts.answerPage(commune.links.token(commune.tenant, alert.alertId(), 7))
                .orElseThrow();
        assertThat(brazilian.language()).isEqualTo("pt-BR");
        assertThat(brazilian.textLanguage())
                .as("the scenario has no Portuguese")
                .isEqualTo("fr");
        assertThat(brazilian.tenantLanguage()).isEqualTo("fr");
        assertThat(page.textLanguage()).isEqualTo("en");

        assertThat(alerts.answerPage("forged")).isEmpty();
        assertThatThrownBy(() -> alerts.answer("forged", "oui", "")).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void pausesResumesAndCancelsWithTheJournal() {
        Alert alert = launch(Commune.live("inondation"));
        long id = alert.alertId();

        assertThat(alerts.pause(commune.tenant, id, Commune.MAYOR).alert().state())
                .isEqualTo(Alert.State.PAUSED);
        assertThat(alerts.pause(commune.tenant, id, Commune.MAYOR).alert().state())
                .isEqualTo(Alert.State.PAUSED);
        assertThat(alerts.resume(commune.tenant, id, Commune.MAYOR).alert().state())
                .isEqualTo(Alert.State.RUNNING);
        alerts.answer(commune.links.token(commune.tenant, id, 1), "oui", "");
        Alerts.Status cancelled = alerts.cancel(commune.tenant, id, Commune.MAYOR);
        assertThat(cancelled.alert().state()).isEqualTo(Alert.State.CANCELLED);
        assertThat(cancelled.totals()).isEqualTo(new Totals(30, 1, 0, 29, 0, 0, 0));
        assertThatThrownBy(() -> alerts.resume(commune.tenant, id, Commune.MAYOR))
                .isInstanceOf(LaunchRefusedException.class)
                .hasMessage("state: the alert is cancelled and cannot become running");
        assertThat(actions())
                .containsExactly(
                        "scenario.saved", "alert.launched", "alert.paused", "alert.resumed", "alert.cancelled");

        assertThat(commune.ends.sweep()).isEqualTo(1);
        assertThat(commune.ends.sweep()).isZero();
        Journal.Entry sealed = commune.journaled().get(5);
        assertThat(sealed.action()).isEqualTo("alert.sealed");
        assertThat(sealed.details().get("audience")).asString().hasSize(64);
        assertThat(sealed.details().get("records").toString()).isEqualTo("31");
    }

    @Test
    void evidenceOfAnEndNobodySweptContainsItsSeal() throws IOException {
        Alert alert = launch(Commune.live("inondation"));
        assertThat(journalOf(evidence(alert))).contains("alert.launched").doesNotContain("audience");
        db.database().asEngine(c -> commune.ledger.close(c, commune.tenant, alert.alertId(), Instant.now()));

        List<String> made =
                Stream.of(1, 2, 3).map(i -> CompletableFuture.supplyAsync(() -> evidence(alert))).toList().stream()
                        .map(CompletableFuture::join)
                        .map(AlertDeskTest::journalOf)
                        .toList();

        assertThat(made).allSatisfy(journal -> assertThat(journal)
                .contains("\"alert.closed\"", "\"audience\":\"", "\"failed\":30"));
        assertThat(commune.ends.sweep()).as("nothing is left to seal").isZero();
        assertThat(actions()).filteredOn("alert.closed"::equals).hasSize(1);
    }

    @Test
    void evidenceOfAnEndByHandContainsItsSeal() {
        Alert alert = launch(Commune.live("inondation"));
        alerts.cancel(commune.tenant, alert.alertId(), Commune.MAYOR);

        assertThat(journalOf(evidence(alert))).contains("alert.cancelled", "alert.sealed", "\"audience\":\"");
        assertThat(actions()).endsWith("alert.cancelled", "alert.sealed", "evidence.made");
        assertThatThrownBy(() -> alerts.evidence(
                        db.tenant("autre"),
                        alert.alertId(),
                        Evidence.Variant.FULL,
                        Commune.MAYOR,
                        OutputStream.nullOutputStream()))
                .isInstanceOf(NoSuchElementException.class);
    }

    private byte[] evidence(Alert alert) {
        try {
            ByteArrayOutputStream zip = new ByteArrayOutputStream();
            alerts.evidence(commune.tenant, alert.alertId(), Evidence.Variant.FULL, Commune.MAYOR, zip);
            Path file = Files.createTempFile(keys, "evidence", ".zip");
            Files.write(file, zip.toByteArray());
            assertThat(verified(file)).isZero();
            return zip.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As anybody would: with a JDK and the bundle, without the platform. */
    private static int verified(Path file) throws IOException {
        Path bundle = Path.of(URI.create(Evidence.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString()));
        Process verify = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        bundle.toString(),
                        "io.tocsin.audit.verify.Verify",
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return verify.onExit().join().exitValue();
    }

    private static String journalOf(byte[] zip) {
        try (ZipInputStream parts = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (ZipEntry part = parts.getNextEntry(); part != null; part = parts.getNextEntry()) {
                if (part.getName().equals("journal.json")) {
                    return new String(parts.readAllBytes(), StandardCharsets.UTF_8);
                }
            }
            throw new IllegalStateException("no journal.json");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void journalsTheEndOfAnAlertThatTheEngineClosedOnce() {
        Alert alert = launch(Commune.live("inondation"));
        assertThat(commune.ends.sweep()).isZero();
        db.database().asEngine(c -> commune.ledger.close(c, commune.tenant, alert.alertId(), Instant.now()));

        long done = Stream.of(commune.ends, commune.endsOfAnotherNode())
                .map(sweep -> CompletableFuture.supplyAsync(sweep::sweep))
                .toList()
                .stream()
                .mapToInt(CompletableFuture::join)
                .sum();

        assertThat(done).isEqualTo(1);
        assertThat(actions()).endsWith("alert.launched", "alert.closed");
        assertThat(commune.journaled().get(2).actor().name()).isEqualTo("system");
    }

    @Test
    void relaunchesTheSilentOnesByAnotherChannel() {
        Alert alert = launch(Commune.live("inondation"));
        alerts.answer(commune.links.token(commune.tenant, alert.alertId(), 1), "oui", "");

        Ledger.OpenedWave wave = alerts.relaunch(
                commune.tenant,
                alert.alertId(),
                List.of(Totals.State.PENDING),
                "mail",
                Duration.ofMinutes(5),
                Commune.MAYOR);

        assertThat(wave.targets()).isEqualTo(29);
        assertThat(commune.count(
                        "select count(*) from target where wave_no = " + wave.waveNo() + " and recipient_no = 1"))
                .isZero();
        assertThat(actions()).endsWith("alert.relaunched");
        assertThatThrownBy(() -> relaunch(alert, "fax")).hasMessageContaining("no message for fax; it has [mail, sms]");
        assertThatThrownBy(() -> alerts.relaunch(
                        commune.tenant,
                        alert.alertId(),
                        List.of(Totals.State.FAILED),
                        "mail",
                        Duration.ofMinutes(5),
                        Commune.MAYOR))
                .hasMessageContaining("nobody is left to reach by mail");
        alerts.cancel(commune.tenant, alert.alertId(), Commune.MAYOR);
        assertThatThrownBy(() -> relaunch(alert, "mail")).hasMessageContaining("the alert is cancelled");
    }

    @Test
    void saysWhatALaunchWouldCostByTheWordOfItsChannels() {
        Map<String, List<OutboundMessage>> asked = new HashMap<>();
        commune.tariff = (tenant, channel, samples) -> {
            asked.put(channel, samples);
            return channel.equals("mail")
                    ? Estimate.unknown("channel mail does not say what its messages cost")
                    : new Estimate(
                            samples.stream()
                                    .map(m -> new CostEstimate.Cost(
                                            SmsTemplate.segments(m.text()),
                                            OptionalLong.of(4_500L * SmsTemplate.segments(m.text())),
                                            Optional.of("EUR")))
                                    .toList(),
                            Optional.empty());
        };

        Alerts.Preview preview = alerts.preview(commune.tenant, Commune.drill("inondation"));

        Alerts.Cost sms = preview.costs().get("sms");
        assertThat(sms.messages())
                .isEqualTo(preview.reachableByChannel().get("sms"))
                .isEqualTo(20);
        assertThat(sms.asked()).as("few enough to ask about everybody").isEqualTo(20);
        assertThat(sms.currency()).contains("EUR");
        assertThat(sms.unknown()).isEmpty();
        assertThat(preview.costs().get("mail"))
                .isEqualTo(new Alerts.Cost(
                        30,
                        0,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("channel mail does not say what its messages cost")));
        assertThat(commune.count("select count(*) from alert")).isZero();

        Alert launched = launch(Commune.drill("inondation"));
        long parts = sms.parts().orElseThrow();
        assertThat(sms.price()).contains(BigDecimal.valueOf(parts * 4_500, 5));
        assertThat(parts)
                .as("as what would be sent, link and mark of the drill included")
                .isEqualTo(asked.get("sms").stream()
                        .mapToLong(m -> SmsTemplate.segments(m.text()))
                        .sum());
        assertThat(asked.get("sms")).allSatisfy(m -> {
            assertThat(m.text())
                    .matches("(?s)EXERCI[CS]E - ALERTE?.*Zoé Personne.*" + Commune.BASE + "/a/[A-Za-z0-9_-]{16,24}");
            assertThat(m.address()).startsWith("+3363998");
            assertThat(m.category()).isEqualTo(launched.category());
            assertThat(m.drill()).isTrue();
        });
        assertThat(asked.get("mail").get(0).address()).endsWith("@example.fr");
    }

    @Test
    void warnsOfWhatChannelsWouldReject() {
        Objection sender = new Objection("sender-not-allowed", "choose another sender");
        Objection text = new Objection("text-too-long", "shorten it");
        commune.tariff = (tenant, channel, samples) -> Estimate.unknown("a flat rate")
                .objecting(channel.equals("sms") ? Map.of(text, 2, sender, 18) : Map.of());

        Alerts.Preview preview = alerts.preview(commune.tenant, Commune.drill("inondation"));

        assertThat(preview.warnings())
                .filteredOn(warning -> warning.problem().startsWith("would reject"))
                .containsExactly(
                        new Problem(
                                "sms",
                                "would reject 18 of the 20 messages looked at (sender-not-allowed): choose another sender"),
                        new Problem("sms", "would reject 2 of the 20 messages looked at (text-too-long): shorten it"));
        assertThat(preview.problems()).as("others are reached by mail").isEmpty();
    }

    @Test
    void takesSomeForAllWhereThereAreMany() {
        commune.morePeople(4_000);
        commune.tariff = (tenant, channel, samples) -> new Estimate(
                samples.stream()
                        .map(m -> new CostEstimate.Cost(channel.equals("sms") ? 3 : 1))
                        .toList(),
                Optional.empty());

        Map<String, Alerts.Cost> costs =
                alerts.preview(commune.tenant, Commune.live("inondation")).costs();

        Alerts.Cost sms = costs.get("sms");
        assertThat(sms.messages()).isGreaterThan(3_900);
        assertThat(sms.asked()).isBetween(900, 1_000);
        assertThat(sms.parts()).contains(3L * sms.messages());
        assertThat(sms.price()).isEmpty();
        assertThat(sms.unknown()).hasValueSatisfying(why -> assertThat(why).contains("says no price"));
    }

    @Test
    void usesNoChannelBeyondTheTenants() {
        commune.tenantIs("channels = '{sms}'");

        assertThat(refused(Commune.live("inondation"))).singleElement().satisfies(problem -> {
            assertThat(problem.field()).isEqualTo("cascade");
            assertThat(problem.problem()).contains("\"mail\"", "limited to, [sms]", "add it to the tenant's channels");
        });
        assertThat(alerts.preview(commune.tenant, Commune.live("inondation")).problems())
                .extracting(Problem::field)
                .containsExactly("cascade");
        assertThat(commune.count("select count(*) from alert")).isZero();
    }

    @Test
    void saysWhatALimitHoldsThatCameLater() {
        Alert alert = launch(Commune.live("inondation"));
        assertThat(alerts.status(commune.tenant, alert.alertId()).held()).isEmpty();

        commune.tenantIs("channels = '{mail}'");

        assertThat(alerts.status(commune.tenant, alert.alertId()).held())
                .singleElement()
                .satisfies(held -> {
                    assertThat(held.field()).isEqualTo("waves[1].channel");
                    assertThat(held.problem())
                            .contains(
                                    "has not left by sms waits",
                                    "limited to [mail]",
                                    "add sms to the tenant's channels");
                });
        assertThatThrownBy(() -> relaunch(alert, "sms"))
                .hasMessageContaining("channel: \"sms\" is none of the channels");
        relaunch(alert, "mail");
        alerts.close(commune.tenant, alert.alertId(), Commune.MAYOR);
        assertThat(alerts.status(commune.tenant, alert.alertId()).held()).isEmpty();
    }

    @Test
    void relaunchesOnceForOneKeyEvenAtOnce() {
        Alert alert = launch(Commune.live("inondation"));
        RelaunchRequest mail = new RelaunchRequest(List.of(Totals.State.PENDING), "mail", Duration.ofMinutes(5));

        List<Ledger.OpenedWave> all = IntStream.range(0, 4)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> relaunch(alert, mail, "again-1")))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();

        assertThat(all).containsOnly(new Ledger.OpenedWave(2, 30));
        assertThat(commune.count("select count(*) from wave")).isEqualTo(2);
        assertThat(actions()).containsExactly("scenario.saved", "alert.launched", "alert.relaunched");
        RelaunchRequest sms = new RelaunchRequest(List.of(Totals.State.PENDING), "sms", Duration.ofMinutes(5));
        assertThatThrownBy(() -> relaunch(alert, sms, "again-1"))
                .isInstanceOf(LaunchRefusedException.class)
                .hasMessageContaining("idempotency-key: was already used for another request");
        Alert other = launch(Commune.live("inondation"));
        assertThatThrownBy(() -> relaunch(other, mail, "again-1")).isInstanceOf(LaunchRefusedException.class);
        assertThat(relaunch(alert, sms, "again-2").waveNo()).isEqualTo(3);
    }

    @Test
    void leavesTheKeyFreeWhenTheRelaunchIsRefused() {
        Alert alert = launch(Commune.live("inondation"));
        RelaunchRequest failed = new RelaunchRequest(List.of(Totals.State.FAILED), "mail", Duration.ofMinutes(5));

        assertThatThrownBy(() -> relaunch(alert, failed, "again-3")).hasMessageContaining("nobody is left");
        RelaunchRequest pending = new RelaunchRequest(List.of(Totals.State.PENDING), "mail", Duration.ofMinutes(5));
        assertThat(relaunch(alert, pending, "again-3").targets()).isEqualTo(30);
    }

    @Test
    void aResumptionRepeatedLateDoesNotUndoAPauseMadeSince() {
        long id = launch(Commune.live("inondation")).alertId();
        alerts.pause(commune.tenant, id, Commune.MAYOR);
        assertThat(resume(id, "go-1")).isEqualTo(Alert.State.RUNNING);
        alerts.pause(commune.tenant, id, Commune.MAYOR);

        assertThat(resume(id, "go-1")).isEqualTo(Alert.State.PAUSED);
        assertThat(resume(id, "go-2")).isEqualTo(Alert.State.RUNNING);
        long other = launch(Commune.live("inondation")).alertId();
        assertThatThrownBy(() -> resume(other, "go-2")).isInstanceOf(LaunchRefusedException.class);
        assertThat(actions())
                .containsSubsequence(
                        "alert.launched",
                        "alert.paused",
                        "alert.resumed",
                        "alert.paused",
                        "alert.resumed",
                        "alert.launched");
    }

    private Alert.State resume(long alertId, String key) {
        return alerts.resume(commune.tenant, alertId, Optional.of(key), Commune.MAYOR)
                .alert()
                .state();
    }

    private Ledger.OpenedWave relaunch(Alert alert, RelaunchRequest request, String key) {
        return alerts.relaunch(commune.tenant, alert.alertId(), request, Optional.of(key), Commune.MAYOR);
    }

    @Test
    void opensAClosedAlertAgainForARelaunchAndSealsItAgain() {
        Alert alert = launch(Commune.live("inondation"));
        alerts.close(commune.tenant, alert.alertId(), Commune.MAYOR);
        commune.ends.sweep();

        alerts.relaunch(
                commune.tenant,
                alert.alertId(),
                List.of(Totals.State.FAILED, Totals.State.UNKNOWN),
                "mail",
                Duration.ofMinutes(5),
                Commune.MAYOR);
        assertThat(alerts.find(commune.tenant, alert.alertId()).orElseThrow().state())
                .isEqualTo(Alert.State.RUNNING);
        alerts.close(commune.tenant, alert.alertId(), Commune.MAYOR);
        commune.ends.sweep();

        assertThat(actions())
                .endsWith("alert.closed", "alert.sealed", "alert.relaunched", "alert.closed", "alert.sealed");
    }

    @Test
    void knowsNoAlertOfAnotherTenant() {
        Alert alert = launch(Commune.live("inondation"));
        int other = db.tenant("autre");

        assertThat(alerts.find(other, alert.alertId())).isEmpty();
        assertThat(alerts.list(other, Optional.empty(), 10)).isEmpty();
        for (Runnable call : List.<Runnable>of(
                () -> alerts.status(other, alert.alertId()),
                () -> alerts.pause(other, alert.alertId(), Commune.MAYOR),
                () -> alerts.cancel(other, alert.alertId(), Commune.MAYOR),
                () -> alerts.people(other, alert.alertId(), Optional.empty(), 0, 10),
                () -> alerts.history(other, alert.alertId(), 1))) {
            assertThatThrownBy(call::run).isInstanceOf(NoSuchElementException.class);
        }
        assertThat(alerts.people(commune.tenant, alert.alertId(), Optional.empty(), 28, 10))
                .hasSize(2);
        assertThat(alerts.list(commune.tenant, Optional.empty(), 10)).hasSize(1);
    }

    private void relaunch(Alert alert, String channel) {
        alerts.relaunch(
                commune.tenant,
                alert.alertId(),
                List.of(Totals.State.PENDING),
                channel,
                Duration.ofMinutes(5),
                Commune.MAYOR);
    }

    private Alert launch(LaunchRequest request) {
        return alerts.launch(commune.tenant, request, Optional.empty(), Commune.MAYOR);
    }

    private Optional<Alert> tried(LaunchRequest request, Optional<String> key) {
        try {
            return Optional.of(alerts.launch(commune.tenant, request, key, Commune.MAYOR));
        } catch (LaunchRefusedException e) {
            return Optional.empty();
        }
    }

    private List<Problem> refused(LaunchRequest request) {
        LaunchRefusedException refused = catchThrowableOfType(LaunchRefusedException.class, () -> launch(request));
        assertThat(refused).as("launch of " + request).isNotNull();
        return refused.problems();
    }

    private static LaunchRequest request(Map<String, String> variables, String... lists) {
        return new LaunchRequest("inondation", false, variables, Optional.of(List.of(lists)), Optional.empty());
    }

    private Map<String, String> texts(Alert alert) {
        return db.database().inTenant(commune.tenant, c -> new Audience(c, commune.tenant, alert.alertId())
                .messages().stream()
                        .collect(Collectors.toMap(
                                message -> message.language() + "." + message.channel(), Ledger.Message::text)));
    }

    private List<String> actions() {
        return commune.journaled().stream().map(Journal.Entry::action).toList();
    }
}
