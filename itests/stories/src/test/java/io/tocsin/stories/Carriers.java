package io.tocsin.stories;

import io.tocsin.lab.mail.MailOptions;
import io.tocsin.lab.mail.SimulatedMail;
import io.tocsin.lab.people.PhoneHabits;
import io.tocsin.lab.phone.PlantOptions;
import io.tocsin.lab.phone.SimulatedPlant;
import io.tocsin.lab.smsc.SimulatedSmsc;
import io.tocsin.lab.smsc.SmscOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The lab's carriers inside the test, so that they outlive a node that is killed and can be asked what they saw. */
final class Carriers implements AutoCloseable {
    /** As long as SMPP allows, and like nothing else that a node writes. */
    static final String SMS_PASSWORD = "Zk7~qX4v";

    private static final String MAIL_PASSWORD = "story-mail-password";
    private static final String PHONE_PASSWORD = "story-phone-password";

    /** People who pick up at once; one in two presses a key, the others hang up when nothing more is said. */
    private static final PhoneHabits HURRIED = PhoneHabits.builder()
            .ringing(PhoneHabits.Between.millis(50, 300))
            .pressing(0.5)
            .keys(List.of("1", "1", "2"))
            .thinking(PhoneHabits.Between.millis(50, 300))
            .patience(Duration.ofSeconds(10))
            .build();

    final SimulatedSmsc smsc;
    final SimulatedMail mail;
    final SimulatedPlant plant;

    private Carriers(SimulatedSmsc smsc, SimulatedMail mail, SimulatedPlant plant) {
        this.smsc = smsc;
        this.mail = mail;
        this.plant = plant;
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
                            .build()),
                    SimulatedPlant.start(PlantOptions.builder()
                            .account("tocsin", PHONE_PASSWORD)
                            .people(HURRIED, 7)
                            .talkScale(0.05)
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
                "TOCSIN_LAB_PHONE_PORT", String.valueOf(plant.port()),
                "TOCSIN_SECRET_LAB_SMS", SMS_PASSWORD,
                "TOCSIN_SECRET_LAB_MAIL", MAIL_PASSWORD,
                "TOCSIN_SECRET_LAB_PHONE", PHONE_PASSWORD);
    }

    @Override
    public void close() {
        smsc.close();
        mail.close();
        plant.close();
    }
}
