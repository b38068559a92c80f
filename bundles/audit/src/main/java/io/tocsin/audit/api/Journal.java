package io.tocsin.audit.api;

import java.sql.Connection;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** The append-only journal, hash-chained per tenant. */
@ProviderType
public interface Journal {

    /** The chain of the platform itself: agencies, operators, nodes. */
    int PLATFORM = 0;

    /**
     * Appends an entry in the transaction of what it records: both are committed or neither. Serialises with other
     * appends of the same tenant until that transaction ends, so call it last.
     *
     * @param connection a connection bound to the tenant, or the engine's
     * @param tenantId whose chain; {@link #PLATFORM} for the platform's own
     * @param action a stable verb phrase: {@code alert.launched}, {@code user.created}
     * @param details strings, numbers, booleans, lists and maps; no secrets
     */
    void append(
            Connection connection,
            int tenantId,
            Actor actor,
            String action,
            String objectType,
            String objectId,
            Map<String, ?> details);

    /** Entries after {@code afterSeq}, oldest first, at most {@code limit}. */
    List<Entry> read(Connection connection, int tenantId, long afterSeq, int limit);

    /** Recomputes the whole chain of a tenant. @return the first broken sequence number, or empty if it is whole */
    Optional<Long> firstBroken(Connection connection, int tenantId);

    record Entry(
            long seq,
            Instant at,
            Actor actor,
            String action,
            String objectType,
            String objectId,
            Map<String, Object> details,
            String hash) {}
}
