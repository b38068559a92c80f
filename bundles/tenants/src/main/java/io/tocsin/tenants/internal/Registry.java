package io.tocsin.tenants.internal;

import io.tocsin.audit.api.Actor;
import io.tocsin.audit.api.Journal;
import io.tocsin.directory.api.RefusedException;
import io.tocsin.persistence.api.AdministrativeModel;
import io.tocsin.persistence.api.AdministrativeModel.Agency;
import io.tocsin.persistence.api.AdministrativeModel.CarrierAccount;
import io.tocsin.persistence.api.AdministrativeModel.Tenant;
import io.tocsin.persistence.api.AdministrativeModel.Unit;
import io.tocsin.persistence.api.AdministrativeModel.User;
import io.tocsin.tenants.api.Role;
import io.tocsin.tenants.internal.sealing.SealedRows;
import io.tocsin.tenants.internal.sealing.SealedSecrets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Changes of the registry inside the caller's transaction: checked, saved, journaled. A record equal to what is stored
 * changes nothing and journals nothing.
 */
public final class Registry {
    private static final int MOST_CHANNELS = 100;
    private static final int LONGEST_REASON = 500;

    private final AdministrativeModel model;
    private final Journal journal;
    private final CapRegistry caps;

    public Registry(AdministrativeModel model, Journal journal) {
        this.model = model;
        this.journal = journal;
        this.caps = new CapRegistry(journal);
    }

    public CapRegistry caps() {
        return caps;
    }

    AdministrativeModel model() {
        return model;
    }

    public Agency save(Connection c, Agency agency, Actor actor) {
        Checks checks = new Checks();
        checks.rule("slug", agency.slug(), Rules::slug);
        checks.rule("name", agency.name(), Rules::title);
        checks.weight(agency.weight());
        model.agency(c, agency.slug())
                .filter(other -> other.id() != agency.id())
                .ifPresent(other ->
                        checks.problem("slug", "agency \"" + agency.slug() + "\" exists already; choose another"));
        model.tenant(c, agency.slug())
                .ifPresent(tenant -> checks.problem(
                        "slug", "\"" + agency.slug() + "\" is the name of a tenant; an agency needs one of its own"));
        checks.refuse();
        if (agency.id() != 0
                && model.agency(c, agency.id()).filter(agency::equals).isPresent()) {
            return agency;
        }
        Agency saved = model.save(c, agency);
        String action = agency.id() == 0 ? "agency.created" : "agency.changed";
        journal.append(
                c,
                Journal.PLATFORM,
                actor,
                action,
                "agency",
                saved.slug(),
                Map.of("name", saved.name(), "weight", saved.weight()));
        return saved;
    }

    public Agency agencyState(Connection c, int agencyId, String state, String reason, Actor actor) {
        Agency present = model.agency(c, agencyId)
                .orElseThrow(() -> new RefusedException("agency", "there is no agency " + agencyId));
        Checks checks = new Checks();
        if (reason.length() > LONGEST_REASON) {
            checks.problem("reason", "has " + reason.length() + " characters; " + LONGEST_REASON + " at most");
        }
        checks.refuse();
        if (present.state().equals(state)) {
            return present;
        }
        Agency saved = model.save(c, present.in(state));
        String action = state.equals("suspended") ? "agency.suspended" : "agency.reinstated";
        journal.append(c, Journal.PLATFORM, actor, action, "agency", saved.slug(), Map.of("reason", reason));
        return saved;
    }

    public Tenant save(Connection c, Tenant tenant, Actor actor) {
        Optional<Tenant> present = tenant.id() == 0 ? Optional.empty() : Optional.of(require(c, tenant.id()));
        check(c, tenant, present);
        if (present.filter(tenant::equals).isPresent()) {
            return tenant;
        }
        Tenant saved = model.save(c, tenant);
        journal.append(
                c,
                saved.id(),
                actor,
                present.isEmpty() ? "tenant.created" : "tenant.changed",
                "tenant",
                saved.slug(),
                Map.of(
                        "name",
                        saved.name(),
                        "kind",
                        saved.kind(),
                        "source",
                        saved.source(),
                        "weight",
                        saved.weight(),
                        "channels",
                        saved.channels(),
                        "version",
                        saved.version()));
        return saved;
    }

