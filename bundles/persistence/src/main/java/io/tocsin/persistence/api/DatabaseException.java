package io.tocsin.persistence.api;

import java.sql.SQLException;

/** A transaction failed and was rolled back. */
public final class DatabaseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String sqlState;

    public DatabaseException(SQLException cause) {
        super(cause.getMessage(), cause);
        this.sqlState = cause.getSQLState() == null ? "" : cause.getSQLState();
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
                || sqlState.startsWith("25006");
    }

    /** Whether a unique key refused the row (23505). */
    public boolean duplicate() {
        return sqlState.equals("23505");
    }
}
