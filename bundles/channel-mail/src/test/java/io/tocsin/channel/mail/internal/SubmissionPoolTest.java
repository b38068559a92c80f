package io.tocsin.channel.mail.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.SendOutcome.Retry;
import io.tocsin.channel.api.SendOutcome.Scope;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server that goes away and returns, by a clock and a timer that only the test moves. */
class SubmissionPoolTest {
    private final StoodClock clock = new StoodClock();
    private final Timer timer = new Timer();
    private final List<ChannelHealth.State> health = new ArrayList<>();
    private LabPeer peer;
    private SubmissionPool pool;
    private MailComposer composer;

    @BeforeEach
    void start() throws Exception {
        peer = new LabPeer();
        Map<String, String> settings = new HashMap<>(peer.settings());
        settings.put("retry-interval", "4s");
        MailSettings read = MailSettings.of(new ChannelAccount("essai", settings));
        MailAccount account = new MailAccount("essai", read, new OpenSockets(), timer, MailClasses.create(), clock);
        Session session = Session.getInstance(read.smtp().session("smtp", account.sockets(), timer));
        composer = new MailComposer(read, session, clock);
        pool = new SubmissionPool(account, session, state -> health.add(state.state()));
    }

    @AfterEach
    void stop() {
        pool.close();
        timer.shutdownNow();
        peer.close();
    }

    @Test
    void triesAgainWithinFifteenSecondsForAsLongAsItTakes() {
        peer.mail().refuseConnections(true);
        pool.start();
        for (int failure = 0; failure < 12; failure++) {
            timer.next().run();
        }

        assertThat(timer.delays).hasSize(13);
        assertThat(timer.delays.get(0)).isZero();
        assertThat(timer.delays.get(1)).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(4));
        assertThat(timer.delays.get(2)).isBetween(Duration.ofSeconds(6), Duration.ofSeconds(8));
        assertThat(timer.delays.subList(3, 13))
                .allSatisfy(delay -> assertThat(delay).isBetween(Duration.ofMillis(11_250), Duration.ofSeconds(15)));
        assertThat(health).contains(ChannelHealth.State.DOWN).doesNotContain(ChannelHealth.State.UP);

        peer.mail().refuseConnections(false);
        timer.next().run();
        assertThat(health).endsWith(ChannelHealth.State.UP);
        assertThat(timer.waiting).as("nothing more to probe").isEmpty();
    }

    @Test
    void asksAnUnreachableServerNothingUntilThePauseIsOver() throws Exception {
        peer.mail().refuseConnections(true);
        pool.start();
        timer.next().run();
        peer.mail().refuseConnections(false);

        SubmissionFailure told = catchThrowableOfType(SubmissionFailure.class, () -> pool.send(mail("p1")));
        assertThat(told.outcome()).isInstanceOfSatisfying(Retry.class, retry -> {
            assertThat(retry.scope()).isEqualTo(Scope.ACCOUNT);
            assertThat(retry.code()).isEqualTo("not-connected");
            assertThat(retry.after()).isLessThanOrEqualTo(Duration.ofSeconds(4));
        });
        assertThat(peer.mail().counters().connections()).as("nobody tried").isZero();

        clock.plus(Duration.ofSeconds(4));
        pool.send(mail("p1"));
        assertThat(peer.accepted()).hasSize(1);
        assertThat(health).endsWith(ChannelHealth.State.UP);
    }

    private OutboundMail mail(String reference) throws Exception {
        String to = "habitant@commune.example";
        return composer.compose(Mails.message(reference, to), new InternetAddress(to));
    }

    /** Runs nothing by itself. */
    private static final class Timer extends ScheduledThreadPoolExecutor {
        private final List<Duration> delays = new ArrayList<>();
        private final Deque<Runnable> waiting = new ArrayDeque<>();

        private Timer() {
            super(1);
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
            delays.add(Duration.of(delay, unit.toChronoUnit()));
            waiting.add(task);
            return null;
        }

        private Runnable next() {
            return waiting.remove();
        }
    }

    /** Stands until it is moved. */
    private static final class StoodClock extends Clock {
        private Instant now = Instant.parse("2026-11-21T12:00:00Z");

        private void plus(Duration more) {
            now = now.plus(more);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
