package io.tocsin.channel.mail.internal;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import org.eclipse.angus.mail.smtp.SMTPMessage;

/** One mail to one mailbox, with the Message-ID we gave it and the reference its receipts will carry. */
final class OutboundMail extends SMTPMessage {
    private final String reference;
    private final String messageId;
    private final InternetAddress recipient;

    OutboundMail(Session session, String reference, String messageId, InternetAddress recipient) {
        super(session);
        this.reference = reference;
        this.messageId = messageId;
        this.recipient = recipient;
    }

    String reference() {
        return reference;
    }

    /** Without angle brackets. */
    String messageId() {
        return messageId;
    }

    InternetAddress recipient() {
        return recipient;
    }

    @Override
    protected void updateMessageID() throws MessagingException {
        setHeader("Message-ID", "<" + messageId + ">");
    }
}
