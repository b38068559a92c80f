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

    /** Ends a bearer token. @param origin where the caller is, for the journal */
    void signOut(String bearer, String origin);

    /** The principal behind a bearer token or an API key; empty if unknown, expired, revoked or suspended. */
    Optional<Principal> authenticate(String bearerOrKey);

    /** Makes an API key for a tenant; the secret is in the result and nowhere else. */
    ApiKey createKey(int tenantId, String label, Set<Role> roles, Optional<Instant> expiresAt, Actor actor);

    boolean revokeKey(int tenantId, String keyId, Actor actor);

    /** The API keys of a tenant, oldest first, revoked and expired ones included. */
    List<KeyDescription> keys(int tenantId);

    record Token(String bearer, Instant expiresAt, Principal principal) {
        @Override
        public String toString() {
            return "Token[" + principal.name() + "]";
        }
    }

    record KeyDescription(
            String keyId,
            String label,
            Set<Role> roles,
            Instant createdAt,
            Optional<Instant> expiresAt,
            Optional<Instant> revokedAt) {}

    /** @param secret the whole text to send as a bearer: {@code tk_<id>_<secret>} */
    record ApiKey(String keyId, String secret) {
        @Override
        public String toString() {
            return "ApiKey[" + keyId + "]";
        }
    }
}
