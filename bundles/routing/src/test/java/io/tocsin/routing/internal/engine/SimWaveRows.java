package io.tocsin.routing.internal.engine;

import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.Template;
import io.tocsin.routing.internal.engine.SimLedger.Probe;
import io.tocsin.routing.internal.engine.SimStore.Followup;
import io.tocsin.routing.internal.engine.SimStore.Recipient;
import io.tocsin.routing.internal.engine.SimStore.SimAlert;
import io.tocsin.routing.internal.engine.SimStore.SimBatch;
import io.tocsin.routing.internal.engine.SimStore.SimTarget;
import io.tocsin.routing.internal.engine.SimStore.SimWave;
import io.tocsin.routing.internal.ledger.Replacement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@link WaveRows} in memory. */
final class SimWaveRows implements WaveRows {
    private static final Set<String> ENDED = Set.of("failed", "expired", "rejected", "skipped", "retry");

    private final SimStore store;
    private final Probe probe;

    SimWaveRows(SimStore store, Probe probe) {
        this.store = store;
        this.probe = probe;
    }

    @Override
    public List<Pending> running(Instant now) throws SQLException {
        probe.before("running");
        List<Pending> running = new ArrayList<>();
        for (SimAlert a : store.alerts.values()) {
            if (a.state == Alert.State.RUNNING) {
                running.add(new Pending(
                        a.tenantId,
                        a.alertId,
                        a.followups.stream().anyMatch(f -> !f.dueAt().isAfter(now)),
                        a.waves.stream().anyMatch(w -> w.closedAt == null)));
            }
        }
        return running;
    }

    /** Nobody ever has it: there is one transaction at a time. */
    @Override
    public Optional<Alert> hold(int tenantId, long alertId) throws SQLException {
        probe.before("hold");
        return find(tenantId, alertId).filter(a -> a.state() == Alert.State.RUNNING);
    }

    @Override
    public Optional<Alert> find(int tenantId, long alertId) throws SQLException {
        probe.before("find");
        return Optional.ofNullable(store.alert(tenantId, alertId)).map(SimAlert::row);
    }

    @Override
    public List<GroupState> groups(int tenantId, long alertId) throws SQLException {
        probe.before("groups");
        SimAlert alert = store.alert(tenantId, alertId);
        List<GroupState> groups = new ArrayList<>();
        for (SimWave root : alert.waves) {
            if (root.closedAt == null && root.root == root.no) {
                boolean drained = true;
                boolean leased = false;
                long ended = 0;
                long delivered = 0;
                for (SimWave w : members(alert, root.no)) {
                    for (SimBatch b : w.batches) {
                        drained &= b.settled;
                        leased |= !b.settled && b.until != null && b.until.isAfter(store.now.get());
                    }
                }
                for (var tally : alert.tallies.entrySet()) {
                    if (alert.wave(tally.getKey().waveNo()).root == root.no) {
                        ended += ENDED.contains(tally.getKey().kind()) ? tally.getValue() : 0;
                        delivered += tally.getKey().kind().equals("delivered") ? tally.getValue() : 0;
                    }
                }
                groups.add(new GroupState(
                        new Group(tenantId, alertId, root.no),
                        root.kind,
                        root.step,
                        root.channel,
                        root.targets.size(),
                        root.deadline,
                        drained,
                        leased,
                        ended,
                        delivered,
                        alert.answers.size()));
            }
        }
        return groups;
    }

    private static List<SimWave> members(SimAlert alert, int root) {
        return alert.waves.stream().filter(w -> w.root == root).toList();
    }

