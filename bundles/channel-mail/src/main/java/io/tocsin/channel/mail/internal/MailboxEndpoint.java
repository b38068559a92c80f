package io.tocsin.channel.mail.internal;

import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.mail.internal.MailSettings.Mailbox;
import jakarta.mail.Session;
import java.util.function.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.component.mail.DefaultJavaMailSender;
import org.apache.camel.component.mail.JavaMailSender;
import org.apache.camel.component.mail.MailComponent;
import org.apache.camel.component.mail.MailConfiguration;
import org.apache.camel.component.mail.MailConsumer;
import org.apache.camel.component.mail.MailEndpoint;

/** camel-mail's IMAP endpoint with a consumer that reads and flags many mails a round trip: {@link MailboxConsumer}. */
final class MailboxEndpoint extends MailEndpoint {
    private final MailAccount account;
    private final Mailbox mailbox;
    private final Consumer<ChannelHealth> health;

    MailboxEndpoint(
            String uri, MailComponent component, MailAccount account, Mailbox mailbox, Consumer<ChannelHealth> health) {
        super(uri, component, configuration(mailbox));
        this.account = account;
        this.mailbox = mailbox;
        this.health = health;
        setDelay(mailbox.pollInterval().toMillis());
        setInitialDelay(0);
        setGreedy(true); // a full round is followed by the next at once
    }

    @Override
    public MailConsumer createConsumer(Processor processor) throws Exception {
        var sender = new DefaultJavaMailSender();
        sender.setSession(Session.getInstance(mailbox.server().session("imap", account.sockets(), account.timer())));
        return createConsumer(processor, sender);
    }

    @Override
    public MailConsumer createConsumer(Processor processor, JavaMailSender sender) throws Exception {
        var consumer = new MailboxConsumer(this, processor, sender, account, mailbox, health);
        configureConsumer(consumer);
        return consumer;
    }

    private static MailConfiguration configuration(Mailbox mailbox) {
        var configuration = new MailConfiguration();
        configuration.configureProtocol(mailbox.server().protocol("imap"));
        configuration.setHost(mailbox.server().host());
        configuration.setPort(mailbox.server().port());
        configuration.setFolderName(mailbox.folder());
        configuration.setMapMailMessage(false); // a stranger's headers never become Camel headers
        return configuration;
    }
}
