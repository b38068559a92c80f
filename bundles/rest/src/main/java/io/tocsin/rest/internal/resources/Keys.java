package io.tocsin.rest.internal.resources;

import io.tocsin.rest.internal.Caller;
import io.tocsin.rest.internal.problems.Problem;
import io.tocsin.tenants.api.Authentication;
import io.tocsin.tenants.api.Authentication.ApiKey;
import io.tocsin.tenants.api.Authentication.KeyDescription;
import io.tocsin.tenants.api.Authentication.KeyOwner;
import io.tocsin.tenants.api.Role;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The keys of machines, the same for a tenant, an agency and the platform. */
final class Keys {
    private final Authentication authentication;

    Keys(Authentication authentication) {
        this.authentication = authentication;
    }

    public record NewKey(String label, Set<String> roles, Optional<Instant> expiresAt) {}

    /** @param secret shown once: send it as {@code Authorization: Bearer <secret>} */
    public record MadeKey(String keyId, String secret) {}

    /** @param lastUsedAt to the minute; left out: never used */
    public record KeyView(
            String keyId,
            String label,
            List<String> roles,
            Instant createdAt,
            Optional<Instant> expiresAt,
            Optional<Instant> revokedAt,
            Optional<Instant> lastUsedAt) {}

    Page<KeyView> of(KeyOwner owner) {
        return Page.whole(authentication.keys(owner).stream().map(Keys::view).toList());
    }

    Response make(KeyOwner owner, NewKey key, Caller caller) {
        Required.body(key);
        ApiKey made = authentication.createKey(
                owner,
                Required.text("label", key.label()),
                Required.roles(key.roles()),
                Required.optional(key.expiresAt()),
                caller.actor());
        return Response.status(201)
                .entity(new MadeKey(made.keyId(), made.secret()))
                .build();
    }

    Response revoke(KeyOwner owner, String keyId, Caller caller) {
        if (!authentication.revokeKey(owner, keyId, caller.actor())) {
            throw Problem.notFound("Key " + keyId);
        }
        return Response.noContent().build();
    }

    private static KeyView view(KeyDescription key) {
        return new KeyView(
                key.keyId(),
                key.label(),
                key.roles().stream().map(Role::word).sorted().toList(),
                key.createdAt(),
                key.expiresAt(),
                key.revokedAt(),
                key.lastUsedAt());
    }
}
