package io.tocsin.tenants.internal;

import io.tocsin.audit.api.Actor;
import io.tocsin.audit.api.Journal;
import io.tocsin.cluster.api.Hint;
import io.tocsin.cluster.api.Hints;
import io.tocsin.directory.api.RefusedException;
import io.tocsin.persistence.api.AdministrativeModel;
import io.tocsin.persistence.api.AdministrativeModel.Agency;
import io.tocsin.persistence.api.AdministrativeModel.CarrierAccount;
import io.tocsin.persistence.api.AdministrativeModel.Tenant;
import io.tocsin.persistence.api.AdministrativeModel.Unit;
import io.tocsin.persistence.api.AdministrativeModel.User;
import io.tocsin.persistence.api.Database;
import io.tocsin.persistence.api.StaleRecordException;
import io.tocsin.tenants.api.Cap;
import io.tocsin.tenants.api.Principal;
import io.tocsin.tenants.api.Tenancy;
import io.tocsin.tenants.internal.sealing.SealedRows;
import io.tocsin.tenants.internal.sealing.SealedSecrets;
import io.tocsin.tenants.internal.sealing.SealingKeys;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Agencies, tenants and what belongs to them, one transaction a call. */
@Component(service = Tenancy.class)
public final class TenantRegistry implements Tenancy {
    private final Database database;
    private final AdministrativeModel model;
    private final Registry registry;
    private final CarrierLogins logins;
    private final AccountSettings accountSettings;
    private final SecretOwners secrets;
    private final SealedSecrets sealed;
    private final PasswordHash passwords = new PasswordHash();

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile Hints hints;

    @Activate
    public TenantRegistry(
            @Reference Database database,
            @Reference AdministrativeModel model,
            @Reference Journal journal,
            @Reference CarrierLogins logins,
            @Reference AccountSettings accountSettings,
            @Reference SealedSecrets sealed) {
        this.sealed = sealed;
        this.accountSettings = accountSettings;
        this.database = database;
        this.model = model;
        this.registry = new Registry(model, journal);
        this.logins = logins;
        this.secrets = new SecretOwners(model);
    }

    /** Without channels that could say which settings their accounts have. */
    public TenantRegistry(Database database, AdministrativeModel model, Journal journal, CarrierLogins logins) {
        this(
                database,
                model,
                journal,
                logins,
                new AccountSettings(Map.of()),
                new SealedSecrets(journal, SealingKeys.ofThisContainer(), Clock.systemUTC()));
    }

    @Override
    public List<Agency> agencies() {
        return database.asEngine(model::agencies);
    }

    @Override
    public Optional<Agency> agency(String slug) {
        return database.asEngine(c -> model.agency(c, slug));
    }

    @Override
    public Agency createAgency(String slug, String name, Actor actor) {
        return save(new Agency(0, slug, name), actor);
    }

    @Override
    public Agency save(Agency agency, Actor actor) {
        return database.asEngine(c -> registry.save(c, agency, actor));
    }

    @Override
    public Agency suspendAgency(int agencyId, String reason, Actor actor) {
        return database.asEngine(c -> registry.agencyState(c, agencyId, "suspended", reason, actor));
    }

    @Override
    public Agency reinstateAgency(int agencyId, Actor actor) {
        return database.asEngine(c -> registry.agencyState(c, agencyId, "active", "", actor));
    }

    @Override
    public List<Tenant> tenants(Optional<Integer> agencyId) {
        return database.asEngine(c -> model.tenants(c, agencyId));
    }

    @Override
    public Optional<Tenant> tenant(String slug) {
        return database.asEngine(c -> model.tenant(c, slug));
    }

    @Override
    public Optional<Tenant> tenant(int tenantId) {
        return database.asEngine(c -> model.tenant(c, tenantId));
    }

    @Override
    public Tenant save(Tenant tenant, Actor actor) {
        return accountsMayDiffer(database.asEngine(c -> registry.save(c, tenant, actor)));
    }

    @Override
    public Tenant suspend(int tenantId, String reason, Actor actor) {
        return accountsMayDiffer(database.asEngine(c -> registry.state(c, tenantId, "suspended", reason, actor)));
    }

    @Override
    public Tenant reinstate(int tenantId, Actor actor) {
        return accountsMayDiffer(database.asEngine(c -> registry.state(c, tenantId, "active", "", actor)));
    }

    @Override
    public List<Unit> units(int tenantId) {
        return database.asEngine(c -> model.units(c, tenantId));
    }

    @Override
    public Unit save(Unit unit, Actor actor) {
        return database.asEngine(c -> registry.save(c, unit, actor));
    }

    @Override
    public List<User> users(int tenantId) {
        return database.asEngine(c -> model.usersOfTenant(c, tenantId));
    }

    @Override
    public List<User> usersOfAgency(int agencyId) {
        return database.asEngine(c -> model.usersOfAgency(c, agencyId));
    }

    @Override
    public List<User> operators() {
        return database.asEngine(model::usersOfPlatform);
    }

