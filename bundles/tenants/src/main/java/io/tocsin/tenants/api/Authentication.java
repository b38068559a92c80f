package io.tocsin.tenants.api;

import io.tocsin.audit.api.Actor;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/** Signing in: Argon2id passwords, short bearer tokens, API keys. Blocks (database, and ~50 ms of hashing). */
@ProviderType
public interface Authentication {

    /**
     * Signs a user in. Wrong login and wrong password take the same time and look the same; five failures lock the
     * login for a minute. Successes and failures are journaled.
     */
    Optional<Token> signIn(String login, String password, String origin);

    default void signOut(String bearer) {
        signOut(bearer, "");
    }

    /**
     * Another token of the same session, for somebody who goes on working: the one given keeps its own end, so that a second
     * window that renews at the same moment is not turned out. A session lasts twelve hours from signing in, however often it is
     * renewed.
     *
     * @return empty if the token is unknown, expired or a key, if its session is over, or its user may no longer sign in
     * @since 1.3
     */
    Optional<Token> renew(String bearer);

    /** Ends a session: this bearer token and all that it was renewed from or by. @param origin where the caller is, for the journal */
    void signOut(String bearer, String origin);

    /**
     * Changes somebody's own password. Every token issued before stops working; the one returned is the only one left. A
     * wrong present password counts as a failed sign-in. Successes and failures are journaled.
     *
     * @param wanted 12 to 256 characters, not the present one and not the login
     * @return empty if the present password is not the right one, or the login is locked or suspended
     * @throws io.tocsin.directory.api.RefusedException naming what is wrong with the wanted one
     * @since 1.1
     */
    Optional<Token> changePassword(String login, String present, String wanted, String origin);

    /** The principal behind a bearer token or an API key; empty if unknown, expired, revoked or suspended. */
    Optional<Principal> authenticate(String bearerOrKey);

    /**
     * Makes an API key; the secret is in the result and nowhere else.
     *
     * @param roles a tenant's keys hold roles of a tenant's people, an agency's those of an agency's, the platform's that of
     *     operator
     * @throws io.tocsin.directory.api.RefusedException naming each field
     * @since 1.1
     */
    ApiKey createKey(KeyOwner owner, String label, Set<Role> roles, Optional<Instant> expiresAt, Actor actor);

    /**
     * @return false if this owner has no such key that is not revoked yet
     * @since 1.1
     */
    boolean revokeKey(KeyOwner owner, String keyId, Actor actor);

    /**
     * The API keys of an owner, oldest first, revoked and expired ones included; of an agency without those of its tenants.
     *
     * @since 1.1
     */
    List<KeyDescription> keys(KeyOwner owner);

    /** Makes an API key for a tenant; the secret is in the result and nowhere else. */
    default ApiKey createKey(int tenantId, String label, Set<Role> roles, Optional<Instant> expiresAt, Actor actor) {
        return createKey(KeyOwner.tenant(tenantId), label, roles, expiresAt, actor);
    }

    default boolean revokeKey(int tenantId, String keyId, Actor actor) {
        return revokeKey(KeyOwner.tenant(tenantId), keyId, actor);
    }

    /** The API keys of a tenant, oldest first, revoked and expired ones included. */
    default List<KeyDescription> keys(int tenantId) {
        return keys(KeyOwner.tenant(tenantId));
    }

    /**
     * Whom a key belongs to: a tenant, an agency, or the platform (neither).
     *
     * @since 1.1
     */
    record KeyOwner(Optional<Integer> agencyId, Optional<Integer> tenantId) {
        public KeyOwner {
            if (agencyId.isPresent() && tenantId.isPresent()) {
                throw new IllegalArgumentException("a key belongs to a tenant or to an agency");
            }
        }

        public static KeyOwner tenant(int tenantId) {
            return new KeyOwner(Optional.empty(), Optional.of(tenantId));
        }

        public static KeyOwner agency(int agencyId) {
            return new KeyOwner(Optional.of(agencyId), Optional.empty());
        }

        public static KeyOwner platform() {
            return new KeyOwner(Optional.empty(), Optional.empty());
        }
    }

    record Token(String bearer, Instant expiresAt, Principal principal) {
        @Override
        public String toString() {
            return "Token[" + principal.name() + "]";
        }
    }

    /** @param lastUsedAt to the minute; empty: never used */
    record KeyDescription(
            String keyId,
            String label,
            Set<Role> roles,
            Instant createdAt,
            Optional<Instant> expiresAt,
            Optional<Instant> revokedAt,
            Optional<Instant> lastUsedAt) {

        public KeyDescription(
                String keyId,
                String label,
                Set<Role> roles,
                Instant createdAt,
                Optional<Instant> expiresAt,
                Optional<Instant> revokedAt) {
            this(keyId, label, roles, createdAt, expiresAt, revokedAt, Optional.empty());
        }
    }

    /** @param secret the whole text to send as a bearer: {@code tk_<id>_<secret>} */
    record ApiKey(String keyId, String secret) {
        @Override
        public String toString() {
            return "ApiKey[" + keyId + "]";
        }
    }
}
