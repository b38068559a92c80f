package io.tocsin.tenants.internal;

import io.tocsin.audit.api.Actor;
import io.tocsin.audit.api.Journal;
import io.tocsin.directory.api.RefusedException;
import io.tocsin.persistence.api.AdministrativeModel;
import io.tocsin.persistence.api.AdministrativeModel.User;
import io.tocsin.persistence.api.Database;
import io.tocsin.tenants.api.PhoneLogins;
import io.tocsin.tenants.internal.PhoneLoginTable.Try;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** IDs and PINs for the telephone. Hashing is done outside of transactions: it takes its time. */
@Component(service = PhoneLogins.class)
public final class PhoneIdentities implements PhoneLogins {
    static final int TRIES_ALLOWED = 5;

    /** Longer than on the web: a PIN has a million forms, no more. 480 tries a day find it in years. */
    static final Duration LOCK = Duration.ofMinutes(15);

    private static final int MOST_DIGITS = 32;
    private static final String DOOR = "phone";

    private final Database database;
    private final AdministrativeModel model;
    private final Journal journal;
    private final Clock clock;
    private final PasswordHash hashes = new PasswordHash();
    private final PhoneLoginTable table = new PhoneLoginTable();
    private final SecureRandom random = new SecureRandom();

    @Activate
    public PhoneIdentities(
            @Reference Database database, @Reference AdministrativeModel model, @Reference Journal journal) {
        this(database, model, journal, Clock.systemUTC());
    }

    PhoneIdentities(Database database, AdministrativeModel model, Journal journal, Clock clock) {
        this.database = database;
        this.model = model;
        this.journal = journal;
        this.clock = clock;
    }

    @Override
    public Optional<Person> identify(String phoneId, String pin, String origin) {
        Optional<Known> known = PhoneRules.id(phoneId).isPresent() || pin.length() > MOST_DIGITS
                ? Optional.empty()
                : database.asEngine(c -> table.takeTry(c, phoneId, clock.instant(), TRIES_ALLOWED, LOCK)
                        .flatMap(taken -> known(c, taken)));
        if (known.isEmpty()) {
            hashes.verifyNobody(pin.substring(0, Math.min(pin.length(), MOST_DIGITS)));
            database.asEngine(c -> {
                refused(c, Journal.PLATFORM, new Actor("unknown", DOOR, origin), "unknown", Map.of());
                return null;
            });
            return Optional.empty();
        }
        User user = known.get().user();
        boolean right = hashes.verify(pin, known.get().taken().pinHash());
        return database.asEngine(c -> right ? accept(c, known.get(), origin) : refuse(c, known.get(), origin));
    }

    private record Known(Try taken, User user) {}

    /** Suspended people take the way of unknown ones. */
    private Optional<Known> known(Connection c, Try taken) {
        return model.user(c, taken.userId())
                .filter(user -> SignIn.isActive(c, model, user))
                .map(user -> new Known(taken, user));
    }

    private Optional<Person> accept(Connection c, Known known, String origin) throws SQLException {
        // The hash is compared again: the PIN may have changed while this one was being checked.
        if (!table.clearTries(c, known.user().id(), known.taken().pinHash())) {
            return refuse(c, known, origin);
        }
        User user = known.user();
        journal.append(
                c,
                chain(user),
                new Actor(user.login(), DOOR, origin),
                "signin.accepted",
                "user",
                user.login(),
                Map.of());
        return Optional.of(new Person(user.login(), user.name(), SignIn.principal(c, model, user)));
    }

    private Optional<Person> refuse(Connection c, Known known, String origin) {
        User user = known.user();
        int failures = known.taken().failures();
        refused(
                c,
                chain(user),
                new Actor(user.login(), DOOR, origin),
                user.login(),
                Map.of("failures", failures, "locked", failures >= TRIES_ALLOWED));
        return Optional.empty();
    }

    private void refused(Connection c, int chain, Actor actor, String login, Map<String, ?> details) {
        journal.append(c, chain, actor, "signin.refused", "user", login, details);
    }

    @Override
    public Optional<PhoneLogin> of(String login) {
        return database.asEngine(c -> {
            Optional<User> user = model.user(c, login);
            return user.isEmpty() ? Optional.empty() : table.find(c, user.get().id(), clock.instant());
        });
    }

    @Override
    public PhoneLogin set(String login, Optional<String> phoneId, String pin, Actor actor) {
        Optional<String> present = of(login).map(PhoneLogin::id);
        String id = phoneId.or(() -> present).orElseGet(this::anyId);
        Checks checks = new Checks();
        checks.rule("id", id, PhoneRules::id);
        checks.rule("pin", pin, value -> PhoneRules.pin(value, id));
        checks.refuse();
        String hash = hashes.hash(pin);
        return database.asEngine(c -> {
            User user = model.user(c, login).orElseThrow(() -> new NoSuchElementException("no user of this login"));
            if (!table.put(c, user.id(), id, hash, clock.instant())) {
                throw new RefusedException("id", "is somebody else's; choose another, or leave it out to be given one");
            }
            journal.append(c, chain(user), actor, "phone.set", "user", user.login(), Map.of());
            return table.find(c, user.id(), clock.instant()).orElseThrow();
        });
    }

    /** One that nobody has; it need not be a secret, but is not counted up either. */
    private String anyId() {
        for (int look = 0; look < 100; look++) {
            String id = Integer.toString(100_000 + random.nextInt(900_000));
            if (!database.asEngine(c -> table.isTaken(c, id))) {
                return id;
            }
        }
        throw new RefusedException(
                "id", "could not be made up: nearly all of six digits are taken; choose a longer one");
    }

    @Override
    public boolean remove(String login, Actor actor) {
        return database.asEngine(c -> {
            Optional<User> user = model.user(c, login);
            if (user.isEmpty() || !table.remove(c, user.get().id())) {
                return false;
            }
            journal.append(c, chain(user.get()), actor, "phone.removed", "user", login, Map.of());
            return true;
        });
    }

    private static int chain(User user) {
        return user.tenantId().orElse(Journal.PLATFORM);
    }
}
