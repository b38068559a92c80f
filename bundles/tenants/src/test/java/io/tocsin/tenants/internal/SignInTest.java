package io.tocsin.tenants.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.audit.api.Actor;
import io.tocsin.audit.api.Journal;
import io.tocsin.audit.internal.ChainedJournal;
import io.tocsin.directory.api.RefusedException;
import io.tocsin.persistence.api.AdministrativeModel.Tenant;
import io.tocsin.persistence.api.AdministrativeModel.User;
import io.tocsin.persistence.api.Database;
import io.tocsin.persistence.testing.TestDatabase;
import io.tocsin.tenants.api.Authentication;
import io.tocsin.tenants.api.Authentication.ApiKey;
import io.tocsin.tenants.api.Authentication.KeyDescription;
import io.tocsin.tenants.api.Authentication.KeyOwner;
import io.tocsin.tenants.api.Authentication.Token;
import io.tocsin.tenants.api.Principal;
import io.tocsin.tenants.api.Role;
import io.tocsin.tenants.api.Tenancy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignInTest {
    private static final Actor ADMIN = new Actor("admin", "rest", "127.0.0.1");
    private static final String PASSWORD = "une phrase assez longue";
    private static TestDatabase db;

    private final Journal journal = new ChainedJournal();
    private final SteppedClock clock = new SteppedClock();
    private Authentication authentication;
    private Tenancy tenancy;
    private int tenantId;

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
        db.clear();
        tenantId = db.tenant("commune");
        authentication = new SignIn(db.database(), db.model(), journal, clock);
        tenancy = new TenantRegistry(db.database(), db.model(), journal, new CarrierLogins(Map.of(), n -> null));
    }

    private User user(String login, Set<String> roles) {
        User user = new User(
                0,
                Optional.empty(),
                Optional.of(tenantId),
                Optional.empty(),
                login,
                "Somebody",
                Optional.empty(),
                roles,
                "active",
                0,
                Optional.empty(),
                0);
        return tenancy.save(user, Optional.of(PASSWORD), ADMIN);
    }

    private List<String> journaled(int chain) {
        return db.database().asEngine(c -> journal.read(c, chain, 0, 1000)).stream()
                .map(Journal.Entry::action)
                .toList();
    }

    @Test
    void theRightPasswordGivesATokenForThirtyMinutes() {
        user("maire", Set.of("activator", "tenant-admin"));
        Token token = authentication.signIn(" Maire ", PASSWORD, "127.0.0.1").orElseThrow();
        Principal principal = authentication.authenticate(token.bearer()).orElseThrow();
        assertThat(principal.name()).isEqualTo("maire");
        assertThat(principal.tenantId()).contains(tenantId);
        assertThat(principal.agencyId()).isPresent();
        assertThat(principal.roles()).containsExactlyInAnyOrder(Role.ACTIVATOR, Role.TENANT_ADMIN);
        assertThat(token.toString()).doesNotContain(token.bearer());
        clock.now = token.expiresAt().minusMillis(1);
        assertThat(authentication.authenticate(token.bearer())).isPresent();
        clock.now = token.expiresAt();
        assertThat(authentication.authenticate(token.bearer())).isEmpty();
        assertThat(journaled(tenantId)).contains("user.created", "signin.accepted");
    }

    @Test
    void nothingOfTokensOrPasswordsIsStoredReadable() throws Exception {
        user("maire", Set.of("activator"));
        String bearer =
                authentication.signIn("maire", PASSWORD, "").orElseThrow().bearer();
        try (var c = db.engineDataSource().getConnection();
                var rows = c.createStatement()
                        .executeQuery(
                                "select encode(token_hash, 'hex') from bearer_token union all select password_hash from app_user")) {
            while (rows.next()) {
                assertThat(rows.getString(1)).doesNotContain(bearer).doesNotContain(PASSWORD);
            }
        }
    }

    @Test
    void wrongUnknownAndMalformedAreAllSimplyRefused() {
        user("maire", Set.of("activator"));
        assertThat(authentication.signIn("maire", "wrong password 12", "")).isEmpty();
        assertThat(authentication.signIn("nobody", PASSWORD, "")).isEmpty();
        assertThat(authentication.signIn("' or 1=1 --", PASSWORD, "")).isEmpty();
        assertThat(authentication.signIn("maire", "x".repeat(100_000), "")).isEmpty();
        assertThat(authentication.authenticate("")).isEmpty();
        assertThat(authentication.authenticate("tb_short")).isEmpty();
        assertThat(authentication.authenticate("tk_0123456789abcdef_" + "A".repeat(43)))
                .isEmpty();
        assertThat(journaled(tenantId)).contains("signin.refused");
        assertThat(journaled(Journal.PLATFORM)).contains("signin.refused");
    }

    @Test
    void fiveFailuresLockForAMinute() {
        user("maire", Set.of("activator"));
        for (int i = 0; i < 5; i++) {
            assertThat(authentication.signIn("maire", "wrong password 12", "")).isEmpty();
        }
        assertThat(authentication.signIn("maire", PASSWORD, "")).as("locked").isEmpty();
        clock.now = clock.now.plus(Duration.ofSeconds(61));
        assertThat(authentication.signIn("maire", PASSWORD, ""))
                .as("the lock is over")
                .isPresent();
        for (int i = 0; i < 4; i++) {
            authentication.signIn("maire", "wrong password 12", "");
        }
        assertThat(authentication.signIn("maire", PASSWORD, ""))
                .as("the count began anew")
                .isPresent();
    }

    @Test
    void aSuspendedTenantsPeopleAndKeysStayOut() {
        user("maire", Set.of("activator"));
        String bearer =
                authentication.signIn("maire", PASSWORD, "").orElseThrow().bearer();
        ApiKey key = authentication.createKey(tenantId, "capteur", Set.of(Role.ACTIVATOR), Optional.empty(), ADMIN);
        Tenant suspended = tenancy.suspend(tenantId, "unpaid", ADMIN);
        assertThat(suspended.state()).isEqualTo("suspended");
        assertThat(authentication.authenticate(bearer)).isEmpty();
        assertThat(authentication.authenticate(key.secret())).isEmpty();
        assertThat(authentication.signIn("maire", PASSWORD, "")).isEmpty();
        tenancy.reinstate(tenantId, ADMIN);
        assertThat(authentication.authenticate(bearer)).isPresent();
        assertThat(journaled(tenantId)).contains("tenant.suspended", "tenant.reinstated");
    }

    @Test
    void aSuspendedAgencysOwnPeopleAndKeysStayOutAndItsTenantsGoOn() {
        int agencyId =
                database(c -> db.model().tenant(c, tenantId)).orElseThrow().agencyId();
        User agent = new User(
                0,
                Optional.of(agencyId),
                Optional.empty(),
                Optional.empty(),
                "agent",
                "Somebody",
                Optional.empty(),
                Set.of("agency-admin"),
                "active",
                0,
                Optional.empty(),
                0);
        tenancy.save(agent, Optional.of(PASSWORD), ADMIN);
        user("maire", Set.of("activator"));
        String agents =
                authentication.signIn("agent", PASSWORD, "").orElseThrow().bearer();
        String mayors =
                authentication.signIn("maire", PASSWORD, "").orElseThrow().bearer();
        ApiKey ofAgency = authentication.createKey(
                KeyOwner.agency(agencyId), "supervision", Set.of(Role.SUPERVISOR), Optional.empty(), ADMIN);
        ApiKey ofTenant =
                authentication.createKey(tenantId, "capteur", Set.of(Role.ACTIVATOR), Optional.empty(), ADMIN);

        assertThat(tenancy.suspendAgency(agencyId, "contract ended", ADMIN).state())
                .isEqualTo("suspended");
        tenancy.suspendAgency(agencyId, "once more", ADMIN);
        assertThat(authentication.authenticate(agents)).isEmpty();
        assertThat(authentication.renew(agents)).isEmpty();
        assertThat(authentication.signIn("agent", PASSWORD, "")).isEmpty();
        assertThat(authentication.authenticate(ofAgency.secret())).isEmpty();
        assertThat(authentication.authenticate(mayors)).isPresent();
        assertThat(authentication.signIn("maire", PASSWORD, "")).isPresent();
        assertThat(authentication.authenticate(ofTenant.secret())).isPresent();

        tenancy.reinstateAgency(agencyId, ADMIN);
        assertThat(authentication.authenticate(agents)).isPresent();
        assertThat(authentication.authenticate(ofAgency.secret())).isPresent();
        assertThat(journaled(Journal.PLATFORM))
                .as("what changes nothing is not journaled")
                .containsOnlyOnce("agency.suspended")
                .containsOnlyOnce("agency.reinstated");
        assertThatThrownBy(() -> tenancy.suspendAgency(agencyId, "x".repeat(501), ADMIN))
                .hasMessageContaining("reason")
                .hasMessageContaining("500 at most");
        assertThatThrownBy(() -> tenancy.suspendAgency(987654, "nobody", ADMIN)).hasMessageContaining("agency");
    }

    @Test
    void aNewPasswordOrASuspensionEndsEverySession() {
        User user = user("maire", Set.of("activator"));
        String bearer =
                authentication.signIn("maire", PASSWORD, "").orElseThrow().bearer();
        User changed = tenancy.save(user, Optional.of("une autre phrase longue"), ADMIN);
        assertThat(authentication.authenticate(bearer)).isEmpty();
        assertThat(authentication.signIn("maire", PASSWORD, "")).isEmpty();
        String second = authentication
                .signIn("maire", "une autre phrase longue", "")
                .orElseThrow()
                .bearer();
        authentication.signOut(second);
        assertThat(authentication.authenticate(second)).isEmpty();
        assertThatThrownBy(() -> tenancy.save(changed, Optional.of("court"), ADMIN))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("password");
    }

    @Test
    void aSessionIsRenewedForAShiftAndEndsAsOne() {
        user("maire", Set.of("activator"));
        Instant began = clock.now;
        String first =
                authentication.signIn("maire", PASSWORD, "").orElseThrow().bearer();
        clock.now = began.plus(Duration.ofMinutes(20));
        Token second = authentication.renew(first).orElseThrow();
        assertThat(second.expiresAt()).isEqualTo(clock.now.plus(SignIn.TOKEN_LIFE));
        assertThat(second.principal().name()).isEqualTo("maire");
        assertThat(second.bearer()).isNotEqualTo(first);
        // another window renews the same one at the same moment
        assertThat(authentication.renew(first)).isPresent();
        assertThat(authentication.authenticate(first)).isPresent();

        String last = second.bearer();
        while (clock.now.plus(Duration.ofMinutes(25)).isBefore(began.plus(SignIn.SESSION_LIFE))) {
            clock.now = clock.now.plus(Duration.ofMinutes(25));
            last = authentication.renew(last).orElseThrow().bearer();
        }
        assertThat(authentication.renew(last).orElseThrow().expiresAt()).isEqualTo(began.plus(SignIn.SESSION_LIFE));
        clock.now = began.plus(SignIn.SESSION_LIFE);
        assertThat(authentication.authenticate(last)).isEmpty();
        assertThat(authentication.renew(last)).isEmpty();

        String again =
                authentication.signIn("maire", PASSWORD, "").orElseThrow().bearer();
        String elsewhere =
                authentication.signIn("maire", PASSWORD, "").orElseThrow().bearer();
        String renewed = authentication.renew(again).orElseThrow().bearer();
        authentication.signOut(renewed);
        assertThat(authentication.authenticate(again)).isEmpty();
        assertThat(authentication.renew(again)).isEmpty();
        assertThat(authentication.authenticate(elsewhere)).isPresent();
    }

    @Test
    void whatIsNoLivingTokenIsNotRenewed() {
        User user = user("maire", Set.of("activator"));
        ApiKey key = authentication.createKey(tenantId, "capteur", Set.of(Role.ACTIVATOR), Optional.empty(), ADMIN);
        assertThat(authentication.renew(key.secret())).isEmpty();
        assertThat(authentication.renew("")).isEmpty();
        assertThat(authentication.renew("tb_" + "x".repeat(43))).isEmpty();
        String bearer =
                authentication.signIn("maire", PASSWORD, "").orElseThrow().bearer();
        tenancy.suspend(tenantId, "unpaid", ADMIN);
        assertThat(authentication.renew(bearer)).isEmpty();
        tenancy.reinstate(tenantId, ADMIN);
        assertThat(authentication.renew(bearer)).isPresent();
        tenancy.save(user, Optional.of("une autre phrase longue"), ADMIN);
        assertThat(authentication.renew(bearer)).isEmpty();
    }

    @Test
    void keysWorkUntilTheyAreRevokedOrExpire() {
        ApiKey key = authentication.createKey(
                tenantId, "capteur", Set.of(Role.ACTIVATOR), Optional.of(clock.now.plusSeconds(60)), ADMIN);
        assertThat(key.secret()).startsWith("tk_" + key.keyId() + "_");
        assertThat(key.toString()).doesNotContain(key.secret());
        Principal principal = authentication.authenticate(key.secret()).orElseThrow();
        assertThat(principal.name()).isEqualTo("key:" + key.keyId());
        String other = key.secret().substring(0, key.secret().length() - 1)
                + (key.secret().endsWith("A") ? "B" : "A");
        assertThat(authentication.authenticate(other)).isEmpty();
        assertThat(authentication.revokeKey(tenantId + 1, key.keyId(), ADMIN)).isFalse();
        clock.now = clock.now.plusSeconds(61);
        assertThat(authentication.authenticate(key.secret())).isEmpty();
        assertThat(authentication.revokeKey(tenantId, key.keyId(), ADMIN)).isTrue();
        assertThat(authentication.keys(tenantId)).singleElement().satisfies(d -> assertThat(d.revokedAt())
                .isPresent());
        assertThatThrownBy(
                        () -> authentication.createKey(tenantId, "x", Set.of(Role.OPERATOR), Optional.empty(), ADMIN))
                .isInstanceOf(RefusedException.class);
    }

    @Test
    void peopleChangeTheirOwnPasswordAndEveryFormerSessionEnds() {
        user("maire", Set.of("activator"));
        String before =
                authentication.signIn("maire", PASSWORD, "").orElseThrow().bearer();
        Token token = authentication
                .changePassword("maire", PASSWORD, "une autre phrase longue", "127.0.0.1")
                .orElseThrow();
        assertThat(authentication.authenticate(before)).isEmpty();
        assertThat(authentication.authenticate(token.bearer())).isPresent();
        assertThat(authentication.signIn("maire", PASSWORD, "")).isEmpty();
        assertThat(authentication.signIn("maire", "une autre phrase longue", ""))
                .isPresent();
        List<Journal.Entry> entries = database(c -> journal.read(c, tenantId, 0, 1000));
        assertThat(entries)
                .filteredOn(e -> e.action().equals("user.changed"))
                .singleElement()
                .satisfies(e -> assertThat(e.actor().name()).isEqualTo("maire"))
                .satisfies(e -> assertThat(e.toString()).doesNotContain("une autre phrase"));
    }

    private <T> T database(Database.Work<T> work) {
        return db.database().asEngine(work);
    }

    @Test
    void aPasswordThatCannotBeTakenSaysWhyAndChangesNothing() {
        user("maire.de.la.commune", Set.of("activator"));
        for (String wanted : List.of("court", "x".repeat(257), PASSWORD, "Maire.De.La.Commune")) {
            assertThatThrownBy(() -> authentication.changePassword("maire.de.la.commune", PASSWORD, wanted, ""))
                    .as(wanted)
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("new-password")
                    .hasMessageNotContaining(wanted);
        }
        assertThat(authentication.signIn("maire.de.la.commune", PASSWORD, "")).isPresent();
    }

    @Test
    void guessingThePresentPasswordLocksTheLogin() {
        user("maire", Set.of("activator"));
        for (int i = 0; i < 5; i++) {
            assertThat(authentication.changePassword("maire", "wrong password 12", "une autre phrase longue", ""))
                    .isEmpty();
        }
        assertThat(authentication.changePassword("maire", PASSWORD, "une autre phrase longue", ""))
                .as("locked")
                .isEmpty();
        assertThat(authentication.signIn("maire", PASSWORD, "")).as("locked").isEmpty();
        clock.now = clock.now.plus(Duration.ofSeconds(61));
        assertThat(authentication.changePassword("maire", PASSWORD, "une autre phrase longue", ""))
                .isPresent();
        assertThat(journaled(tenantId)).contains("password.refused");
        assertThat(authentication.changePassword("personne", PASSWORD, "une autre phrase longue", ""))
                .isEmpty();
    }

    @Test
    void agenciesAndThePlatformHaveKeysOfTheirOwn() {
        int agencyId =
                database(c -> db.model().tenant(c, tenantId)).orElseThrow().agencyId();
        KeyOwner agency = KeyOwner.agency(agencyId);
        ApiKey ofAgency = authentication.createKey(
                agency, "supervision", Set.of(Role.SUPERVISOR, Role.AGENCY_ADMIN), Optional.empty(), ADMIN);
        ApiKey ofPlatform = authentication.createKey(
                KeyOwner.platform(), "déploiement", Set.of(Role.OPERATOR), Optional.empty(), ADMIN);
        ApiKey ofTenant =
                authentication.createKey(tenantId, "capteur", Set.of(Role.ACTIVATOR), Optional.empty(), ADMIN);

        Principal machine = authentication.authenticate(ofAgency.secret()).orElseThrow();
        assertThat(machine.isKey()).isTrue();
        assertThat(machine.agencyId()).contains(agencyId);
        assertThat(machine.tenantId()).isEmpty();
        assertThat(machine.roles()).containsExactlyInAnyOrder(Role.SUPERVISOR, Role.AGENCY_ADMIN);
        assertThat(machine.mayEnter(tenantId, agencyId)).isTrue();
        assertThat(machine.mayEnter(tenantId + 1, agencyId + 1)).isFalse();
        Principal operator = authentication.authenticate(ofPlatform.secret()).orElseThrow();
        assertThat(operator.agencyId()).isEmpty();
        assertThat(operator.mayEnter(tenantId + 1, agencyId + 1)).isTrue();

        assertThat(authentication.keys(agency))
                .extracting(KeyDescription::keyId)
                .containsExactly(ofAgency.keyId());
        assertThat(authentication.keys(KeyOwner.platform()))
                .extracting(KeyDescription::keyId)
                .containsExactly(ofPlatform.keyId());
        assertThat(authentication.keys(tenantId))
                .extracting(KeyDescription::keyId)
                .containsExactly(ofTenant.keyId());
        assertThat(authentication.revokeKey(agency, ofTenant.keyId(), ADMIN))
                .as("a tenant's key is not the agency's")
                .isFalse();
        assertThat(authentication.revokeKey(KeyOwner.platform(), ofAgency.keyId(), ADMIN))
                .isFalse();
        assertThat(authentication.revokeKey(tenantId, ofPlatform.keyId(), ADMIN))
                .isFalse();
        assertThat(authentication.revokeKey(agency, ofAgency.keyId(), ADMIN)).isTrue();
        assertThat(authentication.authenticate(ofAgency.secret())).isEmpty();
        assertThat(authentication.authenticate(ofPlatform.secret())).isPresent();
        assertThat(journaled(Journal.PLATFORM)).contains("key.created", "key.revoked");
    }

    @Test
    void aKeyGetsNoRoleAboveItsOwner() {
        int agencyId =
                database(c -> db.model().tenant(c, tenantId)).orElseThrow().agencyId();
        assertThatThrownBy(() -> authentication.createKey(
                        KeyOwner.agency(agencyId), "x", Set.of(Role.OPERATOR), Optional.empty(), ADMIN))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("roles");
        assertThatThrownBy(() -> authentication.createKey(
                        KeyOwner.platform(), "x", Set.of(Role.ACTIVATOR), Optional.empty(), ADMIN))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("write operator");
        assertThatThrownBy(() -> authentication.createKey(
                        KeyOwner.agency(987654), "x", Set.of(Role.AUDITOR), Optional.empty(), ADMIN))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("agency");
        assertThatThrownBy(() -> authentication.createKey(
                        KeyOwner.platform(), " ", Set.of(), Optional.of(clock.now.minusSeconds(1)), ADMIN))
                .hasMessageContaining("label")
                .hasMessageContaining("roles")
                .hasMessageContaining("expires-at");
    }

    @Test
    void theLastUseOfAKeyIsNotedToTheMinute() {
        ApiKey key = authentication.createKey(tenantId, "capteur", Set.of(Role.ACTIVATOR), Optional.empty(), ADMIN);
        assertThat(authentication.keys(tenantId).get(0).lastUsedAt()).isEmpty();
        Instant first = clock.now;
        authentication.authenticate(key.secret());
        clock.now = clock.now.plusSeconds(30);
        authentication.authenticate(key.secret());
        assertThat(authentication.keys(tenantId).get(0).lastUsedAt()).contains(first);
        clock.now = clock.now.plusSeconds(31);
        authentication.authenticate(key.secret());
        assertThat(authentication.keys(tenantId).get(0).lastUsedAt()).contains(clock.now);
    }

    private User operator(String login) {
        return new User(
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                login,
                "Somebody",
                Optional.empty(),
                Set.of("operator"),
                "active",
                0,
                Optional.empty(),
                0);
    }

    private static User suspended(User u) {
        return new User(
                u.id(),
                u.agencyId(),
                u.tenantId(),
                u.unitId(),
                u.login(),
                u.name(),
                u.passwordHash(),
                u.roles(),
                "suspended",
                u.failedLogins(),
                u.lockedUntil(),
                u.version());
    }

    @Test
    void operatorsComeAndGoButTheLastOneStays() {
        User ada = tenancy.save(operator("ada"), Optional.of(PASSWORD), ADMIN);
        assertThatThrownBy(() -> tenancy.save(suspended(ada), Optional.empty(), ADMIN))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("create or reinstate another operator first");
        User noPassword = tenancy.save(operator("sans"), Optional.empty(), ADMIN);
        assertThatThrownBy(() -> tenancy.save(suspended(ada), Optional.empty(), ADMIN))
                .as("the other cannot sign in")
                .isInstanceOf(RefusedException.class);
        User bob = tenancy.save(operator("bob"), Optional.of(PASSWORD), ADMIN);
        String bearer = authentication.signIn("ada", PASSWORD, "").orElseThrow().bearer();
        tenancy.save(suspended(ada), Optional.empty(), ADMIN);
        assertThat(authentication.authenticate(bearer)).isEmpty();
        assertThat(authentication.signIn("ada", PASSWORD, "")).isEmpty();
        assertThat(tenancy.operators()).extracting(User::login).containsExactly("ada", "bob", "sans");
        assertThatThrownBy(() -> tenancy.save(suspended(bob), Optional.empty(), ADMIN))
                .isInstanceOf(RefusedException.class);
        assertThat(noPassword.passwordHash()).isEmpty();
    }

    @Test
    void ofTwoOperatorsWhoSuspendEachOtherAtOnceOneStays() throws Exception {
        User ada = tenancy.save(operator("ada"), Optional.of(PASSWORD), ADMIN);
        User bob = tenancy.save(operator("bob"), Optional.of(PASSWORD), ADMIN);
        CountDownLatch both = new CountDownLatch(2);
        List<CompletableFuture<Boolean>> tries = Stream.of(ada, bob)
                .map(one -> CompletableFuture.supplyAsync(
                        () -> {
                            both.countDown();
                            try {
                                both.await();
                                tenancy.save(suspended(one), Optional.empty(), ADMIN);
                                return true;
                            } catch (RefusedException refused) {
                                return false;
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        },
                        work -> new Thread(work).start()))
                .toList();
        int suspended = 0;
        for (CompletableFuture<Boolean> one : tries) {
            suspended += one.get(2, TimeUnit.MINUTES) ? 1 : 0;
        }
        assertThat(suspended).isEqualTo(1);
    }

    @Test
    void theFirstOperatorIsMadeOnceWithAPrivateFile(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("operator-password");
        FirstOperator first = new FirstOperator(db.database(), db.model(), journal, file);
        FirstOperator second = new FirstOperator(db.database(), db.model(), journal, folder.resolve("second"));
        assertThat(first.ensure()).isTrue();
        assertThat(second.ensure()).isFalse();
        assertThat(folder.resolve("second")).doesNotExist();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        Principal operator = authentication
                .signIn("operator", Files.readString(file).strip(), "")
                .orElseThrow()
                .principal();
        assertThat(operator.roles()).containsExactly(Role.OPERATOR);
        assertThat(operator.mayEnter(tenantId, 1)).isTrue();
        first.close();
        second.close();
    }

    private static final class SteppedClock extends Clock {
        private Instant now = Instant.parse("2026-03-01T03:00:00Z");

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
