package io.tocsin.channel.fax.internal;

/** What cannot become a fax. */
final class Unprintable extends Exception {
    private static final long serialVersionUID = 1;

    private final String code;

    /** @param code short and stable: what the alert's board says */
    Unprintable(String code) {
        super(code);
        this.code = code;
    }

    String code() {
        return code;
    }
}