    private void check(Connection c, Tenant tenant, Optional<Tenant> present) {
        Checks checks = new Checks();
        checks.rule("slug", tenant.slug(), Rules::slug);
        checks.rule("name", tenant.name(), Rules::title);
        checks.rule("kind", tenant.kind(), Rules::slug);
        checks.rule("language", tenant.language(), Rules::language);
        checks.rule("time-zone", tenant.timeZone(), Rules::timeZone);
        tenant.smsSender().ifPresent(sender -> checks.rule("sms-sender", sender, Rules::smsSender));
        tenant.mailSender().ifPresent(sender -> checks.rule("mail-sender", sender, Rules::mailbox));
        checks.quota("quotas.contacts", tenant.maxContacts());
        checks.quota("quotas.recipients", tenant.maxRecipients());
        checks.quota("quotas.running-alerts", tenant.maxRunningAlerts());
        checks.weight(tenant.weight());
        tenant.channels().forEach(channel -> checks.rule("channels", channel, Rules::channel));
        if (tenant.channels().size() > MOST_CHANNELS) {
            checks.problem(
                    "channels", "names " + tenant.channels().size() + " channels; " + MOST_CHANNELS + " at most");
        }
        if (!Set.of("active", "suspended").contains(tenant.state())) {
            checks.problem("state", "\"" + tenant.state() + "\" is not a state; write active or suspended");
        }
        if (!Set.of("api", "files").contains(tenant.source())) {
            checks.problem("source", "\"" + tenant.source() + "\" is not a source; write api or files");
        }
        if (model.agency(c, tenant.agencyId()).isEmpty()) {
            checks.problem("agency", "there is no such agency; create it first");
        }
        if (present.filter(p -> !p.slug().equals(tenant.slug())).isPresent()) {
            checks.problem("slug", "a tenant keeps its short name for life: it stands in journals and evidence");
        }
        if (present.isEmpty() && model.tenant(c, tenant.slug()).isPresent()) {
            checks.problem("slug", "tenant \"" + tenant.slug() + "\" exists already; choose another");
        }
        if (model.agency(c, tenant.slug()).isPresent()) {
            checks.problem("slug", "\"" + tenant.slug() + "\" is the name of an agency; a tenant needs one of its own");
        }
        checks.refuse();
    }

    public Tenant state(Connection c, int tenantId, String state, String reason, Actor actor) {
        Tenant present = require(c, tenantId);
        if (present.state().equals(state)) {
            return present;
        }
        Tenant saved = model.save(c, withState(present, state));
        String action = state.equals("suspended") ? "tenant.suspended" : "tenant.reinstated";
        journal.append(c, tenantId, actor, action, "tenant", saved.slug(), Map.of("reason", reason));
        return saved;
    }

    public Unit save(Connection c, Unit unit, Actor actor) {
        require(c, unit.tenantId());
        List<Unit> units = model.units(c, unit.tenantId());
        Checks checks = new Checks();
        checks.rule("slug", unit.slug(), Rules::slug);
        checks.rule("name", unit.name(), Rules::title);
        unit.parentId().ifPresent(parent -> {
            if (units.stream().noneMatch(u -> u.id() == parent) || parent == unit.id()) {
                checks.problem("parent", "there is no such unit in this tenant; create it first");
            }
        });
        if (units.stream().anyMatch(u -> u.slug().equals(unit.slug()) && u.id() != unit.id())) {
            checks.problem("slug", "unit \"" + unit.slug() + "\" exists already; choose another");
        }
        checks.refuse();
        if (units.contains(unit)) {
            return unit;
        }
        Unit saved = model.save(c, unit);
        String action = unit.id() == 0 ? "unit.created" : "unit.changed";
        journal.append(c, unit.tenantId(), actor, action, "unit", saved.slug(), Map.of("name", saved.name()));
        return saved;
    }

