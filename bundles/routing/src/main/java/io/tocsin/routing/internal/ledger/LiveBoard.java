package io.tocsin.routing.internal.ledger;

import io.tocsin.persistence.api.Database;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.Totals;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What is shown of one alert to all who watch it on this node: while it is open the figures that are kept in memory, of one
 * that has ended the ledger's own count, now and then.
 */
final class LiveBoard {
    private static final int REST = 2;
    private static final Duration LONGEST_REST = Duration.ofSeconds(1);

    private static final int REST_OF_ENDED = 9;
    private static final Duration LONGEST_REST_OF_ENDED = Duration.ofMinutes(5);

    private final Database database;
    private final ScheduledExecutorService counter;
    private final ScheduledExecutorService looker;
    private final LongSupplier nanoTime;
    private final int crowd;
    private volatile long askedAt;

    private Watch watch;
    private boolean ofEnded;
    /** Tells this end from the one before a relaunch nobody watched. */
    private Optional<Instant> endedAt = Optional.empty();

    /**
     * @param counter counts everybody, looker the news
     * @param crowd see {@link OpenFigures}
     */
    LiveBoard(
            Database database,
            ScheduledExecutorService counter,
            ScheduledExecutorService looker,
            LongSupplier nanoTime,
            int crowd) {
        this.database = database;
        this.counter = counter;
        this.looker = looker;
        this.nanoTime = nanoTime;
        this.crowd = crowd;
    }

    void asked(long now) {
        askedAt = now;
    }

    long askedAt() {
        return askedAt;
    }

    /** @param alert as it is by now */
    Totals totals(Alert alert) {
        return watch(alert).totals();
    }

    private synchronized Watch watch(Alert alert) {
        boolean ended = alert.state() == Alert.State.CLOSED || alert.state() == Alert.State.CANCELLED;
        if (watch == null || ended != ofEnded || ended && !endedAt.equals(alert.endedAt())) {
            watch = ended ? ofEnded(alert) : ofOpen(alert);
            ofEnded = ended;
            endedAt = alert.endedAt();
        }
        return watch;
    }

    private Watch ofOpen(Alert alert) {
        OpenFigures figures = new OpenFigures(database, counter, nanoTime, crowd, alert);
        return new Watch(figures::look, later(looker), nanoTime, REST, LONGEST_REST);
    }

    /** Late receipts still come, one by one. */
    private Watch ofEnded(Alert alert) {
        return new Watch(
                () -> database.inTenant(
                        alert.tenantId(), c -> LedgerViews.totals(c, alert.tenantId(), alert.alertId())),
                later(counter),
                nanoTime,
                REST_OF_ENDED,
                LONGEST_REST_OF_ENDED);
    }

    private static Watch.Later later(ScheduledExecutorService executor) {
        return (look, delay) -> executor.schedule(look, delay, TimeUnit.NANOSECONDS);
    }
}
