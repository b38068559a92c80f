package io.tocsin.lab.mail.internal;

import com.icegreen.greenmail.imap.ImapHostManager;
import com.icegreen.greenmail.store.FolderException;
import com.icegreen.greenmail.user.GreenMailUser;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.tocsin.lab.mail.MailOptions.Login;
import jakarta.mail.Flags;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Date;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one mailbox of the server, read over IMAP: GreenMail's store and protocol. */
final class BounceMailbox implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BounceMailbox.class);

    private final GreenMail imap;
    private final ImapHostManager folders;
    private final GreenMailUser owner;
    private final Session session = Session.getInstance(new Properties());

    private BounceMailbox(GreenMail imap, Login login) {
        this.imap = imap;
        this.folders = imap.getManagers().getImapHostManager();
        this.owner = imap.setUser(login.user() + "@mail.lab.example", login.user(), login.password());
    }

    /** @throws IOException if the port is taken */
    static BounceMailbox start(int port, Login login) throws IOException {
        var imap = new GreenMail(new ServerSetup(port, "127.0.0.1", ServerSetup.PROTOCOL_IMAP));
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(BounceMailbox.class.getClassLoader());
        try {
            imap.start();
            return new BounceMailbox(imap, login);
        } catch (IllegalStateException taken) {
            imap.stop();
            throw new IOException("imap-port: cannot listen on 127.0.0.1:" + port, taken);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    int port() {
        return imap.getImap().getPort();
    }

    void deliver(byte[] mail) {
        try {
            var message = new MimeMessage(session, new ByteArrayInputStream(mail));
            folders.getInbox(owner).appendMessage(message, new Flags(), new Date());
        } catch (FolderException | MessagingException broken) {
            LOG.warn("lab-mail-undelivered", broken);
        }
    }

    int unread() {
        try {
            return folders.getInbox(owner).getUnseenCount();
        } catch (FolderException gone) {
            return 0;
        }
    }

    @Override
    public void close() {
        imap.stop();
    }
}
