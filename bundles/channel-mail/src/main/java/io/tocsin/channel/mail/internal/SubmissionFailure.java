package io.tocsin.channel.mail.internal;

import io.tocsin.channel.api.SendOutcome;
import jakarta.mail.MessagingException;

/** A submission that did not end in acceptance, with its outcome. Carries no text of the server, no address, no secret. */
final class SubmissionFailure extends MessagingException {
    private static final long serialVersionUID = 1L;

    private final transient SendOutcome outcome;

    SubmissionFailure(SendOutcome outcome) {
        super(outcome.toString());
        this.outcome = outcome;
    }

    SendOutcome outcome() {
        return outcome;
    }
}
