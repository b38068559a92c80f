package io.tocsin.routing.internal.engine;

import io.tocsin.routing.internal.LogScope;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks whether a channel that was closed took its threads along, and names those it left; nothing can end them. */
final class Departure implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Departure.class);
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final long POLL_MILLIS = 250;

    private final String account;
    private final Guest guest;

    Departure(String account, Guest guest) {
        this.account = account;
        this.guest = guest;
    }

    /** Returns at once; without a thread left there is nothing to look for. */
    void begin() {
        if (!guest.left().isEmpty()) {
            Thread looking = new Thread(this, "departure-" + account);
            looking.setDaemon(true);
            looking.start();
        }
    }

    @Override
    public void run() {
        long until = System.nanoTime() + GRACE.toNanos();
        List<String> left = guest.left();
        try {
            while (!left.isEmpty() && System.nanoTime() - until < 0) {
                Thread.sleep(POLL_MILLIS);
                left = guest.left();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        if (!left.isEmpty()) {
            try (LogScope about = LogScope.account(account)) {
                LOG.warn("channel.threads-left account={} threads={}", account, left);
            }
        }
    }
}
