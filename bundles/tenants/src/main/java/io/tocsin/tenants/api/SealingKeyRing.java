package io.tocsin.tenants.api;

import io.tocsin.audit.api.Actor;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The keys that seal secrets typed for carrier accounts: on this node as files, in the database as ids only. Blocks (files, database); callable
 * from any thread.
 *
 * @since 1.6
 */
@ProviderType
public interface SealingKeyRing {

    /** Every key that is on this node or that anything is sealed under, least id first. */
    List<KeyUse> keys();

    /**
     * Seals every secret anew under the key that seals on this node, those it cannot open left as they are. Accounts stay open. Journaled.
     *
     * @throws io.tocsin.directory.api.RefusedException if this node has no key that can be used
     */
    Resealed reseal(Actor actor);

    /**
     * A key.
     *
     * @param seals whether it is the one this node seals under: the greatest id of those it can use
     * @param secrets how many are sealed under it, on the whole platform
     * @param problem why this node cannot use it, and the cure
     */
    record KeyUse(String keyId, boolean seals, int secrets, Optional<String> problem) {}

    /**
     * What sealing anew came to.
     *
     * @param done how many are under {@code keyId} now that were not before
     * @param left those that stayed as they were: account, setting, why and the cure
     */
    record Resealed(String keyId, int done, List<String> left) {}
}
