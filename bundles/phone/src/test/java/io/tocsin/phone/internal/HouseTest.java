package io.tocsin.phone.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.tocsin.alerting.api.Alerts;
import io.tocsin.alerting.api.Recordings;
import io.tocsin.alerting.api.ScenarioFormat;
import io.tocsin.alerting.api.ScenarioNumbers;
import io.tocsin.alerting.internal.AlertDesk;
import io.tocsin.alerting.internal.AlertingSettings;
import io.tocsin.alerting.internal.StoredRecordings;
import io.tocsin.alerting.internal.StoredScenarioNumbers;
import io.tocsin.alerting.internal.StoredScenarios;
import io.tocsin.audit.api.Actor;
import io.tocsin.audit.api.Journal;
import io.tocsin.audit.internal.ChainedJournal;
import io.tocsin.audit.internal.EvidencePackages;
import io.tocsin.channel.api.InboundCall;
import io.tocsin.directory.internal.lists.ListStore;
import io.tocsin.persistence.api.AdministrativeModel.Tenant;
import io.tocsin.persistence.api.AdministrativeModel.User;
import io.tocsin.persistence.testing.TestDatabase;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.CostEstimates;
import io.tocsin.routing.api.IncomingCalls.Line;
import io.tocsin.routing.internal.calls.CallWriter;
import io.tocsin.routing.internal.ledger.LedgerStore;
import io.tocsin.routing.internal.ledger.LiveBoards;
import io.tocsin.routing.internal.links.SignedAnswerLinks;
import io.tocsin.speech.api.Sound;
import io.tocsin.speech.api.SoundFiles;
import io.tocsin.speech.api.SpeechException;
import io.tocsin.speech.internal.CheckedRecording;
import io.tocsin.tenants.api.PhoneLogins;
import io.tocsin.tenants.api.Principal;
import io.tocsin.tenants.api.Tenancy;
import io.tocsin.tenants.internal.CarrierLogins;
import io.tocsin.tenants.internal.PhoneIdentities;
import io.tocsin.tenants.internal.TenantRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.Annotation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people of the house do by telephone. */
class HouseTest {
    private static final Actor ADMIN = new Actor("admin", "rest", "127.0.0.1");
    private static final String PIN = "830416";
    private static TestDatabase db;
    private static int tenants;

