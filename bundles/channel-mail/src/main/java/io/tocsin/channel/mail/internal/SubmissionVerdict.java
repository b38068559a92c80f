package io.tocsin.channel.mail.internal;

import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.api.SendOutcome.Fault;
import io.tocsin.channel.api.SendOutcome.InDoubt;
import io.tocsin.channel.api.SendOutcome.Rejected;
import io.tocsin.channel.api.SendOutcome.Retry;
import io.tocsin.channel.api.SendOutcome.Scope;
import io.tocsin.channel.mail.internal.SubmissionTransport.Phase;
import java.time.Duration;

/** Reads an outcome from the phase a submission reached and the reply that ended it. The README has the table. */
final class SubmissionVerdict {
    private SubmissionVerdict() {}

    /**
     * @param timedOut whether silence was a server that let us wait, rather than a connection that broke
     * @param accountPause how long to leave the account alone when the reply is about it
     */
    static SendOutcome of(Phase phase, SmtpReply reply, boolean timedOut, Duration accountPause) {
        if (reply.silent()) {
            String silence = timedOut ? "response-timeout" : "connection-lost";
            return phase == Phase.DOT_SENT
                    ? new InDoubt(silence + "-after-data")
                    : new Retry(silence, Duration.ZERO, Scope.MESSAGE);
        }
        if (loginRefused(reply)) {
            return new Retry(reply.word(), accountPause, Scope.ACCOUNT);
        }
        if (reply.transientFailure()) {
            return new Retry(
                    reply.word(),
                    accountWide(phase, reply) ? accountPause : Duration.ZERO,
                    accountWide(phase, reply) ? Scope.ACCOUNT : Scope.MESSAGE);
        }
        if (reply.permanentFailure()) {
            return phase == Phase.CONNECT
                    ? new Retry(reply.word(), accountPause, Scope.ACCOUNT)
                    : new Rejected(reply.word(), fault(phase, reply));
        }
        return phase == Phase.DOT_SENT
                ? new InDoubt(reply.word())
                : new Retry(reply.word(), accountPause, Scope.ACCOUNT); // a server that answers beside the question
    }

    /** RFC 4954: credentials wrong, missing, or not to be sent this way. Someone must mend the account; no message is at fault. */
    static boolean loginRefused(SmtpReply reply) {
        return switch (reply.code()) {
            case 530, 534, 535, 538 -> true;
            default -> false;
        };
    }

    /** Whether a 4xx speaks of the connection or the server rather than of this recipient or text. */
    private static boolean accountWide(Phase phase, SmtpReply reply) {
        return switch (phase) {
            case CONNECT, SENDER -> true;
            case RECIPIENT -> reply.code() == 421 || reply.about(3) || reply.about(5);
            case CONTENT, DOT_SENT -> reply.code() == 421 || reply.code() == 452 || reply.about(3);
        };
    }

    private static Fault fault(Phase phase, SmtpReply reply) {
        return switch (phase) {
            case CONNECT, SENDER -> Fault.ACCOUNT;
            // 554 5.7.1 is how relays say that they do not know us; 550 5.7.1 is the recipient's own policy
            case RECIPIENT -> reply.code() == 554 && reply.about(7) ? Fault.ACCOUNT : Fault.ADDRESS;
            case CONTENT, DOT_SENT -> reply.about(1) || reply.about(2) ? Fault.ADDRESS : Fault.CONTENT;
        };
    }
}
