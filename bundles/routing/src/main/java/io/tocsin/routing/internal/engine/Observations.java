package io.tocsin.routing.internal.engine;

import io.tocsin.routing.internal.TargetRef;
import io.tocsin.routing.internal.engine.AttemptRows.Counted;
import io.tocsin.routing.internal.engine.AttemptRows.Later;
import io.tocsin.routing.internal.engine.AttemptRows.Row;
import io.tocsin.routing.internal.engine.ReattachRows.Doubt;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What one transaction observes, gathered: rows of {@code attempt} and what goes with them. */
final class Observations {
    /** More segments than fit the bits of {@code target_state}: no carrier takes as many. */
    static final int MOST_SEGMENTS = 60;

    /** What is observed of every part of a message. */
    private static final Set<String> BY_PART = Set.of("accepted", "buffered", "delivered", "failed", "expired");

    private record TallyKey(int tenantId, long alertId, int waveNo, String kind) {}

    private record Tally(long observations, long messages) {
        private static Tally of(Row row) {
            return new Tally(1, row.segment() == 0 || !BY_PART.contains(row.kind()) ? 1 : 0);
        }

        private Tally plus(Tally more) {
            return new Tally(observations + more.observations, messages + more.messages);
        }
    }

    private final List<Row> rows = new ArrayList<>();
    private final List<Row> named = new ArrayList<>();
    private final List<Later> decisions = new ArrayList<>();
    private final List<Doubt> doubts = new ArrayList<>();
    private final Map<TallyKey, Tally> tallies = new TreeMap<>(Comparator.comparingInt(TallyKey::tenantId)
            .thenComparingLong(TallyKey::alertId)
            .thenComparingInt(TallyKey::waveNo)
            .thenComparing(TallyKey::kind));

    void add(Row row) {
        rows.add(row);
        TargetRef target = row.target();
        tallies.merge(
                new TallyKey(target.tenantId(), target.alertId(), target.waveNo(), row.kind()),
                Tally.of(row),
                Tally::plus);
    }

    /** An observation that tells under which id the carrier has the message: what comes of it later is found by that. */
    void addNamed(Row row) {
        add(row);
        named.add(row);
    }

    /** A decision will be due about a target: so long after, not before, and together with others. */
    void decide(TargetRef target, String kind, String code, Instant at, Duration wait) {
        decisions.add(new Later(target, kind, code, Moment.after(at, wait)));
    }

    /** Before anything is decided about a target its carrier is asked for it. @param node that had it */
    void askFirst(TargetRef target, int accountId, String node) {
        doubts.add(new Doubt(target, accountId, node));
    }

    /** Those to be asked for first. */
    List<Doubt> doubts() {
        return doubts;
    }

    /** Writes the rows added since the last call. */
    void writeRows(AttemptRows attempts, String node) throws SQLException {
        if (!rows.isEmpty()) {
            attempts.append(rows, node);
            rows.clear();
        }
        if (!named.isEmpty()) {
            attempts.refer(named);
            named.clear();
        }
    }

    /** Writes tallies and decisions to come; last, because tallies are what other transactions wait for. */
    void writeRest(AttemptRows attempts, String node) throws SQLException {
        if (!decisions.isEmpty()) {
            attempts.decideLater(decisions);
        }
        if (!tallies.isEmpty()) {
            List<Counted> counts = new ArrayList<>(tallies.size());
            tallies.forEach((key, more) -> counts.add(
                    new Counted(key.tenantId, key.alertId, key.waveNo, key.kind, more.observations, more.messages)));
            attempts.count(counts, node);
        }
    }
}
