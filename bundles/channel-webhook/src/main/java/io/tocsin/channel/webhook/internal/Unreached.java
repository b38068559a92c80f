package io.tocsin.channel.webhook.internal;

/** No connection to a receiver: certainly nothing was sent. Its message is one line for an operator. */
final class Unreached extends Exception {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final boolean forbidden;

    /** @param forbidden whether the account does not allow it, so that trying again would not help */
    Unreached(String code, String message, boolean forbidden) {
        super(message, null, false, false);
        this.code = code;
        this.forbidden = forbidden;
    }

    Unreached(String code, String message) {
        this(code, message, false);
    }

    String code() {
        return code;
    }

    boolean forbidden() {
        return forbidden;
    }
}
