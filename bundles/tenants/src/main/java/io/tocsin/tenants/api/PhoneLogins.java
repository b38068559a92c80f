package io.tocsin.tenants.api;

import io.tocsin.audit.api.Actor;
import java.time.Instant;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Signing in by telephone: an ID and a PIN, both of digits. Blocks (database, and ~50 ms of hashing).
 *
 * @since 1.2
 */
@ProviderType
public interface PhoneLogins {

    /**
     * Who calls. Wrong ID, wrong PIN, locked and suspended take the same time and look the same. The fifth wrong PIN locks
     * the ID for 15 minutes, also against the right one. Successes, failures and locks are journaled.
     *
     * @param origin where the call comes from, for the journal: no whole number of a person, as the journal keeps it for ever
     */
    Optional<Person> identify(String phoneId, String pin, String origin);

    /** What somebody has set; empty: nothing. */
    Optional<PhoneLogin> of(String login);

    /**
     * Sets or changes somebody's ID and PIN, and lifts a lock. Journaled, without either.
     *
     * @param phoneId 4 to 10 digits, nobody else's; empty: the present one stays, or one is made
     * @param pin 6 to 10 digits that are not easily guessed
     * @throws io.tocsin.directory.api.RefusedException naming {@code id} or {@code pin}, the reason and the cure; never the PIN
     * @throws java.util.NoSuchElementException if nobody has this login
     */
    PhoneLogin set(String login, Optional<String> phoneId, String pin, Actor actor);

    /** @return false if there was nothing to remove */
    boolean remove(String login, Actor actor);

    /** Who is on the telephone. */
    record Person(String login, String name, Principal principal) {}

    /**
     * @param id what is keyed to say who calls
     * @param lockedUntil present while wrong PINs have locked it
     */
    record PhoneLogin(String id, Instant changedAt, Optional<Instant> lockedUntil) {}
}
