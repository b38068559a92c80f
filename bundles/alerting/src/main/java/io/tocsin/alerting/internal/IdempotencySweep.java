package io.tocsin.alerting.internal;

import io.tocsin.persistence.api.Database;
import io.tocsin.persistence.api.DatabaseException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets the keys of launches when their time is over: from then on the same key launches again. Every node does it; a
 * row that another node deleted is not there any more.
 */
@Component(service = IdempotencySweep.class, immediate = true, configurationPid = AlertingSettings.PID)
public final class IdempotencySweep {
    private static final Logger LOG = LoggerFactory.getLogger(IdempotencySweep.class);
    private static final Duration EVERY = Duration.ofMinutes(10);
    /** Small transactions: nobody who launches waits for one. */
    private static final int AT_ONCE = 5_000;

    private final Database database;
    private final Duration kept;
    private final Clock clock;
    private final ScheduledExecutorService timer;

    @Activate
    public IdempotencySweep(@Reference Database database, AlertingSettings settings) {
        this(database, Duration.ofHours(Math.max(1, settings.idempotencyHours())), Clock.systemUTC());
        timer.scheduleWithFixedDelay(this::sweepSafely, 1, EVERY.toMinutes(), TimeUnit.MINUTES);
    }

    /** Without a timer: {@link #sweep} is called by hand. */
    IdempotencySweep(Database database, Duration kept, Clock clock) {
        this.database = database;
        this.kept = kept;
        this.clock = clock;
        this.timer = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "tocsin-idempotency");
            thread.setDaemon(true);
            return thread;
        });
    }

    @Deactivate
    void stop() throws InterruptedException {
        timer.shutdown();
        if (!timer.awaitTermination(10, TimeUnit.SECONDS)) {
            timer.shutdownNow();
        }
    }

    /** A timer that throws never runs again: what the database refuses now is tried at the next turn. */
    private void sweepSafely() {
        try {
            int forgotten = sweep();
            if (forgotten > 0) {
                LOG.info("alert.idempotency.forgotten keys={} hours={}", forgotten, kept.toHours());
            }
        } catch (DatabaseException e) {
            LOG.warn("alert.idempotency.delayed sqlstate={}", e.sqlState());
        } catch (RuntimeException e) {
            LOG.error("alert.idempotency.failed", e);
        }
    }

    /** @return how many keys were forgotten */
    int sweep() {
        Instant before = clock.instant().minus(kept);
        int forgotten = 0;
        int some;
        do {
            some = database.asEngine(connection -> forget(connection, before));
            forgotten += some;
        } while (some == AT_ONCE);
        return forgotten;
    }

    private static int forget(Connection connection, Instant before) throws SQLException {
        String forget =
                """
                delete from idempotency where ctid = any (array(
                    select ctid from idempotency where created_at < ? limit ?))
                """;
        try (PreparedStatement delete = connection.prepareStatement(forget)) {
            delete.setObject(1, before.atOffset(ZoneOffset.UTC));
            delete.setInt(2, AT_ONCE);
            return delete.executeUpdate();
        }
    }
}