    @Override
    public User save(User user, Optional<String> password, Actor actor) {
        password.flatMap(Rules::password).ifPresent(problem -> {
            throw new RefusedException("password", problem);
        });
        Optional<String> hash = password.map(passwords::hash);
        return database.asEngine(c -> registry.save(c, user, hash, actor));
    }

    @Override
    public List<CarrierAccount> accounts(int tenantId) {
        return database
                .asEngine(c -> {
                    Optional<Tenant> tenant = model.tenant(c, tenantId);
                    return model.accountsForTenant(c, tenantId).stream()
                            .filter(a -> a.tenantId().isPresent()
                                    || tenant.filter(t -> t.mayUse(a.channel())).isPresent())
                            .toList();
                })
                .stream()
                .map(accountSettings::shown)
                .toList();
    }

    @Override
    public CarrierAccount save(CarrierAccount account, Principal caller, Actor actor) {
        return save(account, Map.of(), caller, actor);
    }

    @Override
    public CarrierAccount save(
            CarrierAccount account, Map<String, Optional<String>> typed, Principal caller, Actor actor) {
        return accountsMayDiffer(database.asEngine(c -> {
            logins.lock(c);
            return save(c, account, typed, caller, actor);
        }));
    }

    private CarrierAccount save(
            Connection c, CarrierAccount account, Map<String, Optional<String>> typed, Principal caller, Actor actor)
            throws SQLException {
        Optional<CarrierAccount> present = account.id() == 0 ? Optional.empty() : model.account(c, account.id());
        sealed.refuseWrong(c, account, present, typed);
        accountSettings.refuseUnsealable(account.channel(), typed);
        CarrierAccount saved = registry.save(c, account, actor);
        secrets.refuseForeign(c, account, present, caller);
        if (sealed.keep(c, saved, typed, actor) && present.filter(saved::equals).isPresent()) {
            saved = model.save(c, saved);
        }
        accountSettings.refuseWrong(saved, "", SealedRows.settings(c, saved.id()));
        logins.refuseShared(c, model, saved, "", CarrierLogins.seenBy(caller.agencyId(), caller.tenantId()));
        return saved;
    }

    @Override
    public CarrierAccount sealSecret(
            int accountId, int version, String setting, String secret, Principal caller, Actor actor) {
        return accountsMayDiffer(database.asEngine(c -> {
            logins.lock(c);
            CarrierAccount now = present(c, accountId, version);
            Map<String, String> settings = new HashMap<>(now.settings());
            settings.remove(setting);
            return save(c, with(now, settings), Map.of(setting, Optional.of(secret)), caller, actor);
        }));
    }

    @Override
    public CarrierAccount forgetSecret(int accountId, int version, String setting, Actor actor) {
        return accountsMayDiffer(database.asEngine(c -> {
            logins.lock(c);
            CarrierAccount now = present(c, accountId, version);
            if (!sealed.keep(c, now, Map.of(setting, Optional.empty()), actor)) {
                throw new NoSuchElementException("nothing is sealed of setting " + setting);
            }
            return model.save(c, now);
        }));
    }

    private CarrierAccount present(Connection c, int accountId, int version) {
        CarrierAccount now = model.account(c, accountId)
                .orElseThrow(() -> new NoSuchElementException("there is no account " + accountId));
        if (now.version() != version) {
            throw new StaleRecordException("carrier account " + now.slug());
        }
        return now;
    }

    private static CarrierAccount with(CarrierAccount a, Map<String, String> settings) {
        return new CarrierAccount(
                a.id(),
                a.agencyId(),
                a.tenantId(),
                a.slug(),
                a.channel(),
                settings,
                a.rank(),
                a.messagesPerSecond(),
                a.enabled(),
                a.version());
    }

    @Override
    public Map<Integer, Map<String, SealedSecret>> sealedSecrets(Collection<Integer> accountIds) {
        return database.asEngine(c -> sealed.shown(c, accountIds));
    }

    @Override
    public CarrierAccount save(CarrierAccount account, Actor actor) {
        Principal owner = new Principal("", Optional.of(account.agencyId()), account.tenantId(), Set.of());
        return save(account, owner, actor);
    }

    @Override
    public List<Cap> caps(int agencyId, Optional<Integer> tenantId) {
        return database.asEngine(c -> registry.caps().of(c, agencyId, tenantId));
    }

    @Override
    public Cap save(Cap cap, Actor actor) {
        return database.asEngine(c -> registry.caps().save(c, cap, actor));
    }

    @Override
    public boolean removeCap(int agencyId, Optional<Integer> tenantId, String name, Actor actor) {
        return database.asEngine(c -> registry.caps().remove(c, agencyId, tenantId, name, actor));
    }

    @Override
    public List<AccountWarning> accountWarnings() {
        return database.asEngine(c -> logins.shared(c, model).stream()
                .map(s -> new AccountWarning(s.second().id(), s.problem()))
                .toList());
    }

    /** Tells all nodes, after the commit, to look at the accounts now instead of at their next round. */
    private <T> T accountsMayDiffer(T saved) {
        Hints given = hints;
        if (given != null) {
            given.give(Hint.accounts());
        }
        return saved;
    }
}
