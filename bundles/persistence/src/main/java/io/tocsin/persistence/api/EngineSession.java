package io.tocsin.persistence.api;

import org.osgi.annotation.versioning.ProviderType;

/**
 * A session of the engine's role on the primary that is its holder's alone, outside the pools: nobody waits for it behind others,
 * and PostgreSQL sees within seconds that its holder is gone, even when his machine went without a word. It is never replaced by
 * another: once something failed on it, it is over.
 *
 * @since 1.4
 */
@ProviderType
public interface EngineSession extends AutoCloseable {

    /**
     * Runs work in one transaction on this session, committed when this returns. Blocks, for 10 s at most where the server does
     * not answer. One caller at a time.
     *
     * @throws DatabaseException if the work or the database fails; whether it was committed is unknown then, and the session over
     */
    <T> T transact(Database.Work<T> work);

    /** Ends it, and whatever waits on it, from any thread; again does nothing. Never blocks. */
    @Override
    void close();
}
