package io.tocsin.tenants.api;

import io.tocsin.audit.api.Actor;
import io.tocsin.persistence.api.AdministrativeModel.Agency;
import io.tocsin.persistence.api.AdministrativeModel.CarrierAccount;
import io.tocsin.persistence.api.AdministrativeModel.Tenant;
import io.tocsin.persistence.api.AdministrativeModel.Unit;
import io.tocsin.persistence.api.AdministrativeModel.User;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The registry of agencies and tenants. Changes are journaled. Blocks (database). Input that cannot be taken throws
 * {@link io.tocsin.directory.api.RefusedException} naming each field.
 */
@ProviderType
public interface Tenancy {

    List<Agency> agencies();

    Optional<Agency> agency(String slug);

    Agency createAgency(String slug, String name, Actor actor);

    /**
     * Saves an agency as a whole: an id of 0 makes it, otherwise the version must be the one read.
     *
     * @since 1.1
     */
    Agency save(Agency agency, Actor actor);

    /**
     * None of the agency's own people can sign in and none of its own keys is let in until {@link #reinstateAgency}. Its tenants,
     * their people and the accounts it shares among them are not touched: who must be alerted is not who owes.
     *
     * @since 1.5
     */
    Agency suspendAgency(int agencyId, String reason, Actor actor);

    /** @since 1.5 */
    Agency reinstateAgency(int agencyId, Actor actor);

    List<Tenant> tenants(Optional<Integer> agencyId);

    Optional<Tenant> tenant(String slug);

    Optional<Tenant> tenant(int tenantId);

    Tenant save(Tenant tenant, Actor actor);

    /** Nothing can be launched and nobody of the tenant can sign in until {@link #reinstate}; nothing is deleted. */
    Tenant suspend(int tenantId, String reason, Actor actor);

    Tenant reinstate(int tenantId, Actor actor);

    List<Unit> units(int tenantId);

    Unit save(Unit unit, Actor actor);

    List<User> users(int tenantId);

    /** Users of an agency itself, by login; they may enter all of its tenants. */
    List<User> usersOfAgency(int agencyId);

    /**
     * The operators: people of no agency and no tenant, by login. The last one who can sign in can be neither suspended nor
     * stripped of the role.
     *
     * @since 1.1
     */
    List<User> operators();

    /** @param password the new password (12 characters or more), or empty to keep the present one */
    User save(User user, Optional<String> password, Actor actor);

    List<CarrierAccount> accounts(int tenantId);

    /**
     * Saves an account. One whose login at the carrier is that of another enabled account is refused: each would take
     * the receipts of the other. Which settings make a login, its channel says. Secrets are the caller's own by their name, unless an
     * operator asks.
     *
     * @param caller who asks: another owner's account is not named to them
     * @since 1.1
     */
    CarrierAccount save(CarrierAccount account, Principal caller, Actor actor);

    /** The same, as the account's owner. */
    CarrierAccount save(CarrierAccount account, Actor actor);

    /**
     * The same, with secrets to seal. A change of the account's channel or of any of its settings is refused while something is sealed that is neither
     * typed again with it nor let go: it would be sent elsewhere than where whoever typed it meant it to go.
     *
     * @param secrets by setting, in clear; an empty one is let go. Never shown, logged, journaled or given back
     * @since 1.6
     */
    CarrierAccount save(CarrierAccount account, Map<String, Optional<String>> secrets, Principal caller, Actor actor);

    /**
     * Seals one secret of an account as it is; a name that stood in its place goes.
     *
     * @param version the account's, as it was read
     * @throws java.util.NoSuchElementException if there is no such account
     * @since 1.6
     */
    CarrierAccount sealSecret(int accountId, int version, String setting, String secret, Principal caller, Actor actor);

    /**
     * Forgets a sealed secret, whether or not the account can do without.
     *
     * @param version the account's, as it was read
     * @throws java.util.NoSuchElementException if there is no such account, or nothing sealed
     * @since 1.6
     */
    CarrierAccount forgetSecret(int accountId, int version, String setting, Actor actor);

    /**
     * What is sealed of accounts, by account and setting: never what it is. Accounts of which nothing is sealed are not in it.
     *
     * @since 1.6
     */
    Map<Integer, Map<String, SealedSecret>> sealedSecrets(Collection<Integer> accountIds);

    /**
     * Caps of an agency itself, or of one of its tenants, by name.
     *
     * @since 1.1
     */
    List<Cap> caps(int agencyId, Optional<Integer> tenantId);

    /**
     * Makes a cap, or changes the one of its owner and name. A rate counts within a second or two, also for people who wait
     * already; prefixes and channels count for waves opened from now on.
     *
     * @since 1.1
     */
    Cap save(Cap cap, Actor actor);

    /**
     * Whoever waits for the cap waits no more.
     *
     * @return whether there was one
     * @since 1.1
     */
    boolean removeCap(int agencyId, Optional<Integer> tenantId, String name, Actor actor);

    /**
     * What is wrong with enabled accounts although they were saved; for health and the console.
     *
     * @since 1.1
     */
    List<AccountWarning> accountWarnings();

    /**
     * That a secret is kept, and never which.
     *
     * @param since when it was typed
     * @param by who typed it: a login, or {@code key:<id>}
     * @param keyId under which key it is sealed
     * @since 1.6
     */
    record SealedSecret(Instant since, String by, String keyId) {}

    /** @param problem what is wrong and the cure; names accounts of any owner */
    record AccountWarning(int accountId, String problem) {}
}
