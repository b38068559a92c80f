package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.OutboundMessage.Category;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.DispatchPolicy.Step;
import io.tocsin.routing.api.DispatchPolicy.Until;
import io.tocsin.routing.api.Ledger.Message;
import io.tocsin.routing.api.Totals;
import io.tocsin.routing.internal.TargetRef;
import io.tocsin.routing.internal.engine.DispatchLedger.Tables;
import io.tocsin.routing.internal.engine.DispatchLedger.Work;
import io.tocsin.routing.internal.ledger.PolicyJson;
import io.tocsin.routing.internal.ledger.Replacement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * The tables of the ledger in memory, and what PostgreSQL derives from them ({@code V5__ledger.sql}), row for row. One
 * transaction at a time; whatever changes a row says how to undo it.
 */
final class SimStore {
    final Supplier<Instant> now;
    private final int batchSize;
    private final Deque<Runnable> undo = new ArrayDeque<>();
    private long nextAlert = 1;

    /** By tenant. */
    final Map<Integer, FairOrder.Shares> shares = new TreeMap<>();

    final Map<Long, SimAlert> alerts = new TreeMap<>();
    final Map<String, Set<String>> endpointKinds =
            new TreeMap<>(Map.of("sms", Set.of("mobile"), "mail", Set.of("email"), "phone", Set.of("mobile")));
    final Map<String, List<CarrierRef>> carrierRefs = new HashMap<>();
    final List<Orphan> orphans = new ArrayList<>();
    final Map<UUID, Long> marks = new HashMap<>();
    final List<String> setAside = new ArrayList<>();
    final Map<String, SimNodeRow> nodes = new TreeMap<>();
    final Map<Integer, AccountTime> accountTimes = new TreeMap<>();
    final Map<Integer, SimCap> caps = new TreeMap<>();

    /** Channels whose messages can be asked for, and those that somebody is to ask for, by reference. */
    final Set<String> reattaches = new HashSet<>();

    final Map<String, SimReattach> reattach = new TreeMap<>();

    /** Targets that ever were to be asked for: a transaction that fails may leave more in it. */
    final Set<TargetRef> asked = new HashSet<>();

    /** When a node last could not do what it wanted, or had to wait for it. */
    long failedAt = -1;

    /** What nobody should have asked the store to do. */
    final List<String> complaints = new ArrayList<>();

    /** Those that are open: they begin and end whatever becomes of transactions. */
    final Set<Long> sessions = new HashSet<>();

    /** On which of them the present transaction is; 0: on none that is anybody's own. */
    long session;

    /** A flaw. */
    boolean endedSessionsConfirm;

    private long sessionsOpened;

    /** By account and holder. */
    final Map<String, LineShareRow> lines = new TreeMap<>();

    /** @param now the ledger's own clock @param batchSize positions of a batch */
    SimStore(Supplier<Instant> now, int batchSize) {
        this.now = now;
        this.batchSize = batchSize;
    }

    /** Accounts by which a node can send, by its name. */
    final Map<String, Set<Integer>> reach = new TreeMap<>();

    record Recipient(int no, String name, String language, String variables, String endpoints) {}

    record SimReattach(
            TargetRef target,
            int accountId,
            String askedBy,
            boolean found,
            Instant askAt,
            Instant since,
            Instant until) {
        boolean asksNobody() {
            return askedBy.endsWith("#0");
        }

        boolean waits(Instant now) {
            return !found && until.isAfter(now);
        }
    }

    record LineShareRow(int accountId, LineRows.Share share, Instant until) {}

    record AccountTime(Instant takenUntil, int urgentInARow) {}

    /** @param tenantId null: of all tenants of the agency @param channels none: all */
    record SimCap(int agencyId, Integer tenantId, Set<String> channels, List<String> prefixes, CapPermits permits) {
        boolean counts(int tenant, int agency, String channel, String address) {
            return (tenantId == null ? agencyId == agency : tenantId == tenant)
                    && (channels.isEmpty() || channels.contains(channel))
                    && prefixes.stream().anyMatch(address::startsWith);
        }

        SimCap with(CapPermits now) {
            return new SimCap(agencyId, tenantId, channels, prefixes, now);
        }
    }

