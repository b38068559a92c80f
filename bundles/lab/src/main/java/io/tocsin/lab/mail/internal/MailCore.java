package io.tocsin.lab.mail.internal;

import io.tocsin.lab.mail.MailCounters;
import io.tocsin.lab.mail.MailOptions;
import io.tocsin.lab.mail.MailScript;
import io.tocsin.lab.mail.ReceivedMail;
import io.tocsin.lab.people.Dice;
import java.io.IOException;
import java.net.Socket;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;

/** Ties the parts together: the SMTP side hands mails over, the rest happens later on the clock's threads. */
public final class MailCore implements AutoCloseable {
    private static final int CLOCK_THREADS = 6;

    private final ScheduledThreadPoolExecutor clock;
    private final BounceMailbox mailbox;
    private final MailRecord record;
    private final MailPeople people;
    private final SmtpCounts counts = new SmtpCounts();
    private final LoopbackServer smtp;
    private final LoopbackServer imap;
    private final LongAdder reports = new LongAdder();
    private volatile MailOptions options;
    private volatile boolean refusing;
    private volatile MailScript script = MailScript.none();

    private MailCore(MailOptions options) throws IOException {
        this.options = options;
        var number = new AtomicInteger();
        this.clock = new ScheduledThreadPoolExecutor(CLOCK_THREADS, task -> {
            var thread = new Thread(task, "lab-mail-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        clock.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        this.mailbox = new BounceMailbox(Clock.systemUTC());
        this.record = new MailRecord(options.maxRecorded());
        this.people = new MailPeople(clock, mailbox);
        this.imap = LoopbackServer.start(
                "imap", options.imapPort(), socket -> new ImapSession(socket, mailbox, options.mailbox()));
        try {
            this.smtp = LoopbackServer.start("smtp", options.smtpPort(), this::smtpSession);
        } catch (IOException taken) {
            imap.close();
            clock.shutdownNow();
            throw taken;
        }
    }

    private LoopbackServer.Session smtpSession(Socket socket) {
        if (refusing) {
            return null;
        }
        counts.connections().increment();
        return new SmtpSession(socket, this, counts, smtpConnections() >= options.maxConnections());
    }

    private int smtpConnections() {
        LoopbackServer listening = smtp;
        return listening == null ? 0 : listening.connections();
    }

    public static MailCore start(MailOptions options) throws IOException {
        return new MailCore(options);
    }

    public int smtpPort() {
        return smtp.port();
    }

    public int imapPort() {
        return imap.port();
    }

    public MailOptions options() {
        return options;
    }

    public void options(MailOptions now) {
        options = now;
    }

    public void script(MailScript now) {
        script = now;
    }

    MailScript script() {
        return script;
    }

    public void dropConnections() {
        smtp.dropConnections();
    }

    public void refuseConnections(boolean refuse) {
        refusing = refuse;
    }

    public void deliver(byte[] mail) {
        mailbox.deliver(mail);
    }

    public int unread() {
        return mailbox.unread();
    }

    public int mailsTo(String recipient) {
        return record.mailsTo(recipient);
    }

    public List<ReceivedMail> lastMails() {
        return record.last();
    }

    public void reset() {
        record.reset();
        counts.reset();
        people.reset();
        reports.reset();
    }

    public MailCounters counters() {
        return new MailCounters(
                counts.connections().sum(),
                record.accepted(),
                counts.refused().sum(),
                counts.dropped().sum(),
                record.recipients(),
                record.duplicates(),
                reports.sum(),
                people.webAnswers(),
                people.webFailures(),
                people.mailAnswers());
    }

    /** A mail the SMTP side has just taken. Called on the connection's thread; only looks and schedules. */
    void taken(ReceivedMail mail) {
        int nth = record.add(mail);
        MailOptions now = options;
        boolean bounces = matches(now.bounces(), mail.recipient());
        String notify = mail.parameters().getOrDefault("NOTIFY", "FAILURE");
        boolean wanted = bounces ? notify.contains("FAILURE") : now.successReports() && notify.contains("SUCCESS");
        if (wanted && !mail.sender().isEmpty()) {
            byte[] report = DeliveryReport.of(mail, bounces ? DeliveryReport.FAILED : DeliveryReport.DELIVERED);
            after(now.reportDelay().toMillis(), () -> {
                mailbox.deliver(report);
                reports.increment();
            });
        }
        if (!bounces) {
            people.reads(mail, now, new Dice(now.seed(), mail.recipient(), nth));
        }
    }

    private void after(long millis, Runnable task) {
        if (!clock.isShutdown()) {
            clock.schedule(task, millis, TimeUnit.MILLISECONDS);
        }
    }

    static boolean matches(Iterable<String> patterns, String address) {
        for (String pattern : patterns) {
            if (matches(pattern, address)) {
                return true;
            }
        }
        return false;
    }

    static boolean matches(String pattern, String address) {
        String expression = Pattern.quote(pattern).replace("*", "\\E.*\\Q");
        return Pattern.compile(expression, Pattern.CASE_INSENSITIVE)
                .matcher(address)
                .matches();
    }

    @Override
    public void close() {
        smtp.close();
        imap.close();
        clock.shutdownNow();
    }
}
