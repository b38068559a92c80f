package io.tocsin.phone.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.channel.api.CallScript;
import io.tocsin.channel.api.InboundCall;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.OutboundMessage.Category;
import io.tocsin.persistence.testing.TestDatabase;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.DispatchPolicy;
import io.tocsin.routing.api.DispatchPolicy.Step;
import io.tocsin.routing.api.DispatchPolicy.Until;
import io.tocsin.routing.api.IncomingCalls.Line;
import io.tocsin.routing.api.Ledger;
import io.tocsin.routing.api.PersonalMessages;
import io.tocsin.routing.internal.calls.CallWriter;
import io.tocsin.routing.internal.engine.RenderedAgain;
import io.tocsin.routing.internal.ledger.LedgerStore;
import io.tocsin.routing.internal.links.SignedAnswerLinks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CallBackTest {
    private static final String SOPHIE = "+33639980001";
    private static final String HOME = "+33199000002";
    private static final String STAFF = "?STAFF";
    private static TestDatabase db;
    private static int tenants;

    private final SteppedClock clock = new SteppedClock();
    private final Ledger ledger = new LedgerStore();
    private final Spoken speech = new Spoken();
    private final CallWriter calls = new CallWriter(db.database());
    private PersonalMessages messages;
    private RateLimit ofCallers = new RateLimit(clock, 6, Duration.ofMinutes(10));
    private RateLimit ofLines = new RateLimit(clock, 60, Duration.ofMinutes(1));
    private final RateLimit wrongPins = new RateLimit(clock, 10, Duration.ofHours(1));
    private int tenant;
    private int people;

    @BeforeAll
    static void start() {
        db = TestDatabase.start();
    }

    @AfterAll
    static void stop() {
        db.close();
    }

    @BeforeEach
    void prepare() {
        tenant = db.tenant("commune-" + ++tenants);
        calls.bindSpeech(speech);
        messages = new RenderedAgain(db.database(), new SignedAnswerLinks(db.database()), calls, null);
    }

    @AfterEach
    void close() {
        calls.close();
    }

    private static Map<String, String> choices() {
        Map<String, String> choices = new LinkedHashMap<>();
        choices.put("1", "en sécurité");
        choices.put("2", "besoin d’aide");
        return choices;
    }

    /** @param numbers one person each */
    private long alert(String text, Map<String, String> choices, String... numbers) {
        return db.database().inTenant(tenant, c -> {
            Alert stored = ledger.create(
                    c,
                    new Alert(
                            tenant,
                            0,
                            "crue",
                            1,
                            "Crue",
                            Category.LIFE_SAFETY,
                            false,
                            Alert.State.RUNNING,
                            new DispatchPolicy(
                                    List.of(new Step("voice", Duration.ofMinutes(5), 1, Until.ANSWERED)),
                                    choices,
                                    Map.of(),
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.empty()),
                            0,
                            "maire",
                            clock.instant(),
                            Optional.empty()),
                    List.of(
                            new Ledger.Message("voice", "fr", "", text, Optional.empty()),
                            new Ledger.Message("voice", "en", "", "EN " + text, Optional.empty())));
            people = 0;
            for (String number : numbers) {
                try (var insert = c.prepareStatement(
                        """
                        insert into recipient (tenant_id, alert_id, recipient_no, contact_id, name, language, variables, endpoints)
                        values (?, ?, ?, ?, ?, ?, '{}', jsonb_build_array(jsonb_build_object('kind', 'mobile', 'address', ?::text)))
                        """)) {
                    insert.setInt(1, tenant);
                    insert.setLong(2, stored.alertId());
                    insert.setInt(3, ++people);
                    insert.setLong(4, people);
                    insert.setString(5, "Personne " + people);
                    insert.setString(6, people == 3 ? "en" : "fr");
                    insert.setString(7, number);
                    insert.executeUpdate();
                }
            }
            ledger.openFirstWave(c, tenant, stored.alertId(), people);
            // as whoever leases the batch writes them
            try (var targets = c.prepareStatement(
                    """
                    insert into target (tenant_id, alert_id, wave_no, position, recipient_no, address)
                    select tenant_id, alert_id, 1, recipient_no - 1, recipient_no, endpoints -> 0 ->> 'address'
                    from recipient where tenant_id = ? and alert_id = ?
                    """)) {
                targets.setInt(1, tenant);
                targets.setLong(2, stored.alertId());
                targets.executeUpdate();
            }
            return stored.alertId();
        });
    }

    private Heard calls(String from) {
        return Heard.calling(talk(Optional.of(from), Set.of(tenant)));
    }

    private Talk talk(Optional<String> from, Set<Integer> tenantsOfTheLine) {
        Caller caller = new Caller(
                new Line(7, "voice", tenantsOfTheLine), new InboundCall("c1", from, "+33199000900", clock.instant()));
        return new CallBack(
                caller,
                new MissedCalls(db.database(), clock),
                new Answers(db.database(), ledger, messages, clock),
                new CallBack.Limits(ofCallers, ofLines, wrongPins),
                heard -> Reply.keys(List.of(new Words.Text(0, STAFF, "fr")), 9, Duration.ofSeconds(1), null),
                "fr");
    }

    private String answers(long alertId) {
        return db.database().inTenant(tenant, c -> {
            try (var row = c.createStatement()
                    .executeQuery(
                            "select coalesce(string_agg(recipient_no || ':' || choice || ':' || channel || ':' || source, ' '"
                                    + " order by recipient_no), '') from answer where alert_id = " + alertId)) {
                row.next();
                return row.getString(1);
            }
        });
    }

    private static final String ASKED =
            "Pour « en sécurité », appuyez sur 1.+Pour « besoin d’aide », appuyez sur 2.+Pour réécouter, appuyez sur étoile. ?1";
    private static final String SAFE = "Merci. Votre réponse est enregistrée : en sécurité. Au revoir.";
    private static final String HELP = "Merci. Votre réponse est enregistrée : besoin d’aide. Au revoir.";
    private static final String PARDON = "Cette réponse n’a pas été comprise. ";

    @Test
    void theAlertThatCalledIsHeardAndAnswered() {
        long alert = alert("Crue, {{name}} : montez.", choices(), SOPHIE, HOME);
        Heard sophie = calls(SOPHIE);
        assertThat(sophie.said()).isEqualTo("Crue,+Personne 1+montez. " + ASKED);
        assertThat(sophie.press("1").said()).isEqualTo(SAFE + " ?1");
        assertThat(sophie.silence().said()).isEqualTo(".");
        assertThat(answers(alert)).isEqualTo("1:1:voice:call-back");
        assertThat(db.database()
                        .inTenant(tenant, c -> ledger.totals(c, tenant, alert))
                        .answered())
                .isEqualTo(1);
    }

    @Test
    void keysThatMeanNothingAndSilenceAreAskedAgainAndNeverCounted() {
        long alert = alert("Montez.", choices(), SOPHIE);
        Heard sophie = calls(SOPHIE);
        assertThat(sophie.press("7").said()).isEqualTo(PARDON + ASKED);
        assertThat(sophie.press("*").said()).isEqualTo("Montez. " + ASKED);
        assertThat(sophie.silence().said()).isEqualTo(PARDON + ASKED);
        assertThat(sophie.silence().said()).isEqualTo(PARDON + ASKED);
        assertThat(sophie.silence().said()).isEqualTo("GOODBYE ?1");
        assertThat(answers(alert)).isEmpty();
    }

    @Test
    void theLatestAlertComesFirstThenTheOthers() {
        long first = alert("Un.", choices(), SOPHIE);
        long second = alert("Deux.", Map.of(), SOPHIE);
        Heard sophie = calls(SOPHIE);
        assertThat(sophie.said()).isEqualTo("Deux. CONFIRM_HEARD ?1");
        assertThat(sophie.press("1").said()).isEqualTo("THANKS ANOTHER Un. " + ASKED);
        assertThat(sophie.press("2").said()).isEqualTo(HELP + " ?1");
        assertThat(answers(first)).isEqualTo("1:2:voice:call-back");
        assertThat(answers(second)).isEqualTo("1:reply:voice:call-back");
    }

    @Test
    void anAnswerThatWasGivenStays() {
        long alert = alert("Montez.", choices(), SOPHIE);
        calls(SOPHIE).press("1");
        Heard again = calls(SOPHIE);
        assertThat(again.said()).isEqualTo("ANSWERED Montez. " + ASKED);
        assertThat(again.press("2").said()).isEqualTo("FIRST_ANSWER_STAYS ?1");
        assertThat(answers(alert)).isEqualTo("1:1:voice:call-back");
    }

    @Test
    void whoSharesATelephoneHearsWhatIsNotAnsweredYetInTheirLanguage() {
        long alert = alert("Montez.", choices(), HOME, SOPHIE, HOME);
        Heard home = calls(HOME);
        assertThat(home.press("1").said())
                .isEqualTo(SAFE
                        + " ANOTHER EN Montez. For “+en sécurité+”, press 1.+For “+besoin d’aide+”, press 2.+To hear"
                        + " this again, press star. ?1");
        assertThat(home.press("2").said())
                .isEqualTo("Thank you. Your answer is recorded: +besoin d’aide+. Goodbye. ?1");
        assertThat(calls(HOME).said()).startsWith("ANSWERED Montez.");
        assertThat(answers(alert)).isEqualTo("1:1:voice:call-back 3:2:voice:call-back");
    }

    @Test
    void anAlertIsToldForADayAfterItsEndButNotWhenItWasCancelled() {
        long closed = alert("Montez.", choices(), SOPHIE);
        long cancelled = alert("Fausse alerte.", choices(), SOPHIE);
        db.database().inTenant(tenant, c -> {
            ledger.close(c, tenant, closed, clock.instant());
            return ledger.cancel(c, tenant, cancelled, clock.instant());
        });
        assertThat(calls(SOPHIE).said()).isEqualTo("ALERT_OVER Montez. " + ASKED);
        clock.go(Duration.ofHours(24));
        assertThat(calls(SOPHIE).said()).isEqualTo("NO_ALERT KEY_CALLED_NUMBER STAFF ?18");
    }

    @Test
    void whoWasNotAlertedHearsSoAndMayNameAnotherNumberOrGoToTheHouse() {
        long alert = alert("Montez.", choices(), HOME);
        assertThat(calls(SOPHIE).said()).isEqualTo("NO_ALERT KEY_CALLED_NUMBER STAFF ?18");
        assertThat(calls(SOPHIE).silence().said()).isEqualTo("GOODBYE .");
        assertThat(calls(SOPHIE).press("*").said()).isEqualTo("“" + STAFF + "” ?9");
        assertThat(calls(SOPHIE).press("0199000002").press("1").said()).isEqualTo(SAFE + " ?1");
        assertThat(answers(alert)).isEqualTo("1:1:voice:call-back-keyed");
    }

    @Test
    void whoseNumberIsWithheldHasThreeTriesToNameIt() {
        alert("Montez.", choices(), "+590690990001");
        Heard somebody = Heard.calling(talk(Optional.empty(), Set.of(tenant)));
        assertThat(somebody.said()).isEqualTo("WITHHELD KEY_CALLED_NUMBER STAFF ?18");
        assertThat(somebody.press("0199000009").said()).isEqualTo("NO_ALERT_THERE KEY_CALLED_NUMBER STAFF ?18");
        assertThat(somebody.press("12345").said()).isEqualTo("NO_ALERT_THERE KEY_CALLED_NUMBER STAFF ?18");
        assertThat(somebody.press("0199000008").said()).isEqualTo("NO_ALERT_THERE GOODBYE .");
        Heard overseas = Heard.calling(talk(Optional.empty(), Set.of(tenant)));
        assertThat(overseas.press("0690990001").said()).startsWith("Montez.");
    }

    @Test
    void nobodyWalksThroughNumbersAlsoNotByThoseThatAreFound() {
        alert("Montez.", choices(), HOME);
        for (int call = 0; call < 6; call++) {
            assertThat(calls(SOPHIE).press("0199000002").said()).startsWith("Montez.");
        }
        assertThat(calls(SOPHIE).press("0199000002").said()).isEqualTo("TRY_LATER GOODBYE .");
        assertThat(calls(HOME).said()).as("others' limits are their own").startsWith("Montez.");
        clock.go(Duration.ofMinutes(10));
        assertThat(calls(SOPHIE).press("0199000002").said()).startsWith("Montez.");
        ofLines = new RateLimit(clock, 2, Duration.ofMinutes(1));
        calls("+33199000010").press("0199000002");
        calls("+33199000011").press("0199000002");
        assertThat(calls("+33199000012").press("0199000002").said())
                .as("a new number shown for each try helps nobody")
                .isEqualTo("TRY_LATER GOODBYE .");
    }

    @Test
    void alertsOfTenantsWhoseLineItIsNotAreNotTold() {
        alert("Montez.", choices(), SOPHIE);
        assertThat(Heard.calling(talk(Optional.of(SOPHIE), Set.of(tenant + 1_000)))
                        .said())
                .startsWith("NO_ALERT ");
    }

    @Test
    void aHostileNumberIsOnlyANumberNobodyHas() {
        assertThat(calls("'; drop table target; --").said()).startsWith("NO_ALERT ");
    }

    @Test
    void whatCannotBeSaidNowIsNotTakenForNothing() {
        alert("Montez.", choices(), SOPHIE);
        speech.mute = true;
        assertThat(calls(SOPHIE).said()).isEqualTo("NOT_TOLD GOODBYE .");
    }

    @Test
    void aMessageWithoutSoundOfItsOwnIsSpoken() {
        long alert = alert("Montez.", Map.of("1", "en sécurité", "oui", "d’accord"), SOPHIE);
        sounds(Optional.empty());
        Heard sophie = calls(SOPHIE);
        assertThat(sophie.said()).isEqualTo("“Montez.” “Pour « en sécurité », appuyez sur 1.” LISTEN_AGAIN ?1");
        assertThat(sophie.press("3").said())
                .isEqualTo("UNCLEAR “Pour « en sécurité », appuyez sur 1.” LISTEN_AGAIN ?1");
        assertThat(sophie.press("1").said()).isEqualTo("THANKS ?1");
        assertThat(answers(alert)).isEqualTo("1:1:voice:call-back");
    }

    private void sounds(CallScript script) {
        sounds(Optional.of(script));
    }

    private void sounds(Optional<CallScript> script) {
        messages = (tenantId, alertId, recipientNo, channel) -> Optional.of(new OutboundMessage(
                "r",
                SOPHIE,
                Optional.empty(),
                "fr",
                "",
                "Montez.",
                Optional.empty(),
                Optional.empty(),
                Category.LIFE_SAFETY,
                false,
                false,
                "k",
                script,
                Optional.empty()));
    }

    private static CallScript script(Optional<CallScript.Pin> pin) {
        return new CallScript(
                List.of(Path.of("montez.alaw"), Path.of("vite.alaw")),
                2,
                Optional.of(new CallScript.Question(
                        List.of(Path.of("question.alaw")),
                        Map.of("1", List.of(Path.of("merci.alaw"))),
                        Map.of("9", "+33199000100"),
                        Optional.of("0"),
                        List.of(Path.of("comment.alaw")),
                        Duration.ofSeconds(5),
                        2)),
                pin,
                CallScript.AnsweringMachine.HANG_UP,
                Duration.ofSeconds(30),
                Map.of());
    }

    @Test
    void whatIsHeardIsSoundForSoundWhatWasSent() {
        long alert = alert("Montez.", choices(), SOPHIE);
        sounds(script(Optional.empty()));
        Heard sophie = calls(SOPHIE);
        assertThat(sophie.said()).isEqualTo("montez.alaw+vite.alaw question.alaw ?1");
        assertThat(sophie.press("5").said()).isEqualTo("comment.alaw question.alaw ?1");
        assertThat(sophie.press("0").said()).isEqualTo("montez.alaw+vite.alaw question.alaw ?1");
        assertThat(sophie.press("1").said()).isEqualTo("merci.alaw ?1");
        assertThat(calls(SOPHIE).press("9").said()).isEqualTo("→+33199000100");
        assertThat(answers(alert)).isEqualTo("1:1:voice:call-back");
    }

    @Test
    void aMessageBehindAPinIsHeardByWhoKnowsIt() {
        alert("Montez.", choices(), SOPHIE);
        sounds(script(Optional.of(new CallScript.Pin("4826", List.of(Path.of("code.alaw")), List.of()))));
        Heard sophie = calls(SOPHIE);
        assertThat(sophie.said()).isEqualTo("code.alaw ?12");
        assertThat(sophie.press("1111").said()).isEqualTo("WRONG_PIN code.alaw ?12");
        assertThat(sophie.silence().said()).isEqualTo("WRONG_PIN code.alaw ?12");
        assertThat(sophie.press("4826").said()).isEqualTo("montez.alaw+vite.alaw question.alaw ?1");
        assertThat(calls(SOPHIE).press("1").press("2").press("3").said()).isEqualTo("WRONG_PIN ?1");
    }

    @Test
    void aPinIsNotFoundByCallingAgainAndAgain() {
        alert("Montez.", choices(), SOPHIE);
        sounds(script(Optional.of(new CallScript.Pin("4826", List.of(Path.of("code.alaw")), List.of()))));
        for (int call = 0; call < 4; call++) {
            calls(SOPHIE).press("1").press("2").press("3");
        }
        assertThat(calls(SOPHIE).press("4826").said()).isEqualTo("WRONG_PIN ?1");
        clock.go(Duration.ofHours(1));
        assertThat(calls(SOPHIE).press("4826").said()).startsWith("montez.alaw");
    }
}
