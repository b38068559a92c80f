package io.tocsin.tenants.api;

import io.tocsin.audit.api.Actor;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Whether a tenant lets its agency launch in its name. Nobody may unless the tenant's own people say so, for a time that ends by itself.
 * Changes are journaled. Blocks (database).
 *
 * @since 1.4
 */
@ProviderType
public interface Consents {
    /** The longest a consent lasts before it must be given again. */
    Duration LONGEST = Duration.ofDays(366);

    /** The consent that is in force now. */
    Optional<Consent> present(int tenantId);

    /**
     * Gives a consent from now on, in place of the one there is.
     *
     * @param lasting an hour at least, {@link #LONGEST} at most
     * @param note why, or for what; 200 characters at most
     * @throws io.tocsin.directory.api.RefusedException naming each field
     */
    Consent grant(int tenantId, Duration lasting, Optional<String> note, Actor actor);

    /** @return whether one was in force */
    boolean withdraw(int tenantId, Actor actor);

    /** @param grantedBy the login of whoever gave it */
    record Consent(String grantedBy, Instant grantedAt, Instant until, Optional<String> note) {}
}
