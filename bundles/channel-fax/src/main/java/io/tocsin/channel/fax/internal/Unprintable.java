package io.tocsin.channel.fax.internal;

/** What cannot become a fax. */
final class Unprintable extends Exception {
    private static final long serialVersionUID = 1;

    /** Why not. */
    enum Reason {
        TEXT_EMPTY("text-empty", "write a text, or name a document"),
        TEXT_IN_UNKNOWN_SCRIPT(
                "text-in-unknown-script", "the typeface lacks a script of this text: bring it as a PDF document"),
        TOO_MANY_PAGES("too-many-pages", "shorten cover and document together, or raise max-pages of the account"),
        PDF_MISSING("pdf-missing", "the document cannot be read on this node: bring it again"),
        PDF_TOO_LARGE("pdf-too-large", "save the document with smaller images"),
        PDF_EMPTY("pdf-empty", "the document has no page: bring another"),
        PDF_ENCRYPTED("pdf-encrypted", "save the document without a password"),
        PDF_BROKEN("pdf-broken", "open the document, save it anew, and bring that");

        private final String code;
        private final String cure;

        Reason(String code, String cure) {
            this.code = code;
            this.cure = cure;
        }

        String cure() {
            return cure;
        }
    }

    private final Reason reason;

    Unprintable(Reason reason) {
        super(reason.code);
        this.reason = reason;
    }

    Reason reason() {
        return reason;
    }

    /** Short and stable: what the alert's board says. */
    String code() {
        return reason.code;
    }
}
