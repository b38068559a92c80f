package io.tocsin.tenants.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.audit.api.Actor;
import io.tocsin.audit.api.Journal;
import io.tocsin.audit.internal.ChainedJournal;
import io.tocsin.directory.api.RefusedException;
import io.tocsin.persistence.api.AdministrativeModel.User;
import io.tocsin.persistence.testing.TestDatabase;
import io.tocsin.tenants.api.PhoneLogins;
import io.tocsin.tenants.api.PhoneLogins.Person;
import io.tocsin.tenants.api.PhoneLogins.PhoneLogin;
import io.tocsin.tenants.api.Role;
import io.tocsin.tenants.api.Tenancy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PhoneIdentitiesTest {
    private static final Actor ADMIN = new Actor("admin", "rest", "127.0.0.1");
    private static final String ID = "4711";
    private static final String PIN = "830416";
    private static TestDatabase db;

    private final Journal journal = new ChainedJournal();
    private final SteppedClock clock = new SteppedClock();
    private PhoneLogins phones;
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
        phones = new PhoneIdentities(db.database(), db.model(), journal, clock);
        tenancy = new TenantRegistry(db.database(), db.model(), journal, new CarrierLogins(Map.of(), n -> null));
        save("maire", "active");
    }

    private User save(String login, String state) {
        Optional<User> present = tenancy.users(tenantId).stream()
                .filter(user -> user.login().equals(login))
                .findFirst();
        return tenancy.save(
                new User(
                        present.map(User::id).orElse(0),
                        Optional.empty(),
                        Optional.of(tenantId),
                        Optional.empty(),
                        login,
                        "Madame la maire",
                        Optional.empty(),
                        Set.of("activator"),
                        state,
                        0,
                        Optional.empty(),
                        present.map(User::version).orElse(0)),
                Optional.empty(),
                ADMIN);
    }

    private List<Journal.Entry> journaled(int chain) {
        return db.database().asEngine(c -> journal.read(c, chain, 0, 1000));
    }

    @Test
    void whoeverKeysTheRightDigitsIsKnown() {
        PhoneLogin set = phones.set("maire", Optional.of(ID), PIN, ADMIN);
        assertThat(set).isEqualTo(new PhoneLogin(ID, clock.now, Optional.empty()));
        Person person = phones.identify(ID, PIN, "…01").orElseThrow();
        assertThat(person.login()).isEqualTo("maire");
        assertThat(person.name()).isEqualTo("Madame la maire");
        assertThat(person.principal().tenantId()).contains(tenantId);
        assertThat(person.principal().roles()).containsExactly(Role.ACTIVATOR);
        assertThat(journaled(tenantId)).last().satisfies(entry -> {
            assertThat(entry.action()).isEqualTo("signin.accepted");
            assertThat(entry.actor()).isEqualTo(new Actor("maire", "phone", "…01"));
        });
    }

    @Test
    void neitherPinNorIdAreJournaledOrStoredReadable() throws Exception {
        phones.set("maire", Optional.of("90210377"), PIN, ADMIN);
        phones.identify("90210377", PIN, "");
        phones.identify("90210377", "604138", "");
        phones.identify("90210378", "604138", "");
        phones.remove("maire", ADMIN);
        phones.set("maire", Optional.of("90210377"), PIN, ADMIN);
        assertThat(journaled(tenantId).toString() + journaled(Journal.PLATFORM))
                .contains("phone.set", "phone.removed", "signin.refused")
                .doesNotContain(PIN, "604138", "9021037");
        try (var c = db.engineDataSource().getConnection();
                var row = c.createStatement().executeQuery("select pin_hash from phone_login")) {
            row.next();
            assertThat(row.getString(1)).startsWith("$argon2id$").doesNotContain(PIN);
        }
    }

    @Test
    void whatIsWrongIsRefusedAlikeAndJournaled() {
        phones.set("maire", Optional.of(ID), PIN, ADMIN);
        assertThat(phones.identify(ID, "604138", "")).isEmpty();
        assertThat(phones.identify("4712", PIN, "")).isEmpty();
        assertThat(phones.identify("", "", "")).isEmpty();
        assertThat(phones.identify("*", "9".repeat(100_000), "")).isEmpty();
        assertThat(journaled(tenantId)).last().satisfies(entry -> {
            assertThat(entry.action()).isEqualTo("signin.refused");
            assertThat(entry.details().toString()).contains("failures=1", "locked=false");
        });
        assertThat(journaled(Journal.PLATFORM).stream()
                        .filter(entry -> entry.action().equals("signin.refused")))
                .hasSize(3)
                .allSatisfy(entry -> assertThat(entry.actor().name()).isEqualTo("unknown"));
    }

    @Test
    void fiveWrongPinsLockAlsoAgainstTheRightOne() {
        phones.set("maire", Optional.of(ID), PIN, ADMIN);
        for (int wrong = 0; wrong < 5; wrong++) {
            assertThat(phones.identify(ID, "604138", "")).isEmpty();
        }
        assertThat(journaled(tenantId))
                .last()
                .satisfies(entry -> assertThat(entry.details().toString()).contains("failures=5", "locked=true"));
        assertThat(phones.identify(ID, PIN, "")).isEmpty();
        assertThat(phones.of("maire").orElseThrow().lockedUntil()).contains(clock.now.plus(PhoneIdentities.LOCK));
        clock.now = clock.now.plus(PhoneIdentities.LOCK);
        assertThat(phones.of("maire").orElseThrow().lockedUntil()).isEmpty();
        assertThat(phones.identify(ID, PIN, "")).isPresent();
    }

    @Test
    void theFifthTryMayBeTheRightOneAndForgetsTheOthers() {
        phones.set("maire", Optional.of(ID), PIN, ADMIN);
        for (int round = 0; round < 2; round++) {
            for (int wrong = 0; wrong < 4; wrong++) {
                phones.identify(ID, "604138", "");
            }
            assertThat(phones.identify(ID, PIN, "")).isPresent();
        }
        clock.now = clock.now.plus(Duration.ofDays(1));
        assertThat(phones.identify(ID, PIN, "")).isPresent();
    }

    @Test
    void callsAtOnceHaveNoMoreTriesThanCallsInARow() throws Exception {
        phones.set("maire", Optional.of(ID), PIN, ADMIN);
        ExecutorService callers = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Boolean>> calls = new ArrayList<>();
            for (int call = 0; call < 24; call++) {
                calls.add(() -> phones.identify(ID, "604138", "").isPresent());
            }
            for (Future<Boolean> call : callers.invokeAll(calls)) {
                assertThat(call.get()).isFalse();
            }
        } finally {
            callers.shutdownNow();
        }
        assertThat(journaled(tenantId).stream().filter(entry -> entry.action().equals("signin.refused")))
                .as("PINs that were looked at")
                .hasSize(5);
    }

    @Test
    void anAdministratorLiftsALockByANewPin() {
        phones.set("maire", Optional.of(ID), PIN, ADMIN);
        for (int wrong = 0; wrong < 5; wrong++) {
            phones.identify(ID, "604138", "");
        }
        PhoneLogin reset = phones.set("maire", Optional.empty(), "604138", ADMIN);
        assertThat(reset.id()).as("stays").isEqualTo(ID);
        assertThat(phones.identify(ID, PIN, "")).isEmpty();
        assertThat(phones.identify(ID, "604138", "")).isPresent();
    }

    @Test
    void suspendedPeopleAndThoseOfSuspendedTenantsAreUnknown() {
        phones.set("maire", Optional.of(ID), PIN, ADMIN);
        save("maire", "suspended");
        assertThat(phones.identify(ID, PIN, "")).isEmpty();
        save("maire", "active");
        assertThat(phones.identify(ID, PIN, "")).isPresent();
        tenancy.suspend(tenantId, "unpaid", ADMIN);
        assertThat(phones.identify(ID, PIN, "")).isEmpty();
    }

    @Test
    void whoeverLeavesTheIdOutIsGivenOne() {
        save("adjoint", "active");
        String first = phones.set("maire", Optional.empty(), PIN, ADMIN).id();
        String second = phones.set("adjoint", Optional.empty(), PIN, ADMIN).id();
        assertThat(first).matches("[0-9]{6}").isNotEqualTo(second);
        assertThat(phones.identify(second, PIN, "").orElseThrow().login()).isEqualTo("adjoint");
    }

    @Test
    void anIdIsOnePersons() {
        save("adjoint", "active");
        phones.set("maire", Optional.of(ID), PIN, ADMIN);
        assertThatThrownBy(() -> phones.set("adjoint", Optional.of(ID), PIN, ADMIN))
                .isInstanceOf(RefusedException.class)
                .hasMessage("id: is somebody else's; choose another, or leave it out to be given one");
        assertThat(phones.of("adjoint")).isEmpty();
        assertThat(phones.remove("maire", ADMIN)).isTrue();
        assertThat(phones.remove("maire", ADMIN)).isFalse();
        assertThat(phones.identify(ID, PIN, "")).isEmpty();
        phones.set("adjoint", Optional.of(ID), PIN, ADMIN);
        assertThatThrownBy(() -> phones.set("nobody", Optional.empty(), PIN, ADMIN))
                .isInstanceOf(NoSuchElementException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "12345, has to be 6 to 10 digits",
        "12345678901, has to be 6 to 10 digits",
        "12a456, has to be 6 to 10 digits",
        "77777777, repeats itself",
        "121212, repeats itself",
        "830830, repeats itself",
        "123456, 'is, or holds, a sequence'",
        "987654, 'is, or holds, a sequence'",
        "890123, 'is, or holds, a sequence'",
        "9123457, 'is, or holds, a sequence'",
        "0444447, 'is, or holds, a sequence'",
        "904711, holds the ID",
        "901174, holds the ID",
        "471190, holds the ID",
    })
    void aPinThatIsEasilyGuessedIsRefusedWithTheReason(String pin, String reason) {
        assertThatThrownBy(() -> phones.set("maire", Optional.of(ID), pin, ADMIN))
                .isInstanceOf(RefusedException.class)
                .hasMessageStartingWith("pin: " + reason)
                .message()
                .satisfies(said -> assertThat(said.contains("such as") || !said.contains(pin))
                        .isTrue());
        assertThat(phones.of("maire")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"123", "12345678901", "12 34", "'²³⁴⁵'", "'٠١٢٣'"})
    void anIdIsFourToTenDigits(String id) {
        assertThatThrownBy(() -> phones.set("maire", Optional.of(id), PIN, ADMIN))
                .isInstanceOf(RefusedException.class)
                .hasMessageStartingWith("id: is not an ID for the telephone");
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