    private final SteppedClock clock = new SteppedClock();
    private final Journal journal = new ChainedJournal();
    private final List<String> ahead = new ArrayList<>();
    private final Deque<Runnable> later = new ArrayDeque<>();
    private Executor work = Runnable::run;
    private Waiting waiting = new Waiting(Duration.ofMinutes(2));
    private RateLimit failures = new RateLimit(clock, 10, Duration.ofMinutes(15));
    private Alerts alerts;
    private StoredScenarios scenarios;
    private ScenarioNumbers numbers;
    private Tenancy tenancy;
    private PhoneLogins logins;
    private Tenant tenant;
    private Recordings recordings;
    /** As the one of speech, in the folder of the test. */
    private final SoundFiles files = new SoundFiles() {
        @Override
        public Optional<Path> find(int tenantId, String name) {
            return Optional.of(folder.resolve(name + ".alaw")).filter(Files::exists);
        }

        @Override
        public Path keep(int tenantId, String name, Sound sound) throws SpeechException {
            if (full) {
                throw new SpeechException(SpeechException.Reason.STORAGE, "the folder is full");
            }
            try {
                return Files.write(folder.resolve(name + ".alaw"), sound.alaw());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    };

    private boolean full;
    private boolean stillMay = true;
    private final CheckedRecording studio = new CheckedRecording(new Unused());
    private final CallWriter calls = new CallWriter(db.database());

    @TempDir
    private Path folder;

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
        alerts = new AlertDesk(
                db.database(),
                db.model(),
                new ListStore(db.database(), journal),
                new LedgerStore(),
                new LiveBoards(db.database()),
                new SignedAnswerLinks(db.database()),
                journal,
                new EvidencePackages(db.database(), journal, folder, Optional.empty(), Clock.systemUTC()),
                (tenantId, channel, samples) -> CostEstimates.Estimate.unknown("no carrier is there"),
                calls,
                null,
                new Unset());
        StoredRecordings stored = new StoredRecordings(db.database(), journal);
        stored.bindIntake(studio);
        recordings = stored;
        scenarios = new StoredScenarios(db.database(), journal);
        numbers = new StoredScenarioNumbers(db.database());
        tenancy = new TenantRegistry(db.database(), db.model(), journal, new CarrierLogins(Map.of()));
        logins = new PhoneIdentities(db.database(), db.model(), journal);
        tenant = tenancy.tenant(db.tenant("place-" + ++tenants)).orElseThrow();
        people(1_240);
    }

    /** Defaults of the settings. */
    private static final class Unset implements AlertingSettings {
        @Override
        public String answerBaseUrl() {
            return "https://alerte.example.fr";
        }

        @Override
        public int sweepSeconds() {
            return 3;
        }

        @Override
        public int idempotencyHours() {
            return 24;
        }

        @Override
        public Class<? extends Annotation> annotationType() {
            return AlertingSettings.class;
        }
    }

    /** MP3 is nothing a telephone brings. */
    private static final class Unused implements CheckedRecording.Settings {
        @Override
        public String mpg123() {
            return "mpg123";
        }

        @Override
        public int timeLimitSeconds() {
            return 120;
        }

        @Override
        public Class<? extends Annotation> annotationType() {
            return CheckedRecording.Settings.class;
        }
    }

    @AfterEach
    void close() {
        calls.close();
    }

    private void people(int people) {
        db.database().inTenant(tenant.id(), c -> {
            try (var statement = c.createStatement()) {
                for (String sql :
                        """
                        insert into contact (tenant_id, external_id, first_name, last_name, language, tags, variables, origin, legal_basis)
                        select %1$d, 'C-' || n, 'Zoé', 'Personne' || n, 'fr', '{bas}', '{}', 'test', 'mission' from generate_series(1, %2$d) n;
                        update contact set reach = jsonb_build_array(jsonb_build_object(
                            'kind', 'mobile', 'address', '+33639980001')) where tenant_id = %1$d;
                        insert into contact_list (tenant_id, slug, name, kind, all_tags) values (%1$d, 'bas', 'Bas', 'tags', '{bas}');
                        insert into contact_list (tenant_id, slug, name, kind, all_tags) values (%1$d, 'rien', 'Rien', 'tags', '{x}')
                        """
                                .formatted(tenant.id(), people)
                                .split(";\\R")) {
                    statement.execute(sql);
                }
            }
            return null;
        });
    }

    private void scenario(String slug, String name, String list, String text) throws Exception {
        String yaml =
                """
                name: %s
                category: life-safety
                lists: [%s]
                cascade: [{channel: sms, patience: 5m}]
                variables: {heure: , lieu: mairie}
                fallback-language: fr
                messages: {fr: {sms: {text: "%s"}}}
                """
                        .formatted(name, list, text);
        scenarios.save(
                tenant.id(), ScenarioFormat.read(slug, new YAMLMapper().readTree(yaml)), Optional.empty(), ADMIN);
    }

    private String user(String login, Optional<Integer> tenantId, Optional<Integer> agencyId, String... roles) {
        tenancy.save(
                new User(
                        0,
                        agencyId,
                        tenantId,
                        Optional.empty(),
                        login,
                        "Anne",
                        Optional.empty(),
                        Set.of(roles),
                        "active",
                        0,
                        Optional.empty(),
                        0),
                Optional.empty(),
                ADMIN);
        return logins.set(login, Optional.empty(), PIN, ADMIN).id();
    }

    private String activator() {
        return user("anne-" + tenant.id(), Optional.of(tenant.id()), Optional.empty(), "activator");
    }

    private Heard calls(Integer... tenantsOfTheLine) {
        Set<Integer> open = tenantsOfTheLine.length == 0 ? Set.of(tenant.id()) : Set.of(tenantsOfTheLine);
        Caller caller = new Caller(
                new Line(7, "voice", open),
                new InboundCall("c", Optional.of("+33639980042"), "+33199000900", clock.instant()));
        return Heard.calling(new Identifying(caller, logins, tenancy, failures, this::home, "fr"));
    }

    private Talk home(Member member) {
        Launching.House house = new Launching.House(
                alerts,
                numbers,
                new Launches(db.database()),
                task -> work.execute(task),
                words -> words.forEach(word -> ahead.add(((Words.Text) word).text())),
                waiting,
                still -> stillMay,
                clock);
        return new Home(
                member,
                back -> new Launching(house, member, back),
                back -> new Recorder(member, new Slots(recordings), new Takes(studio, files), back));
    }

    private Heard signedIn() {
        return calls().press(activator()).press(PIN);
    }

    private List<Journal.Entry> journaled() {
        return db.database().inTenant(tenant.id(), c -> journal.read(c, tenant.id(), 0, 1_000));
    }

    // ------------------------------------------------------------ who calls

    @Test
    void whoKeysIdAndPinIsGreetedAndAskedWhatToDo() {
        String id = activator();
        Heard anne = calls();
        assertThat(anne.said()).isEqualTo("KEY_ID ?12");
        assertThat(anne.press(id).said()).isEqualTo("KEY_PIN ?12");
        assertThat(anne.press(PIN).said()).isEqualTo("“Bonjour, Anne.” HOME ?1");
        assertThat(anne.press("*").said()).isEqualTo("GOODBYE .");
        assertThat(journaled()).last().satisfies(entry -> {
            assertThat(entry.action()).isEqualTo("signin.accepted");
            assertThat(entry.actor().door()).isEqualTo("phone");
            assertThat(entry.actor().origin()).as("no whole number").isEqualTo("…42");
        });
    }

    @Test
    void wrongIdAndWrongPinSoundAlikeAndThreeAreEnoughForACall() {
        String id = activator();
        Heard stranger = calls();
        assertThat(stranger.press("999").press(PIN).said()).isEqualTo("WRONG_LOGIN KEY_ID ?12");
        assertThat(stranger.press(id).press("604138").said()).isEqualTo("WRONG_LOGIN KEY_ID ?12");
        assertThat(stranger.press(id).silence().said()).isEqualTo("WRONG_LOGIN GOODBYE .");
        assertThat(calls().silence().silence().silence().said()).isEqualTo("GOODBYE .");
    }

    @Test
    void whoFailsTooOftenWaitsWhateverIdTheyTry() {
        failures = new RateLimit(clock, 3, Duration.ofMinutes(15));
        String id = activator();
        calls().press("90210377")
                .press("1")
                .press("90210378")
                .press("2")
                .press("90210379")
                .press("3");
        assertThat(calls().said()).isEqualTo("TRY_LATER GOODBYE .");
        clock.go(Duration.ofMinutes(15));
        assertThat(calls().press(id).press(PIN).said()).startsWith("“Bonjour");
    }

    @Test
    void whoBelongsElsewhereIsLetNowhere() {
        int other = db.tenant("place-" + ++tenants);
        String id = activator();
        assertThat(calls(other).press(id).press(PIN).said()).isEqualTo("NO_TENANT GOODBYE .");
    }

    @Test
    void anAgencysPeopleChooseTheTenant() throws Exception {
        int foreign = db.tenant("place-" + ++tenants);
        int second = db.database().asEngine(c -> {
            try (var insert = c.prepareStatement(
                    "insert into tenant (agency_id, slug, name, kind) values (?, ?, 'Sud', 'commune') returning tenant_id")) {
                insert.setInt(1, tenant.agencyId());
                insert.setString(2, "place-" + ++tenants);
                var row = insert.executeQuery();
                row.next();
                return row.getInt(1);
            }
        });
        String id = user("agence-" + tenant.id(), Optional.empty(), Optional.of(tenant.agencyId()), "agency-admin");
        Heard agent = calls(tenant.id(), second, foreign).press(id).press(PIN);
        assertThat(agent.said()).isEqualTo("KEY_TENANT ?10");
        assertThat(agent.press("*").said())
                .isEqualTo("“Pour " + tenant.name() + ", composez " + tenant.id() + ".” “Pour Sud, composez " + second
                        + ".” KEY_TENANT ?10");
        assertThat(agent.press(Integer.toString(foreign)).said()).isEqualTo("NO_SUCH_NUMBER KEY_TENANT ?10");
        assertThat(agent.press(Integer.toString(second)).said()).isEqualTo("“Bonjour, Anne.” HOME ?1");
        assertThat(agent.press("1").said()).isEqualTo("NO_SCENARIO HOME ?1");
    }

    @Test
    void rolesAreThoseOfTheWeb() {
        String id = user("elu-" + tenant.id(), Optional.of(tenant.id()), Optional.empty(), "supervisor", "approver");
        Heard watcher = calls().press(id).press(PIN);
        assertThat(watcher.press("1").said()).isEqualTo("NOT_ALLOWED HOME ?1");
        assertThat(watcher.press("2").said()).isEqualTo("NOT_ALLOWED HOME ?1");
        String admin = user("admin-" + tenant.id(), Optional.of(tenant.id()), Optional.empty(), "tenant-admin");
        assertThat(calls().press(admin).press(PIN).press("1").said()).isEqualTo("NOT_ALLOWED HOME ?1");
        assertThat(calls().press(admin).press(PIN).press("2").said()).isEqualTo("KEY_SLOT ?2");
    }

    // ------------------------------------------------------------ launching

    @Test
    void aDrillIsLaunchedByItsNumber() throws Exception {
        scenario("crue", "Crue", "bas", "Montez.");
        scenario("feu", "Feu", "bas", "Sortez.");
        Heard anne = signedIn();
        assertThat(anne.press("1").said()).isEqualTo("DRILL_OR_REAL ?1");
        assertThat(ahead).containsExactly("Pour Crue, composez 1.", "Pour Feu, composez 2.", "Crue.", "Feu.");
        assertThat(anne.press("1").said()).isEqualTo("DRILL KEY_SCENARIO ?10");
        assertThat(anne.press("*").said())
                .isEqualTo("“Pour Crue, composez 1.” “Pour Feu, composez 2.” KEY_SCENARIO ?10");
        assertThat(anne.press("9").said()).isEqualTo("NO_SUCH_NUMBER KEY_SCENARIO ?10");
        assertThat(anne.press("2").said()).isEqualTo("DRILL “Feu.” CHECKING …");
        assertThat(anne.silence().said()).isEqualTo("DRILL “Feu.” “1240 personnes sont concernées.” CONFIRM ?2");
        assertThat(alerts.list(tenant.id(), Optional.empty(), 10)).isEmpty();
        assertThat(anne.press("1#").said()).isEqualTo("ONE_MOMENT …");
        assertThat(anne.silence().said()).isEqualTo("DRILL LAUNCHED “1240 personnes sont concernées.” HOME ?1");
        Alert launched = alerts.list(tenant.id(), Optional.empty(), 10).get(0);
        assertThat(launched.scenario()).isEqualTo("feu");
        assertThat(launched.drill()).isTrue();
        assertThat(launched.recipients()).isEqualTo(1_240);
        assertThat(launched.launchedBy()).isEqualTo("anne-" + tenant.id());
        assertThat(journaled()).last().satisfies(entry -> {
            assertThat(entry.action()).isEqualTo("alert.launched");
            assertThat(entry.actor().door()).isEqualTo("phone");
        });
    }

    @Test
    void anAgencyLaunchesWithTheTenantsConsentOnly() throws Exception {
        scenario("crue", "Crue", "bas", "Montez.");
        String id = user("agence-" + tenant.id(), Optional.empty(), Optional.of(tenant.agencyId()), "agency-admin");
        Heard agent =
                calls().press(id).press(PIN).press("1").press("1").press("1").silence();
        assertThat(agent.press("1#").silence().said())
                .startsWith("REFUSED")
                .contains("n'a pas autorisé son agence")
                .endsWith("HOME ?1");
        assertThat(alerts.list(tenant.id(), Optional.empty(), 10)).isEmpty();
        db.database().inTenant(tenant.id(), c -> {
            try (var insert = c.prepareStatement(
                    "insert into launch_consent values (?, 'maire', now(), now() + interval '1 hour', null)")) {
                insert.setInt(1, tenant.id());
                return insert.executeUpdate();
            }
        });
        assertThat(agent.press("1")
                        .press("1")
                        .press("1")
                        .silence()
                        .press("1#")
                        .silence()
                        .said())
                .startsWith("DRILL LAUNCHED");
        assertThat(journaled()).last().satisfies(entry -> assertThat(entry.details())
                .containsEntry("onBehalf", true)
                .containsEntry("consentOf", "maire"));
    }

    @Test
    void nothingIsLaunchedWithoutTheRightKey() throws Exception {
        scenario("crue", "Crue", "bas", "Montez.");
        Heard anne = signedIn().press("1").press("2").press("1").silence();
        assertThat(anne.said()).isEqualTo("REAL “Crue.” “1240 personnes sont concernées.” CONFIRM ?2");
        assertThat(anne.press("2#").said()).startsWith("REAL “Crue.”");
        assertThat(anne.press("11").said()).startsWith("REAL “Crue.”");
        assertThat(anne.press("1").said()).as("and then nothing").isEqualTo("GIVEN_UP HOME ?1");
        assertThat(anne.press("1").press("2").press("1").silence().press("*").said())
                .isEqualTo("GIVEN_UP HOME ?1");
        assertThat(anne.press("1").press("*").said()).isEqualTo("HOME ?1");
        assertThat(anne.press("1").press("1").silence().silence().silence().said())
                .isEqualTo("GIVEN_UP HOME ?1");
        assertThat(alerts.list(tenant.id(), Optional.empty(), 10)).isEmpty();
    }

    @Test
    void whatWouldBeRefusedIsRefusedWithItsReason() throws Exception {
        scenario("crue", "Crue", "bas", "Montez à {{heure}}, {{lieu}}.");
        scenario("vide", "Vide", "rien", "Montez.");
        Heard anne = signedIn();
        assertThat(anne.press("1").press("2").press("1").silence().said())
                .isEqualTo("REFUSED “Il manque une valeur pour « heure ».” HOME ?1");
        assertThat(anne.press("1").press("2").press("2").silence().said()).isEqualTo("REFUSED NOBODY HOME ?1");
        quota(0);
        assertThat(anne.press("1").press("2").press("2").silence().said()).isEqualTo("REFUSED QUOTA NOBODY HOME ?1");
    }

    private void quota(int runningAlerts) {
        db.database().asEngine(c -> {
            try (var update = c.createStatement()) {
                return update.executeUpdate("update tenant set max_running_alerts = " + runningAlerts
                        + " where tenant_id = " + tenant.id());
            }
        });
    }

    @Test
    void whatIsRefusedAtTheLastMomentIsSaid() throws Exception {
        scenario("crue", "Crue", "bas", "Montez.");
        Heard anne = signedIn().press("1").press("2").press("1").silence();
        quota(0);
        assertThat(anne.press("1#").silence().said()).isEqualTo("REFUSED QUOTA HOME ?1");
    }

    @Test
    void whoLostTheRoleMeanwhileLaunchesNothing() throws Exception {
        scenario("crue", "Crue", "bas", "Montez.");
        Heard anne = signedIn().press("1").press("2").press("1").silence();
        stillMay = false;
        assertThat(anne.press("1#").said()).isEqualTo("NOT_ALLOWED GOODBYE .");
        assertThat(alerts.list(tenant.id(), Optional.empty(), 10)).isEmpty();
    }

    @Test
    void aSecondLaunchIsAnnouncedAndConfirmedWithAnotherKey() throws Exception {
        scenario("crue", "Crue", "bas", "Montez.");
        signedIn().press("1").press("2").press("1").silence().press("1#").silence();
        Heard again = calls().press(
                        logins.of("anne-" + tenant.id()).orElseThrow().id())
                .press(PIN);
        String second = "REAL “Crue.” “1240 personnes sont concernées.”"
                + " “Attention : ce scénario a déjà été lancé il y a moins de 2 minutes.” CONFIRM_AGAIN ?2";
        assertThat(again.press("1").press("2").press("1").silence().said()).isEqualTo(second);
        assertThat(again.press("1#").said()).as("the first time's key").isEqualTo(second);
        assertThat(alerts.list(tenant.id(), Optional.empty(), 10)).hasSize(1);
        assertThat(again.press("2#").silence().said()).startsWith("REAL LAUNCHED ");
        assertThat(alerts.list(tenant.id(), Optional.empty(), 10)).hasSize(2);
        assertThat(again.press("1").press("1").press("1").silence().said())
                .as("a drill is another thing")
                .endsWith("CONFIRM ?2");
        clock.go(Launching.LATELY.plusMinutes(1));
        assertThat(again.press("*").press("1").press("2").press("1").silence().said())
                .endsWith("“1240 personnes sont concernées.” CONFIRM ?2");
    }

    @Test
    void aCallThatDropsAfterTheConfirmationLaunchesOnceHoweverOftenItIsConfirmed() throws Exception {
        scenario("crue", "Crue", "bas", "Montez.");
        Heard dropped = signedIn().press("1").press("2").press("1").silence();
        String id = logins.of("anne-" + tenant.id()).orElseThrow().id();
        Heard redialled =
                calls().press(id).press(PIN).press("1").press("2").press("1").silence();
        assertThat(redialled.said()).endsWith("CONFIRM ?2");
        work = later::add;
        dropped.press("1#");
        assertThat(alerts.list(tenant.id(), Optional.empty(), 10)).isEmpty();
        clock.go(Duration.ofMillis(1));
        later.forEach(Runnable::run);
        clock.go(Duration.ofSeconds(20));
        work = Runnable::run;
        assertThat(redialled.press("1#").silence().said())
                .isEqualTo("REAL LAUNCHED_BEFORE “1240 personnes sont concernées.” HOME ?1");
        assertThat(alerts.list(tenant.id(), Optional.empty(), 10)).hasSize(1);
    }

    @Test
    void whoWaitsHearsThatTheyDo() throws Exception {
        scenario("crue", "Crue", "bas", "Montez.");
        waiting = new Waiting(Duration.ofMillis(1));
        work = later::add;
        Heard anne = signedIn().press("1").press("2").press("1");
        assertThat(anne.silence().said()).isEqualTo("ONE_MOMENT …");
        assertThat(anne.silence().said()).isEqualTo("ONE_MOMENT …");
        later.removeFirst().run();
        assertThat(anne.silence().said()).endsWith("CONFIRM ?2");
        assertThat(anne.press("1#").silence().said()).isEqualTo("ONE_MOMENT …");
        later.removeFirst().run();
        assertThat(anne.silence().said()).startsWith("REAL LAUNCHED ");
    }

    @Test
    void numbersOfScenariosAreNeverGivenAgain() throws Exception {
        scenario("feu", "Feu", "bas", "Sortez.");
        assertThat(numbered()).containsExactly("1 feu");
        scenario("crue", "Crue", "bas", "Montez.");
        scenario("accident", "Accident", "bas", "Fermez.");
        assertThat(numbered()).containsExactly("1 feu", "2 accident", "3 crue");
        scenarios.withdraw(tenant.id(), "feu", ADMIN);
        scenario("brume", "Brume", "bas", "Fermez.");
        assertThat(numbered()).containsExactly("2 accident", "3 crue", "4 brume");
        scenario("feu", "Feu", "bas", "Sortez.");
        assertThat(numbered()).first().isEqualTo("1 feu");
    }

    private List<String> numbered() {
        return numbers.of(tenant.id()).stream()
                .map(scenario -> scenario.number() + " " + scenario.scenario())
                .toList();
    }

    // ------------------------------------------------------------ recording

    /** As the telephone brings it: a tone, which the checks take for speech. */
    private static byte[] tone(double seconds, double level) {
        byte[] alaw = new byte[(int) (seconds * Sound.RATE)];
        for (int at = 0; at < alaw.length; at++) {
            double swell = 0.6 + 0.4 * Math.sin(at * 2 * Math.PI * 3 / Sound.RATE);
            alaw[at] = alaw((int) (Short.MAX_VALUE * level * swell * Math.sin(at * 2 * Math.PI * 440 / Sound.RATE)));
        }
        return alaw;
    }

    /** ITU-T G.711, A-law. */
    private static byte alaw(int sample) {
        int sign = sample < 0 ? 0 : 0x80;
        int magnitude = Math.min(32_635, Math.abs(sample)) >> 4;
        int segment = Math.max(0, 28 - Integer.numberOfLeadingZeros(magnitude));
        int mantissa = segment == 0 ? magnitude >> 1 & 0xf : magnitude >> segment & 0xf;
        return (byte) ((sign | segment << 4 | mantissa) ^ 0x55);
    }

    private void kept(int number) throws Exception {
        Member member = new Member(
                new PhoneLogins.Person(
                        "x", "X", new Principal("x", Optional.empty(), Optional.of(tenant.id()), Set.of())),
                tenant.id(),
                "fr",
                "…42");
        new Slots(recordings)
                .keep(
                        tenant.id(),
                        number,
                        new Takes(studio, files).take(tenant.id(), tone(1, 0.3)).wav(),
                        member);
    }

    private static final String LISTEN = "LISTEN_TO_IT take-[0-9a-f]{64}\\.alaw KEEP_OR_NOT \\?1";

    @Test
    void aMessageIsSpokenListenedToAndKept() throws Exception {
        recordings.save(
                tenant.id(),
                "phone-1",
                "Consigne",
                new ByteArrayInputStream(Sound.of(tone(1, 0.3)).wav()),
                ADMIN);
        Heard anne = signedIn();
        assertThat(anne.press("2").said()).isEqualTo("KEY_SLOT ?2");
        assertThat(anne.press("*").said()).isEqualTo("“Message numéro 2.” SPEAK ?voice");
        assertThat(anne.speak(tone(3, 0.3)).said()).matches(LISTEN);
        Path take = ((Words.Sounds) anne.reply().said().get(1)).files().get(0);
        byte[] heard = Files.readAllBytes(take);
        assertThat(recordings.find(tenant.id(), "phone-2")).isEmpty();
        assertThat(anne.press("2").said()).matches(LISTEN);
        assertThat(anne.press("1").said()).isEqualTo("KEPT HOME ?1");
        assertThat(recordings.sound(tenant.id(), "phone-2").orElseThrow().alaw())
                .as("what was heard")
                .isEqualTo(heard);
        assertThat(recordings.find(tenant.id(), "phone-2").orElseThrow().name()).isEqualTo("Téléphone 2");
        assertThat(journaled()).last().satisfies(entry -> {
            assertThat(entry.action()).isEqualTo("recording.saved");
            assertThat(entry.actor()).isEqualTo(new Actor("anne-" + tenant.id(), "phone", "…42"));
        });
    }

    @Test
    void whatIsThereMayBeHeardBeforeItIsReplacedAndKeepsItsName() throws Exception {
        recordings.save(
                tenant.id(),
                "phone-7",
                "Consigne",
                new ByteArrayInputStream(Sound.of(tone(1, 0.3)).wav()),
                ADMIN);
        String before = recordings.find(tenant.id(), "phone-7").orElseThrow().sha256();
        Heard anne = signedIn().press("2");
        assertThat(anne.press("07").said()).isEqualTo("“Message numéro 7.” SLOT_TAKEN ?1");
        assertThat(anne.press("1").said()).matches("take-[0-9a-f]{64}\\.alaw SLOT_TAKEN \\?1");
        assertThat(anne.press("*").said()).isEqualTo("HOME ?1");
        assertThat(anne.press("2").press("7").press("2").said()).isEqualTo("SPEAK ?voice");
        assertThat(anne.speak(tone(2, 0.3)).press("*").said()).isEqualTo("NOT_KEPT HOME ?1");
        assertThat(recordings.find(tenant.id(), "phone-7").orElseThrow().sha256())
                .isEqualTo(before);
        anne.press("2").press("7").press("2").speak(tone(2, 0.3));
        assertThat(anne.press("3").said()).isEqualTo("SPEAK ?voice");
        assertThat(anne.speak(tone(3, 0.3)).press("1").said()).isEqualTo("KEPT HOME ?1");
        assertThat(recordings.find(tenant.id(), "phone-7").orElseThrow().sha256())
                .isNotEqualTo(before);
        assertThat(recordings.find(tenant.id(), "phone-7").orElseThrow().name()).isEqualTo("Consigne");
    }

    @Test
    void whatCannotBeUsedIsSaidAndSpokenAgain() throws Exception {
        Heard anne = signedIn().press("2").press("5");
        assertThat(anne.silence().said()).isEqualTo("SILENT SPEAK ?voice");
        assertThat(anne.speak(new byte[0]).said()).isEqualTo("SILENT SPEAK ?voice");
        assertThat(anne.speak(tone(0.05, 0.3)).said()).isEqualTo("TOO_SHORT SPEAK ?voice");
        assertThat(anne.speak(tone(3, 0)).said()).isEqualTo("SILENT SPEAK ?voice");
        assertThat(anne.speak(tone(3, 40)).said()).isEqualTo("CLIPPED SPEAK ?voice");
        assertThat(anne.speak(tone(130, 0.3)).said()).isEqualTo("TOO_LONG SPEAK ?voice");
        assertThat(anne.speak(tone(3, 0.008)).said()).startsWith("LISTEN_TO_IT MIND_IT ");
        anne.press("3").silence().silence().silence();
        assertThat(anne.said()).as("ten takes").isEqualTo("SILENT NOT_KEPT HOME ?1");
        assertThat(recordings.list(tenant.id())).isEmpty();
    }

    @Test
    void withoutRoomForItATakeIsNotKept() {
        Heard anne = signedIn().press("2").press("5");
        full = true;
        assertThat(anne.speak(tone(3, 0.3)).said()).isEqualTo("NOT_KEPT HOME ?1");
    }

    @Test
    void aNumberBeyondTheSlotsIsNone() throws Exception {
        Heard anne = signedIn().press("2");
        assertThat(anne.press("0").said()).isEqualTo("NO_SUCH_NUMBER KEY_SLOT ?2");
        assertThat(anne.silence().said()).isEqualTo("KEY_SLOT ?2");
        assertThat(anne.press("00").said()).isEqualTo("HOME ?1");
        for (int number = 1; number <= Slots.MOST; number++) {
            kept(number);
        }
        assertThat(anne.press("2").press("*").said()).isEqualTo("NO_SLOT HOME ?1");
    }
}
