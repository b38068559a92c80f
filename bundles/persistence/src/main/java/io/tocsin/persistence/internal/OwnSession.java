package io.tocsin.persistence.internal;

import io.tocsin.persistence.api.Database;
import io.tocsin.persistence.api.EngineSession;
import io.tocsin.persistence.internal.PooledDatabase.Step;
import java.sql.Connection;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection, one transaction after another, until the first that fails. */
final class OwnSession implements EngineSession {
    private static final Logger LOG = LoggerFactory.getLogger(OwnSession.class);

    /** How whatever waits for the database is run: not after its service has closed. */
    interface Gate {
        <T> T pass(Step<T> step);
    }

    private final Connection connection;
    private final Gate gate;

    /** @param connection closed if it cannot be used */
    OwnSession(Connection connection, Gate gate) throws SQLException {
        this.connection = connection;
        this.gate = gate;
        try {
            connection.setAutoCommit(false);
        } catch (SQLException e) {
            close();
            throw e;
        }
    }

    @Override
    public <T> T transact(Database.Work<T> work) {
        boolean done = false;
        try {
            T result = gate.pass(() -> {
                T made = work.run(connection);
                connection.commit();
                return made;
            });
            done = true;
            return result;
        } finally {
            if (!done) {
                close();
            }
        }
    }

    /** By ending its socket: a closing in order would wait for an answer that is waited for already. */
    @Override
    public void close() {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            LOG.debug("database.session-gone", e);
        }
    }
}