    @Override
    public List<Due> takeDue(int tenantId, long alertId, Instant now, int atMost) throws SQLException {
        probe.before("takeDue");
        SimAlert alert = store.alert(tenantId, alertId);
        List<Followup> taken = alert.followups.stream()
                .filter(f -> !f.dueAt().isAfter(now))
                .filter(f -> {
                    SimStore.SimReattach asked = store.reattach.get(f.target().reference());
                    return asked == null || !asked.waits(store.now.get());
                })
                .sorted(Comparator.comparing(Followup::dueAt))
                .limit(atMost)
                .toList();
        List<Followup> before = List.copyOf(alert.followups);
        taken.forEach(alert.followups::remove);
        store.undo(() -> {
            alert.followups.clear();
            alert.followups.addAll(before);
        });
        // The statement sees its alert as it was before it took anything.
        List<Due> due = new ArrayList<>();
        List<Followup> after = List.copyOf(alert.followups);
        alert.followups.clear();
        alert.followups.addAll(before);
        for (Followup f : taken) {
            SimTarget t = store.target(f.target());
            SimWave root = alert.wave(t.wave.root);
            Recipient r = alert.recipients.get(t.recipientNo - 1);
            due.add(new Due(
                    t.wave.no,
                    t.ref.position(),
                    f.kind(),
                    f.code(),
                    SimStore.state(t),
                    store.person(alert, r),
                    root.closedAt != null || !root.deadline.isAfter(now),
                    root.no,
                    t.wave.channel,
                    t.wave.maxAttempts,
                    t.recipientNo,
                    t.address,
                    t.tryNo,
                    t.possibleDuplicate,
                    r.endpoints()));
        }
        alert.followups.clear();
        alert.followups.addAll(after);
        return due;
    }

    @Override
    public Set<String> endpointKinds(String channel) throws SQLException {
        probe.before("endpointKinds");
        return store.endpointKinds.getOrDefault(channel, Set.of());
    }

    @Override
    public void openReplacements(
            Alert alert, String kind, int root, String rule, List<Replacement> replacements, Instant now)
            throws SQLException {
        probe.before("openReplacements");
        store.openReplacements(store.alert(alert.tenantId(), alert.alertId()), kind, root, replacements, now);
    }

    @Override
    public void openStep(Alert alert, int step, Instant now) throws SQLException {
        probe.before("openStep");
        store.openStep(store.alert(alert.tenantId(), alert.alertId()), step, now);
    }

    @Override
    public void extend(Group group, Instant now) throws SQLException {
        probe.before("extend");
        for (SimWave w : members(store.alert(group.tenantId(), group.alertId()), group.root())) {
            if (w.closedAt == null) {
                store.touch(w);
                w.deadline = now.plus(w.patience);
            }
        }
    }

    @Override
    public long undecided(Group group, boolean answerAwaited) throws SQLException {
        probe.before("undecided");
        return store.undecided(store.alert(group.tenantId(), group.alertId()), group.root(), answerAwaited);
    }

    @Override
    public void close(Group group, Instant now) throws SQLException {
        probe.before("close");
        for (SimWave w : members(store.alert(group.tenantId(), group.alertId()), group.root())) {
            if (w.closedAt == null) {
                store.touch(w);
                w.closedAt = now;
            }
            w.batches.forEach(store::settleIfFree);
        }
    }

    @Override
    public boolean nothingOpen(int tenantId, long alertId) throws SQLException {
        probe.before("nothingOpen");
        return store.alert(tenantId, alertId).waves.stream().allMatch(w -> w.closedAt != null);
    }

    @Override
    public void endAsDone(int tenantId, long alertId, Instant now) throws SQLException {
        probe.before("endAsDone");
        store.end(store.alert(tenantId, alertId), Alert.State.CLOSED, now);
    }

    @Override
    public Optional<Launched> launched(int tenantId, long alertId) throws SQLException {
        probe.before("launched");
        return Optional.ofNullable(store.alert(tenantId, alertId))
                .map(a -> new Launched(
                        a.row(),
                        "Commune",
                        "fr",
                        a.messages.stream()
                                .map(m -> new AlertText.Written(
                                        m.channel(),
                                        m.language(),
                                        new Template(m.subject()),
                                        new Template(m.text()),
                                        m.html().map(Template::new)))
                                .toList()));
    }
}
