package io.tocsin.routing.internal.ledger;

import io.tocsin.persistence.api.Database;
import io.tocsin.persistence.api.DatabaseException;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.Totals;
import io.tocsin.routing.internal.ledger.NewsReader.News;
import io.tocsin.routing.internal.ledger.NewsReader.Observed;
import io.tocsin.routing.internal.ledger.NewsReader.Reading;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where everybody of one open alert stands, kept in memory from look to look. Everybody is counted, by the SQL function of the
 * ledger, when there is a reason to: bad news, a wave opened or closed, an observation that was missed. In between good news
 * is added, person by person: delivered, answered. A byte a person, five more a target. One look at a time.
 */
final class OpenFigures {
    private static final Logger LOG = LoggerFactory.getLogger(OpenFigures.class);

    /** Counting everybody rests so many times as long as it took; without a reason, much longer. */
    private static final int REST = 9;

    private static final int REST_WITHOUT_REASON = 99;

    /** A count that takes less is part of a look, reason or not; a longer one goes on behind what is shown meanwhile. */
    private static final Duration SHORT = Duration.ofMillis(100);

    /** What a count that was not made is taken to take. */
    private static final long NANOS_A_PERSON = 5_000;

    /** From so many people on, nobody counts those of an alert of whom nothing is known yet. */
    private final int crowd;

    private final Database database;
    private final Executor counter;
    private final LongSupplier nanoTime;
    private final Alert alert;

    private NewsReader reader;
    private Deliveries deliveries;
    private Count last;
    /** Whether there is news since the last count began that only a count can tell. */
    private boolean unsettled;

    /** As of the last look: few are places where the alert was published, they are always counted. */
    private long published;

    /** What a count that goes on will put here; null: none goes on. */
    private AtomicReference<Result> counting;

    /** Good news since it began. */
    private final List<Reached> since = new ArrayList<>();

    /** Good news of a person. */
    private record Reached(int recipientNo, boolean answered) {}

    /**
     * Everybody, counted.
     *
     * @param before what was known when it began
     * @param took nanoseconds
     */
    private record Count(People people, Known before, long at, long took) {}

    /** What else decides where people stand: steps, waves opened and closed, decisions due. */
    private record Outlook(int recipients, int step, long waves, long closed, long targets, String decisions) {}

    /** @param known see {@link News} */
    private record Known(Outlook outlook, long known, long told) {}

    /** What one transaction read. */
    private record Seen(Reading reading, Known known, long published) {}

    /** @param count null: it failed */
    private record Result(Count count) {}

    OpenFigures(Database database, Executor counter, LongSupplier nanoTime, int crowd, Alert alert) {
        this.database = database;
        this.counter = counter;
        this.nanoTime = nanoTime;
        this.crowd = crowd;
        this.alert = alert;
    }

    /** Brings the figures up to now. */
    Totals look() {
        if (last == null || !follow()) {
            begin();
        }
        return last.people.totals(published);
    }

    private void begin() {
        last = null;
        counting = null;
        since.clear();
        unsettled = false;
        reader = new NewsReader(alert);
        deliveries = new Deliveries(alert);
        Known before =
                done(database.inTenant(alert.tenantId(), connection -> seen(connection, reader.read(connection))));
        Optional<People> untouched = alert.recipients() < crowd ? Optional.empty() : untouched(before);
        if (untouched.isPresent()) {
            long likely = Math.max(SHORT.toNanos(), NANOS_A_PERSON * alert.recipients());
            last = new Count(untouched.get(), before, nanoTime.getAsLong(), likely);
        } else {
            last = count(before);
        }
    }

    /** @return whether that was possible: nobody looked for too long, else */
    private boolean follow() {
        List<Reached> reached = new ArrayList<>();
        List<Integer> underWay = new ArrayList<>();
        Optional<Seen> seen = database.inTenant(alert.tenantId(), connection -> {
            Reading reading = reader.read(connection);
            if (reading.isTooMuch()) {
                return Optional.empty();
            }
            Seen now = seen(connection, reading);
            News news = reading.news();
            deliveries.add(connection, news.observed(), no -> reached.add(new Reached(no, false)), underWay::add);
            news.answered().forEach(no -> reached.add(new Reached(no, true)));
            unsettled |= news.observed().stream().anyMatch(OpenFigures::isBad);
            return Optional.of(now);
        });
        if (seen.isEmpty()) {
            return false;
        }
        Known known = done(seen.get());
        if (counting != null) {
            since.addAll(reached);
        }
        if (counting != null && counting.get() != null) {
            finish(counting.get());
        } else {
            apply(reached);
        }
        unsettled |= underWay.stream().anyMatch(no -> !last.people.awaits(no));
        if (counting == null && isDue(known)) {
            countAgain(known);
        }
        return true;
    }

    private void countAgain(Known known) {
        if (last.took < SHORT.toNanos()) {
            last = count(known);
            unsettled = false;
        } else {
            countLater(known);
        }
    }

