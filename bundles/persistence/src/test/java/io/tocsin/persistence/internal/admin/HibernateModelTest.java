package io.tocsin.persistence.internal.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.persistence.api.AdministrativeModel;
import io.tocsin.persistence.api.AdministrativeModel.Agency;
import io.tocsin.persistence.api.AdministrativeModel.CarrierAccount;
import io.tocsin.persistence.api.AdministrativeModel.Tenant;
import io.tocsin.persistence.api.AdministrativeModel.Unit;
import io.tocsin.persistence.api.AdministrativeModel.User;
import io.tocsin.persistence.api.Database;
import io.tocsin.persistence.api.DatabaseException;
import io.tocsin.persistence.api.StaleRecordException;
import io.tocsin.persistence.testing.TestDatabase;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ListAssert;
import org.assertj.core.api.OptionalAssert;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HibernateModelTest {
    private static TestDatabase db;
    private static Database database;
    private static AdministrativeModel model;

    private Agency agency;

    @BeforeAll
    static void start() {
        db = TestDatabase.start();
        database = db.database();
        model = db.model();
    }

    @AfterAll
    static void stop() {
        db.close();
    }

    @BeforeEach
    void anAgency() {
        db.clear();
        agency = database.asEngine(c -> model.save(c, new Agency(0, "loire", "Agence de la Loire")));
    }

    @Test
    void agenciesAreFoundBySlugAndById() {
        assertThat(agency.id()).isPositive();
        maybe(c -> model.agency(c, "loire")).contains(agency);
        maybe(c -> model.agency(c, agency.id())).contains(agency);
        list(model::agencies).containsExactly(agency);
        maybe(c -> model.agency(c, "rhone")).isEmpty();
        maybe(c -> model.agency(c, 404)).isEmpty();
    }

    @Test
    void anAgencysWeightIsOneUnlessSaidAndItsSecondEditorIsToldToReadAgain() {
        assertThat(agency.weight()).isEqualTo(1);
        Agency heavier = database.asEngine(
                c -> model.save(c, new Agency(agency.id(), "loire", agency.name(), "suspended", 3, agency.version())));
        maybe(c -> model.agency(c, "loire")).contains(heavier);
        assertThat(heavier.weight()).isEqualTo(3);
        assertThat(heavier.state()).isEqualTo("suspended");
        assertThatThrownBy(() -> database.asEngine(c -> model.save(c, agency)))
                .isInstanceOf(StaleRecordException.class);
    }

    @Test
    void aTenantComesBackAsItWasSaved() {
        Tenant saved = database.asEngine(c -> model.save(c, tenant("ville-haute")));
        assertThat(saved).isEqualTo(withIds(tenant("ville-haute"), saved.id(), 0));
        maybe(c -> model.tenant(c, "ville-haute")).contains(saved);
        maybe(c -> model.tenant(c, saved.id())).contains(saved);
        list(c -> model.tenants(c, Optional.empty())).containsExactly(saved);
        list(c -> model.tenants(c, Optional.of(agency.id()))).containsExactly(saved);
        list(c -> model.tenants(c, Optional.of(agency.id() + 1))).isEmpty();
    }

    @Test
    void theSecondOfTwoEditorsIsToldToReadAgain() {
        Tenant read = database.asEngine(c -> model.save(c, tenant("ville-haute")));
        Tenant first = database.asEngine(c -> model.save(c, read));
        assertThat(first.version()).isEqualTo(read.version() + 1);
        assertThatThrownBy(() -> database.asEngine(c -> model.save(c, read)))
                .isInstanceOf(StaleRecordException.class)
                .hasMessageContaining("tenant ville-haute")
                .hasMessageContaining("read it again");
        assertThat(database.asEngine(c -> model.save(c, first)).version()).isEqualTo(first.version() + 1);
    }

    @Test
    void aTakenSlugIsADuplicateWithoutTheRowInTheMessage() {
        database.asEngine(c -> model.save(c, tenant("ville-haute")));
        assertThatThrownBy(() -> database.asEngine(c -> model.save(c, tenant("ville-haute"))))
                .isInstanceOfSatisfying(DatabaseException.class, e -> {
                    assertThat(e.duplicate()).isTrue();
                    assertThat(e.transientFailure()).isFalse();
                    assertThat(e).hasMessageNotContaining("ville-haute");
                });
    }

    @Test
    void aSaveIsUndoneWithItsTransaction() {
        assertThatThrownBy(() -> database.asEngine(c -> {
                    model.save(c, tenant("ville-haute"));
                    throw new IllegalStateException("changed my mind");
                }))
                .hasMessage("changed my mind");
        maybe(c -> model.tenant(c, "ville-haute")).isEmpty();
    }

    @Test
    void unitsFormATreeWithinTheirTenant() {
        int tenant =
                database.asEngine(c -> model.save(c, tenant("ville-haute"))).id();
        Unit parent = database.inTenant(
                tenant, c -> model.save(c, new Unit(0, tenant, Optional.empty(), "secours", "Secours")));
        Unit child = database.inTenant(
                tenant, c -> model.save(c, new Unit(0, tenant, Optional.of(parent.id()), "pompiers", "Pompiers")));
        Unit renamed = database.inTenant(
                tenant, c -> model.save(c, new Unit(child.id(), tenant, child.parentId(), "pompiers", "Sapeurs")));
        listIn(tenant, c -> model.units(c, tenant)).containsExactly(renamed, parent);
    }

    @Test
    void usersKeepRolesHashAndLock() {
        int tenant =
                database.asEngine(c -> model.save(c, tenant("ville-haute"))).id();
        Instant until = Instant.parse("2026-03-01T10:15:30.123456Z");
        User saved = database.asEngine(c -> model.save(
                c,
                new User(
                        0,
                        Optional.of(agency.id()),
                        Optional.of(tenant),
                        Optional.empty(),
                        "claire",
                        "Claire Morel",
                        Optional.of("$argon2id$v=19$…"),
                        Set.of("tenant-admin", "activator"),
                        "active",
                        3,
                        Optional.of(until),
                        0)));
        User read = database.asEngine(c -> model.user(c, "claire")).orElseThrow();
        assertThat(read).isEqualTo(saved);
        assertThat(read.roles()).containsExactlyInAnyOrder("activator", "tenant-admin");
        assertThat(read.lockedUntil()).contains(until);
        assertThat(read.toString()).doesNotContain("argon2id");
        listIn(tenant, c -> model.usersOfTenant(c, tenant)).containsExactly(saved);
        list(c -> model.usersOfAgency(c, agency.id())).isEmpty();
        maybe(c -> model.user(c, saved.id())).contains(saved);
        maybeIn(tenant + 1, c -> model.user(c, saved.id())).isEmpty();
    }

    @Test
    void aTenantUsesItsOwnAccountsFirstThenItsAgencys() {
        int tenant =
                database.asEngine(c -> model.save(c, tenant("ville-haute"))).id();
        int other = database.asEngine(c -> model.save(c, tenant("ville-basse"))).id();
        CarrierAccount shared = database.asEngine(c -> model.save(c, account(Optional.empty(), "partage", 1)));
        CarrierAccount second = database.asEngine(c -> model.save(c, account(Optional.of(tenant), "secours", 20)));
        CarrierAccount first = database.asEngine(c -> model.save(c, account(Optional.of(tenant), "principal", 10)));
        CarrierAccount foreign = database.asEngine(c -> model.save(c, account(Optional.of(other), "autre", 1)));

        list(c -> model.accountsForTenant(c, tenant)).containsExactly(first, second, shared);
        listIn(tenant, c -> model.accountsForTenant(c, tenant)).containsExactly(first, second, shared);
        listIn(tenant, model::accounts).containsExactlyInAnyOrder(shared, first, second);
        list(model::accounts).containsExactly(shared, first, second, foreign);
        assertThat(database.asEngine(c -> model.account(c, first.id()))
                        .orElseThrow()
                        .settings())
                .isEqualTo(Map.of("host", "127.0.0.1", "password", "secret:smsc"));

        database.inTenant(tenant, c -> {
            model.deleteAccount(c, shared.id());
            model.deleteAccount(c, foreign.id());
            model.deleteAccount(c, second.id());
            return null;
        });
        list(model::accounts).isEqualTo(List.of(shared, first, foreign));
    }

    private Tenant tenant(String slug) {
        return new Tenant(
                0,
                agency.id(),
                slug,
                "Ville " + slug,
                "commune",
                "fr",
                "Europe/Paris",
                "active",
                "files",
                Optional.of("VILLE"),
                Optional.empty(),
                5000,
                6000,
                7,
                8,
                List.of("webhook", "mail", "mail"),
                0);
    }

    private static Tenant withIds(Tenant t, int id, int version) {
        return new Tenant(
                id,
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
                t.channels(),
                version);
    }

    private CarrierAccount account(Optional<Integer> tenant, String slug, int rank) {
        return new CarrierAccount(
                0,
                agency.id(),
                tenant,
                slug,
                "sms",
                Map.of("host", "127.0.0.1", "password", "secret:smsc"),
                rank,
                Optional.of(100),
                true,
                0);
    }

    private static <T> OptionalAssert<T> maybe(Database.Work<Optional<T>> work) {
        Optional<T> found = database.asEngine(work);
        return assertThat(found);
    }

    private static <T> OptionalAssert<T> maybeIn(int tenant, Database.Work<Optional<T>> work) {
        Optional<T> found = database.inTenant(tenant, work);
        return assertThat(found);
    }

    private static <T> ListAssert<T> list(Database.Work<List<T>> work) {
        List<T> found = database.asEngine(work);
        return assertThat(found);
    }

    private static <T> ListAssert<T> listIn(int tenant, Database.Work<List<T>> work) {
        List<T> found = database.inTenant(tenant, work);
        return assertThat(found);
    }
}
