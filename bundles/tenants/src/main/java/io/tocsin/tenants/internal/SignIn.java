package io.tocsin.tenants.internal;

import io.tocsin.audit.api.Actor;
import io.tocsin.audit.api.Journal;
import io.tocsin.persistence.api.AdministrativeModel;
import io.tocsin.persistence.api.AdministrativeModel.Agency;
import io.tocsin.persistence.api.AdministrativeModel.Tenant;
import io.tocsin.persistence.api.AdministrativeModel.User;
import io.tocsin.persistence.api.Database;
import io.tocsin.tenants.api.Authentication;
import io.tocsin.tenants.api.Principal;
import io.tocsin.tenants.api.Role;
import io.tocsin.tenants.internal.Credentials.Session;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Passwords in, short bearer tokens out. Hashing is done outside of transactions: it takes its time. */
@Component(service = Authentication.class)
public final class SignIn implements Authentication {
    static final Duration TOKEN_LIFE = Duration.ofMinutes(30);
    /** A shift. Who works longer signs in again. */
    static final Duration SESSION_LIFE = Duration.ofHours(12);

    private static final int FAILURES_ALLOWED = 5;
    private static final Duration LOCK = Duration.ofMinutes(1);
    private static final int LONGEST_PASSWORD = 256;
    private static final String REFUSED = "signin.refused";

    private final Database database;
    private final AdministrativeModel model;
    private final Journal journal;
    private final Registry registry;
    private final Clock clock;
    private final PasswordHash passwords = new PasswordHash();
    private final Credentials credentials = new Credentials();
    private final ApiKeys keys;

    @Activate
    public SignIn(@Reference Database database, @Reference AdministrativeModel model, @Reference Journal journal) {
        this(database, model, journal, Clock.systemUTC());
    }

    SignIn(Database database, AdministrativeModel model, Journal journal, Clock clock) {
        this.database = database;
        this.model = model;
        this.journal = journal;
        this.registry = new Registry(model, journal);
        this.keys = new ApiKeys(database, model, journal, clock);
        this.clock = clock;
    }

    @Override
    public Optional<Token> signIn(String login, String password, String origin) {
        String normal = login.strip().toLowerCase(Locale.ROOT);
        Optional<User> known = Rules.login(normal).isPresent() || password.length() > LONGEST_PASSWORD
                ? Optional.empty()
                : database.asEngine(c -> model.user(c, normal).filter(user -> mayTry(c, user)));
        if (known.flatMap(User::passwordHash).isEmpty()) {
            passwords.verifyNobody(password.substring(0, Math.min(password.length(), LONGEST_PASSWORD)));
            // What was typed is not repeated: it may be a password in the wrong field.
            database.asEngine(c -> {
                Actor nobody = new Actor("unknown", "rest", origin);
                journal.append(c, Journal.PLATFORM, nobody, REFUSED, "user", "unknown", Map.of());
                return null;
            });
            return Optional.empty();
        }
        User user = known.get();
        boolean right = passwords.verify(password, user.passwordHash().orElseThrow());
        return database.asEngine(c -> right ? accept(c, user, origin) : refuse(c, user, origin, REFUSED));
    }

    /** Locked and suspended people take the way of unknown ones. */
    private boolean mayTry(Connection c, User user) {
        return isActive(c, model, user)
                && user.lockedUntil()
                        .filter(until -> until.isAfter(clock.instant()))
                        .isEmpty();
    }

    /** Neither suspended nor of a suspended tenant; nor of a suspended agency itself: its tenants' people go on. */
    static boolean isActive(Connection c, AdministrativeModel model, User user) {
        Optional<String> owner = user.tenantId().isPresent()
                ? user.tenantId().flatMap(id -> model.tenant(c, id)).map(Tenant::state)
                : user.agencyId().flatMap(id -> model.agency(c, id)).map(Agency::state);
        return user.state().equals("active") && owner.orElse("active").equals("active");
    }

    private Optional<Token> accept(Connection c, User user, String origin) throws SQLException {
        // The hash is compared again: the password may have changed while this one was being checked.
        if (!credentials.unlock(c, user.id(), user.passwordHash().orElseThrow(), clock.instant())) {
            return refuse(c, user, origin, REFUSED);
        }
        Token token = token(c, user, credentials.newSession(clock.instant()));
        journal.append(
                c,
                user.tenantId().orElse(Journal.PLATFORM),
                new Actor(user.login(), "rest", origin),
                "signin.accepted",
                "user",
                user.login(),
                Map.of());
        return Optional.of(token);
    }

    private Token token(Connection c, User user, Session session) throws SQLException {
        Instant now = clock.instant();
        Instant over = session.beganAt().plus(SESSION_LIFE);
        Instant expires = now.plus(TOKEN_LIFE).isBefore(over) ? now.plus(TOKEN_LIFE) : over;
        String bearer = credentials.newBearer();
        credentials.store(c, bearer, user.id(), session, now, expires);
        return new Token(bearer, expires, principal(c, model, user));
    }

