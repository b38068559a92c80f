package io.tocsin.routing.internal.ledger;

import io.tocsin.persistence.api.Database;
import io.tocsin.persistence.api.DatabaseException;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.Totals;
import io.tocsin.routing.internal.ledger.GoodNews.Mark;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where everybody of one alert stands, kept in memory while somebody watches. Now and then everybody is counted, by the SQL
 * function of the ledger; in between the good news since is added, person by person: delivered, answered. A byte a person.
 *
 * <p>Whoever asks while another does waits: there is one look at a time, whatever the number of screens.
 */
final class LiveBoard {
    private static final Logger LOG = LoggerFactory.getLogger(LiveBoard.class);

    /** Counting everybody rests so many times as long as it took; looking for good news half as many. */
    private static final int REST = 9;

    private static final int REST_OF_NEWS = 4;

    /** A count that takes less is waited for; a longer one goes on behind what is shown meanwhile. */
    private static final Duration SHORT = Duration.ofMillis(100);

    private final Database database;
    private final Executor counter;
    private final LongSupplier nanoTime;
    private final int tenantId;
    private final long alertId;

    private Count last;
    private End end;
    private boolean counting;
    private long newsAt;
    private long newsTook;
    private volatile long askedAt;

    /** Everybody, counted. @param at when it began, and how long it took: nanoseconds */
    private record Count(Alert.State state, People people, Mark mark, long at, long took) {}

    /** The totals of an alert that is over. @param endedAt tells this end from the one before a relaunch nobody watched */
    private record End(Optional<Instant> endedAt, Totals totals, long at, long took) {}

    LiveBoard(Database database, Executor counter, LongSupplier nanoTime, int tenantId, long alertId) {
        this.database = database;
        this.counter = counter;
        this.nanoTime = nanoTime;
        this.tenantId = tenantId;
        this.alertId = alertId;
    }

    void asked(long now) {
        askedAt = now;
    }

    long askedAt() {
        return askedAt;
    }

    /** @param alert as it is by now */
    synchronized Totals totals(Alert alert) {
        Alert.State state = alert.state();
        if (state == Alert.State.CLOSED || state == Alert.State.CANCELLED) {
            last = null;
            return ofEnded(alert.endedAt());
        }
        end = null;
        if (last == null || last.state != state || isDue() && last.took < SHORT.toNanos()) {
            last = count(state);
            newsTook = 0;
            return last.people.totals();
        }
        long now = nanoTime.getAsLong();
        if (now - newsAt >= REST_OF_NEWS * newsTook) {
            Mark news = database.inTenant(tenantId, c -> GoodNews.add(c, alert, last.mark, last.people));
            last = new Count(last.state, last.people, news, last.at, last.took);
            newsAt = nanoTime.getAsLong();
            newsTook = newsAt - now;
        }
        if (isDue() && !counting) {
            countLater(state);
        }
        return last.people.totals();
    }

    /** Late receipts still come, one by one: those who watch what is over share a count as well. */
    private Totals ofEnded(Optional<Instant> endedAt) {
        long now = nanoTime.getAsLong();
        if (end == null || !end.endedAt.equals(endedAt) || now - end.at - end.took > REST * end.took) {
            Totals totals = database.inTenant(tenantId, c -> LedgerViews.totals(c, tenantId, alertId));
            end = new End(endedAt, totals, now, nanoTime.getAsLong() - now);
        }
        return end.totals;
    }

    private boolean isDue() {
        return nanoTime.getAsLong() - last.at - last.took > REST * last.took;
    }

    private Count count(Alert.State state) {
        long from = nanoTime.getAsLong();
        return database.inTenant(tenantId, c -> {
            // before the count's own look, so that nothing falls between
            Mark mark = GoodNews.mark(c);
            People people = People.count(c, tenantId, alertId);
            return new Count(state, people, mark, from, nanoTime.getAsLong() - from);
        });
    }

    private void countLater(Alert.State state) {
        counting = true;
        try {
            counter.execute(() -> {
                try {
                    Count count = count(state);
                    counted(count);
                } catch (DatabaseException away) {
                    LOG.debug("totals.waiting tenant={} alert={} sqlState={}", tenantId, alertId, away.sqlState());
                } finally {
                    notCounting();
                }
            });
        } catch (RejectedExecutionException stopping) {
            counting = false;
        }
    }

    /** What was good news meanwhile is found again: the mark is of before the count. */
    private synchronized void counted(Count count) {
        if (last != null && last.state == count.state) {
            last = count;
        }
    }

    private synchronized void notCounting() {
        counting = false;
    }
}
