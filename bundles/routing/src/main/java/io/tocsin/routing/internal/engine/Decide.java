package io.tocsin.routing.internal.engine;

import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.DispatchPolicy.Step;
import io.tocsin.routing.api.DispatchPolicy.Until;
import io.tocsin.routing.internal.LogScope;
import io.tocsin.routing.internal.engine.WaveRows.Group;
import io.tocsin.routing.internal.engine.WaveRows.GroupState;
import io.tocsin.routing.internal.engine.WaveRows.Pending;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
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

    private final DispatchLedger ledger;
    private final Reach reach;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final Counters counters;
    private final Map<Group, Long> nextCount = new HashMap<>();

    Decide(DispatchLedger ledger, Reach reach, Clock clock, LongSupplier nanoTime, Counters counters) {
        this.ledger = ledger;
        this.reach = reach;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.counters = counters;
    }

    /** Looks at every running alert once. @return how many of them something was decided about */
    int round() {
        List<Pending> running = ledger.transact(t -> t.waves().running(clock.instant()));
        nextCount.keySet().removeIf(g -> running.stream().noneMatch(p -> p.alertId() == g.alertId() && p.openWaves()));
        int decided = 0;
        for (Pending alert : running) {
            try (LogScope about = LogScope.alert(alert.tenantId(), alert.alertId())) {
                decided += decide(alert) ? 1 : 0;
            }
        }
        return decided;
    }

    private boolean decide(Pending pending) {
        Instant now = clock.instant();
        List<GroupState> groups = groups(pending);
        if (prolong(groups, now)) {
            groups = groups(pending);
        }
        boolean decided = false;
        List<GroupState> over = groups.stream().filter(g -> isOver(g, now)).toList();
        if (!over.isEmpty() || !pending.openWaves()) {
            decided = ledger.transact(t -> moveOn(t.waves(), pending, over));
        }
        // Last: a step whose time is up is prolonged or closed by now, so that no retry is dropped as too late while it
        // goes on.
        if (pending.followups()) {
            decided |= ledger.transact(t -> followUp(t.waves(), pending, now));
        }
        return decided;
    }

    private List<GroupState> groups(Pending pending) {
        return ledger.transact(t -> t.waves().groups(pending.tenantId(), pending.alertId()));
    }

    /**
     * While messages of a group still leave, its patience starts anew when it is over: nobody is given up whose turn a
     * carrier's throttle has not let come.
     */
    private boolean prolong(List<GroupState> groups, Instant now) {
        List<GroupState> prolonged = groups.stream()
                .filter(g -> patienceOver(g, now) && stillLeaves(g))
                .toList();
        if (!prolonged.isEmpty()) {
            ledger.transact(t -> {
                for (GroupState group : prolonged) {
                    t.waves().extend(group.group(), now);
                }
                return null;
            });
        }
        return !prolonged.isEmpty();
    }

    private static boolean patienceOver(GroupState group, Instant now) {
        return !now.isBefore(group.deadline());
    }

    private boolean stillLeaves(GroupState group) {
        return !group.drained()
                && (group.leased() || reach.anybody(group.group().tenantId(), group.channel()));
    }

    private boolean followUp(WaveRows rows, Pending pending, Instant now) throws SQLException {
        Optional<Alert> alert = rows.hold(pending.tenantId(), pending.alertId());
        if (alert.isEmpty()) {
            return false;
        }
        int opened = new FollowUp(alert.get(), now).decide(rows);
        counters.add("replaced", opened);
        return true;
    }

    /** Patience is over and nothing leaves any more, or everybody is at their end. */
    private boolean isOver(GroupState group, Instant now) {
        return patienceOver(group, now) ? !stillLeaves(group) : group.drained() && nobodyUndecided(group);
    }

    private boolean nobodyUndecided(GroupState state) {
        Group group = state.group();
        Alert alert = ledger.transact(t -> t.waves().find(group.tenantId(), group.alertId()))
                .orElseThrow();
        boolean answerAwaited = awaitsAnswers(alert, state);
        long maybeEnded = state.ended() + state.answered() + (answerAwaited ? 0 : state.delivered());
        long now = nanoTime.getAsLong();
        if (maybeEnded < state.targets() || now < nextCount.getOrDefault(state.group(), Long.MIN_VALUE)) {
            return false;
        }
        long undecided = ledger.transact(t -> t.waves().undecided(group, answerAwaited));
        long cost = nanoTime.getAsLong() - now;
        nextCount.put(state.group(), nanoTime.getAsLong() + Math.max(SHORTEST_REST.toNanos(), REST_FACTOR * cost));
        return undecided == 0;
    }

    /** Whether people delivered are still waited for: the step says so, or it is the last and something is asked. */
    private static boolean awaitsAnswers(Alert alert, GroupState group) {
        List<Step> cascade = alert.policy().cascade();
        boolean asked = !alert.policy().choices().isEmpty();
        if (group.step() == 0) {
            return asked;
        }
        return cascade.get(group.step() - 1).until() == Until.ANSWERED || asked && group.step() == cascade.size();
    }

    /** Another node may have closed or prolonged a group since we looked; now that we hold the alert nobody does. */
    private static List<GroupState> stillOver(WaveRows rows, Pending pending, List<GroupState> over)
            throws SQLException {
        Map<Group, Instant> open = new HashMap<>();
        if (!over.isEmpty()) {
            rows.groups(pending.tenantId(), pending.alertId()).forEach(g -> open.put(g.group(), g.deadline()));
        }
        return over.stream()
                .filter(g -> g.deadline().equals(open.get(g.group())))
                .toList();
    }

    /** Closes what is over, opens the next step, and ends the alert when nothing is left open. */
    private boolean moveOn(WaveRows rows, Pending pending, List<GroupState> over) throws SQLException {
        Optional<Alert> held = rows.hold(pending.tenantId(), pending.alertId());
        if (held.isEmpty()) {
            return false;
        }
        Alert alert = held.get();
        Instant now = clock.instant();
        for (GroupState group : stillOver(rows, pending, over)) {
            rows.close(group.group(), now);
            if (group.kind().equals("cascade")) {
                rows.openStep(alert, group.step() + 1, now);
            }
        }
        if (rows.nothingOpen(alert.tenantId(), alert.alertId())) {
            rows.endAsDone(alert.tenantId(), alert.alertId(), now);
            LOG.info("alert.closed tenant={} alert={}", alert.tenantId(), alert.alertId());
        }
        return true;
    }
}
