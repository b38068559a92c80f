package io.tocsin.channel.mail.internal;

import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.mail.internal.MailSettings.Mailbox;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.FetchProfile;
import jakarta.mail.Flags;
import jakarta.mail.Flags.Flag;
import jakarta.mail.Folder;
import jakarta.mail.FolderNotFoundException;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Store;
import jakarta.mail.UIDFolder;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.search.AndTerm;
import jakarta.mail.search.FlagTerm;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.mail.JavaMailSender;
import org.apache.camel.component.mail.MailConsumer;
import org.eclipse.angus.mail.imap.IMAPFolder;
import org.eclipse.angus.mail.imap.IMAPMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls a mailbox in rounds after one search: one fetch of up to a hundred mails, all of them given to the route
 * together, one flagging of those whose event was stored. camel-mail's own round takes five or more round trips a mail and waits
 * for each mail's commit: bounces of a large alert would take hours over a distant link.
 *
 * <p>A mail is flagged only after its exchange ended without error; any other is met again on the next poll.
 */
final class MailboxConsumer extends MailConsumer {
    /** Exchange property: true once the mail is known to be one of ours to dispose of. */
    static final String RECOGNISED = "tocsin.mail.recognised";

    private static final Logger LOG = LoggerFactory.getLogger(MailboxConsumer.class);
    private static final int ROUND = 100;
    private static final int WHOLE_BYTES = 256 * 1024;
    private static final int READ_BYTES = 2 * 1024 * 1024;
    private static final long STORED_WITHIN_SECONDS = 60;

    private final JavaMailSender sender;
    private final MailAccount account;
    private final Mailbox mailbox;
    private final Consumer<ChannelHealth> health;
    private Store store;
    private Folder folder;
    private String trouble = "";

    MailboxConsumer(
            MailboxEndpoint endpoint,
            Processor processor,
            JavaMailSender sender,
            MailAccount account,
            Mailbox mailbox,
            Consumer<ChannelHealth> health) {
        super(endpoint, processor, sender);
        this.sender = sender;
        this.account = account;
        this.mailbox = mailbox;
        this.health = health;
    }

    @Override
    protected int poll() {
        forceConsumerAsReady();
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(account.classes());
        try {
            int read = rounds(opened());
            said("");
            return read;
        } catch (AuthenticationFailedException refused) {
            said("imap-login-refused: check imap-user and imap-password");
        } catch (FolderNotFoundException absent) {
            said("imap-folder-absent: check imap-folder");
        } catch (MessagingException | IOException unreachable) {
            said("imap-not-connected");
        } finally {
            thread.setContextClassLoader(before);
        }
        disconnect();
        return 0;
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        disconnect();
    }

    private Folder opened() throws MessagingException {
        if (store == null) {
            var server = mailbox.server();
            var credentials = server.credentials().orElseThrow();
            store = sender.getSession().getStore(server.protocol("imap"));
            store.connect(server.host(), server.port(), credentials.user(), credentials.password());
            folder = store.getFolder(mailbox.folder());
            folder.open(Folder.READ_WRITE);
        }
        folder.getMessageCount(); // a NOOP on a connection that was quiet: finds out whether it still lives
        return folder;
    }

    private int rounds(Folder from) throws MessagingException, IOException {
        Message[] found = from.search(
                new AndTerm(new FlagTerm(new Flags(Flag.SEEN), false), new FlagTerm(new Flags(Flag.DELETED), false)));
        int flagged = 0;
        for (int start = 0;
                start < found.length && isRunAllowed() && !account.sockets().closed();
                start += ROUND) {
            int done = round(from, Arrays.copyOfRange(found, start, Math.min(found.length, start + ROUND)));
            flagged += done;
            if (done == 0) {
                break; // nothing can be stored now: do not read the rest for nothing
            }
        }
        if (flagged > 0 && mailbox.delete()) {
            from.expunge();
        }
        return flagged; // zero ends a greedy sequence of polls: what failed waits for the next interval
    }

