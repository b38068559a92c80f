package io.tocsin.tenants.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.audit.api.Actor;
import io.tocsin.audit.internal.ChainedJournal;
import io.tocsin.directory.api.RefusedException;
import io.tocsin.persistence.api.AdministrativeModel.Agency;
import io.tocsin.persistence.api.AdministrativeModel.CarrierAccount;
import io.tocsin.persistence.testing.TestDatabase;
import io.tocsin.tenants.api.Principal;
import io.tocsin.tenants.api.Role;
import io.tocsin.tenants.api.Tenancy;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretOwnersTest {
    private static final Actor ADMIN = new Actor("admin", "rest", "127.0.0.1");
    private static TestDatabase db;

    private Tenancy tenancy;
    private Agency agency;
    private int combe;
    private Principal mayor;
    private Principal agent;
    private final Principal operator =
            new Principal("operator", Optional.empty(), Optional.empty(), Set.of(Role.OPERATOR));

    @BeforeAll
    static void start() {
        db = TestDatabase.start();
    }

    @AfterAll
    static void stop() {
        db.close();
    }

    @BeforeEach
    void twoTenantsWhoseNamesBeginAlike() {
        db.clear();
        tenancy = new TenantRegistry(
                db.database(), db.model(), new ChainedJournal(), new CarrierLogins(Map.of(), n -> null));
        combe = db.tenant("combe");
        db.tenant("combe-nord");
        agency = tenancy.agencies().stream()
                .filter(a -> a.id()
                        == db.database()
                                .asEngine(c -> db.model().tenant(c, combe))
                                .orElseThrow()
                                .agencyId())
                .findFirst()
                .orElseThrow();
        mayor = new Principal("mayor", Optional.of(agency.id()), Optional.of(combe), Set.of(Role.TENANT_ADMIN));
        agent = new Principal("agent", Optional.of(agency.id()), Optional.empty(), Set.of(Role.AGENCY_ADMIN));
    }

    private CarrierAccount account(Optional<Integer> tenant, String secret) {
        return new CarrierAccount(
                0,
                agency.id(),
                tenant,
                "sms",
                "sms",
                Map.of("host", "smsc.example", "password", "secret:" + secret),
                10,
                Optional.empty(),
                true,
                0);
    }

    private void refused(CarrierAccount account, Principal caller) {
        assertThatThrownBy(() -> tenancy.save(account, caller, ADMIN))
                .isInstanceOfSatisfying(RefusedException.class, refused -> assertThat(refused.problems())
                        .singleElement()
                        .satisfies(p -> {
                            assertThat(p.field()).isEqualTo("settings.password");
                            assertThat(p.problem()).contains("operator");
                        }));
        assertThat(tenancy.accounts(combe)).allMatch(saved -> saved.id() == account.id());
    }

    @ParameterizedTest
    @ValueSource(strings = {"combe", "combe-sms", "combe.sms", "Combe_Sms"})
    void aTenantsPeopleNameTheirs(String secret) {
        CarrierAccount saved = tenancy.save(account(Optional.of(combe), secret), mayor, ADMIN);
        assertThat(saved.settings()).containsEntry("password", "secret:" + secret);
    }

    /** The third and fourth are the neighbour's, by file or by variable. */
    @ParameterizedTest
    @ValueSource(strings = {"lab-sms", "combesms", "combe-nord-sms", "combe.nord_sms", "COMBE_NORD"})
    void andNobodyElses(String secret) {
        refused(account(Optional.of(combe), secret), mayor);
        refused(account(Optional.of(combe), secret), agent);
    }

    @Test
    void anAgencysPeopleNameTheAgencysAndTheTenantsWhoseAccountItIs() {
        String ofAgency = agency.slug() + "-sms";
        refused(account(Optional.of(combe), ofAgency), mayor);
        refused(account(Optional.empty(), "combe-sms"), agent);
        CarrierAccount shared = tenancy.save(account(Optional.empty(), ofAgency), agent, ADMIN);
        assertThat(tenancy.accounts(combe)).contains(shared);
    }

    @Test
    void whatAnOperatorPutThereStaysWhileItsSettingsStay() {
        CarrierAccount placed = tenancy.save(account(Optional.of(combe), "lab-sms"), operator, ADMIN);

        CarrierAccount disabled = tenancy.save(changed(placed, placed.settings(), false), mayor, ADMIN);
        assertThat(disabled.enabled()).isFalse();

        Map<String, String> elsewhere = new HashMap<>(disabled.settings());
        elsewhere.put("host", "listening.example");
        refused(changed(disabled, elsewhere, true), mayor);
        refused(changed(disabled, elsewhere, true), agent);
        assertThat(tenancy.save(changed(disabled, elsewhere, true), operator, ADMIN)
                        .settings())
                .isEqualTo(elsewhere);
    }

    private static CarrierAccount changed(CarrierAccount account, Map<String, String> settings, boolean enabled) {
        return new CarrierAccount(
                account.id(),
                account.agencyId(),
                account.tenantId(),
                account.slug(),
                account.channel(),
                settings,
                account.rank(),
                account.messagesPerSecond(),
                enabled,
                account.version());
    }
}
