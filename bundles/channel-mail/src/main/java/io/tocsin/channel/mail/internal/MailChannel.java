package io.tocsin.channel.mail.internal;

import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelEvents;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.Preflight;
import io.tocsin.channel.api.SelfCheck;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.api.SendOutcome.Accepted;
import io.tocsin.channel.api.SendOutcome.Fault;
import io.tocsin.channel.api.SendOutcome.InDoubt;
import io.tocsin.channel.api.SendOutcome.Rejected;
import io.tocsin.channel.api.SendOutcome.Retry;
import io.tocsin.channel.api.SendOutcome.Scope;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.direct.DirectConsumerNotAvailableException;
import org.apache.camel.impl.DefaultCamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One mail account: a Camel context of its own, one thread a connection, and the routes {@code mail-ACCOUNT-submit} and
 * {@code mail-ACCOUNT-receive}.
 */
final class MailChannel implements Channel, Preflight, SelfCheck {
    private static final Logger LOG = LoggerFactory.getLogger(MailChannel.class);
    private static final Duration DRAIN = Duration.ofSeconds(8);

    private final MailAccount account;
    private final AccountHealth health;
    private final ExecutorService submitters;
    private final SubmissionPool pool;
    private final MailComposer composer;
    private final CamelContext camel;
    private final ProducerTemplate submit;
    private final Set<Pending> pending = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean closed = new AtomicBoolean();

    private MailChannel(String id, MailSettings settings, ChannelEvents events, Clock clock) {
        var classes = MailClasses.create();
        var timer = Executors.newScheduledThreadPool(2, threads(id, "timer", classes));
        this.account = new MailAccount(id, settings, new OpenSockets(), timer, classes, clock);
        this.health = new AccountHealth(events);
        this.submitters = Executors.newFixedThreadPool(settings.connections(), threads(id, "submit", classes));
        Session session = Session.getInstance(settings.smtp().session("smtp", account.sockets(), timer));
        session.getProperties().setProperty("mail." + settings.smtp().protocol("smtp") + ".quitwait", "false");
        this.pool = new SubmissionPool(account, session, health::sending);
        this.composer = new MailComposer(settings, session, clock);
        this.camel = new DefaultCamelContext();
        this.submit = camel.createProducerTemplate();
        MailRoutes.configure(camel, account, pool, events, health::mailbox);
    }

    /** Opens the account; does not wait for its servers. */
    static MailChannel open(String account, MailSettings settings, ChannelEvents events, Clock clock) {
        var channel = new MailChannel(account, settings, events, clock);
        try {
            channel.account.classes().during(channel.camel::start);
        } catch (RuntimeException failed) {
            channel.close();
            throw failed;
        }
        channel.submit.start();
        channel.pool.start();
        return channel;
    }

    @Override
    public CompletionStage<SendOutcome> send(OutboundMessage message) {
        var one = new Pending(message);
        pending.add(one);
        one.outcome.whenComplete((outcome, failure) -> pending.remove(one));
        try {
            submitters.execute(one);
        } catch (RejectedExecutionException closing) {
            one.neverStarted();
        }
        return one.outcome;
    }

    @Override
    public int window() {
        return account.settings().window();
    }

    @Override
    public ChannelHealth health() {
        return health.now();
    }

    /** The pool logs in as soon as the account is opened, and keeps looking while it cannot. */
    @Override
    public CompletionStage<ChannelHealth> check() {
        return health.known();
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        submitters.shutdown();
        boolean drained = awaitSubmitters(DRAIN);
        submitters.shutdownNow();
        pending.forEach(Pending::neverStarted);
        pool.close();
        account.sockets()
                .closeAll(); // ends reads that a silent server leaves hanging; each mail's outcome follows from its
        // phase
        if (!drained) {
            awaitSubmitters(Duration.ofSeconds(1));
        }
        pending.forEach(Pending::abandon);
        submit.stop();
        camel.stop();
        account.timer().shutdownNow();
    }

    @Override
    public String toString() {
        return "MailChannel[" + account.id() + "]";
    }

    @Override
    public Optional<Objection> objection(OutboundMessage message) {
        return MailAddresses.mailbox(message.address()).isPresent()
                ? Optional.empty()
                : Optional.of(new Objection("address-invalid", "write a mailbox, such as name@example.org"));
    }

    private boolean awaitSubmitters(Duration limit) {
        try {
            return submitters.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private SendOutcome submit(OutboundMessage message) {
        Optional<InternetAddress> recipient = MailAddresses.mailbox(message.address());
        if (recipient.isEmpty()) {
            return new Rejected("address-invalid", Fault.ADDRESS);
        }
        OutboundMail mail;
        try {
            mail = composer.compose(message, recipient.get());
        } catch (MessagingException unwritable) {
            LOG.warn("mail.compose.failed account={} reference={}", account.id(), message.reference());
            return new Rejected("content-unwritable", Fault.CONTENT);
        }
        Exchange exchange =
                submit.send(MailRoutes.SUBMIT, created -> created.getMessage().setBody(mail));
        if (exchange.getException() == null) {
            return new Accepted(mail.messageId());
        }
        if (exchange.getException() instanceof SubmissionFailure failure) {
            return failure.outcome();
        }
        if (exchange.getException() instanceof DirectConsumerNotAvailableException stopped) {
            return new Retry("route-stopped", account.settings().retryInterval(), Scope.ACCOUNT);
        }
        LOG.error(
                "mail.submit.failed account={} reference={}",
                account.id(),
                message.reference(),
                exchange.getException());
        return new InDoubt("internal-error");
    }

    private static ThreadFactory threads(String id, String role, MailClasses classes) {
        var number = new AtomicInteger();
        return task -> {
            var thread = new Thread(task, "mail-" + id + "-" + role + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            thread.setContextClassLoader(classes);
            return thread;
        };
    }

    /** A message between {@link #send} and its outcome. */
    private final class Pending implements Runnable {
        private final OutboundMessage message;
        private final AtomicBoolean started = new AtomicBoolean();
        private final CompletableFuture<SendOutcome> outcome = new CompletableFuture<>();

        Pending(OutboundMessage message) {
            this.message = message;
        }

        @Override
        public void run() {
            if (!started.compareAndSet(false, true)) {
                return;
            }
            try {
                outcome.complete(submit(message));
            } catch (RuntimeException unexpected) {
                LOG.error("mail.submit.failed account={} reference={}", account.id(), message.reference(), unexpected);
                outcome.complete(new InDoubt("internal-error"));
            }
        }

        void neverStarted() {
            if (started.compareAndSet(false, true)) {
                outcome.complete(new Retry("channel-closed", Duration.ZERO, Scope.ACCOUNT));
            }
        }

        void abandon() {
            outcome.complete(new InDoubt("channel-closed"));
        }
    }
}
