package io.tocsin.alerting.api;

import io.tocsin.audit.api.Actor;
import io.tocsin.speech.api.Lexicon;
import java.time.Instant;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * How a tenant's own words are said. Every version is kept, and an alert is spoken with the one that was current at its launch: what
 * was listened to before is what people hear. Changes are journaled. Blocks (database).
 *
 * @since 1.3
 */
@ProviderType
public interface Lexicons {

    Current current(int tenantId);

    /**
     * Replaces all words; the same words keep their version.
     *
     * @param expectedVersion the version the change is based on; empty: whatever is there
     * @throws io.tocsin.persistence.api.StaleRecordException if another version is there
     */
    Current save(int tenantId, Lexicon lexicon, Optional<Integer> expectedVersion, Actor actor);

    /** @param version 0 while nobody has written any */
    record Current(int version, Lexicon lexicon, Optional<String> updatedBy, Optional<Instant> updatedAt) {}
}
