package io.tocsin.persistence.internal.embedded;

import java.io.IOException;

/** The embedded server cannot run; the message says why and what to do. */
public final class EmbeddedPostgresException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EmbeddedPostgresException(String message) {
        super(message);
    }

    private EmbeddedPostgresException(String message, Throwable cause) {
        super(message, cause);
    }

    static EmbeddedPostgresException of(String what, IOException cause) {
        String why = String.valueOf(cause.getMessage());
        String cure = why.contains("No space left on device")
                ? ": the disk is full; free some space, the node tries again by itself"
                : "";
        return new EmbeddedPostgresException(what + ": " + cause.getClass().getSimpleName() + " " + why + cure, cause);
    }
}
