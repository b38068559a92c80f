package io.tocsin.platform.asterisk.ari;

/** Why a request has no result. Its message carries no number, name or secret. */
public final class AriException extends Exception {
    private static final long serialVersionUID = 1;

    /** What is certain about the request. */
    public enum Kind {
        /** Certainly never left: no connection, too many without an answer, too long. */
        NOT_SENT,
        /** The switch said no: nothing happened. {@link #status()} says which no. */
        REFUSED,
        /** It may have happened: no answer in time, or the connection was lost before it came. */
        IN_DOUBT
    }

    private final Kind kind;
    private final int status;

    AriException(Kind kind, int status, String detail) {
        super(detail, null, false, false); // made by the thousand when a link drops: without traces
        this.kind = kind;
        this.status = status;
    }

    static AriException notSent(String detail) {
        return new AriException(Kind.NOT_SENT, 0, detail);
    }

    static AriException inDoubt(String detail) {
        return new AriException(Kind.IN_DOUBT, 0, detail);
    }

    /** Without a status that could be believed. */
    static AriException refused(String detail) {
        return new AriException(Kind.REFUSED, 0, detail);
    }

    public Kind kind() {
        return kind;
    }

    /** HTTP status of a refusal; 0 if it has none. */
    public int status() {
        return status;
    }
}
