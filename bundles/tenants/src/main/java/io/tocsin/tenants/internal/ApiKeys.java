package io.tocsin.tenants.internal;

import io.tocsin.audit.api.Actor;
import io.tocsin.audit.api.Journal;
import io.tocsin.directory.api.RefusedException;
import io.tocsin.persistence.api.AdministrativeModel;
import io.tocsin.persistence.api.Database;
import io.tocsin.persistence.api.DatabaseException;
import io.tocsin.tenants.api.Authentication.ApiKey;
import io.tocsin.tenants.api.Authentication.KeyDescription;
import io.tocsin.tenants.api.Authentication.KeyOwner;
import io.tocsin.tenants.api.Principal;
import io.tocsin.tenants.api.Role;
import io.tocsin.tenants.internal.Credentials.Key;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The keys of machines: a tenant's, an agency's, the platform's. Made, used, revoked; each of these journaled but the use. */
final class ApiKeys {
    private static final Logger LOG = LoggerFactory.getLogger(ApiKeys.class);
    /** Often enough to see whether a key is in use, seldom enough to cost nothing. */
    private static final Duration USE_NOTED_EVERY = Duration.ofMinutes(1);

    private final Database database;
    private final AdministrativeModel model;
    private final Journal journal;
    private final Clock clock;
    private final Credentials credentials = new Credentials();

    ApiKeys(Database database, AdministrativeModel model, Journal journal, Clock clock) {
        this.database = database;
        this.model = model;
        this.journal = journal;
        this.clock = clock;
    }

    /** Whose key this is, if it is one, neither revoked nor expired nor of a suspended tenant or agency; notes its use. */
    Optional<Principal> principal(String secret) {
        Instant now = clock.instant();
        Optional<Key> found = database.asEngine(c -> credentials.key(c, secret, now));
        Optional<Principal> principal = found.flatMap(this::principal);
        found.filter(key -> principal.isPresent())
                .filter(key -> key.lastUsedAt()
                        .filter(at -> at.isAfter(now.minus(USE_NOTED_EVERY)))
                        .isEmpty())
                .ifPresent(key -> noteUse(key, now));
        return principal;
    }

    private Optional<Principal> principal(Key key) {
        KeyOwner owner = key.owner();
        Set<Role> roles = SignIn.roles(key.roles());
        if (owner.tenantId().isEmpty()) {
            return owner.agencyId().isPresent() && !isActive(owner.agencyId().get())
                    ? Optional.empty()
                    : Optional.of(new Principal("key:" + key.keyId(), owner.agencyId(), Optional.empty(), roles));
        }
        return database.asEngine(c -> model.tenant(c, owner.tenantId().get()))
                .filter(tenant -> tenant.state().equals("active"))
                .map(tenant -> new Principal(
                        "key:" + key.keyId(), Optional.of(tenant.agencyId()), Optional.of(tenant.id()), roles));
    }

    private boolean isActive(int agencyId) {
        return database.asEngine(c -> model.agency(c, agencyId))
                .filter(agency -> agency.state().equals("active"))
                .isPresent();
    }

    /** A database that can be read and not written must not keep machines out. */
    private void noteUse(Key key, Instant now) {
        try {
            database.asEngine(c -> {
                credentials.used(c, key.keyId(), now);
                return null;
            });
        } catch (DatabaseException e) {
            LOG.debug("signin.key-use-not-noted key={} sqlstate={}", key.keyId(), e.sqlState());
        }
    }

    ApiKey create(KeyOwner owner, String label, Set<Role> roles, Optional<Instant> expiresAt, Actor actor) {
        Checks checks = new Checks();
        checks.rule("label", label, Rules::title);
        if (roles.isEmpty()) {
            checks.problem("roles", "is empty; give at least one role");
        }
        Rules.Rule rule = owner.tenantId().isPresent()
                ? Rules::tenantRole
                : owner.agencyId().isPresent() ? Rules::agencyRole : Rules::operatorKeyRole;
        roles.forEach(role -> checks.rule("roles", role.word(), rule));
        expiresAt
                .filter(at -> !at.isAfter(clock.instant()))
                .ifPresent(at -> checks.problem("expires-at", "is in the past; choose a later time or leave it out"));
        checks.refuse();
        ApiKey key = credentials.newKey();
        return database.asEngine(c -> {
            credentials.store(c, key, owner, agency(c, owner), label, roles, expiresAt, clock.instant());
            journal.append(
                    c,
                    chain(owner),
                    actor,
                    "key.created",
                    "key",
                    key.keyId(),
                    Map.of(
                            "label",
                            label,
                            "owner",
                            kind(owner),
                            "roles",
                            roles.stream().map(Role::word).sorted().toList()));
            return key;
        });
    }

    private Optional<Integer> agency(Connection c, KeyOwner owner) {
        if (owner.tenantId().isPresent()) {
            int tenantId = owner.tenantId().get();
            return Optional.of(model.tenant(c, tenantId)
                    .orElseThrow(() -> new RefusedException("tenant", "there is no tenant " + tenantId))
                    .agencyId());
        }
        owner.agencyId().filter(id -> model.agency(c, id).isEmpty()).ifPresent(id -> {
            throw new RefusedException("agency", "there is no agency " + id);
        });
        return owner.agencyId();
    }

    private static int chain(KeyOwner owner) {
        return owner.tenantId().orElse(Journal.PLATFORM);
    }

    private static String kind(KeyOwner owner) {
        return owner.tenantId().isPresent()
                ? "tenant"
                : owner.agencyId().map(id -> "agency " + id).orElse("platform");
    }

    boolean revoke(KeyOwner owner, String keyId, Actor actor) {
        return database.asEngine(c -> {
            boolean revoked = credentials.revoke(c, owner, keyId, clock.instant());
            if (revoked) {
                journal.append(c, chain(owner), actor, "key.revoked", "key", keyId, Map.of("owner", kind(owner)));
            }
            return revoked;
        });
    }

    List<KeyDescription> of(KeyOwner owner) {
        return database.asEngine(c -> credentials.keys(c, owner));
    }
}
