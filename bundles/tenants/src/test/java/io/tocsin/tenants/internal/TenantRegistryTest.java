package io.tocsin.tenants.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.audit.api.Actor;
import io.tocsin.audit.api.Journal;
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
import io.tocsin.tenants.internal.sealing.SealedSecrets;
import io.tocsin.tenants.internal.sealing.SealingKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
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

    private SealedSecrets nothingSealed() {
        return new SealedSecrets(new ChainedJournal(), new SealingKeys(secretFiles), Clock.systemUTC());
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
            assertThatThrownBy(() -> tenancy.save(new Agency(0, "lourde", "Lourde", "active", weight, 0), ADMIN))
                    .isInstanceOfSatisfying(RefusedException.class, refused -> assertThat(refused.problems())
                            .singleElement()
                            .satisfies(p -> {
                                assertThat(p.field()).isEqualTo("weight");
                                assertThat(p.problem()).contains("write 1 to 100");
                            }));
        }
        Agency heavy = tenancy.save(new Agency(0, "lourde", "Lourde", "active", 100, 0), ADMIN);
        assertThat(tenancy.agency("lourde")).contains(heavy);
        Agency lighter = new Agency(heavy.id(), "lourde", "Lourde", "active", 2, heavy.version());
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
                account(
                        Optional.of(one.id()),
                        "sms",
                        Map.of("port", "${lab.sms.port:2775}", "password", "secret:une-lab")),
                ADMIN);
        CarrierAccount shared = tenancy.save(account(Optional.empty(), "sms", Map.of("host", "x")), ADMIN);
        CarrierAccounts book = new AccountBook(
                db.database(),
                db.model(),
                new Secrets(secretFiles, n -> null),
                nothingSealed(),
                Map.of("lab.sms.port", "12775"),
                n -> null);

        assertThatThrownBy(() -> book.open(own.id()))
                .isInstanceOf(CarrierAccounts.UnresolvedSecretException.class)
                .hasMessageContaining("une.sms")
                .hasMessageContaining("\"une-lab\"");
        int before = route(book, own.id()).version();
        Files.writeString(secretFiles.resolve("une-lab"), "pass1\n");
        assertThat(route(book, own.id()).version()).isNotEqualTo(before);
        ChannelAccount opened = book.open(own.id());
        assertThat(opened.id()).isEqualTo("une.sms");
        assertThat(opened.settings()).containsEntry("port", "12775").containsEntry("password", "pass1");
        int present = route(book, own.id()).version();
        assertThat(route(book, own.id()).version()).isEqualTo(present);
        Files.writeString(secretFiles.resolve("une-lab"), "pass2\n");
        assertThat(route(book, own.id()).version()).isNotEqualTo(present);

        assertThat(route(book, own.id()).tenants()).containsExactly(one.id());
        assertThat(route(book, shared.id()).tenants()).containsExactly(one.id(), two.id());
        assertThat(route(book, shared.id()).name()).isEqualTo("agence.sms");
        assertThat(tenancy.accounts(two.id())).extracting(CarrierAccount::id).containsExactly(shared.id());
    }

    @Test
    void aTenantLimitedToChannelsUsesNoOther() throws Exception {
        Tenant one = tenancy.save(tenant("une", "SaintAurel", "Europe/Paris"), ADMIN);
        Tenant two = tenancy.save(tenant("deux", "SaintAurel", "Europe/Paris"), ADMIN);
        CarrierAccount own = tenancy.save(account(Optional.of(one.id()), "sms", Map.of("host", "x")), ADMIN);
        CarrierAccount shared = tenancy.save(account(Optional.empty(), "sms", Map.of("host", "y")), ADMIN);
        CarrierAccounts book = new AccountBook(
                db.database(), db.model(), new Secrets(secretFiles, n -> null), nothingSealed(), Map.of(), n -> null);
        CarrierAccounts.Route before = route(book, own.id());

        Tenant limited = tenancy.save(limited(one, List.of("webhook", "mail", "mail")), ADMIN);

        assertThat(limited.channels()).containsExactly("mail", "webhook");
        assertThat(tenancy.tenant("une")).contains(limited);
        assertThat(journaled(one)).last().satisfies(entry -> {
            assertThat(entry.action()).isEqualTo("tenant.changed");
            assertThat(entry.details()).containsEntry("channels", List.of("mail", "webhook"));
        });
        assertThat(route(book, own.id()).tenants()).isEmpty();
        assertThat(route(book, own.id()).version()).as("closes the channel").isNotEqualTo(before.version());
        assertThatThrownBy(() -> book.open(own.id()))
                .isInstanceOf(CarrierAccounts.UnresolvedSecretException.class)
                .hasMessageContaining("account une.sms, channel: \"sms\"")
                .hasMessageContaining("limited to [mail, webhook]");
        assertThat(route(book, shared.id()).tenants()).containsExactly(two.id());
        assertThat(route(book, shared.id()).heard())
                .as("what it carried before is still reported")
                .containsExactly(one.id(), two.id());
        assertThat(tenancy.accounts(one.id())).extracting(CarrierAccount::id).containsExactly(own.id());
        assertThat(tenancy.accounts(two.id())).extracting(CarrierAccount::id).containsExactly(shared.id());
        assertThatThrownBy(() -> tenancy.save(account(Optional.of(one.id()), "sms-2", Map.of("host", "z")), ADMIN))
                .isInstanceOfSatisfying(RefusedException.class, refused -> assertThat(refused.problems())
                        .singleElement()
                        .satisfies(problem -> {
                            assertThat(problem.field()).isEqualTo("channel");
                            assertThat(problem.problem())
                                    .contains("limited to [mail, webhook]", "add this one to its channels");
                        }));

        CarrierAccount disabled = tenancy.save(enabled(own, false), ADMIN);
        assertThatThrownBy(() -> tenancy.save(enabled(disabled, true), ADMIN)).hasMessageContaining("limited to");
        tenancy.save(limited(limited, List.of()), ADMIN);
        CarrierAccount again = tenancy.save(enabled(disabled, true), ADMIN);
        assertThat(route(book, again.id()).tenants()).containsExactly(one.id());
        assertThat(book.open(again.id()).id()).isEqualTo("une.sms");
    }

    @Test
    void aLimitNamesChannels() {
        Tenant one = tenancy.save(tenant("une", "SaintAurel", "Europe/Paris"), ADMIN);
        assertThatThrownBy(() -> tenancy.save(limited(one, List.of("SMS", "mail")), ADMIN))
                .isInstanceOfSatisfying(RefusedException.class, refused -> assertThat(refused.problems())
                        .singleElement()
                        .satisfies(problem -> {
                            assertThat(problem.field()).isEqualTo("channels");
                            assertThat(problem.problem()).contains("\"SMS\"", "for instance sms or mail");
                        }));
    }

    private List<Journal.Entry> journaled(Tenant tenant) {
        return db.database().inTenant(tenant.id(), c -> new ChainedJournal().read(c, tenant.id(), 0, 100));
    }

    private static Tenant limited(Tenant t, List<String> channels) {
        return new Tenant(
                t.id(),
                t.agencyId(),
                t.slug(),
                t.name(),
                t.kind(),
                t.language(),
                t.timeZone(),
                t.state(),
                t.source(),
                t.smsSender(),
                t.mailSender(),
                t.maxContacts(),
                t.maxRecipients(),
                t.maxRunningAlerts(),
                t.weight(),
                channels,
                t.version());
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
