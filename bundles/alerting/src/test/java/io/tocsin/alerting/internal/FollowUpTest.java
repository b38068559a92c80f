package io.tocsin.alerting.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tocsin.alerting.api.Alerts;
import io.tocsin.alerting.api.Alerts.LaunchRequest;
import io.tocsin.alerting.api.Alerts.Listed;
import io.tocsin.alerting.api.FollowUps;
import io.tocsin.alerting.api.FollowUps.Draft;
import io.tocsin.alerting.api.FollowUps.Kind;
import io.tocsin.alerting.api.FollowUps.Links;
import io.tocsin.alerting.api.FollowUps.Request;
import io.tocsin.alerting.api.FollowUps.Whom;
import io.tocsin.alerting.api.LaunchRefusedException;
import io.tocsin.alerting.api.LaunchRefusedException.Problem;
import io.tocsin.alerting.api.Statistics;
import io.tocsin.alerting.api.Unreachable;
import io.tocsin.audit.api.Journal;
import io.tocsin.persistence.testing.TestDatabase;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.DispatchPolicy.Step;
import io.tocsin.routing.api.DispatchPolicy.Until;
import io.tocsin.routing.api.Ledger.PersonState;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said afterwards to the people of an alert. */
class FollowUpTest {
    private static TestDatabase db;

    @TempDir
    static Path keys;

    private Commune commune;
    private FollowUps followUps;

    @BeforeAll
    static void startDatabase() {
        db = TestDatabase.start();
    }

    @AfterAll
    static void stopDatabase() {
        db.close();
    }

    @BeforeEach
    void commune() {
        db.clear();
        db.database().asEngine(c -> {
            try (var statement = c.createStatement()) {
                return statement.execute(
                        """
                        insert into channel_endpoint_kind values ('sms', 'mobile'), ('mail', 'email') on conflict do nothing
                        """);
            }
        });
        commune = new Commune(db, keys).withPeople(30).withScenario("inondation", Commune.FLOOD);
        followUps = commune.alerts.followUps();
    }

    @Test
    void anAllClearReachesWhoeverTheAlertReachedOrMayHaveAndNobodyElse() {
        Alert first = launched(false);
        partlySent(first);

        Alert allClear = launch(first, allClear(Whom.REACHED), "over");

        // accepted, delivered, in doubt, below the watermark without a word, and the rest of the batch a node holds
        assertThat(names(allClear)).containsExactlyElementsOf(numbered(1, 2, 3, 4, 5, 7, 8));
        assertThat(allClear.recipients()).isEqualTo(7);
        assertThat(allClear.drill()).isFalse();
        assertThat(allClear.title()).isEqualTo("FIN D'ALERTE — Inondation");
        assertThat(texts(allClear, "fr", "sms")).isEqualTo("FIN D'ALERTE - Inondation : l'alerte est levée.");
        assertThat(texts(allClear, "en", "sms")).isEqualTo("ALL CLEAR - Inondation: the alert is over.");
    }

    @Test
    void everybodyOfTheAlertIsToldWhenThatIsSaidWithTheEndpointsOfThen() {
        Alert first = launched(false);
        commune.sql("update contact set reach = '[]', state = 'removed'");

        Alert allClear = launch(first, allClear(Whom.EVERYBODY), "over");

        assertThat(allClear.recipients()).isEqualTo(30);
        assertThat(commune.count("select count(*) from recipient r join recipient n on n.recipient_no = r.recipient_no"
                        + " and n.endpoints = r.endpoints and n.variables = r.variables where r.alert_id = "
                        + first.alertId() + " and n.alert_id = " + allClear.alertId()))
                .isEqualTo(30);
    }

