package io.tocsin.phone.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tocsin.audit.api.Actor;
import io.tocsin.audit.internal.ChainedJournal;
import io.tocsin.channel.api.Dialogue;
import io.tocsin.channel.api.Dialogue.HangUp;
import io.tocsin.channel.api.Dialogue.Keys;
import io.tocsin.channel.api.Dialogue.Nothing;
import io.tocsin.channel.api.Dialogue.Turn;
import io.tocsin.channel.api.InboundCall;
import io.tocsin.persistence.api.AdministrativeModel.User;
import io.tocsin.persistence.testing.TestDatabase;
import io.tocsin.routing.api.IncomingCalls.Line;
import io.tocsin.routing.internal.ledger.LedgerStore;
import io.tocsin.speech.api.Lexicon;
import io.tocsin.tenants.api.PhoneLogins.Person;
import io.tocsin.tenants.api.Principal;
import io.tocsin.tenants.api.Role;
import io.tocsin.tenants.api.Tenancy;
import io.tocsin.tenants.internal.CarrierLogins;
import io.tocsin.tenants.internal.PhoneIdentities;
import io.tocsin.tenants.internal.TenantRegistry;
import java.lang.annotation.Annotation;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls as the channel brings them: which are taken, and what they begin with. */
class DoorTest {
    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final String PUBLIC_LINE = "+33199000900";
    private static final String ACTIVATORS = "+33199000911";
    private static TestDatabase db;
    private static int tenants;

