package io.tocsin.channel.mail.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.mail.internal.SubmissionTransport.Phase;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubmissionVerdictTest {
    private static final Duration PAUSE = Duration.ofSeconds(5);

    @ParameterizedTest(name = "{0} {1} → {2}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            CONNECT   | 421 4.3.2 Busy                       | retry smtp-421-4.3.2 ACCOUNT
            CONNECT   | 554 No service here                  | retry smtp-554 ACCOUNT
            CONNECT   | 535 5.7.8 Bad login                  | retry smtp-535-5.7.8 ACCOUNT
            SENDER    | 530 5.7.0 Login first                | retry smtp-530-5.7.0 ACCOUNT
            SENDER    | 452 4.3.1 Disk full                  | retry smtp-452-4.3.1 ACCOUNT
            SENDER    | 550 5.1.8 Sender refused             | rejected smtp-550-5.1.8 ACCOUNT
            RECIPIENT | 450 4.2.0 Greylisted                 | retry smtp-450-4.2.0 MESSAGE
            RECIPIENT | 451 4.7.1 Greylisted                 | retry smtp-451-4.7.1 MESSAGE
            RECIPIENT | 452 4.2.2 Mailbox full               | retry smtp-452-4.2.2 MESSAGE
            RECIPIENT | 452 4.5.3 Too many recipients        | retry smtp-452-4.5.3 ACCOUNT
            RECIPIENT | 421 4.7.0 Too fast                   | retry smtp-421-4.7.0 ACCOUNT
            RECIPIENT | 550 5.1.1 No such user               | rejected smtp-550-5.1.1 ADDRESS
            RECIPIENT | 553 Bad name                         | rejected smtp-553 ADDRESS
            RECIPIENT | 550 5.7.1 Not for you                | rejected smtp-550-5.7.1 ADDRESS
            RECIPIENT | 554 5.7.1 Relay access denied        | rejected smtp-554-5.7.1 ACCOUNT
            CONTENT   | 451 4.3.0 Queue write error          | retry smtp-451-4.3.0 ACCOUNT
            CONTENT   | 554 5.5.1 No valid recipients        | rejected smtp-554-5.5.1 CONTENT
            DOT_SENT  | 451 4.7.1 Rated                      | retry smtp-451-4.7.1 MESSAGE
            DOT_SENT  | 452 4.3.1 Disk full                  | retry smtp-452-4.3.1 ACCOUNT
            DOT_SENT  | 552 5.3.4 Too large                  | rejected smtp-552-5.3.4 CONTENT
            DOT_SENT  | 554 5.7.1 Spam                       | rejected smtp-554-5.7.1 CONTENT
            DOT_SENT  | 550 5.1.1 No such user after all     | rejected smtp-550-5.1.1 ADDRESS
            DOT_SENT  | 299 What                             | in-doubt smtp-299
            """)
    void replyIsReadByPhase(Phase phase, String line, String outcome) {
        SmtpReply reply = SmtpReply.of(Integer.parseInt(line.substring(0, 3)), line);
        assertThat(word(SubmissionVerdict.of(phase, reply, false, PAUSE))).isEqualTo(outcome);
    }

    @ParameterizedTest(name = "{0}, timed out {1} → {2}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            SENDER    | false | retry connection-lost MESSAGE
            RECIPIENT | true  | retry response-timeout MESSAGE
            CONTENT   | false | retry connection-lost MESSAGE
            DOT_SENT  | false | in-doubt connection-lost-after-data
            DOT_SENT  | true  | in-doubt response-timeout-after-data
            """)
    void silenceIsDoubtOnlyAfterTheDot(Phase phase, boolean timedOut, String outcome) {
        assertThat(word(SubmissionVerdict.of(phase, SmtpReply.NONE, timedOut, PAUSE)))
                .isEqualTo(outcome);
    }

    private static String word(SendOutcome outcome) {
        if (outcome instanceof SendOutcome.Retry retry) {
            return "retry " + retry.code() + " " + retry.scope();
        }
        if (outcome instanceof SendOutcome.Rejected rejected) {
            return "rejected " + rejected.code() + " " + rejected.fault();
        }
        return "in-doubt " + ((SendOutcome.InDoubt) outcome).code();
    }
}