    @Test
    void theFirstEndsWithItInOneTransactionAndBothNameEachOther() {
        Alert first = launched(false);

        Alert allClear = launch(first, allClear(Whom.EVERYBODY), "over");

        assertThat(state(first)).isEqualTo(Alert.State.CANCELLED);
        assertThat(state(allClear)).isEqualTo(Alert.State.RUNNING);
        Links ofFirst = followUps.links(commune.tenant, first.alertId());
        assertThat(ofFirst.of()).isEmpty();
        assertThat(ofFirst.followUps()).singleElement().satisfies(link -> {
            assertThat(link.alertId()).isEqualTo(allClear.alertId());
            assertThat(link.kind()).isEqualTo(Kind.ALL_CLEAR);
        });
        Links ofSecond = followUps.links(commune.tenant, allClear.alertId());
        assertThat(ofSecond.followUps()).isEmpty();
        assertThat(ofSecond.of()).hasValueSatisfying(link -> {
            assertThat(link.alertId()).isEqualTo(first.alertId());
            assertThat(link.title()).isEqualTo("Inondation");
        });
        assertThat(journaled("alert.cancelled").objectId()).isEqualTo(Long.toString(first.alertId()));
        Journal.Entry followed = journaled("alert.followed-up");
        assertThat(followed.objectId()).isEqualTo(Long.toString(first.alertId()));
        assertThat(followed.details()).containsEntry("kind", "all-clear");
        assertThat(((Number) followed.details().get("by")).longValue()).isEqualTo(allClear.alertId());
        Journal.Entry launched = commune.journaled().stream()
                .filter(entry -> entry.action().equals("alert.launched"))
                .reduce((one, later) -> later)
                .orElseThrow();
        assertThat(((Number) launched.details().get("follows")).longValue()).isEqualTo(first.alertId());
        assertThat(launched.details()).containsEntry("whom", "everybody").doesNotContainKey("lists");
    }

    @Test
    void itAsksNothingSoThatNoReplyToItAnswersTheFirst() {
        Alert first = launched(false);
        partlySent(first);

        Alert correction = launch(first, correction("fr", "Point de rendez-vous : gymnase."), "right");

        assertThat(correction.policy().choices()).isEmpty();
        assertThat(correction.policy().cascade()).extracting(Step::until).containsOnly(Until.DELIVERED);
        assertThat(correction.policy().cascade())
                .extracting(Step::channel)
                .containsExactlyElementsOf(
                        first.policy().cascade().stream().map(Step::channel).toList());
        assertThatThrownBy(() -> launch(first, correction("fr", "Répondez : {{answer_url}}"), "asks"))
                .isInstanceOfSatisfying(LaunchRefusedException.class, refused -> assertThat(refused.problems())
                        .singleElement()
                        .satisfies(problem -> {
                            assertThat(problem.field()).isEqualTo("texts.fr");
                            assertThat(problem.problem()).contains("{{answer_url}}");
                        }));
    }

    @Test
    void thatOfADrillIsADrillForItsPeople() {
        Alert drill = launched(true);

        Alert allClear = launch(drill, allClear(Whom.EVERYBODY), "over");

        assertThat(allClear.drill()).isTrue();
        assertThat(allClear.title()).isEqualTo("EXERCICE — FIN D'ALERTE — Inondation");
        assertThat(texts(allClear, "fr", "sms")).startsWith("EXERCICE - FIN D'ALERTE - ");
        assertThat(commune.scenarios
                        .prepared(commune.tenant)
                        .get(0)
                        .lastDrill()
                        .orElseThrow()
                        .alertId())
                .as("what follows a rehearsal is none")
                .isEqualTo(drill.alertId());
    }

    @Test
    void isSentOnceForOneKeyAndAnAllClearOnceAtAll() {
        Alert first = launched(false);
        Request over = allClear(Whom.EVERYBODY);

        Alert allClear = launch(first, over, "over");

        assertThat(launch(first, over, "over").alertId()).isEqualTo(allClear.alertId());
        assertThat(refused(first, new Request(Kind.ALL_CLEAR, Whom.EVERYBODY, Map.of("fr", "Autre.")), "over"))
                .extracting(Problem::field)
                .containsExactly("idempotency-key");
        assertThat(refused(first, over, "again")).singleElement().satisfies(problem -> {
            assertThat(problem.field()).isEqualTo("kind");
            assertThat(problem.problem()).contains("alert " + allClear.alertId());
        });
        assertThat(followUps
                        .draft(commune.tenant, first.alertId(), over)
                        .preview()
                        .problems())
                .extracting(Problem::field)
                .containsExactly("kind");
        assertThat(launch(first, correctionToAll("Autre point : gymnase."), "right")
                        .alertId())
                .isGreaterThan(allClear.alertId());
        commune.alerts.cancel(commune.tenant, allClear.alertId(), Commune.MAYOR);
        assertThat(launch(first, over, "once-more").alertId()).isGreaterThan(allClear.alertId());
    }

    @Test
    void isNeverRefusedForHowManyRun() {
        Alert first = launched(false);
        commune.tenantIs("max_running_alerts = 1, max_recipients = 1");

        assertThat(followUps
                        .draft(commune.tenant, first.alertId(), allClear(Whom.EVERYBODY))
                        .preview()
                        .problems())
                .isEmpty();
        assertThat(launch(first, allClear(Whom.EVERYBODY), "over").recipients()).isEqualTo(30);
    }