    record CarrierRef(TargetRef target, int segment, Instant at) {}

    record Orphan(
            int accountId, String carrierId, String address, String kind, String code, Instant at, Instant seenAt) {}

    record Attempt(AttemptRows.Row row, String node) {}

    record Followup(TargetRef target, String kind, String code, Instant dueAt) {}

    record TallyKey(int waveNo, String node, String kind) {}

    static final class SimNodeRow {
        long incarnation;
        Instant startedAt;
        Instant heartbeat;

        /** 0: none has begun in this incarnation. */
        long life;

        long session;
        long endedLife;

        boolean lives(Instant now, Duration lease) {
            return heartbeat.isAfter(now.minus(lease)) && (life == 0 || life != endedLife);
        }
    }

    static final class SimAlert {
        final int tenantId;
        final long alertId;
        final Alert launched;
        final List<Message> messages;
        final List<Recipient> recipients;
        Alert.State state = Alert.State.RUNNING;
        int step;
        Instant pausedAt;
        Instant endedAt;
        final List<SimWave> waves = new ArrayList<>();
        final List<Followup> followups = new ArrayList<>();
        final Map<Integer, Instant> answers = new TreeMap<>();
        final Map<TallyKey, Long> tallies = new HashMap<>();
        final Map<Integer, List<SimTarget>> byRecipient = new HashMap<>();

        SimAlert(Alert launched, List<Message> messages, List<Recipient> recipients) {
            this.tenantId = launched.tenantId();
            this.alertId = launched.alertId();
            this.launched = launched;
            this.messages = messages;
            this.recipients = recipients;
        }

        boolean open() {
            return state == Alert.State.RUNNING || state == Alert.State.PAUSED;
        }

        SimWave wave(int no) {
            return waves.get(no - 1);
        }

        /** The row as it is now. */
        Alert row() {
            return new Alert(
                    tenantId,
                    alertId,
                    launched.scenario(),
                    launched.scenarioVersion(),
                    launched.title(),
                    launched.category(),
                    launched.drill(),
                    state,
                    launched.policy(),
                    recipients.size(),
                    launched.launchedBy(),
                    launched.launchedAt(),
                    Optional.ofNullable(endedAt));
        }
    }

    static final class SimWave {
        final SimAlert alert;
        final int no;
        final String kind;
        final int root;
        final int step;
        final String channel;
        final int maxAttempts;
        final Duration patience;
        Instant deadline;
        Instant closedAt;
        final List<SimTarget> targets = new ArrayList<>();
        final List<SimBatch> batches = new ArrayList<>();

        SimWave(
                SimAlert alert,
                int no,
                String kind,
                int root,
                int step,
                String channel,
                int maxAttempts,
                Duration patience,
                Instant deadline) {
            this.alert = alert;
            this.no = no;
            this.kind = kind;
            this.root = root;
            this.step = step;
            this.channel = channel;
            this.maxAttempts = maxAttempts;
            this.patience = patience;
            this.deadline = deadline;
        }
    }

    static final class SimTarget {
        final SimWave wave;
        final TargetRef ref;
        final int recipientNo;
        final String address;
        final TargetRef replaces;
        final boolean possibleDuplicate;
        final int tryNo;
        SimTarget replacedBy;
        final List<Attempt> attempts = new ArrayList<>();

        SimTarget(
                SimWave wave,
                int position,
                int recipientNo,
                String address,
                TargetRef replaces,
                boolean possibleDuplicate,
                int tryNo) {
            this.wave = wave;
            this.ref = new TargetRef(wave.alert.tenantId, wave.alert.alertId, wave.no, position);
            this.recipientNo = recipientNo;
            this.address = address;
            this.replaces = replaces;
            this.possibleDuplicate = possibleDuplicate;
            this.tryNo = tryNo;
        }
    }

    static final class SimBatch {
        final HeldBatch.Key key;
        final SimWave wave;
        final Instant dueAt;
        final int first;
        final int end;
        final List<Integer> caps;
        int watermark;
        String owner;
        long token;
        Instant until;
        Integer accountId;
        boolean settled;

