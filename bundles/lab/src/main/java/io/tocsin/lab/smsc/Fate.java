package io.tocsin.lab.smsc;

/** What becomes of an accepted message, as receipts say it (SMPP 3.4 §5.2.28 and appendix B). */
public enum Fate {
    DELIVERED("DELIVRD", 2, "000"),
    EXPIRED("EXPIRED", 3, "027"),
    UNDELIVERABLE("UNDELIV", 5, "001"),
    REJECTED("REJECTD", 8, "008"),
    /** No receipt ever comes. */
    SILENT("", 7, "");

    private final String stat;
    private final byte messageState;
    private final String error;

    Fate(String stat, int messageState, String error) {
        this.stat = stat;
        this.messageState = (byte) messageState;
        this.error = error;
    }

    public String stat() {
        return stat;
    }

    public byte messageState() {
        return messageState;
    }

    public String error() {
        return error;
    }
}