    @Test
    void aCorrectionIsPreparedFromWhatWasSaidAndMustSaySomethingElse() {
        Alert first = launched(true);

        Draft draft = followUps.draft(
                commune.tenant, first.alertId(), new Request(Kind.CORRECTION, Whom.EVERYBODY, Map.of()));

        assertThat(draft.ends()).isTrue();
        assertThat(draft.texts())
                .containsEntry("fr", "ALERTE {{name}}, {{rue}} : rejoignez {{point}} à {{heure}}.")
                .containsEntry("en", "ALERT {{name}}: go to {{point}} at {{heure}}.");
        assertThat(draft.preview().people()).isEqualTo(30);
        assertThat(draft.preview().problems()).extracting(Problem::field).containsExactly("texts.fr", "texts.en");
        assertThat(draft.preview().sampleTexts().get("fr.sms"))
                .startsWith("EXERCICE - CORRECTION - ALERTE Zoé Personne")
                .contains("à 18 h");
        assertThat(state(first)).as("a preview ends nothing").isEqualTo(Alert.State.RUNNING);
        assertThat(commune.count("select count(*) from alert")).isEqualTo(1);
        assertThat(refused(first, correctionToAll(draft.texts().get("fr")), "same"))
                .extracting(Problem::field)
                .containsExactly("texts.fr");
    }

    @Test
    void badWordsAreNamedWithTheirLanguage() {
        Alert first = launched(false);

        assertThat(refused(first, new Request(Kind.CORRECTION, Whom.EVERYBODY, Map.of("xx", "?")), "k"))
                .extracting(Problem::field)
                .containsExactlyInAnyOrder("texts.fr", "texts.xx");
        assertThat(refused(first, correctionToAll("Rejoignez {{lieu}}"), "k"))
                .extracting(Problem::field)
                .containsExactly("variables.lieu");
        assertThat(refused(first, correctionToAll("x".repeat(2_001)), "k"))
                .extracting(Problem::field)
                .containsExactly("texts.fr");
        assertThat(state(first)).isEqualTo(Alert.State.RUNNING);
    }

    @Test
    void nobodyReachedYetIsSaidWithTheCure() {
        Alert first = launched(false);

        assertThat(refused(first, allClear(Whom.REACHED), "k")).singleElement().satisfies(problem -> {
            assertThat(problem.field()).isEqualTo("whom");
            assertThat(problem.problem()).contains("everybody");
        });
        assertThat(state(first)).as("refused, so nothing ended").isEqualTo(Alert.State.RUNNING);
    }

    @Test
    void nobodyElseKnowsOfIt() {
        Alert first = launched(false);
        int other = db.tenant("autre");

        assertThatThrownBy(() -> followUps.draft(other, first.alertId(), allClear(Whom.EVERYBODY)))
                .isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(() -> followUps.launch(
                        other, first.alertId(), allClear(Whom.EVERYBODY), Optional.of("k"), false, Commune.MAYOR))
                .isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(() -> followUps.links(other, first.alertId())).isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(() -> followUps.launch(
                        commune.tenant,
                        first.alertId(),
                        allClear(Whom.EVERYBODY),
                        Optional.of("k"),
                        true,
                        Commune.MAYOR))
                .hasMessageContaining("has not agreed that its agency launches");
    }

    @Test
    void nothingFollowsATrial() {
        commune.alerts.iAm(
                commune.tenant,
                commune.count("select contact_id from contact where external_id = 'C-2'"),
                Commune.MAYOR);
        Alert trial = commune.alerts.tryOnMe(
                commune.tenant, "inondation", Map.of("heure", "18 h"), "trial", Commune.MAYOR, false);

        assertThat(refused(trial, allClear(Whom.EVERYBODY), "k"))
                .extracting(Problem::field)
                .containsExactly("alert");
    }