        SimBatch(HeldBatch.Key key, SimWave wave, Instant dueAt, int first, int end, List<Integer> caps) {
            this.key = key;
            this.wave = wave;
            this.dueAt = dueAt;
            this.first = first;
            this.end = end;
            this.caps = caps;
            this.watermark = first;
        }
    }

    long openSession() {
        sessions.add(++sessionsOpened);
        return sessionsOpened;
    }

    /** Runs work of a transaction on a session, if that has not ended. */
    <T> T on(long id, Tables tables, Work<T> work) throws SQLException {
        if (!sessions.contains(id) && !endedSessionsConfirm) {
            throw new SQLException("the session has ended", "57P01");
        }
        session = id;
        try {
            return work.run(tables);
        } finally {
            session = 0;
        }
    }

    /** Notes how a change is taken back. */
    void undo(Runnable how) {
        undo.push(how);
    }

    void commit() {
        undo.clear();
    }

    void rollback() {
        while (!undo.isEmpty()) {
            undo.pop().run();
        }
    }

    <T> void added(List<T> list, T row) {
        list.add(row);
        undo(() -> list.remove(list.size() - 1));
    }

    <K, V> void put(Map<K, V> map, K key, V value) {
        V before = map.put(key, value);
        undo(() -> {
            if (before == null) {
                map.remove(key);
            } else {
                map.put(key, before);
            }
        });
    }

    /** A batch is about to change. */
    void touch(SimBatch b) {
        int watermark = b.watermark;
        String owner = b.owner;
        long token = b.token;
        Instant until = b.until;
        Integer account = b.accountId;
        boolean settled = b.settled;
        undo(() -> {
            b.watermark = watermark;
            b.owner = owner;
            b.token = token;
            b.until = until;
            b.accountId = account;
            b.settled = settled;
        });
    }

    void touch(SimNodeRow n) {
        Instant heartbeat = n.heartbeat;
        long life = n.life;
        long at = n.session;
        long ended = n.endedLife;
        undo(() -> {
            n.heartbeat = heartbeat;
            n.life = life;
            n.session = at;
            n.endedLife = ended;
        });
    }

    void touch(SimWave w) {
        Instant deadline = w.deadline;
        Instant closedAt = w.closedAt;
        undo(() -> {
            w.deadline = deadline;
            w.closedAt = closedAt;
        });
    }

    void touch(SimAlert a) {
        Alert.State state = a.state;
        int step = a.step;
        Instant pausedAt = a.pausedAt;
        Instant endedAt = a.endedAt;
        undo(() -> {
            a.state = state;
            a.step = step;
            a.pausedAt = pausedAt;
            a.endedAt = endedAt;
        });
    }

    SimAlert alert(int tenantId, long alertId) {
        SimAlert found = alerts.get(alertId);
        return found != null && found.tenantId == tenantId ? found : null;
    }

    SimTarget target(TargetRef ref) {
        SimAlert alert = alert(ref.tenantId(), ref.alertId());
        if (alert == null || ref.waveNo() < 1 || ref.waveNo() > alert.waves.size()) {
            return null;
        }
        List<SimTarget> targets = alert.wave(ref.waveNo()).targets;
        return ref.position() < targets.size() ? targets.get(ref.position()) : null;
    }

    SimBatch batch(HeldBatch.Key key) {
        SimAlert alert = alert(key.tenantId(), key.alertId());
        return alert == null || key.waveNo() > alert.waves.size()
                ? null
                : alert.wave(key.waveNo()).batches.get(key.batchNo());
    }

    SimBatch batchOf(TargetRef ref) {
        return batchOf(target(ref));
    }

    private static SimBatch batchOf(SimTarget target) {
        return target.wave.batches.stream()
                .filter(b -> target.ref.position() < b.end)
                .findFirst()
                .orElseThrow();
    }

    List<SimBatch> batches() {
        List<SimBatch> all = new ArrayList<>();
        alerts.values().forEach(a -> a.waves.forEach(w -> all.addAll(w.batches)));
        return all;
    }

    // What the domain does.

