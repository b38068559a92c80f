package io.tocsin.persistence.internal;

/** The database cannot be used until somebody acts; the message says who does what. */
public final class SchemaRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SchemaRefusedException(String message) {
        super(message);
    }
}