    @Test
    void theListTellsWhatEachIsAndFindsItByThat() {
        commune.alerts.iAm(
                commune.tenant,
                commune.count("select contact_id from contact where external_id = 'C-2'"),
                Commune.MAYOR);
        Alert first = launched(false);
        Alert trial = commune.alerts.tryOnMe(
                commune.tenant, "inondation", Map.of("heure", "18 h"), "trial", Commune.MAYOR, false);
        Alert allClear = launch(first, allClear(Whom.EVERYBODY), "over");
        commune.sql("insert into answer (tenant_id, alert_id, recipient_no, choice, channel, source, at, recorded_at)"
                + " select tenant_id, alert_id, n, '1', 'sms', 'reply', now(),"
                + " ended_at + (n - 2) * interval '1 minute' from alert, generate_series(1, 4) n where alert_id = "
                + first.alertId());

        List<Listed> all = commune.alerts.listed(commune.tenant, Optional.empty(), Optional.empty(), 10);

        assertThat(all)
                .extracting(each -> each.alert().alertId(), Listed::kind, Listed::lateAnswers)
                .containsExactly(
                        Assertions.tuple(allClear.alertId(), Alerts.Kind.FOLLOW_UP, 0L),
                        Assertions.tuple(trial.alertId(), Alerts.Kind.TRIAL, 0L),
                        Assertions.tuple(first.alertId(), Alerts.Kind.ALERT, 2L));
        assertThat(all.get(0).links().of().orElseThrow().alertId()).isEqualTo(first.alertId());
        assertThat(all.get(2).links().followUps())
                .extracting(FollowUps.Link::alertId)
                .containsExactly(allClear.alertId());
        for (Listed each : all) {
            assertThat(commune.alerts.listed(commune.tenant, Optional.of(each.kind()), Optional.empty(), 10))
                    .containsExactly(each);
        }
        assertThat(commune.alerts.listed(commune.tenant, Optional.of(Alerts.Kind.DRILL), Optional.empty(), 10))
                .isEmpty();
        assertThat(commune.alerts.status(commune.tenant, first.alertId()).late().answers())
                .isEqualTo(2);
        Statistics.Past past = new StoredStatistics(db.database())
                .past(commune.tenant, allClear.alertId())
                .orElseThrow();
        assertThat(past.kind()).isEqualTo(Alerts.Kind.FOLLOW_UP);
        assertThat(past.follows().orElseThrow().alertId()).isEqualTo(first.alertId());
    }

    @Test
    void aReplyThatPassedAFollowUpIsToldOnBothBoards() {
        Alert first = launched(false);
        Alert allClear = launch(first, allClear(Whom.EVERYBODY), "over");
        db.database().asEngine(c -> {
            try (var statement = c.createStatement()) {
                return statement.execute("insert into inbound_message (account_id, inbound_id, tenant_id, alert_id,"
                        + " recipient_no, from_address, text, outcome, at, later_alert_id) values (1, 'a', "
                        + commune.tenant + ", " + first.alertId() + ", 1, '+33639980001', '1', 'answered', now(), "
                        + allClear.alertId() + ")");
            }
        });

        assertThat(commune.alerts.status(commune.tenant, first.alertId()).late())
                .isEqualTo(new Alerts.Late(0, 1, 0));
        assertThat(commune.alerts.status(commune.tenant, allClear.alertId()).late())
                .isEqualTo(new Alerts.Late(0, 0, 1));
    }

    @Test
    void eachLanguageOfItsPeopleMayHaveATextAndWhoeverHasNoneIsToldInAnother() {
        commune.sql("update contact set language = 'es' where external_id in ('C-2', 'C-3', 'C-4')");
        commune.sql("update contact set language = 'pl' where external_id = 'C-5'");
        Alert first = launched(false);

        Draft over = followUps.draft(commune.tenant, first.alertId(), allClear(Whom.EVERYBODY));
        assertThat(over.texts()).containsKeys("fr", "en", "es").doesNotContainKey("pl");
        assertThat(over.texts().get("es")).isEqualTo("Inondation: la alerta ha terminado.");
        assertThat(over.readers()).contains(new FollowUps.Reader("es", 3, "es"), new FollowUps.Reader("pl", 1, "fr"));

        Draft partly = followUps.draft(
                commune.tenant,
                first.alertId(),
                new Request(Kind.CORRECTION, Whom.EVERYBODY, Map.of("fr", "Gymnase.", "es", " ")));
        assertThat(partly.preview().problems()).isEmpty();
        assertThat(partly.readers()).contains(new FollowUps.Reader("es", 3, "fr"));

        Alert correction = launch(
                first,
                new Request(Kind.CORRECTION, Whom.EVERYBODY, Map.of("fr", "Gymnase.", "es", "Al gimnasio.")),
                "right");
        assertThat(texts(correction, "es", "sms")).isEqualTo("CORRECCIÓN - Al gimnasio.");
        assertThat(texts(correction, "pl", "sms")).isEqualTo("CORRECTION - Gymnase.");
    }