    private final Spoken speech = new Spoken();
    private final Voice voice = new Voice(speech, tenant -> Lexicon.none());
    private Calls calls;
    private Tenancy tenancy;
    private int tenant;

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
        tenant = db.tenant("town-" + ++tenants);
        Clock clock = Clock.systemUTC();
        ChainedJournal journal = new ChainedJournal();
        tenancy = new TenantRegistry(db.database(), db.model(), journal, new CarrierLogins(Map.of()));
        PhoneSettings settings = new TwoCalls("+33 1 99 00 09 10, +33 1 99 00 09 11");
        calls = new Calls(settings, voice, conversations(settings, clock, journal), clock);
    }

    private static Conversations conversations(PhoneSettings settings, Clock clock, ChainedJournal journal) {
        return new Conversations(
                settings,
                clock,
                new MissedCalls(db.database(), clock),
                new Answers(db.database(), new LedgerStore(), (t, a, r, c) -> Optional.empty(), clock),
                null,
                null,
                null,
                new TenantRegistry(db.database(), db.model(), journal, new CarrierLogins(Map.of())),
                new PhoneIdentities(db.database(), db.model(), journal),
                null,
                null);
    }

    @AfterEach
    void close() {
        calls.close();
    }

    private static final class TwoCalls implements PhoneSettings {
        private final String[] activatorNumbers;

        TwoCalls(String... activatorNumbers) {
            this.activatorNumbers = activatorNumbers;
        }

        @Override
        public String[] activatorNumbers() {
            return activatorNumbers;
        }

        @Override
        public String language() {
            return "fr";
        }

        @Override
        public int mostCalls() {
            return 2;
        }

        @Override
        public int threads() {
            return 1;
        }

        @Override
        public int keyedNumbersPerMinute() {
            return 30;
        }

        @Override
        public Class<? extends Annotation> annotationType() {
            return PhoneSettings.class;
        }
    }

    private Caller caller(String to, Integer... tenantsOfTheLine) {
        return new Caller(
                new Line(7, "voice", tenantsOfTheLine.length == 0 ? Set.of(tenant) : Set.of(tenantsOfTheLine)),
                new InboundCall(
                        "c", Optional.of("+33639980042"), to, Clock.systemUTC().instant()));
    }

    private static String heard(Dialogue dialogue, Dialogue.Heard what) throws Exception {
        Turn turn = dialogue.next(what).toCompletableFuture().get(LONGEST.toSeconds(), TimeUnit.SECONDS);
        return turn.said().stream().map(Path::toString).collect(Collectors.joining(" "))
                + (turn.then() instanceof HangUp ? "." : "");
    }

    private static String fr(Phrase... phrases) {
        return List.of(phrases).stream().map(phrase -> phrase.in("fr")).collect(Collectors.joining(" "));
    }

    @Test
    void sentencesAreSpokenOnTheirOwnAndThenEverybodyIsTaken() throws Exception {
        assertThatThrownBy(() -> calls.take(caller(ACTIVATORS)))
                .hasMessage("the sentences of the telephone are not spoken yet");
        calls.start();
        await().atMost(LONGEST).until(() -> voice.speaks("fr") && voice.speaks("en"));
        assertThat(heard(calls.take(caller(ACTIVATORS)), new Nothing())).isEqualTo(fr(Phrase.KEY_ID));
        Dialogue citizen = calls.take(caller(PUBLIC_LINE));
        assertThat(heard(citizen, new Nothing()))
                .isEqualTo(fr(Phrase.NO_ALERT, Phrase.KEY_CALLED_NUMBER, Phrase.STAFF));
        assertThat(heard(citizen, new Keys("*", false))).isEqualTo(fr(Phrase.KEY_ID));
    }

    @Test
    void withoutItsSentencesNobodyIsLedThroughALaunch() throws Exception {
        Dialogue citizen = calls.take(caller(PUBLIC_LINE));
        assertThat(heard(citizen, new Nothing())).isEmpty();
        assertThat(heard(citizen, new Keys("*", false))).isEqualTo(".");
    }

    @Test
    void moreThanAreBorneAreDeclinedButNotThoseOfTheHouse() throws Exception {
        voice.speakPhrases();
        Dialogue first = calls.take(caller(PUBLIC_LINE));
        calls.take(caller(PUBLIC_LINE));
        assertThatThrownBy(() -> calls.take(caller(PUBLIC_LINE))).hasMessageContaining("mostCalls");
        assertThat(heard(calls.take(caller(ACTIVATORS)), new Nothing())).isEqualTo(fr(Phrase.KEY_ID));
        assertThat(calls.up()).isEqualTo(3);
        first.ended();
        first.ended();
        assertThat(calls.up()).isEqualTo(2);
    }

    @Test
    void whoWasSuspendedOrLostTheRoleOnTheTelephoneMayNoLongerLaunch() {
        Conversations conversations = conversations(new TwoCalls(), Clock.systemUTC(), new ChainedJournal());
        int agency = tenancy.tenant(tenant).orElseThrow().agencyId();
        Member anne = member("anne-" + tenant, Optional.of(tenant), agency);
        assertThat(conversations.stillMay(anne)).as("nobody").isFalse();
        User saved = user(0, anne, Optional.empty(), Optional.of(tenant), "active", "activator", 0);
        assertThat(conversations.stillMay(anne)).isTrue();
        saved = user(saved.id(), anne, Optional.empty(), Optional.of(tenant), "active", "supervisor", saved.version());
        assertThat(conversations.stillMay(anne)).isFalse();
        user(saved.id(), anne, Optional.empty(), Optional.of(tenant), "suspended", "activator", saved.version());
        assertThat(conversations.stillMay(anne)).isFalse();
        Member agent = member("agent-" + tenant, Optional.empty(), agency);
        user(0, agent, Optional.of(agency), Optional.empty(), "active", "agency-admin", 0);
        assertThat(conversations.stillMay(agent)).isTrue();
    }

    private Member member(String login, Optional<Integer> ofTenant, int agency) {
        Principal principal = new Principal(login, Optional.of(agency), ofTenant, Set.of(Role.ACTIVATOR));
        return new Member(new Person(login, "Anne", principal), tenant, "fr", "…42");
    }

    private User user(
            int id,
            Member member,
            Optional<Integer> agency,
            Optional<Integer> ofTenant,
            String state,
            String role,
            int version) {
        String login = member.person().login();
        return tenancy.save(
                new User(
                        id,
                        agency,
                        ofTenant,
                        Optional.empty(),
                        login,
                        "Anne",
                        Optional.empty(),
                        Set.of(role),
                        state,
                        0,
                        Optional.empty(),
                        version),
                Optional.empty(),
                new Actor("admin", "rest", ""));
    }

    @Test
    void aNumberOfActivatorsThatIsNoneIsNamed() {
        for (String wrong : List.of("0199000911", "+33", "+33 1 99 00 09 11, staff")) {
            assertThatThrownBy(() -> conversations(new TwoCalls(wrong), Clock.systemUTC(), new ChainedJournal()))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("io.tocsin.phone: activatorNumbers: ");
        }
    }

    @Test
    void aLineSpeaksTheLanguageItsTenantsShare() throws Exception {
        voice.speakPhrases();
        int english = db.tenant("town-" + ++tenants);
        db.database().asEngine(c -> {
            try (var update = c.createStatement()) {
                return update.executeUpdate("update tenant set language = 'en-GB' where tenant_id = " + english);
            }
        });
        assertThat(heard(calls.take(caller(ACTIVATORS, english)), new Nothing()))
                .isEqualTo(Phrase.KEY_ID.in("en"));
        assertThat(heard(calls.take(caller(ACTIVATORS, english, tenant)), new Nothing()))
                .isEqualTo(fr(Phrase.KEY_ID));
    }
}
