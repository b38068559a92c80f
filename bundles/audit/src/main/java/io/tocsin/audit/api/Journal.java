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

    /**
     * Entries that fit, latest first, before {@code beforeSeq} when given, at most {@code limit}.
     *
     * @since 1.1
     */
    default List<Entry> find(Connection connection, int tenantId, Search search, Optional<Long> beforeSeq, int limit) {
        throw new UnsupportedOperationException("this journal cannot be searched");
    }

    /** Recomputes the whole chain of a tenant. @return the first broken sequence number, or empty if it is whole */
    Optional<Long> firstBroken(Connection connection, int tenantId);

    /**
     * What is looked for; what is empty does not matter.
     *
     * @param actor the name exactly
     * @param action exactly, or a family of them by its first word and a dot: {@code alert.}
     * @param from the earliest time
     * @param to the first moment that is too late
     * @since 1.1
     */
    record Search(
            Optional<String> actor,
            Optional<String> action,
            Optional<String> objectType,
            Optional<String> objectId,
            Optional<Instant> from,
            Optional<Instant> to) {}

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