    @Test
    void whomNobodyReachesIsReadPageByPage() {
        commune.sql("update contact set reach = '[]' where external_id in ('C-2', 'C-3', 'C-4', 'C-5', 'C-6')");
        LaunchRequest request = Commune.live("inondation");

        List<Unreachable.Person> all = commune.alerts.unreachable(commune.tenant, request, Optional.empty(), 100);
        List<Unreachable.Person> first = commune.alerts.unreachable(commune.tenant, request, Optional.empty(), 3);
        List<Unreachable.Person> second = commune.alerts.unreachable(
                commune.tenant, request, Optional.of(first.get(2).contactId()), 3);

        assertThat(all)
                .hasSize(5)
                .isEqualTo(commune.alerts
                        .preview(commune.tenant, request)
                        .unreachable()
                        .first());
        assertThat(first).isEqualTo(all.subList(0, 3));
        assertThat(second).isEqualTo(all.subList(3, 5));
        assertThatThrownBy(() -> commune.alerts.unreachable(commune.tenant, request, Optional.of(-1L), 3))
                .hasMessageContaining("from the beginning");
        assertThat(commune.count("select count(*) from alert")).isZero();
    }

    private Alert launched(boolean drill) {
        return commune.alerts.launch(
                commune.tenant,
                drill ? Commune.drill("inondation") : Commune.live("inondation"),
                Optional.of("first"),
                Commune.MAYOR);
    }

    /**
     * Of the first batch the first eight left, or may have: accepted, delivered, in doubt, two without a word, rejected, and two more
     * that the node holding a second batch has not intended yet. The others are certainly not sent.
     */
    private void partlySent(Alert first) {
        commune.sql(
                """
                delete from batch where alert_id = %2$d;
                insert into target (tenant_id, alert_id, wave_no, position, recipient_no, address)
                select %1$d, %2$d, 1, n - 1, n, '+336399800' || lpad(n::text, 2, '0') from generate_series(1, 12) n;
                insert into batch (tenant_id, alert_id, wave_no, batch_no, channel, priority, due_at, first_position, end_position,
                    watermark, lease_owner)
                values (%1$d, %2$d, 1, 1, 'sms', 0, now(), 0, 6, 6, 'n'), (%1$d, %2$d, 1, 2, 'sms', 0, now(), 6, 8, 6, 'n'),
                    (%1$d, %2$d, 1, 3, 'sms', 0, now(), 8, 12, 8, null);
                insert into attempt (tenant_id, alert_id, wave_no, position, kind, code, at, node)
                select %1$d, %2$d, 1, o.position, o.kind, '', now(), 'n'
                from (values (0, 'accepted'), (1, 'accepted'), (1, 'delivered'), (2, 'in-doubt'), (5, 'rejected')) o(position, kind)
                """
                        .formatted(commune.tenant, first.alertId()));
    }

    private static Request allClear(Whom whom) {
        return new Request(Kind.ALL_CLEAR, whom, Map.of());
    }

    private static Request correction(String language, String text) {
        return new Request(Kind.CORRECTION, Whom.REACHED, Map.of(language, text));
    }

    private static Request correctionToAll(String text) {
        return new Request(Kind.CORRECTION, Whom.EVERYBODY, Map.of("fr", text));
    }

    private Alert launch(Alert first, Request request, String key) {
        return followUps.launch(commune.tenant, first.alertId(), request, Optional.of(key), false, Commune.MAYOR);
    }

    private List<Problem> refused(Alert first, Request request, String key) {
        return catchThrowableOfType(LaunchRefusedException.class, () -> launch(first, request, key))
                .problems();
    }

    private Alert.State state(Alert alert) {
        return commune.alerts
                .find(commune.tenant, alert.alertId())
                .orElseThrow()
                .state();
    }

    private List<String> names(Alert alert) {
        return commune.alerts.people(commune.tenant, alert.alertId(), Optional.empty(), 0, 100).stream()
                .map(PersonState::name)
                .toList();
    }

    private static List<String> numbered(int... numbers) {
        return Arrays.stream(numbers)
                .mapToObj(number -> "Zoé Personne" + number)
                .toList();
    }

    private String texts(Alert alert, String language, String channel) {
        return db.database()
                .inTenant(commune.tenant, connection -> new Audience(connection, commune.tenant, alert.alertId())
                        .messages().stream()
                                .filter(message -> message.language().equals(language)
                                        && message.channel().equals(channel))
                                .findFirst()
                                .orElseThrow()
                                .text());
    }

    private Journal.Entry journaled(String action) {
        return commune.journaled().stream()
                .filter(entry -> entry.action().equals(action))
                .findFirst()
                .orElseThrow();
    }
}
