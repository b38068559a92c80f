package io.tocsin.channel.mail.internal;

import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.SendOutcome.Retry;
import io.tocsin.channel.api.SendOutcome.Scope;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.net.SocketTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.apache.camel.component.mail.DefaultJavaMailSender;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Submits mails over connections it keeps open, where camel-mail's own sender opens one a message.
 *
 * <p>Each caller's thread borrows a connection for one mail; there are never more callers than connections allowed. When
 * the server cannot be reached, callers are told so at once and a probe tries again in the background.
 */
final class SubmissionPool extends DefaultJavaMailSender implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SubmissionPool.class);
    private static final Duration TRUSTED_IDLE = Duration.ofSeconds(20);

    private final String account;
    private final MailSettings settings;
    private final ScheduledExecutorService timer;
    private final Clock clock;
    private final Consumer<ChannelHealth> health;

    private final BlockingDeque<SubmissionTransport> idle = new LinkedBlockingDeque<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicBoolean probing = new AtomicBoolean();
    private final ReconnectPause reconnect;
    private volatile Outage outage;
    private volatile boolean closed;

    /** Why the server cannot be used, and until when nobody needs to try. */
    private record Outage(Retry outcome, Instant until) {}

    SubmissionPool(MailAccount account, Session session, Consumer<ChannelHealth> health) {
        this.account = account.id();
        this.settings = account.settings();
        this.timer = account.timer();
        this.clock = account.clock();
        this.health = health;
        this.reconnect = new ReconnectPause(settings.retryInterval(), new Random()::nextDouble);
        setSession(session);
        setJavaMailProperties(session.getProperties());
        setProtocol(settings.smtp().protocol("smtp"));
    }

    /** Opens a first connection in the background, and again for as long as that fails. */
    void start() {
        probeAfter(Duration.ZERO);
    }

    /**
     * Submits one {@link OutboundMail}; blocks until the server answered.
     *
     * @throws SubmissionFailure with the outcome when the mail was not accepted
     */
    @Override
    public void send(MimeMessage message) throws MessagingException {
        var mail = (OutboundMail) message;
        SubmissionTransport connection = borrow();
        try {
            connection.submit(mail);
        } catch (MessagingException failed) {
            if (!wentStale(connection)) {
                throw failure(connection, failed);
            }
            discard(connection);
            dropIdle();
            connection = connect();
            try {
                connection.submit(mail);
            } catch (MessagingException failedAgain) {
                throw failure(connection, failedAgain);
            }
        } catch (RuntimeException broken) {
            discard(connection);
            throw broken;
        }
        putBack(connection);
    }

    /** Closes every idle connection; those in use close when their mail is done. Idempotent. */
    @Override
    public void close() {
        closed = true;
        dropIdle();
    }

    /** A connection kept from an earlier mail may have been closed by the server meanwhile; nothing of this mail left then. */
    private static boolean wentStale(SubmissionTransport connection) {
        return connection.idleSince() != Instant.MIN
                && connection.phase() == SubmissionTransport.Phase.SENDER
                && (connection.reply().silent() || connection.reply().code() == 421);
    }

    private SubmissionFailure failure(SubmissionTransport connection, MessagingException failed) {
        SmtpReply reply = connection.reply();
        if (reply.silent() || reply.code() == 421) {
            discard(connection);
        } else {
            putBack(connection);
        }
        return new SubmissionFailure(
                SubmissionVerdict.of(connection.phase(), reply, timedOut(failed), settings.retryInterval()));
    }

    private SubmissionTransport borrow() throws MessagingException {
        SubmissionTransport kept;
        while ((kept = idle.pollFirst()) != null) {
            if (kept.open() && (fresh(kept) || kept.isConnected())) {
                return kept;
            }
            discard(kept);
        }
        Outage now = outage;
        if (now != null && open.get() == 0 && clock.instant().isBefore(now.until())) {
            throw new SubmissionFailure(now.outcome());
        }
        return connect();
    }

    private boolean fresh(SubmissionTransport kept) {
        return Duration.between(kept.idleSince(), clock.instant()).compareTo(TRUSTED_IDLE) < 0;
    }

    /** Opens a connection; if the server only refuses one more, waits for one of those it already granted. */
    private SubmissionTransport connect() throws MessagingException {
        try {
            return opened();
        } catch (SubmissionFailure refused) {
            if (open.get() == 0) {
                throw refused;
            }
            health.accept(new ChannelHealth(
                    ChannelHealth.State.DEGRADED,
                    open.get() + " of " + settings.connections() + " connections: " + word(refused)));
            return waitForIdle().orElseThrow(() -> refused);
        }
    }

    private Optional<SubmissionTransport> waitForIdle() {
        Instant until = clock.instant().plus(settings.smtp().responseTimeout());
        try {
            while (open.get() > 0 && !closed && clock.instant().isBefore(until)) {
                SubmissionTransport freed = idle.pollFirst(100, TimeUnit.MILLISECONDS);
                if (freed != null) {
                    return Optional.of(freed);
                }
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
        return Optional.empty();
    }

    private SubmissionTransport opened() throws SubmissionFailure {
        MailServer server = settings.smtp();
        var connection = new SubmissionTransport(getSession(), server);
        try {
            var credentials = server.credentials();
            connection.connect(
                    server.host(),
                    server.port(),
                    credentials.map(MailServer.Credentials::user).orElse(null),
                    credentials.map(MailServer.Credentials::password).orElse(null));
        } catch (MessagingException unreachable) {
            throw outage(connection.reply(), unreachable);
        }
        open.incrementAndGet();
        reconnect.reached();
        if (outage != null) {
            LOG.info("mail.smtp.up account={}", account);
            outage = null;
        }
        health.accept(ChannelHealth.up());
        return connection;
    }

    private SubmissionFailure outage(SmtpReply reply, MessagingException unreachable) {
        boolean login = SubmissionVerdict.loginRefused(reply) || unreachable instanceof AuthenticationFailedException;
        Duration pause = reconnect.next(login);
        String code = reply.code() >= 400 ? reply.word() : login ? "login-refused" : connectionWord(unreachable);
        var retry = new Retry(code, pause, Scope.ACCOUNT);
        if (open.get() == 0 && !closed) {
            if (outage == null) {
                LOG.warn("mail.smtp.down account={} code={}", account, code);
            }
            outage = new Outage(retry, clock.instant().plus(pause));
            health.accept(ChannelHealth.down(
                    login ? code + ": the server refuses the login; check user and password" : code));
            probeAfter(pause);
        }
        return new SubmissionFailure(retry);
    }

    private void probeAfter(Duration pause) {
        if (closed || !probing.compareAndSet(false, true)) {
            return;
        }
        try {
            timer.schedule(this::probe, pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closing) {
            probing.set(false);
        }
    }

    private void probe() {
        probing.set(false);
        if (closed || open.get() > 0) {
            return;
        }
        try {
            putBack(opened());
        } catch (SubmissionFailure stillDown) {
            LOG.debug("mail.smtp.probe account={} code={}", account, word(stillDown));
        }
    }

    private void putBack(SubmissionTransport connection) {
        if (closed || !connection.open()) {
            discard(connection);
            return;
        }
        connection.putAside(clock.instant());
        idle.addFirst(connection);
        if (closed) {
            dropIdle();
        }
    }

    private void dropIdle() {
        SubmissionTransport kept;
        while ((kept = idle.pollFirst()) != null) {
            discard(kept);
        }
    }

    private void discard(SubmissionTransport connection) {
        open.decrementAndGet();
        try {
            connection.close();
        } catch (MessagingException alreadyBroken) {
            LOG.debug("mail.smtp.close account={}", account);
        }
    }

    private static String word(SubmissionFailure failure) {
        return failure.outcome() instanceof Retry retry ? retry.code() : "refused";
    }

    private static String connectionWord(MessagingException unreachable) {
        for (Throwable cause = unreachable; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException) {
                return "tls-failed";
            }
        }
        if (String.valueOf(unreachable.getMessage()).startsWith("STARTTLS is required")) {
            return "starttls-not-offered";
        }
        return timedOut(unreachable) ? "connect-timeout" : "not-connected";
    }

    private static boolean timedOut(MessagingException failed) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketTimeoutException) {
                return true;
            }
        }
        return false;
    }
}
