package io.tocsin.tenants.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.audit.api.Actor;
import io.tocsin.audit.internal.ChainedJournal;
import io.tocsin.directory.api.RefusedException;
import io.tocsin.persistence.api.AdministrativeModel.Agency;
import io.tocsin.persistence.api.AdministrativeModel.CarrierAccount;
import io.tocsin.persistence.api.AdministrativeModel.Tenant;
import io.tocsin.persistence.testing.TestDatabase;
import io.tocsin.tenants.api.Principal;
import io.tocsin.tenants.api.Role;
import io.tocsin.tenants.api.Tenancy;
import io.tocsin.tenants.api.Tenancy.AccountWarning;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two accounts on one login at a carrier take each other's receipts: the second is refused, whoever saves it. */
class CarrierLoginsTest {
    private static final Actor ADMIN = new Actor("admin", "rest", "127.0.0.1");
    private static final Map<String, String> LOGIN = Map.of("host", "smsc.example", "system-id", "tocsin");
    private static TestDatabase db;

    private Tenancy tenancy;
    private Agency agency;
    private Agency stranger;
    private Tenant one;
    private Tenant two;

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
        tenancy = tenancy(TestLogins.ofSms());
        agency = tenancy.createAgency("agence", "Agence", ADMIN);
        stranger = tenancy.createAgency("ailleurs", "Ailleurs", ADMIN);
        one = tenant("une", agency);
        two = tenant("deux", stranger);
    }

    private static Tenancy tenancy(CarrierLogins logins) {
        return new TenantRegistry(db.database(), db.model(), new ChainedJournal(), logins);
    }

    private Tenant tenant(String slug, Agency of) {
        return tenancy.save(
                new Tenant(
                        0,
                        of.id(),
                        slug,
                        "Commune",
                        "commune",
                        "fr",
                        "Europe/Paris",
                        "active",
                        "api",
                        Optional.empty(),
                        Optional.empty(),
                        10,
                        10,
                        1,
                        0),
                ADMIN);
    }

    private CarrierAccount of(Agency owner, Optional<Tenant> tenant, String slug, Map<String, String> settings) {
        return new CarrierAccount(
                0, owner.id(), tenant.map(Tenant::id), slug, "sms", settings, 10, Optional.empty(), true, 0);
    }

    private static CarrierAccount enabled(CarrierAccount a, boolean enabled) {
        return new CarrierAccount(
                a.id(),
                a.agencyId(),
                a.tenantId(),
                a.slug(),
                a.channel(),
                a.settings(),
                a.rank(),
                a.messagesPerSecond(),
                enabled,
                a.version());
    }

    @Test
    void theSecondAccountOfALoginIsRefusedNamingTheSettingTheOtherAndTheCure() {
        tenancy.save(of(agency, Optional.empty(), "partage", LOGIN), ADMIN);
        CarrierAccount second = of(agency, Optional.of(one), "sms", LOGIN);
        assertThatThrownBy(() -> tenancy.save(second, ADMIN))
                .isInstanceOfSatisfying(RefusedException.class, refused -> assertThat(refused.problems())
                        .singleElement()
                        .satisfies(problem -> {
                            assertThat(problem.field()).isEqualTo("settings.system-id");
                            assertThat(problem.problem())
                                    .contains("host, port, system-id", "account \"partage\" of agency agence")
                                    .contains("disable it first");
                        }));
        assertThat(tenancy.accounts(one.id())).hasSize(1);
    }

    @Test
    void anotherOwnersAccountIsNotNamedButToThoseWhoMaySeeIt() {
        tenancy.save(of(stranger, Optional.of(two), "secret-du-voisin", LOGIN), ADMIN);
        CarrierAccount mine = of(agency, Optional.of(one), "sms", LOGIN);
        Principal mayor =
                new Principal("maire", Optional.of(agency.id()), Optional.of(one.id()), Set.of(Role.TENANT_ADMIN));
        Principal support =
                new Principal("support", Optional.of(agency.id()), Optional.empty(), Set.of(Role.AGENCY_ADMIN));
        for (Principal caller : List.of(mayor, support)) {
            assertThatThrownBy(() -> tenancy.save(mine, caller, ADMIN))
                    .hasMessageContaining("an account of another owner")
                    .hasMessageContaining("ask the carrier")
                    .hasMessageNotContaining("voisin")
                    .hasMessageNotContaining("deux");
        }
        Principal operator = new Principal("operator", Optional.empty(), Optional.empty(), Set.of(Role.OPERATOR));
        assertThatThrownBy(() -> tenancy.save(mine, operator, ADMIN))
                .hasMessageContaining("account \"secret-du-voisin\" of tenant deux");
    }

    @Test
    void defaultsCapitalsAndPlacesDoNotHideThatItIsTheSame() {
        tenancy.save(
                of(
                        agency,
                        Optional.empty(),
                        "a",
                        Map.of("host", "smsc.example", "port", "${lab.sms.port:1}", "system-id", "tocsin")),
                ADMIN);
        assertThatThrownBy(() -> tenancy.save(
                        of(
                                agency,
                                Optional.empty(),
                                "b",
                                Map.of("host", " SMSC.example", "port", "12775", "system-id", "Tocsin")),
                        ADMIN))
                .hasMessageContaining("account \"a\"");
        tenancy.save(of(agency, Optional.empty(), "default-port", LOGIN), ADMIN);
        assertThatThrownBy(() -> tenancy.save(
                        of(
                                agency,
                                Optional.empty(),
                                "c",
                                Map.of("host", "smsc.example", "port", "2775", "system-id", "tocsin")),
                        ADMIN))
                .hasMessageContaining("account \"default-port\"");
    }

    @Test
    void whatIsNotTheSameLoginIsTaken() {
        CarrierAccount first = tenancy.save(of(agency, Optional.empty(), "a", LOGIN), ADMIN);
        tenancy.save(of(agency, Optional.empty(), "b", Map.of("host", "smsc.example", "system-id", "autre")), ADMIN);
        tenancy.save(of(agency, Optional.empty(), "unfinished", Map.of("host", "smsc.example")), ADMIN);
        tenancy.save(of(agency, Optional.empty(), "unfinished-too", Map.of("host", "smsc.example")), ADMIN);
        CarrierAccount spare = tenancy.save(enabled(of(agency, Optional.empty(), "spare", LOGIN), false), ADMIN);
        assertThatThrownBy(() -> tenancy.save(enabled(spare, true), ADMIN)).hasMessageContaining("account \"a\"");
        assertThat(tenancy.save(first, ADMIN)).as("itself").isEqualTo(first);
        tenancy.save(enabled(first, false), ADMIN);
        assertThat(tenancy.save(enabled(spare, true), ADMIN).enabled()).isTrue();
    }

    @Test
    void aChannelThatMarksNothingIsNotCompared() {
        Tenancy partners = tenancy(new CarrierLogins(Map.of(), n -> null));
        partners.save(of(agency, Optional.empty(), "a", LOGIN), ADMIN);
        partners.save(of(agency, Optional.empty(), "b", LOGIN), ADMIN);
        assertThat(partners.accountWarnings()).isEmpty();
    }

    @Test
    void theMarksOutliveTheChannelAndWhatWasSavedBeforeThemIsWarnedOf() {
        Tenancy before = tenancy(new CarrierLogins(Map.of(), n -> null));
        CarrierAccount first = before.save(of(agency, Optional.empty(), "a", LOGIN), ADMIN);
        CarrierAccount second = before.save(of(agency, Optional.of(one), "b", LOGIN), ADMIN);
        assertThat(tenancy.accountWarnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning.problem()).contains("account \"a\" of agency agence"))
                .extracting(AccountWarning::accountId)
                .isEqualTo(second.id());
        assertThat(tenancy.save(enabled(second, false), ADMIN).enabled()).isFalse();
        assertThat(tenancy.accountWarnings()).isEmpty();
        Tenancy after = tenancy(new CarrierLogins(Map.of(), n -> null));
        assertThatThrownBy(() -> after.save(of(agency, Optional.of(one), "c", LOGIN), ADMIN))
                .as("its channel is away, what it said is not")
                .hasMessageContaining("account \"a\"");
        assertThat(first.enabled()).isTrue();
    }

    @Test
    void ofManySavesAtOnceOneIsTaken() throws Exception {
        int savers = 6;
        CountDownLatch all = new CountDownLatch(savers);
        List<CompletableFuture<Boolean>> saves = new ArrayList<>();
        for (int i = 0; i < savers; i++) {
            CarrierAccount account = i % 2 == 0
                    ? of(agency, Optional.of(one), "sms-" + i, LOGIN)
                    : of(stranger, Optional.empty(), "sms-" + i, LOGIN);
            saves.add(CompletableFuture.supplyAsync(
                    () -> {
                        all.countDown();
                        try {
                            all.await(60, TimeUnit.SECONDS);
                            tenancy(TestLogins.ofSms()).save(account, ADMIN);
                            return true;
                        } catch (RefusedException refused) {
                            return false;
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    },
                    work -> new Thread(work).start()));
        }
        int taken = 0;
        for (CompletableFuture<Boolean> save : saves) {
            taken += save.get(2, TimeUnit.MINUTES) ? 1 : 0;
        }
        assertThat(taken).isEqualTo(1);
    }
}
