package io.tocsin.persistence.api;

/** Somebody else changed the record since it was read: read it again and decide again. */
public final class StaleRecordException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StaleRecordException(String record) {
        super(record + " was changed by someone else since it was read; read it again and repeat the change");
    }
}
