package io.tocsin.speech.internal;

/** An outside program did not do its work. */
final class ProgramException extends Exception {

    private static final long serialVersionUID = 1L;

    enum Kind {
        MISSING,
        HUNG,
        FAILED
    }

    private final Kind kind;

    ProgramException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    ProgramException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    Kind kind() {
        return kind;
    }
}