    SimAlert launch(Alert alert, List<Message> messages, List<Recipient> recipients) {
        long id = nextAlert++;
        SimAlert row = new SimAlert(
                new Alert(
                        alert.tenantId(),
                        id,
                        alert.scenario(),
                        alert.scenarioVersion(),
                        alert.title(),
                        alert.category(),
                        alert.drill(),
                        Alert.State.RUNNING,
                        alert.policy(),
                        recipients.size(),
                        alert.launchedBy(),
                        alert.launchedAt(),
                        Optional.empty()),
                messages,
                recipients);
        put(alerts, id, row);
        openStep(row, 1, alert.launchedAt());
        return row;
    }

    boolean answer(long alertId, int recipientNo, Instant at) {
        SimAlert alert = alerts.get(alertId);
        if (alert.answers.containsKey(recipientNo)) {
            return false;
        }
        put(alert.answers, recipientNo, at);
        return true;
    }

    boolean pause(long alertId, Instant at) {
        SimAlert alert = alerts.get(alertId);
        if (alert.state != Alert.State.RUNNING) {
            return false;
        }
        touch(alert);
        alert.state = Alert.State.PAUSED;
        alert.pausedAt = at;
        return true;
    }

    boolean resume(long alertId, Instant at) {
        SimAlert alert = alerts.get(alertId);
        if (alert.state != Alert.State.PAUSED) {
            return false;
        }
        touch(alert);
        Duration away = Duration.between(alert.pausedAt, at);
        alert.waves.stream().filter(w -> w.closedAt == null).forEach(w -> {
            touch(w);
            w.deadline = w.deadline.plus(away);
        });
        alert.state = Alert.State.RUNNING;
        alert.pausedAt = null;
        return true;
    }

    boolean end(SimAlert alert, Alert.State state, Instant at) {
        if (!alert.open()) {
            return false;
        }
        touch(alert);
        alert.state = state;
        alert.endedAt = at;
        alert.pausedAt = null;
        for (SimWave wave : alert.waves) {
            if (wave.closedAt == null) {
                touch(wave);
                wave.closedAt = at;
            }
            wave.batches.forEach(this::settleIfFree);
        }
        return true;
    }

    void settleIfFree(SimBatch batch) {
        if (!batch.settled && batch.owner == null) {
            touch(batch);
            batch.settled = true;
            batch.token++;
        }
    }

    int relaunch(long alertId, String channel, Duration patience, int maxAttempts, List<Integer> people, Instant at) {
        SimAlert alert = alerts.get(alertId);
        List<Replacement> chosen = new ArrayList<>();
        for (Recipient r : alert.recipients) {
            if (people.contains(r.no)) {
                firstAddress(r, channel).ifPresent(a -> chosen.add(new Replacement(r.no, a, 0, 0, false, 1)));
            }
        }
        if (chosen.isEmpty()) {
            return 0;
        }
        int no = alert.waves.size() + 1;
        openWave(
                new SimWave(
                        alert, no, "relaunch", no, 0, channel, Math.max(1, maxAttempts), patience, at.plus(patience)),
                chosen,
                at);
        if (alert.state == Alert.State.CLOSED) {
            touch(alert);
            alert.state = Alert.State.RUNNING;
            alert.endedAt = null;
            alert.step = alert.launched.policy().cascade().size();
        }
        return chosen.size();
    }

    // What WaveWriter does.

    void openStep(SimAlert alert, int step, Instant at) {
        List<Step> cascade = alert.launched.policy().cascade();
        boolean opened = false;
        int n = step;
        for (; n <= cascade.size() && !opened; n++) {
            Step tried = cascade.get(n - 1);
            List<Replacement> chosen = new ArrayList<>();
            for (Recipient r : alert.recipients) {
                if (n == 1 || !satisfied(alert, r, cascade.get(n - 2).until())) {
                    firstAddress(r, tried.channel())
                            .ifPresent(a -> chosen.add(new Replacement(r.no, a, 0, 0, false, 1)));
                }
            }
            if (!chosen.isEmpty()) {
                int no = alert.waves.size() + 1;
                openWave(
                        new SimWave(
                                alert,
                                no,
                                "cascade",
                                no,
                                n,
                                tried.channel(),
                                Math.max(1, tried.maxAttempts()),
                                tried.patience(),
                                at.plus(tried.patience())),
                        chosen,
                        at);
                opened = true;
            }
        }
        touch(alert);
        alert.step = Math.min(n - 1, cascade.size());
    }

