package io.tocsin.speech.api;

/** Why something could not be spoken, and what to do about it. Its message is for the author or the operator; it quotes at most one word of a text. */
public final class SpeechException extends Exception {

    private static final long serialVersionUID = 1L;

    /** Whose turn it is. */
    public enum Reason {
        /** The author's: the text cannot be spoken as it stands. */
        TEXT,
        /** The author's or the operator's: nobody here speaks that language. */
        LANGUAGE,
        /** The operator's: the engine is missing, fails or hangs. */
        ENGINE,
        /** The operator's: the folder of what was spoken is full or cannot be written. */
        STORAGE
    }

    private final Reason reason;

    /** @param message what is wrong and the cure */
    public SpeechException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** @param message what is wrong and the cure */
    public SpeechException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
