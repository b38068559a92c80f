package io.tocsin.tenants.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.audit.api.Actor;
import io.tocsin.audit.internal.ChainedJournal;
import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.directory.api.RefusedException;
import io.tocsin.persistence.api.AdministrativeModel.Agency;
import io.tocsin.persistence.api.AdministrativeModel.CarrierAccount;
import io.tocsin.persistence.api.AdministrativeModel.Tenant;
import io.tocsin.persistence.api.AdministrativeModel.Unit;
import io.tocsin.persistence.api.AdministrativeModel.User;
import io.tocsin.persistence.api.StaleRecordException;
import io.tocsin.persistence.testing.TestDatabase;
import io.tocsin.routing.api.CarrierAccounts;
import io.tocsin.tenants.api.Tenancy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TenantRegistryTest {
    private static final Actor ADMIN = new Actor("admin", "rest", "127.0.0.1");
    private static TestDatabase db;

    @TempDir
    Path secretFiles;

    private Tenancy tenancy;
    private Agency agency;

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
        tenancy = new TenantRegistry(
                db.database(), db.model(), new ChainedJournal(), new CarrierLogins(Map.of(), n -> null));
        agency = tenancy.createAgency("agence", "Agence", ADMIN);
    }

    private Tenant tenant(String slug, String smsSender, String zone) {
        return new Tenant(
                0,
                agency.id(),
                slug,
                "Commune",
                "commune",
                "fr",
                zone,
                "active",
                "api",
                Optional.of(smsSender),
                Optional.empty(),
                10,
                10,
                1,
                0);
    }

    private CarrierAccount account(Optional<Integer> tenantId, String slug, Map<String, String> settings) {
        return new CarrierAccount(0, agency.id(), tenantId, slug, "sms", settings, 10, Optional.empty(), true, 0);
    }

    @Test
    void everyWrongFieldIsNamedAtOnce() {
        assertThatThrownBy(() -> tenancy.save(tenant("Commune!", "sms", "Paris"), ADMIN))
                .isInstanceOfSatisfying(RefusedException.class, refused -> assertThat(refused.problems())
                        .extracting(RefusedException.Problem::field)
                        .containsExactlyInAnyOrder("slug", "sms-sender", "time-zone"));
        assertThat(tenancy.tenants(Optional.empty())).isEmpty();
    }

    @Test
    void aWeightIsFromOneToAHundred() {
        for (int weight : new int[] {0, -1, 101}) {
            assertThatThrownBy(() -> tenancy.save(new Agency(0, "lourde", "Lourde", weight, 0), ADMIN))
                    .isInstanceOfSatisfying(RefusedException.class, refused -> assertThat(refused.problems())
                            .singleElement()
                            .satisfies(p -> {
                                assertThat(p.field()).isEqualTo("weight");
                                assertThat(p.problem()).contains("write 1 to 100");
                            }));
        }
        Agency heavy = tenancy.save(new Agency(0, "lourde", "Lourde", 100, 0), ADMIN);
        assertThat(tenancy.agency("lourde")).contains(heavy);
        Agency lighter = new Agency(heavy.id(), "lourde", "Lourde", 2, heavy.version());
        assertThat(tenancy.save(lighter, ADMIN).weight()).isEqualTo(2);
        assertThatThrownBy(() -> tenancy.save(lighter, ADMIN)).isInstanceOf(StaleRecordException.class);
    }

    @Test
    void namesAreUniqueAndKept() {
        Tenant saved = tenancy.save(tenant("commune", "SaintAurel", "Europe/Paris"), ADMIN);
        assertThat(tenancy.tenant("commune")).contains(saved);
        assertThatThrownBy(() -> tenancy.save(tenant("commune", "SaintAurel", "Europe/Paris"), ADMIN))
                .hasMessageContaining("exists already");
        assertThatThrownBy(() -> tenancy.createAgency("commune", "X", ADMIN)).hasMessageContaining("name of a tenant");
        assertThatThrownBy(() -> tenancy.save(tenant("agence", "SaintAurel", "Europe/Paris"), ADMIN))
                .hasMessageContaining("name of an agency");
    }

    @Test
    void aStaleRecordIsRefusedAndAnEqualOneChangesNothing() {
        Tenant first = tenancy.save(tenant("commune", "SaintAurel", "Europe/Paris"), ADMIN);
        assertThat(tenancy.save(first, ADMIN)).isEqualTo(first);
        tenancy.suspend(first.id(), "test", ADMIN);
        assertThatThrownBy(() -> tenancy.save(first, ADMIN)).isInstanceOf(StaleRecordException.class);
    }

    @Test
    void unitsAndUsersStayInTheirTenant() {
        Tenant one = tenancy.save(tenant("une", "SaintAurel", "Europe/Paris"), ADMIN);
        Tenant two = tenancy.save(tenant("deux", "SaintAurel", "Europe/Paris"), ADMIN);
        Unit unit = tenancy.save(new Unit(0, one.id(), Optional.empty(), "mairie", "Mairie"), ADMIN);
        User stranger = new User(
                0,
                Optional.empty(),
                Optional.of(two.id()),
                Optional.of(unit.id()),
                "x.y",
                "X",
                Optional.empty(),
                Set.of("activator", "operator"),
                "active",
                0,
                Optional.empty(),
                0);
        assertThatThrownBy(() -> tenancy.save(stranger, Optional.empty(), ADMIN))
                .hasMessageContaining("unit")
                .hasMessageContaining("operator");
        assertThat(tenancy.users(two.id())).isEmpty();
    }

    @Test
    void accountsAreOpenedWithSecretsAndNodeValuesAndReopenedWhenTheyChange() throws Exception {
        Tenant one = tenancy.save(tenant("une", "SaintAurel", "Europe/Paris"), ADMIN);
        Tenant two = tenancy.save(tenant("deux", "SaintAurel", "Europe/Paris"), ADMIN);
        CarrierAccount own = tenancy.save(
                account(Optional.of(one.id()), "sms", Map.of("port", "${lab.sms.port:2775}", "password", "secret:lab")),
                ADMIN);
        CarrierAccount shared = tenancy.save(account(Optional.empty(), "sms", Map.of("host", "x")), ADMIN);
        CarrierAccounts book = new AccountBook(
                db.database(),
                db.model(),
                new Secrets(secretFiles, n -> null),
                Map.of("lab.sms.port", "12775"),
                n -> null);

        assertThatThrownBy(() -> book.open(own.id()))
                .isInstanceOf(CarrierAccounts.UnresolvedSecretException.class)
                .hasMessageContaining("une.sms")
                .hasMessageContaining("\"lab\"");
        int before = route(book, own.id()).version();
        Files.writeString(secretFiles.resolve("lab"), "pass1\n");
        assertThat(route(book, own.id()).version()).isNotEqualTo(before);
        ChannelAccount opened = book.open(own.id());
        assertThat(opened.id()).isEqualTo("une.sms");
        assertThat(opened.settings()).containsEntry("port", "12775").containsEntry("password", "pass1");
        int present = route(book, own.id()).version();
        assertThat(route(book, own.id()).version()).isEqualTo(present);
        Files.writeString(secretFiles.resolve("lab"), "pass2\n");
        assertThat(route(book, own.id()).version()).isNotEqualTo(present);

        assertThat(route(book, own.id()).tenants()).containsExactly(one.id());
        assertThat(route(book, shared.id()).tenants()).containsExactly(one.id(), two.id());
        assertThat(route(book, shared.id()).name()).isEqualTo("agence.sms");
        assertThat(tenancy.accounts(two.id())).extracting(CarrierAccount::id).containsExactly(shared.id());
    }

    @Test
    void aWrittenOutSecretIsRefusedWithoutRepeatingIt() {
        assertThatThrownBy(() -> tenancy.save(account(Optional.empty(), "sms", Map.of("password", "hunter2")), ADMIN))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("settings.password")
                .hasMessageContaining("secret:<NAME>")
                .message()
                .doesNotContain("hunter2");
    }

    private static CarrierAccounts.Route route(CarrierAccounts book, int accountId) {
        return book.enabled().stream()
                .filter(route -> route.accountId() == accountId)
                .findFirst()
                .orElseThrow();
    }
}