    private boolean satisfied(SimAlert alert, Recipient r, Until until) {
        String state = person(alert, r);
        return state.equals("answered") || until == Until.DELIVERED && state.equals("delivered");
    }

    void openReplacements(SimAlert alert, String kind, int rootNo, List<Replacement> replacements, Instant at) {
        java.util.function.Consumer<Replacement> complain = r -> {
            TargetRef target = new TargetRef(alert.tenantId, alert.alertId, r.waveNo(), r.position());
            SimReattach row = reattach.get(target.reference());
            if (row != null && row.waits(now.get()) || !asked.contains(target)) {
                complaints.add("sent again before anybody asked for it: " + target);
            }
        };
        List<Replacement> left = new ArrayList<>(replacements.stream()
                .filter(r -> alert.wave(r.waveNo()).targets.get(r.position()).replacedBy == null)
                .toList());
        if (left.isEmpty()) {
            return;
        }
        left.sort(java.util.Comparator.comparingInt(Replacement::recipientNo).thenComparingInt(Replacement::position));
        SimWave root = alert.wave(rootNo);
        if (kind.equals("resend") && reattaches.contains(root.channel)) {
            left.forEach(complain);
        }
        openWave(
                new SimWave(
                        alert,
                        alert.waves.size() + 1,
                        kind,
                        root.root,
                        root.step,
                        root.channel,
                        root.maxAttempts,
                        root.patience,
                        root.deadline),
                left,
                at);
    }

    private void openWave(SimWave wave, List<Replacement> people, Instant at) {
        SimAlert alert = wave.alert;
        List<Replacement> chosen = new ArrayList<>(people);
        // As arrays of integers are: who falls under no cap first.
        chosen.sort((one, other) -> Arrays.compare(
                capsOf(wave, one).toArray(new Integer[0]), capsOf(wave, other).toArray(new Integer[0])));
        for (int i = 0; i < chosen.size(); i++) {
            Replacement r = chosen.get(i);
            TargetRef replaces =
                    r.waveNo() == 0 ? null : new TargetRef(alert.tenantId, alert.alertId, r.waveNo(), r.position());
            SimTarget target =
                    new SimTarget(wave, i, r.recipientNo(), r.address(), replaces, r.possibleDuplicate(), r.tryNo());
            wave.targets.add(target);
            added(alert.byRecipient.computeIfAbsent(r.recipientNo(), no -> new ArrayList<>()), target);
            if (replaces != null) {
                SimTarget before = target(replaces);
                before.replacedBy = target;
                undo(() -> before.replacedBy = null);
            }
        }
        for (int first = 0, end; first < chosen.size(); first = end) {
            List<Integer> caps = capsOf(wave, chosen.get(first));
            int most = caps.isEmpty() ? batchSize : Math.max(1, batchSize / 5);
            end = first;
            while (end < chosen.size()
                    && end - first < most
                    && capsOf(wave, chosen.get(end)).equals(caps)) {
                end++;
            }
            wave.batches.add(new SimBatch(
                    new HeldBatch.Key(alert.tenantId, alert.alertId, wave.no, wave.batches.size()),
                    wave,
                    at,
                    first,
                    end,
                    caps));
        }
        added(alert.waves, wave);
    }

    private List<Integer> capsOf(SimWave wave, Replacement target) {
        int tenant = wave.alert.tenantId;
        int agency = shares.get(tenant).agencyId();
        return caps.entrySet().stream()
                .filter(c -> c.getValue().counts(tenant, agency, wave.channel, target.address()))
                .map(Map.Entry::getKey)
                .toList();
    }

    Optional<String> firstAddress(Recipient r, String channel) {
        List<String> addresses = PolicyJson.addresses(r.endpoints, endpointKinds.getOrDefault(channel, Set.of()));
        return addresses.stream().findFirst();
    }

    // What the SQL functions derive.

