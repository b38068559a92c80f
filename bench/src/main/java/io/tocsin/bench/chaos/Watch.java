package io.tocsin.bench.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Looks on at an alert from outside, on two threads of its own: ten times a second at what the carrier has taken, and twice a
 * second, whenever the database answers, whether more has left than was intended. The carrier is asked first, so that at no
 * moment it may have more than the intents on disk that are read after.
 */
final class Watch implements AutoCloseable {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);
    private static final Duration BETWEEN_INTENTS = Duration.ofMillis(500);

    private static final String INTENDED =
            """
            select coalesce(sum(watermark - first_position), 0) from batch where tenant_id = ? and alert_id = ?
            """;

    private final Site site;
    private final int tenantId;
    private final Throughput throughput = new Throughput();
    private final AtomicLong alert = new AtomicLong();
    private final AtomicLong looks = new AtomicLong();
    private final AtomicReference<String> ahead = new AtomicReference<>();
    private final Thread carrier = new Thread(this::watchCarrier, "watch-carrier");
    private final Thread intents = new Thread(this::watchIntents, "watch-intents");
    private volatile boolean closed;

    private Watch(Site site, int tenantId) {
        this.site = site;
        this.tenantId = tenantId;
    }

    static Watch start(Site site) throws SQLException {
        Watch watch = new Watch(site, site.tenantId());
        watch.carrier.setDaemon(true);
        watch.intents.setDaemon(true);
        watch.carrier.start();
        watch.intents.start();
        return watch;
    }

    /** From now on there are intents to be looked at. */
    void alert(long alertId) {
        alert.set(alertId);
    }

    Throughput throughput() {
        return throughput;
    }

    /** How often the carrier was held against the intents. */
    long looks() {
        return looks.get();
    }

    /** The first time that more had left than was intended, in words; empty: never. */
    Optional<String> ahead() {
        return Optional.ofNullable(ahead.get());
    }

    private void watchCarrier() {
        while (!closed) {
            try {
                long messages = site.smsc().stats().get("messages").asLong();
                throughput.add(System.nanoTime(), messages);
            } catch (IOException e) {
                throw new IllegalStateException("the simulated carrier does not answer", e);
            } catch (InterruptedException e) {
                return;
            }
            Site.pause(BETWEEN_LOOKS);
        }
    }

    private void watchIntents() {
        while (!closed) {
            Site.pause(BETWEEN_INTENTS);
            if (alert.get() > 0) {
                try {
                    compare();
                } catch (SQLException | IOException | UncheckedIOException | IllegalStateException e) {
                    // The database is away, or has no connection left: that is what is being done to it.
                } catch (InterruptedException e) {
                    return;
                }
            }
        }
    }

    private void compare() throws SQLException, IOException, InterruptedException {
        try (Connection connection = site.node().database();
                PreparedStatement query = connection.prepareStatement(INTENDED)) {
            long taken = site.smsc().stats().get("messages").asLong();
            query.setInt(1, tenantId);
            query.setLong(2, alert.get());
            try (ResultSet row = query.executeQuery()) {
                row.next();
                long intended = row.getLong(1);
                looks.incrementAndGet();
                if (taken > intended) {
                    ahead.compareAndSet(
                            null, "the carrier had " + taken + " messages when " + intended + " were intended");
                }
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            carrier.join();
            intents.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
