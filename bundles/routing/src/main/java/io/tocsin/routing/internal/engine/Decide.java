package io.tocsin.routing.internal.engine;

import io.tocsin.persistence.api.Database;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.DispatchPolicy.Step;
import io.tocsin.routing.api.DispatchPolicy.Until;
import io.tocsin.routing.internal.LogScope;
import io.tocsin.routing.internal.ledger.AlertRows;
import io.tocsin.routing.internal.ledger.LedgerStore;
import io.tocsin.routing.internal.ledger.Plans;
import io.tocsin.routing.internal.ledger.WaveWriter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fifth step: looks at each running alert and decides what comes next — retries and resends that are due, steps of the
 * cascade that are over, the end. One decider per alert at a time: it holds the alert's row, which whoever pauses, cancels
 * or relaunches holds too.
 */
final class Decide {
    private static final Logger LOG = LoggerFactory.getLogger(Decide.class);

    /** An exact count of the undecided may take this share of the time at most. */
    private static final int REST_FACTOR = 10;

    private static final Duration SHORTEST_REST = Duration.ofMillis(200);

    private final Database database;
    private final Lanes lanes;
    private final Clock clock;
    private final Counters counters;
    private final Map<Group, Long> nextCount = new HashMap<>();

    Decide(Database database, Lanes lanes, Clock clock, Counters counters) {
        this.database = database;
        this.lanes = lanes;
        this.clock = clock;
        this.counters = counters;
    }

    private record Pending(int tenantId, long alertId, boolean followups, boolean openWaves) {}

    /** A cascade or relaunch wave with its retries and resends. */
    private record Group(int tenantId, long alertId, int root) {}

    /** @param ended observations that may have ended somebody's way: a hint, from the tallies */
    private record GroupState(
            Group group,
            String kind,
            int step,
            String channel,
            int targets,
            Instant deadline,
            boolean drained,
            boolean leased,
            long ended,
            long delivered,
            long answered) {}

    /** Looks at every running alert once. @return how many of them something was decided about */
    int round() {
        List<Pending> running = database.asEngine(this::running);
        nextCount.keySet().removeIf(g -> running.stream().noneMatch(p -> p.alertId == g.alertId && p.openWaves));
        int decided = 0;
        for (Pending alert : running) {
            try (LogScope about = LogScope.alert(alert.tenantId, alert.alertId)) {
                decided += decide(alert) ? 1 : 0;
            }
        }
        return decided;
    }

