package io.tocsin.tenants.internal.files;

import io.tocsin.audit.api.Actor;
import io.tocsin.directory.api.RefusedException;
import io.tocsin.persistence.api.AdministrativeModel;
import io.tocsin.persistence.api.AdministrativeModel.Agency;
import io.tocsin.persistence.api.AdministrativeModel.CarrierAccount;
import io.tocsin.persistence.api.AdministrativeModel.Tenant;
import io.tocsin.persistence.api.AdministrativeModel.Unit;
import io.tocsin.persistence.api.AdministrativeModel.User;
import io.tocsin.persistence.api.Database;
import io.tocsin.tenants.api.Cap;
import io.tocsin.tenants.internal.AccountSettings;
import io.tocsin.tenants.internal.CarrierLogins;
import io.tocsin.tenants.internal.PasswordHash;
import io.tocsin.tenants.internal.Registry;
import io.tocsin.tenants.internal.Rules;
import io.tocsin.tenants.internal.SecretReference;
import io.tocsin.tenants.internal.Secrets;
import io.tocsin.tenants.internal.files.FolderRecords.Made;
import io.tocsin.tenants.internal.files.TenantSpec.AccountSpec;
import io.tocsin.tenants.internal.files.TenantSpec.AgencyName;
import io.tocsin.tenants.internal.files.TenantSpec.AgencySpec;
import io.tocsin.tenants.internal.files.TenantSpec.CapSpec;
import io.tocsin.tenants.internal.files.TenantSpec.Identity;
import io.tocsin.tenants.internal.files.TenantSpec.UnitSpec;
import io.tocsin.tenants.internal.files.TenantSpec.UserSpec;
import io.tocsin.tenants.internal.sealing.SealedRows;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The administrative half of a folder: agency, tenant, units, users, accounts, caps, in one transaction. */
final class RegistrySync {
    private final Database database;
    private final AdministrativeModel model;
    private final Registry registry;
    private final PasswordHash passwords;
    private final Secrets secrets;
    private final CarrierLogins logins;
    private final AccountSettings accountSettings;

    RegistrySync(
            Database database,
            AdministrativeModel model,
            Registry registry,
            PasswordHash passwords,
            Secrets secrets,
            CarrierLogins logins,
            AccountSettings accountSettings) {
        this.logins = logins;
        this.accountSettings = accountSettings;
        this.database = database;
        this.model = model;
        this.registry = registry;
        this.passwords = passwords;
        this.secrets = secrets;
    }

    int agency(AgencySpec spec, Made made, Actor actor, List<String> notices) {
        Map<String, String> hashes = newHashes(passwords(spec.users()), notices);
        return database.asEngine(c -> {
            logins.lock(c);
            Agency wanted = model.agency(c, spec.slug())
                    .map(present -> new Agency(
                            present.id(),
                            present.slug(),
                            spec.name(),
                            present.state(),
                            present.weight(),
                            present.version()))
                    .orElseGet(() -> new Agency(0, spec.slug(), spec.name()));
            Agency agency = registry.save(c, wanted, actor);
            Owner owner = new Owner(agency.id(), Optional.empty());
            users(c, owner, spec.users(), Map.of(), hashes, made, model.usersOfAgency(c, agency.id()), actor);
            accounts(c, owner, spec.accounts(), made, actor);
            caps(c, owner, spec.caps(), made, actor);
            return agency.id();
        });
    }

    /** @param wasAway whether the tenant was suspended because its folder had gone: then it is reinstated */
    int tenant(TenantSpec spec, Made made, boolean wasAway, Actor actor, List<String> notices) {
        Map<String, String> hashes = newHashes(passwords(spec.users()), notices);
        return database.asEngine(c -> {
            logins.lock(c);
            Agency agency = ensure(c, spec.agency(), actor);
            Optional<Tenant> present = model.tenant(c, spec.slug());
            present.filter(t -> t.agencyId() != agency.id()).ifPresent(t -> {
                throw new RefusedException(
                        "agency", "the tenant belongs to another agency and does not move; write that one's name");
            });
            Tenant tenant = registry.save(c, tenant(spec, agency, present), actor);
            if (wasAway) {
                registry.state(c, tenant.id(), "active", "its folder is back", actor);
            }
            Map<String, Integer> units = units(c, tenant.id(), spec.units(), actor);
            Owner owner = new Owner(agency.id(), Optional.of(tenant.id()));
            users(c, owner, spec.users(), units, hashes, made, model.usersOfTenant(c, tenant.id()), actor);
            accounts(c, owner, spec.accounts(), made, actor);
            caps(c, owner, spec.caps(), made, actor);
            return tenant.id();
        });
    }

