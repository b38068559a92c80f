package io.tocsin.stories;

import io.tocsin.lab.mail.MailOptions;
import io.tocsin.lab.mail.SimulatedMail;
import io.tocsin.lab.smsc.SimulatedSmsc;
import io.tocsin.lab.smsc.SmscOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The lab's carriers inside the test, so that they outlive a node that is killed and can be asked what they saw. */
final class Carriers implements AutoCloseable {
    private static final String SMS_PASSWORD = "story-sm";
    private static final String MAIL_PASSWORD = "story-mail-password";

    final SimulatedSmsc smsc;
    final SimulatedMail mail;

    private Carriers(SimulatedSmsc smsc, SimulatedMail mail) {
        this.smsc = smsc;
        this.mail = mail;
    }

    static Carriers start(UnaryOperator<SmscOptions.Builder> sms, UnaryOperator<MailOptions.Builder> mail) {
        try {
            SimulatedSmsc smsc =
                    SimulatedSmsc.start(sms.apply(SmscOptions.builder().account("tocsin", SMS_PASSWORD))
                            .build());
            return new Carriers(
                    smsc,
                    SimulatedMail.start(mail.apply(MailOptions.builder()
                                    .login("tocsin", MAIL_PASSWORD)
                                    .mailbox("bounces", MAIL_PASSWORD))
                            .build()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a node must know to find these carriers. */
    Map<String, String> environment() {
        return Map.of(
                "TOCSIN_LAB_SMS_PORT", String.valueOf(smsc.port()),
                "TOCSIN_LAB_SMTP_PORT", String.valueOf(mail.smtpPort()),
                "TOCSIN_LAB_IMAP_PORT", String.valueOf(mail.imapPort()),
                "TOCSIN_SECRET_LAB_SMS", SMS_PASSWORD,
                "TOCSIN_SECRET_LAB_MAIL", MAIL_PASSWORD);
    }

    @Override
    public void close() {
        smsc.close();
        mail.close();
    }
}
