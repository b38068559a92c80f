package io.tocsin.lab.mail;

import io.tocsin.lab.mail.internal.MailCore;
import java.io.IOException;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A mail server on the loopback with people behind it: takes mail over SMTP (RFC 5321, with AUTH, DSN, SIZE, 8BITMIME and
 * ENHANCEDSTATUSCODES), refuses, delays, cuts connections, bounces, and puts reports and replies in a mailbox read over
 * IMAP. For tests, benches and the demonstration; never in production.
 *
 * <p>Thread-safe. One thread a connection, and a few more whatever the traffic. Keeps counts by recipient and the last few
 * hundred mails only.
 */
public final class SimulatedMail implements AutoCloseable {
    private final MailCore core;

    private SimulatedMail(MailCore core) {
        this.core = core;
    }

    /**
     * Listens.
     *
     * @throws IOException if a port is taken
     */
    public static SimulatedMail start(MailOptions options) throws IOException {
        return new SimulatedMail(MailCore.start(options));
    }

    public int smtpPort() {
        return core.smtpPort();
    }

    public int imapPort() {
        return core.imapPort();
    }

    public MailOptions options() {
        return core.options();
    }

    /** Changes the behaviour from the next command on; ports and accounts stay. */
    public void behave(UnaryOperator<MailOptions.Builder> change) {
        core.options(change.apply(core.options().toBuilder()).build());
    }

    /** Lets a test decide recipient by recipient. */
    public void follow(MailScript script) {
        core.script(script);
    }

    /** Cuts every SMTP connection. */
    public void dropConnections() {
        core.dropConnections();
    }

    /** While true, SMTP connections are cut as soon as they are made. */
    public void refuseConnections(boolean refuse) {
        core.refuseConnections(refuse);
    }

    public MailCounters counters() {
        return core.counters();
    }

    /** How many mails a recipient got. */
    public int mailsTo(String recipient) {
        return core.mailsTo(recipient);
    }

    /** The last mails taken, oldest first; at most 500. */
    public List<ReceivedMail> lastMails() {
        return core.lastMails();
    }

    /** Puts a mail in the mailbox, as a stranger's server would. */
    public void deliver(byte[] mail) {
        core.deliver(mail);
    }

    /** How many mails the mailbox holds that nobody has read. */
    public int unread() {
        return core.unread();
    }

    /** Forgets mails and counters; connections and the mailbox stay. */
    public void reset() {
        core.reset();
    }

    @Override
    public void close() {
        core.close();
    }
}