    private List<Pending> running(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                """
                select a.tenant_id, a.alert_id,
                    exists (select from followup f
                        where f.tenant_id = a.tenant_id and f.alert_id = a.alert_id and f.due_at <= ?),
                    exists (select from wave w
                        where w.tenant_id = a.tenant_id and w.alert_id = a.alert_id and w.closed_at is null)
                from alert a where a.state = 'running'
                """)) {
            query.setTimestamp(1, Timestamp.from(clock.instant()));
            List<Pending> running = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    running.add(new Pending(row.getInt(1), row.getLong(2), row.getBoolean(3), row.getBoolean(4)));
                }
            }
            return running;
        }
    }

    private boolean decide(Pending pending) {
        boolean decided = false;
        if (pending.followups) {
            decided = database.asEngine(connection -> followUp(connection, pending));
        }
        List<GroupState> over = new ArrayList<>();
        for (GroupState group : database.asEngine(connection -> groups(connection, pending))) {
            if (isOver(group)) {
                over.add(group);
            }
        }
        if (!over.isEmpty() || !pending.openWaves) {
            decided |= database.asEngine(connection -> moveOn(connection, pending, over));
        }
        return decided;
    }

    private boolean followUp(Connection connection, Pending pending) throws SQLException {
        Alert alert = hold(connection, pending);
        if (alert == null) {
            return false;
        }
        int opened = new FollowUp(alert, clock.instant()).decide(connection);
        counters.add("replaced", opened);
        return true;
    }

    /** Takes the alert's row, unless somebody has it: then they decide. */
    private static Alert hold(Connection connection, Pending pending) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                """
                select from alert where tenant_id = ? and alert_id = ? and state = 'running' for update skip locked
                """)) {
            query.setInt(1, pending.tenantId);
            query.setLong(2, pending.alertId);
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    return null;
                }
            }
        }
        return AlertRows.find(connection, pending.tenantId, pending.alertId).orElse(null);
    }

    private List<GroupState> groups(Connection connection, Pending pending) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                """
                select r.wave_no, r.kind, r.step, r.channel, r.targets, r.deadline,
                    not exists (select from batch b join wave w on w.tenant_id = b.tenant_id and w.alert_id = b.alert_id
                            and w.wave_no = b.wave_no
                        where b.tenant_id = r.tenant_id and b.alert_id = r.alert_id and not b.settled
                          and w.root_wave = r.wave_no),
                    exists (select from batch b join wave w on w.tenant_id = b.tenant_id and w.alert_id = b.alert_id
                            and w.wave_no = b.wave_no
                        where b.tenant_id = r.tenant_id and b.alert_id = r.alert_id and not b.settled
                          and w.root_wave = r.wave_no and b.lease_until > now()),
                    coalesce(t.ended, 0), coalesce(t.delivered, 0),
                    (select count(*) from answer n where n.tenant_id = r.tenant_id and n.alert_id = r.alert_id)
                from wave r
                left join lateral (
                    select sum(n) filter (where y.kind in ('failed', 'expired', 'rejected', 'skipped', 'retry')) as ended,
                        sum(n) filter (where y.kind = 'delivered') as delivered
                    from tally y join wave w on w.tenant_id = y.tenant_id and w.alert_id = y.alert_id and w.wave_no = y.wave_no
                    where y.tenant_id = r.tenant_id and y.alert_id = r.alert_id and w.root_wave = r.wave_no
                ) t on true
                where r.tenant_id = ? and r.alert_id = ? and r.closed_at is null and r.root_wave = r.wave_no
                """)) {
            query.setInt(1, pending.tenantId);
            query.setLong(2, pending.alertId);
            List<GroupState> groups = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    groups.add(new GroupState(
                            new Group(pending.tenantId, pending.alertId, row.getInt(1)),
                            row.getString(2),
                            row.getInt(3),
                            row.getString(4),
                            row.getInt(5),
                            row.getTimestamp(6).toInstant(),
                            row.getBoolean(7),
                            row.getBoolean(8),
                            row.getLong(9),
                            row.getLong(10),
                            row.getLong(11)));
                }
            }
            return groups;
        }
    }

    /**
     * Patience is over, or everybody is at their end. While messages of the group still leave, its patience starts anew
     * instead: nobody is given up whose turn a carrier's throttle has not let come.
     */
    private boolean isOver(GroupState group) {
        boolean patienceOver = !clock.instant().isBefore(group.deadline);
        if (patienceOver
                && !group.drained
                && (group.leased
                        || lanes.laneFor(group.group.tenantId, group.channel).isPresent())) {
            database.asEngine(connection -> {
                extend(connection, group.group);
                return null;
            });
            return false;
        }
        return patienceOver || group.drained && nobodyUndecided(group);
    }

    private void extend(Connection connection, Group group) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                """
                update wave set deadline = ?::timestamptz + patience
                where tenant_id = ? and alert_id = ? and root_wave = ? and closed_at is null
                """)) {
            update.setTimestamp(1, Timestamp.from(clock.instant()));
            bind(update, 2, group);
            update.executeUpdate();
        }
    }

    private boolean nobodyUndecided(GroupState state) {
        Alert alert = database.asEngine(
                        connection -> AlertRows.find(connection, state.group.tenantId, state.group.alertId))
                .orElseThrow();
        boolean answerAwaited = awaitsAnswers(alert, state);
        long maybeEnded = state.ended + state.answered + (answerAwaited ? 0 : state.delivered);
        long now = System.nanoTime();
        if (maybeEnded < state.targets || now < nextCount.getOrDefault(state.group, Long.MIN_VALUE)) {
            return false;
        }
        long undecided = database.asEngine(connection -> countUndecided(connection, state.group, answerAwaited));
        long cost = System.nanoTime() - now;
        nextCount.put(state.group, System.nanoTime() + Math.max(SHORTEST_REST.toNanos(), REST_FACTOR * cost));
        return undecided == 0;
    }

    /** Whether people delivered are still waited for: the step says so, or it is the last and something is asked. */
    private static boolean awaitsAnswers(Alert alert, GroupState group) {
        List<Step> cascade = alert.policy().cascade();
        boolean asked = !alert.policy().choices().isEmpty();
        if (group.step == 0) {
            return asked;
        }
        return cascade.get(group.step - 1).until() == Until.ANSWERED || asked && group.step == cascade.size();
    }

    private static long countUndecided(Connection connection, Group group, boolean answerAwaited) throws SQLException {
        Plans.wholeAlert(connection);
        try (PreparedStatement query = connection.prepareStatement("select undecided_people(?, ?, ?, ?)")) {
            bind(query, 1, group);
            query.setBoolean(4, answerAwaited);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** Closes what is over, opens the next step, and ends the alert when nothing is left open. */
    private boolean moveOn(Connection connection, Pending pending, List<GroupState> over) throws SQLException {
        Alert alert = hold(connection, pending);
        if (alert == null) {
            return false;
        }
        Instant now = clock.instant();
        for (GroupState group : over) {
            closeGroup(connection, group.group, now);
            if (group.kind.equals("cascade")) {
                WaveWriter.openStep(connection, alert, group.step + 1, now);
            }
        }
        if (nothingOpen(connection, alert)) {
            LedgerStore.end(connection, alert.tenantId(), alert.alertId(), "closed", now);
            LOG.info("alert.closed tenant={} alert={}", alert.tenantId(), alert.alertId());
        }
        return true;
    }

    /** What nobody has leased will not leave any more; a lease still running is settled by its holder. */
    private static void closeGroup(Connection connection, Group group, Instant now) throws SQLException {
        try (PreparedStatement waves = connection.prepareStatement(
                        """
                        update wave set closed_at = ?
                        where tenant_id = ? and alert_id = ? and root_wave = ? and closed_at is null
                        """);
                PreparedStatement batches = connection.prepareStatement(
                        """
                        update batch b set settled = true, lease_token = b.lease_token + 1
                        from wave w
                        where b.tenant_id = ? and b.alert_id = ? and w.root_wave = ? and w.tenant_id = b.tenant_id
                          and w.alert_id = b.alert_id and w.wave_no = b.wave_no and not b.settled and b.lease_owner is null
                        """)) {
            waves.setTimestamp(1, Timestamp.from(now));
            bind(waves, 2, group);
            waves.executeUpdate();
            bind(batches, 1, group);
            batches.executeUpdate();
        }
    }

    private static boolean nothingOpen(Connection connection, Alert alert) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                "select from wave where tenant_id = ? and alert_id = ? and closed_at is null limit 1")) {
            query.setInt(1, alert.tenantId());
            query.setLong(2, alert.alertId());
            try (ResultSet row = query.executeQuery()) {
                return !row.next();
            }
        }
    }

    private static void bind(PreparedStatement statement, int first, Group group) throws SQLException {
        statement.setInt(first, group.tenantId);
        statement.setLong(first + 1, group.alertId);
        statement.setInt(first + 2, group.root);
    }
}
