package io.tocsin.lab.mail;

import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The simulated mail server inside a node of the lab: runs while the configuration {@code io.tocsin.lab.mail} exists,
 * with the keys of {@link MailMain}.
 */
@Component(
        service = SimulatedMailService.class,
        configurationPid = MailComponent.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        immediate = true)
public final class MailComponent implements SimulatedMailService {
    static final String PID = "io.tocsin.lab.mail";
    private static final int SMTP_PORT = 2525;
    private static final int IMAP_PORT = 2143;
    private static final Logger LOG = LoggerFactory.getLogger(MailComponent.class);

    private final SimulatedMail mail;

    /**
     * @throws IllegalArgumentException naming the key that is unknown or has a wrong value
     * @throws IOException if a port is taken
     */
    @Activate
    public MailComponent(Map<String, Object> configuration) throws IOException {
        Map<String, String> given = new TreeMap<>();
        configuration.forEach((key, value) -> {
            // what the container adds has dots or a leading capital; our own keys have neither
            if (key.equals(key.toLowerCase(Locale.ROOT)) && key.indexOf('.') < 0) {
                given.put(key, String.valueOf(value));
            }
        });
        var options = MailOptions.builder().smtpPort(SMTP_PORT).imapPort(IMAP_PORT);
        this.mail = SimulatedMail.start(MailMain.apply(given, options).build());
        LOG.info("lab-mail-listening smtp={} imap={}", mail.smtpPort(), mail.imapPort());
    }

    @Override
    public SimulatedMail mail() {
        return mail;
    }

    @Deactivate
    void stop() {
        mail.close();
        LOG.info("lab-mail-closed");
    }
}