    private Optional<Token> refuse(Connection c, User user, String origin, String action) throws SQLException {
        int failures = credentials.countFailure(
                c, user.id(), FAILURES_ALLOWED, clock.instant().plus(LOCK));
        journal.append(
                c,
                user.tenantId().orElse(Journal.PLATFORM),
                new Actor(user.login(), "rest", origin),
                action,
                "user",
                user.login(),
                Map.of("failures", failures, "locked", failures >= FAILURES_ALLOWED));
        return Optional.empty();
    }

    @Override
    public Optional<Token> renew(String bearer) {
        if (!Credentials.isBearer(bearer)) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        return database.asEngine(c -> {
            Optional<User> known = credentials
                    .heldUser(c, bearer, now)
                    .flatMap(userId -> model.user(c, userId))
                    .filter(user -> isActive(c, model, user));
            // Only now: a password that was being changed has ended the session meanwhile.
            Optional<Session> session = credentials
                    .session(c, bearer)
                    .filter(begun -> begun.beganAt().plus(SESSION_LIFE).isAfter(now));
            return known.isPresent() && session.isPresent()
                    ? Optional.of(token(c, known.get(), session.get()))
                    : Optional.empty();
        });
    }

    @Override
    public void signOut(String bearer, String origin) {
        database.asEngine(c -> {
            Optional<Integer> userId = credentials.remove(c, bearer);
            if (userId.isPresent()) {
                User user = model.user(c, userId.get()).orElseThrow();
                Actor actor = new Actor(user.login(), "rest", origin);
                int chain = user.tenantId().orElse(Journal.PLATFORM);
                journal.append(c, chain, actor, "signin.ended", "user", user.login(), Map.of());
            }
            return null;
        });
    }

    @Override
    public Optional<Principal> authenticate(String bearerOrKey) {
        if (Credentials.isKey(bearerOrKey)) {
            return keys.principal(bearerOrKey);
        }
        if (!Credentials.isBearer(bearerOrKey)) {
            return Optional.empty();
        }
        return database.asEngine(c -> credentials
                .user(c, bearerOrKey, clock.instant())
                .flatMap(userId -> model.user(c, userId))
                .filter(user -> isActive(c, model, user))
                .map(user -> principal(c, model, user)));
    }

    @Override
    public Optional<Token> changePassword(String login, String present, String wanted, String origin) {
        Checks checks = new Checks();
        checks.rule("new-password", wanted, Rules::password);
        if (wanted.equals(present)) {
            checks.problem("new-password", "is the present one; choose another");
        }
        if (wanted.equalsIgnoreCase(login)) {
            checks.problem("new-password", "is the login; choose another");
        }
        checks.refuse();
        Optional<User> known = present.length() > LONGEST_PASSWORD
                ? Optional.empty()
                : database.asEngine(c ->
                        model.user(c, login).filter(user -> user.passwordHash().isPresent() && mayTry(c, user)));
        if (known.isEmpty()) {
            passwords.verifyNobody(present.substring(0, Math.min(present.length(), LONGEST_PASSWORD)));
            return Optional.empty();
        }
        User user = known.get();
        if (!passwords.verify(present, user.passwordHash().orElseThrow())) {
            return database.asEngine(c -> refuse(c, user, origin, "password.refused"));
        }
        String hash = passwords.hash(wanted);
        return database.asEngine(c -> {
            Actor self = new Actor(user.login(), "rest", origin);
            // The hash is compared again: the password may have changed while this one was being checked.
            if (!credentials.unlock(c, user.id(), user.passwordHash().orElseThrow(), clock.instant())) {
                return refuse(c, user, origin, "password.refused");
            }
            User changed = registry.save(c, model.user(c, user.id()).orElseThrow(), Optional.of(hash), self);
            return Optional.of(token(c, changed, credentials.newSession(clock.instant())));
        });
    }

    @Override
    public ApiKey createKey(KeyOwner owner, String label, Set<Role> roles, Optional<Instant> expiresAt, Actor actor) {
        return keys.create(owner, label, roles, expiresAt, actor);
    }

    @Override
    public boolean revokeKey(KeyOwner owner, String keyId, Actor actor) {
        return keys.revoke(owner, keyId, actor);
    }

    @Override
    public List<KeyDescription> keys(KeyOwner owner) {
        return keys.of(owner);
    }

    static Principal principal(Connection c, AdministrativeModel model, User user) {
        Optional<Integer> agency = user.tenantId()
                .flatMap(id -> model.tenant(c, id))
                .map(Tenant::agencyId)
                .or(user::agencyId);
        return new Principal(user.login(), agency, user.tenantId(), roles(user.roles()));
    }

    static Set<Role> roles(Set<String> words) {
        return words.stream().map(Role::of).collect(Collectors.toUnmodifiableSet());
    }
}