    private Agency ensure(Connection c, AgencyName wanted, Actor actor) {
        return model.agency(c, wanted.slug())
                .orElseGet(() -> registry.save(
                        c,
                        new Agency(
                                0,
                                wanted.slug(),
                                wanted.name()
                                        .orElseThrow(() -> new RefusedException(
                                                "agency",
                                                "\"" + wanted.slug() + "\" does not exist; add _agencies/"
                                                        + wanted.slug() + ".yaml"))),
                        actor));
    }

    void suspend(Connection c, String slug, Actor actor) {
        model.tenant(c, slug)
                .filter(tenant -> tenant.source().equals("files"))
                .ifPresent(tenant -> registry.state(c, tenant.id(), "suspended", "its folder was removed", actor));
    }

    private static Tenant tenant(TenantSpec spec, Agency agency, Optional<Tenant> present) {
        Identity identity = spec.identity();
        return new Tenant(
                present.map(Tenant::id).orElse(0),
                agency.id(),
                spec.slug(),
                identity.name(),
                identity.kind(),
                identity.language(),
                identity.timeZone(),
                present.map(Tenant::state).orElse("active"),
                "files",
                identity.smsSender(),
                identity.mailSender(),
                identity.maxContacts(),
                identity.maxRecipients(),
                identity.maxRunningAlerts(),
                identity.weight().or(() -> present.map(Tenant::weight)).orElse(1),
                identity.channels().or(() -> present.map(Tenant::channels)).orElse(List.of()),
                present.map(Tenant::version).orElse(0));
    }

    /** @return unit slug to id. Units no longer named stay: people and past alerts refer to them */
    private Map<String, Integer> units(Connection c, int tenantId, List<UnitSpec> specs, Actor actor) {
        Map<String, Integer> ids = model.units(c, tenantId).stream().collect(Collectors.toMap(Unit::slug, Unit::id));
        for (UnitSpec spec : specs) {
            Unit unit = new Unit(
                    ids.getOrDefault(spec.slug(), 0), tenantId, spec.parent().map(ids::get), spec.slug(), spec.name());
            ids.put(spec.slug(), registry.save(c, unit, actor).id());
        }
        return ids;
    }

    private void users(
            Connection c,
            Owner owner,
            List<UserSpec> specs,
            Map<String, Integer> units,
            Map<String, String> hashes,
            Made made,
            List<User> present,
            Actor actor)
            throws SQLException {
        Map<String, User> byLogin = present.stream().collect(Collectors.toMap(User::login, user -> user));
        for (UserSpec spec : specs) {
            Optional<User> before = Optional.ofNullable(byLogin.get(spec.login()));
            User user = new User(
                    before.map(User::id).orElse(0),
                    before.map(User::agencyId).orElse(Optional.of(owner.agencyId())),
                    owner.tenantId(),
                    spec.unit().map(units::get),
                    spec.login(),
                    spec.name(),
                    Optional.empty(),
                    spec.roles(),
                    "active",
                    0,
                    Optional.empty(),
                    before.map(User::version).orElse(0));
            registry.save(c, user, Optional.ofNullable(hashes.get(spec.login())), actor);
        }
        Set<String> wanted = specs.stream().map(UserSpec::login).collect(Collectors.toSet());
        for (User user : present) {
            if (made.users().contains(user.login()) && !wanted.contains(user.login())) {
                registry.save(c, suspended(user), Optional.empty(), actor);
            }
        }
    }

    /** Caps no longer named are removed first: their places count. Those the API made stay. */
    private void caps(Connection c, Owner owner, List<CapSpec> specs, Made made, Actor actor) {
        Set<String> wanted = specs.stream().map(CapSpec::name).collect(Collectors.toSet());
        made.caps().stream().filter(name -> !wanted.contains(name)).forEach(name -> registry.caps()
                .remove(c, owner.agencyId(), owner.tenantId(), name, actor));
        for (CapSpec spec : specs) {
            registry.caps()
                    .save(
                            c,
                            new Cap(
                                    0,
                                    owner.agencyId(),
                                    owner.tenantId(),
                                    spec.name(),
                                    spec.channels(),
                                    spec.prefixes(),
                                    spec.perSecond()),
                            actor);
        }
    }