    /** @param newHash the hash of a new password; empty keeps the present one. A new password unlocks the login. */
    public User save(Connection c, User user, Optional<String> newHash, Actor actor) throws SQLException {
        if (user.tenantId().isEmpty() && user.agencyId().isEmpty()) {
            oneOperatorAtATime(c);
        }
        Optional<User> present = user.id() == 0 ? Optional.empty() : model.user(c, user.id());
        check(c, user, present);
        User whole = new User(
                user.id(),
                user.agencyId(),
                user.tenantId(),
                user.unitId(),
                user.login(),
                user.name(),
                newHash.or(() -> present.flatMap(User::passwordHash)),
                new TreeSet<>(user.roles()),
                user.state(),
                newHash.isPresent() ? 0 : present.map(User::failedLogins).orElse(0),
                newHash.isPresent() ? Optional.empty() : present.flatMap(User::lockedUntil),
                user.version());
        if (present.filter(whole::equals).isPresent()) {
            return whole;
        }
        User saved = model.save(c, whole);
        if (newHash.isPresent() || whole.state().equals("suspended")) {
            forgetTokens(c, saved.id());
        }
        journal.append(
                c,
                saved.tenantId().orElse(Journal.PLATFORM),
                actor,
                present.isEmpty() ? "user.created" : "user.changed",
                "user",
                saved.login(),
                Map.of(
                        "roles", List.copyOf(new TreeSet<>(saved.roles())),
                        "state", saved.state(),
                        "new-password", newHash.isPresent()));
        return saved;
    }

    private void check(Connection c, User user, Optional<User> present) {
        Checks checks = new Checks();
        checks.rule("login", user.login(), Rules::login);
        checks.rule("name", user.name(), Rules::title);
        if (user.id() != 0 && present.isEmpty()) {
            checks.problem("id", "there is no such user");
        }
        if (user.roles().isEmpty()) {
            checks.problem("roles", "is empty; give at least one role");
        }
        Rules.Rule rule = user.tenantId().isPresent()
                ? Rules::tenantRole
                : user.agencyId().isPresent() ? Rules::agencyRole : Rules::operatorRole;
        user.roles().forEach(role -> checks.rule("roles", role, rule));
        if (!Set.of("active", "suspended").contains(user.state())) {
            checks.problem("state", "\"" + user.state() + "\" is not a state; write active or suspended");
        }
        if (present.isPresent()
                && !(present.get().tenantId().equals(user.tenantId())
                        && present.get().agencyId().equals(user.agencyId()))) {
            checks.problem("login", "belongs elsewhere; a user never moves to another tenant or agency");
        }
        model.user(c, user.login())
                .filter(other -> other.id() != user.id())
                .ifPresent(other -> checks.problem("login", "\"" + user.login() + "\" is taken; choose another"));
        if (present.filter(Registry::operates).isPresent() && !operates(user) && isLastOperator(c, user.id())) {
            checks.problem(
                    "state",
                    "would leave nobody who operates this platform; create or reinstate another operator first");
        }
        user.tenantId().ifPresent(tenantId -> {
            Tenant tenant = require(c, tenantId);
            if (user.agencyId().filter(a -> a != tenant.agencyId()).isPresent()) {
                checks.problem("agency", "is not the agency of this tenant");
            }
            user.unitId().ifPresent(unit -> {
                if (model.units(c, tenantId).stream().noneMatch(u -> u.id() == unit)) {
                    checks.problem("unit", "there is no such unit in this tenant; create it first");
                }
            });
        });
        checks.refuse();
    }

