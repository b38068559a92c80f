package io.tocsin.persistence.api;

import java.sql.SQLException;
import java.sql.SQLTransientException;

/**
 * A transaction failed and was rolled back. When the connection was lost during the commit itself (SQLSTATE 08), whether
 * it took place is unknown: work that matters is written so that repeating it is harmless.
 */
public final class DatabaseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String sqlState;

    public DatabaseException(SQLException cause) {
        super(cause.getMessage(), cause);
        this.sqlState = stateOf(cause);
    }

    /** A pool that had no connection to give in time says so by type only. */
    private static String stateOf(SQLException cause) {
        if (cause.getSQLState() != null) {
            return cause.getSQLState();
        }
        return cause instanceof SQLTransientException ? "08001" : "";
    }

    /** The SQLSTATE of the failure, or empty. */
    public String sqlState() {
        return sqlState;
    }

    /** Whether the database was unreachable, going away, full or in the way of another transaction: worth trying again. */
    public boolean transientFailure() {
        return sqlState.startsWith("08")
                || sqlState.startsWith("57P")
                || sqlState.startsWith("53")
                || sqlState.startsWith("40")
                || sqlState.startsWith("55P03")
                || sqlState.startsWith("25006");
    }

    /** Whether a unique key refused the row (23505). */
    public boolean duplicate() {
        return sqlState.equals("23505");
    }
}