    /** {@code target_state} of what was observed; {@code none} when nothing was. */
    static String state(SimTarget target) {
        if (target.attempts.isEmpty()) {
            return "none";
        }
        int seen = 0;
        long accepted = 0;
        long delivered = 0;
        int segments = 0;
        for (Attempt a : target.attempts) {
            AttemptRows.Row row = a.row;
            int bit =
                    switch (row.kind()) {
                        case "accepted" -> 1;
                        case "delivered" -> 128;
                        case "retry" -> 2;
                        case "in-doubt" -> 8;
                        case "skipped" -> 16;
                        case "buffered" -> 32;
                        default -> 64;
                    };
            seen |= bit;
            accepted |= bit == 1 ? 1L << row.segment() : 0;
            delivered |= bit == 128 ? 1L << row.segment() : 0;
            segments = Math.max(segments, row.segments());
        }
        long all = (1L << segments) - 1;
        if ((delivered & all) == all) {
            return "delivered";
        }
        if ((seen & 64) != 0) {
            return "failed";
        }
        if ((accepted & all) == all) {
            return "accepted";
        }
        if ((seen & 2) != 0) {
            return "retry";
        }
        if ((seen & 8) != 0) {
            return "in-doubt";
        }
        return (seen & 16) != 0 ? "skipped" : "accepted";
    }

    /** {@code person_of}. */
    String person(SimAlert alert, Recipient r) {
        if (alert.answers.containsKey(r.no)) {
            return "answered";
        }
        boolean delivered = false;
        boolean undecided = false;
        boolean doubt = false;
        for (SimTarget x : alert.byRecipient.getOrDefault(r.no, List.of())) {
            String state = state(x);
            delivered |= state.equals("delivered");
            undecided |= x.wave.closedAt == null && x.replacedBy == null && mayComeGood(alert, x, state);
            SimBatch b = batchOf(x);
            doubt |= state.equals("accepted")
                    || state.equals("in-doubt")
                    || state.equals("none") && !b.settled && x.ref.position() < b.watermark;
        }
        if (delivered) {
            return "delivered";
        }
        if (alert.open() && (undecided || reachableLater(alert, r))) {
            return "pending";
        }
        return doubt ? "unknown" : "failed";
    }

    private static boolean mayComeGood(SimAlert alert, SimTarget x, String state) {
        return state.equals("none")
                || state.equals("accepted")
                || state.equals("in-doubt")
                || alert.followups.stream().anyMatch(f -> f.target.equals(x.ref));
    }

    private boolean reachableLater(SimAlert alert, Recipient r) {
        List<Step> cascade = alert.launched.policy().cascade();
        for (int n = alert.step + 1; n <= cascade.size(); n++) {
            if (firstAddress(r, cascade.get(n - 1).channel()).isPresent()) {
                return true;
            }
        }
        return false;
    }

    Totals totals(long alertId) {
        SimAlert alert = alerts.get(alertId);
        Map<String, Long> n = new HashMap<>();
        long flagged = 0;
        for (Recipient r : alert.recipients) {
            n.merge(person(alert, r), 1L, Long::sum);
            flagged +=
                    alert.byRecipient.getOrDefault(r.no, List.of()).stream().anyMatch(t -> t.possibleDuplicate) ? 1 : 0;
        }
        return new Totals(
                alert.recipients.size(),
                n.getOrDefault("answered", 0L),
                n.getOrDefault("delivered", 0L),
                n.getOrDefault("failed", 0L),
                n.getOrDefault("unknown", 0L),
                n.getOrDefault("pending", 0L),
                flagged);
    }

    long undecided(SimAlert alert, int root, boolean untilAnswered) {
        long n = 0;
        for (SimWave w : alert.waves) {
            for (SimTarget x : w.root == root ? w.targets : List.<SimTarget>of()) {
                String state = state(x);
                if (!alert.answers.containsKey(x.recipientNo)
                        && x.replacedBy == null
                        && (mayComeGood(alert, x, state) || untilAnswered && state.equals("delivered"))) {
                    n++;
                }
            }
        }
        return n;
    }

    /** Observations of an alert by kind, from the tallies. */
    Map<String, Long> observations(long alertId) {
        Map<String, Long> sums = new LinkedHashMap<>();
        alerts.get(alertId).tallies.forEach((key, n) -> sums.merge(key.kind, n, Long::sum));
        return sums;
    }

    static Category category(SimAlert alert) {
        return alert.launched.category();
    }
}
