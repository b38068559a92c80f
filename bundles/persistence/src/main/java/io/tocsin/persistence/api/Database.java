package io.tocsin.persistence.api;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Transactions on the platform's PostgreSQL. Every call borrows a connection, runs the work in one transaction
 * (READ COMMITTED), commits, or rolls back if the work throws. Blocks; callable from any thread.
 *
 * <p>The work never commits, closes or keeps the connection. {@code connection.unwrap(org.postgresql.PGConnection.class)}
 * gives COPY, out of anything but into temporary tables only: PostgreSQL refuses COPY FROM where row-level security
 * applies, and it applies to both roles. Copy into {@code create temp table … on commit drop} and insert from there, or
 * insert from arrays ({@code unnest}).
 */
@ProviderType
public interface Database {

    /**
     * Runs work as the application, seeing and writing one tenant only: row-level security enforces it.
     *
     * @param tenantId the tenant resolved at the door
     * @throws DatabaseException if the work or the database fails
     */
    <T> T inTenant(int tenantId, Work<T> work);

    /**
     * Runs work as the engine, across tenants: for routing, for the registry of tenants, for signing in.
     *
     * @throws DatabaseException if the work or the database fails
     */
    <T> T asEngine(Work<T> work);

    /**
     * Opens a session of its holder's own, as the engine. Blocks for a login. Whoever opens it closes it.
     *
     * @throws DatabaseException if none can be had
     * @since 1.4
     */
    EngineSession engineSession();

    /** Whether a connection could be had just now; blocks for a second at most. */
    boolean available();

    /**
     * Why nothing can be written just now although the database may answer (its disk is full, it became read-only), in words
     * for an operator; empty when writing works. Writes for real, and at most every few seconds however often it is asked:
     * in between it repeats what it saw. Blocks for a few seconds at most; never throws.
     *
     * @since 1.1
     */
    Optional<String> writeProblem();

    /**
     * Work inside one transaction.
     *
     * @param <T> its result; {@code Void} with {@code return null} when there is none
     */
    @FunctionalInterface
    interface Work<T> {
        T run(Connection connection) throws SQLException;
    }
}