    private int round(Folder from, Message[] mails) throws MessagingException, IOException {
        fetch(from, mails);
        var exchanges = new ArrayList<Exchange>(mails.length);
        var stored = new ArrayList<CompletableFuture<Void>>(mails.length);
        for (Message mail : mails) {
            Exchange exchange = createExchange(false);
            exchange.getMessage().setBody(readable(mail));
            exchanges.add(exchange);
            stored.add(processed(exchange));
        }
        awaitAll(stored);
        int flagged = flag(from, mails, exchanges, stored);
        exchanges.forEach(exchange -> releaseExchange(exchange, false));
        for (Message mail : mails) {
            ((IMAPMessage) mail).invalidateHeaders(); // lets the content go while later rounds run
        }
        return flagged;
    }

    private static void fetch(Folder from, Message[] mails) throws MessagingException {
        var size = new FetchProfile();
        size.add(UIDFolder.FetchProfileItem.UID);
        size.add(FetchProfile.Item.SIZE);
        from.fetch(mails, size);
        var small = new ArrayList<Message>();
        for (Message mail : mails) {
            if (mail.getSize() <= WHOLE_BYTES) {
                small.add(mail);
            }
        }
        var whole = new FetchProfile();
        whole.add(IMAPFolder.FetchProfileItem.MESSAGE);
        from.fetch(small.toArray(Message[]::new), whole);
    }

    /** The mail itself when it was fetched whole; of a large one its beginning, where the words are. */
    private MimeMessage readable(Message mail) throws MessagingException, IOException {
        var imap = (IMAPMessage) mail;
        imap.setPeek(true);
        if (imap.getSize() <= WHOLE_BYTES) {
            return imap;
        }
        try (InputStream beginning = imap.getMimeStream()) {
            return new MimeMessage(sender.getSession(), new ByteArrayInputStream(beginning.readNBytes(READ_BYTES)));
        }
    }

    private CompletableFuture<Void> processed(Exchange exchange) {
        var done = new CompletableFuture<Void>();
        getAsyncProcessor().process(exchange, synchronous -> {
            if (exchange.getException() == null) {
                done.complete(null);
            } else {
                done.completeExceptionally(exchange.getException());
            }
        });
        return done;
    }

    private static void awaitAll(List<CompletableFuture<Void>> stored) {
        try {
            CompletableFuture.allOf(stored.toArray(CompletableFuture[]::new))
                    .get(STORED_WITHIN_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException some) {
            LOG.debug("mail.receive.unstored {}", some.getClass().getSimpleName());
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private int flag(Folder from, Message[] mails, List<Exchange> exchanges, List<CompletableFuture<Void>> stored)
            throws MessagingException {
        var delete = new ArrayList<Message>();
        var keep = new ArrayList<Message>();
        for (int i = 0; i < mails.length; i++) {
            if (!stored.get(i).isDone() || stored.get(i).isCompletedExceptionally()) {
                continue;
            }
            boolean ours = exchanges.get(i).getProperty(RECOGNISED, false, Boolean.class);
            (ours && mailbox.delete() ? delete : keep).add(mails[i]);
        }
        if (!keep.isEmpty()) {
            from.setFlags(keep.toArray(Message[]::new), new Flags(Flag.SEEN), true);
        }
        if (!delete.isEmpty()) {
            from.setFlags(delete.toArray(Message[]::new), new Flags(Flag.DELETED), true);
        }
        return keep.size() + delete.size();
    }

    private void said(String now) {
        if (now.equals(trouble) || account.sockets().closed()) {
            return;
        }
        trouble = now;
        if (now.isEmpty()) {
            LOG.info("mail.imap.up account={}", account.id());
            health.accept(ChannelHealth.up());
        } else {
            LOG.warn("mail.imap.down account={} {}", account.id(), now);
            health.accept(ChannelHealth.down(now));
        }
    }

    private void disconnect() {
        try {
            if (folder != null && folder.isOpen()) {
                folder.close(false);
            }
            if (store != null) {
                store.close();
            }
        } catch (MessagingException alreadyBroken) {
            LOG.debug("mail.imap.close account={}", account.id());
        }
        folder = null;
        store = null;
    }
}