    private Seen seen(Connection connection, Reading reading) throws SQLException {
        News news = reading.news();
        return new Seen(reading, new Known(outlook(connection), news.known(), news.told()), published(connection));
    }

    /** What was read counts as given once its transaction is over, well. */
    private Known done(Seen seen) {
        seen.reading.done();
        published = seen.published;
        return seen.known;
    }

    private static boolean isBad(Observed each) {
        return !each.kind().equals("delivered") && !Deliveries.isUnderWay(each);
    }

    private void apply(List<Reached> reached) {
        for (Reached each : reached) {
            if (each.answered) {
                last.people.answered(each.recipientNo);
            } else {
                last.people.delivered(each.recipientNo);
            }
        }
    }

    /** What was good news while everybody was counted is told again. */
    private void finish(Result finished) {
        counting = null;
        if (finished.count == null) {
            unsettled = true;
        } else {
            last = finished.count;
        }
        apply(since);
        since.clear();
    }

    private boolean isDue(Known now) {
        boolean reason = unsettled
                || last.took < SHORT.toNanos()
                || !now.outlook.equals(last.before.outlook)
                || now.told - last.before.told > now.known - last.before.known;
        return nanoTime.getAsLong() - last.at - last.took > (reason ? REST : REST_WITHOUT_REASON) * last.took;
    }

    private Count count(Known before) {
        long from = nanoTime.getAsLong();
        People people = database.inTenant(
                alert.tenantId(), connection -> People.count(connection, alert.tenantId(), alert.alertId()));
        return new Count(people, before, from, nanoTime.getAsLong() - from);
    }

    private void countLater(Known before) {
        AtomicReference<Result> coming = new AtomicReference<>();
        try {
            counter.execute(() -> {
                Count count = null;
                try {
                    count = count(before);
                } catch (DatabaseException away) {
                    LOG.debug(
                            "totals.waiting tenant={} alert={} sqlState={}",
                            alert.tenantId(),
                            alert.alertId(),
                            away.sqlState());
                } finally {
                    coming.set(new Result(count));
                }
            });
            counting = coming;
            unsettled = false;
        } catch (RejectedExecutionException stopping) {
            LOG.debug("totals.stopping tenant={} alert={}", alert.tenantId(), alert.alertId());
        }
    }

    private long published(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("select alert_published(?, ?)")) {
            query.setInt(1, alert.tenantId());
            query.setLong(2, alert.alertId());
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** Leaves the connection set up for a few rows. */
    private Outlook outlook(Connection connection) throws SQLException {
        Plans.fewRows(connection);
        try (PreparedStatement query = connection.prepareStatement(
                """
                select l.recipients, l.step, w.waves, w.closed, w.targets, concat(
                    (select min(f.due_at) from followup f where f.tenant_id = ? and f.alert_id = ?), ' ',
                    (select max(f.due_at) from followup f where f.tenant_id = ? and f.alert_id = ?))
                from alert l
                cross join (
                    select count(*) as waves, count(closed_at) as closed, coalesce(sum(targets), 0) as targets
                    from wave where tenant_id = ? and alert_id = ?
                ) w
                where l.tenant_id = ? and l.alert_id = ?
                """)) {
            for (int i = 0; i < 4; i++) {
                query.setInt(2 * i + 1, alert.tenantId());
                query.setLong(2 * i + 2, alert.alertId());
            }
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return new Outlook(
                        row.getInt(1), row.getInt(2), row.getLong(3), row.getLong(4), row.getLong(5), row.getString(6));
            }
        }
    }

    /**
     * Everybody of an alert of whom nothing was observed yet and whose only wave is open: there the law needs no count. Who
     * has a target is undecided; only the others are looked at.
     */
    private Optional<People> untouched(Known before) {
        if (before.told > 0 || before.outlook.waves != 1 || before.outlook.closed > 0) {
            return Optional.empty();
        }
        return database.inTenant(alert.tenantId(), connection -> {
            try (PreparedStatement query = connection.prepareStatement(
                    """
                    select w.targets from wave w join alert l on l.tenant_id = w.tenant_id and l.alert_id = w.alert_id
                    where w.tenant_id = ? and w.alert_id = ? and w.closed_at is null and l.recipients = ?
                      and l.state in ('running', 'paused')
                      and (select count(*) from wave v where v.tenant_id = w.tenant_id and v.alert_id = w.alert_id) = 1
                      and not exists (select from tally t where t.tenant_id = w.tenant_id and t.alert_id = w.alert_id)
                      and not exists (select from answer n where n.tenant_id = w.tenant_id and n.alert_id = w.alert_id)
                    """)) {
                query.setInt(1, alert.tenantId());
                query.setLong(2, alert.alertId());
                query.setInt(3, alert.recipients());
                try (ResultSet row = query.executeQuery()) {
                    if (!row.next()) {
                        return Optional.empty();
                    }
                    People people = People.pending(alert.recipients());
                    if (row.getInt(1) < alert.recipients()) {
                        people.lookAtUntargeted(connection, alert.tenantId(), alert.alertId());
                    }
                    return Optional.of(people);
                }
            }
        });
    }
}