    /**
     * Accounts no longer named are disabled first and logins compared last, so that a login may move from one account of
     * the folder to another.
     */
    private void accounts(Connection c, Owner owner, List<AccountSpec> specs, Made made, Actor actor)
            throws SQLException {
        Map<String, CarrierAccount> present = model.accounts(c).stream()
                .filter(a -> a.agencyId() == owner.agencyId() && a.tenantId().equals(owner.tenantId()))
                .collect(Collectors.toMap(CarrierAccount::slug, account -> account));
        Set<String> wanted = specs.stream().map(AccountSpec::slug).collect(Collectors.toSet());
        present.values().stream()
                .filter(a -> made.accounts().contains(a.slug()) && !wanted.contains(a.slug()) && a.enabled())
                .forEach(a -> registry.save(c, disabled(a), actor));
        List<CarrierAccount> saved = new ArrayList<>();
        for (AccountSpec spec : specs) {
            Optional<CarrierAccount> before = Optional.ofNullable(present.get(spec.slug()));
            CarrierAccount account = new CarrierAccount(
                    before.map(CarrierAccount::id).orElse(0),
                    owner.agencyId(),
                    owner.tenantId(),
                    spec.slug(),
                    spec.channel(),
                    spec.settings(),
                    spec.rank(),
                    spec.messagesPerSecond(),
                    spec.enabled(),
                    before.map(CarrierAccount::version).orElse(0));
            saved.add(registry.save(c, account, actor));
        }
        Predicate<CarrierAccount> seen = CarrierLogins.seenBy(Optional.of(owner.agencyId()), owner.tenantId());
        for (CarrierAccount account : saved) {
            accountSettings.refuseWrong(account, account.slug() + ".", SealedRows.settings(c, account.id()));
            logins.refuseShared(c, model, account, account.slug() + ".", seen);
        }
    }

    /** Gives people whose secret says another password than they have the new one; the people are there already. */
    boolean passwords(Map<String, SecretReference> wanted, Actor actor, List<String> notices) {
        Map<String, String> hashes = newHashes(wanted, notices);
        return !hashes.isEmpty()
                && database.asEngine(c -> {
                    for (Map.Entry<String, String> hash : hashes.entrySet()) {
                        Optional<User> user = model.user(c, hash.getKey());
                        if (user.isPresent()) {
                            registry.save(c, user.get(), Optional.of(hash.getValue()), actor);
                        }
                    }
                    return true;
                });
    }

    /** How a notice begins that says why somebody got no password. */
    static String noPassword(String login) {
        return "users.yaml: " + login + ": no new password: ";
    }

    private static Map<String, SecretReference> passwords(List<UserSpec> specs) {
        return specs.stream()
                .filter(spec -> spec.password().isPresent())
                .collect(Collectors.toMap(
                        UserSpec::login, spec -> spec.password().get()));
    }

    /** Hashes of passwords that are not the present ones, by login; made outside of any transaction. */
    private Map<String, String> newHashes(Map<String, SecretReference> wanted, List<String> notices) {
        Map<String, String> hashes = new HashMap<>();
        new TreeMap<>(wanted).forEach((login, reference) -> {
            Optional<String> secret = secrets.find(reference);
            Optional<String> problem = secret.isEmpty()
                    ? Optional.of(secrets.missing(reference))
                    : Rules.password(secret.get()).map(p -> "secret \"" + reference.name() + "\" " + p);
            if (problem.isPresent()) {
                notices.add(noPassword(login) + problem.get());
                return;
            }
            Optional<String> present =
                    database.asEngine(c -> model.user(c, login)).flatMap(User::passwordHash);
            if (present.isEmpty() || !passwords.verify(secret.get(), present.get())) {
                hashes.put(login, passwords.hash(secret.get()));
            }
        });
        return hashes;
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

    private static CarrierAccount disabled(CarrierAccount a) {
        return new CarrierAccount(
                a.id(),
                a.agencyId(),
                a.tenantId(),
                a.slug(),
                a.channel(),
                a.settings(),
                a.rank(),
                a.messagesPerSecond(),
                false,
                a.version());
    }

    private record Owner(int agencyId, Optional<Integer> tenantId) {}
}