    /** Of an account whose channel or settings change nothing stays sealed. */
    public CarrierAccount save(Connection c, CarrierAccount account, Actor actor) {
        Checks checks = new Checks();
        checks.rule("slug", account.slug(), Rules::slug);
        checks.rule("channel", account.channel(), Rules::channel);
        Rules.settings(account.settings()).forEach((key, problem) -> checks.problem("settings." + key, problem));
        if (account.rank() < 0 || account.rank() > 10_000) {
            checks.problem("rank", "is " + account.rank() + "; write 0 to 10000, lower is preferred");
        }
        if (account.messagesPerSecond().filter(n -> n < 1).isPresent()) {
            checks.problem("messages-per-second", "is below 1; leave it out for no throttle");
        }
        Optional<CarrierAccount> present = account.id() == 0 ? Optional.empty() : model.account(c, account.id());
        if (account.id() != 0 && present.isEmpty()) {
            checks.problem("id", "there is no such account");
        }
        if (model.agency(c, account.agencyId()).isEmpty()) {
            checks.problem("agency", "there is no such agency; create it first");
        }
        account.tenantId()
                .map(t -> require(c, t))
                .filter(t -> t.agencyId() != account.agencyId())
                .ifPresent(t -> checks.problem("agency", "is not the agency of this tenant"));
        // one that is disabled carries nothing: it may stay, and be disabled because of the limit
        account.tenantId()
                .filter(t -> account.enabled())
                .map(t -> require(c, t))
                .flatMap(t -> Rules.permitted(t, account.channel()))
                .ifPresent(problem -> checks.problem("channel", problem));
        if (present.isPresent()
                && !(present.get().tenantId().equals(account.tenantId())
                        && present.get().agencyId() == account.agencyId())) {
            checks.problem("slug", "belongs elsewhere; an account never moves to another tenant or agency");
        }
        boolean taken = model.accounts(c).stream()
                .anyMatch(other -> other.id() != account.id()
                        && other.agencyId() == account.agencyId()
                        && other.tenantId().equals(account.tenantId())
                        && other.slug().equals(account.slug()));
        if (taken) {
            checks.problem("slug", "account \"" + account.slug() + "\" exists already; choose another");
        }
        checks.refuse();
        if (present.filter(account::equals).isPresent()) {
            return account;
        }
        CarrierAccount saved = model.save(c, account);
        // what somebody typed for other settings is not sent where these say
        List<String> forgotten = present.filter(before -> !SealedSecrets.says(before, saved))
                .map(before -> SealedRows.forgetAll(c, saved.id()))
                .orElse(List.of());
        journal.append(
                c,
                saved.tenantId().orElse(Journal.PLATFORM),
                actor,
                present.isEmpty() ? "account.created" : "account.changed",
                "account",
                saved.slug(),
                Map.of(
                        "channel", saved.channel(),
                        "settings", List.copyOf(new TreeSet<>(saved.settings().keySet())),
                        "rank", saved.rank(),
                        "enabled", saved.enabled()));
        if (!forgotten.isEmpty()) {
            journal.append(
                    c,
                    saved.tenantId().orElse(Journal.PLATFORM),
                    actor,
                    "account.secret-forgotten",
                    "account",
                    saved.slug(),
                    Map.of("settings", forgotten));
        }
        return saved;
    }

    Tenant require(Connection c, int tenantId) {
        return model.tenant(c, tenantId)
                .orElseThrow(() -> new RefusedException("tenant", "there is no tenant " + tenantId));
    }

    static Tenant withState(Tenant t, String state) {
        return new Tenant(
                t.id(),
                t.agencyId(),
                t.slug(),
                t.name(),
                t.kind(),
                t.language(),
                t.timeZone(),
                state,
                t.source(),
                t.smsSender(),
                t.mailSender(),
                t.maxContacts(),
                t.maxRecipients(),
                t.maxRunningAlerts(),
                t.weight(),
                t.channels(),
                t.version());
    }

    private boolean isLastOperator(Connection c, int userId) {
        return model.usersOfPlatform(c).stream()
                .noneMatch(other -> other.id() != userId
                        && operates(other)
                        && other.passwordHash().isPresent());
    }

    private static boolean operates(User user) {
        return user.tenantId().isEmpty()
                && user.agencyId().isEmpty()
                && user.state().equals("active")
                && user.roles().contains(Role.OPERATOR.word());
    }

    /** Two operators who suspend each other at once must not both succeed; nor two nodes make a first one each. */
    static void oneOperatorAtATime(Connection c) throws SQLException {
        String lock = """
                select pg_advisory_xact_lock(hashtext('tocsin.first-operator'))""";
        try (PreparedStatement select = c.prepareStatement(lock)) {
            select.execute();
        }
    }

    private static void forgetTokens(Connection c, int userId) throws SQLException {
        String forgetTokens = """
                delete from bearer_token where user_id = ?""";
        try (PreparedStatement delete = c.prepareStatement(forgetTokens)) {
            delete.setInt(1, userId);
            delete.executeUpdate();
        }
    }
}
