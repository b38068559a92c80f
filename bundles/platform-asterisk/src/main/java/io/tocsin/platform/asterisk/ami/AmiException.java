package io.tocsin.platform.asterisk.ami;

/** Why an action has no result. Its message carries no number, name or secret. */
public final class AmiException extends Exception {
    private static final long serialVersionUID = 1;

    /** What is certain about the action. */
    public enum Kind {
        /** Certainly never left: no connection, too many without an answer. */
        NOT_SENT,
        /** The switch said no: nothing happened. */
        REFUSED,
        /** It may have happened: no answer in time, or the connection was lost before it came. */
        IN_DOUBT
    }

    private final Kind kind;

    AmiException(Kind kind, String detail) {
        super(detail, null, false, false); // made by the hundred when a link drops: without traces
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
