package io.tocsin.lab.mail;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What a test wants the server to do with one recipient, before the options have their say. Called on the connection's
 * thread, which waits for the stage.
 */
public interface MailScript {

    /** What to do next. */
    sealed interface Move {
        /** Goes on as the options say. */
        record GoOn() implements Move {}

        /** Says this line; below 400 it takes the recipient or the mail. */
        record Say(String line) implements Move {}

        /** Cuts the connection without a word; the mail is not taken. */
        record HangUp() implements Move {}
    }

    /** At RCPT. */
    default CompletionStage<Move> atRecipient(String recipient) {
        return CompletableFuture.completedFuture(new Move.GoOn());
    }

    /** When the whole mail has been read, before the reply to its final dot. */
    default CompletionStage<Move> atEnd(String recipient) {
        return CompletableFuture.completedFuture(new Move.GoOn());
    }

    /** Follows the options alone. */
    static MailScript none() {
        return new MailScript() {};
    }
}
