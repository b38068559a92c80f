package io.tocsin.channel.mail.internal;

import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.URLName;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import org.eclipse.angus.mail.smtp.SMTPTransport;

/**
 * An SMTP connection that knows how far a message went, because that alone tells "certainly not sent" from "in doubt":
 * once the final dot is on the wire, only the server's reply says whether it took the message (RFC 5321, 4.2.5, 6.1).
 *
 * <p>Adds the DSN parameters that the mail API leaves out: ENVID and ORCPT (RFC 3461, 4.2 and 4.4). Used by one thread
 * at a time.
 */
final class SubmissionTransport extends SMTPTransport {
    private Phase phase = Phase.CONNECT;
    private SmtpReply reply = SmtpReply.NONE;
    private boolean replyKept;
    private boolean open;
    private OutboundMail mail;
    private Instant idleSince = Instant.MIN;

    /** How far the conversation went. */
    enum Phase {
        CONNECT,
        SENDER,
        RECIPIENT,
        CONTENT,
        /** The final dot left: the message may have been taken. */
        DOT_SENT
    }

    SubmissionTransport(Session session, MailServer server) {
        super(
                session,
                new URLName(server.protocol("smtp"), server.host(), server.port(), null, null, null),
                server.protocol("smtp"),
                server.security() == MailServer.Security.TLS);
    }

    /** Hands one mail over; after a {@link MessagingException}, {@link #phase} and {@link #reply} tell what happened. */
    void submit(OutboundMail message) throws MessagingException {
        mail = message;
        enter(Phase.SENDER);
        replyKept = false;
        try {
            sendMessage(message, new Address[] {message.recipient()});
        } finally {
            mail = null;
        }
    }

    /** When the connection was last put aside; {@link Instant#MIN} while it was never used. */
    Instant idleSince() {
        return idleSince;
    }

    void putAside(Instant now) {
        idleSince = now;
    }

    Phase phase() {
        return phase;
    }

    /** The server's reply that ended the conversation, or {@link SmtpReply#NONE} if it said nothing. */
    SmtpReply reply() {
        return reply;
    }

    /** Whether the connection is open as far as is known here, without asking the server. */
    boolean open() {
        return open;
    }

    @Override
    protected synchronized void setConnected(boolean connected) {
        open = connected;
        super.setConnected(connected);
    }

    @Override
    protected void rcptTo() throws MessagingException {
        enter(Phase.RECIPIENT);
        super.rcptTo();
    }

    @Override
    protected OutputStream data() throws MessagingException {
        enter(Phase.CONTENT);
        return super.data();
    }

    @Override
    protected void finishData() throws IOException, MessagingException {
        reply = SmtpReply.NONE;
        super.finishData();
    }

    @Override
    protected void sendCommand(String command) throws MessagingException {
        if (command.equals("RSET") || command.equals("QUIT")) {
            replyKept = true; // tidying up: its reply must not hide the one that ended the message
        }
        super.sendCommand(withDsn(command));
        if (command.equals(".") && phase == Phase.CONTENT) {
            phase = Phase.DOT_SENT; // a write that failed did not carry the whole dot line, so no earlier
        }
    }

    @Override
    protected int readServerResponse() throws MessagingException {
        int code = super.readServerResponse();
        if (!replyKept) {
            reply = code > 0 ? SmtpReply.of(code, getLastServerResponse()) : SmtpReply.NONE;
        }
        return code;
    }

    private void enter(Phase next) {
        phase = next;
        reply = SmtpReply.NONE;
    }

    private String withDsn(String command) {
        if (mail == null || mail.getNotifyOptions() == 0 || !supportsExtension("DSN")) {
            return command;
        }
        if (command.startsWith("MAIL FROM:")) {
            return command + " ENVID=" + xtext(mail.reference());
        }
        if (command.startsWith("RCPT TO:")) {
            return command + " ORCPT=rfc822;" + xtext(mail.recipient().getAddress());
        }
        return command;
    }
}
