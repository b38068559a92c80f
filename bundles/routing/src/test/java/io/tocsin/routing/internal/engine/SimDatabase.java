package io.tocsin.routing.internal.engine;

import io.tocsin.persistence.api.DatabaseException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The database as nodes meet it: away, slow, refusing a statement, or committing without an answer. Each node has its own
 * way in, where it may crash or freeze as well.
 */
final class SimDatabase {
    private static final List<String> TROUBLES = List.of("08006", "57P01", "40P01", "40001", "53300");

    private static final Duration SLOW = Duration.ofMillis(500);

    final SimStore store;
    private final Map<Long, SimNode> holders = new TreeMap<>();
    private final Sim.Actor undertaker = new Sim.Actor("undertaker");
    private final Sim sim;
    private final DispatchLedger ledger;
    private final DispatchLedger sound;

    /** Statement at which the present transaction fails, or its node crashes; 0: none. */
    private int troubleAt;

    private boolean crash;
    private int statement;

    // What is wrong just now.
    boolean away;
    Duration slowest = Duration.ofMillis(3);
    double flaky;
    double answersLost;
    double crashes;

    SimDatabase(Sim sim, int batchSize, SimMonitor monitor, SimFlaw flaw) {
        this.sim = sim;
        this.store = new SimStore(sim::instant, batchSize);
        this.sound = new SimLedger(store, this::before).onAdvance(monitor::advanced);
        this.ledger = flaw.made.apply(sound, store);
    }

    private void before(String what) throws SQLException {
        statement++;
        if (statement == troubleAt) {
            if (crash) {
                sim.tell("crash in", what);
                throw new Sim.Crash();
            }
            String state = sim.oneOf(TROUBLES);
            sim.tell("database refuses", what, state);
            throw new SQLException("trouble", state);
        }
    }

    /** Work of nobody's node, that never fails: the domain's. */
    <T> T quietly(DispatchLedger.Work<T> work) {
        troubleAt = 0;
        return sound.transact(work);
    }

    /** One node's way in. */
    DispatchLedger of(SimNode node) {
        return new DispatchLedger() {
            @Override
            public <T> T transact(Work<T> work) {
                return SimDatabase.this.transact(node, work);
            }

            @Override
            public Session session() {
                return SimDatabase.this.session(node);
            }
        };
    }

    private DispatchLedger.Session session(SimNode node) {
        transact(node, tables -> null);
        long id = store.openSession();
        holders.put(id, node);
        return new DispatchLedger.Session() {
            @Override
            public <T> T transact(DispatchLedger.Work<T> work) {
                return SimDatabase.this.transact(node, tables -> store.on(id, tables, work));
            }

            @Override
            public void close() {
                ended(id);
            }
        };
    }

    private void ended(long id) {
        holders.remove(id);
        store.sessions.remove(id);
    }

    /** A node's connections are gone, whether or not it is; what was under way on them has failed. */
    void endSessions(SimNode node) {
        List.copyOf(holders.entrySet()).stream()
                .filter(e -> e.getValue() == node)
                .forEach(e -> ended(e.getKey()));
    }

    /** Another server is the primary: nobody's session is on it. */
    void endSessions() {
        List.copyOf(holders.keySet()).forEach(this::ended);
    }

    /** A node is no more. Its sessions are, too: at once where its machine still says so, or when that was silent for a while. */
    void mourn(SimNode node) {
        sim.after(
                sim.maybe(0.5) ? Duration.ZERO : sim.between(Duration.ZERO, Duration.ofSeconds(2)),
                undertaker,
                () -> endSessions(node));
    }

    private <T> T transact(SimNode node, DispatchLedger.Work<T> work) {
        long begun = sim.nanos();
        try {
            return attempt(node, work);
        } catch (DatabaseException e) {
            store.failedAt = sim.nanos();
            throw e;
        } finally {
            if (sim.nanos() - begun > SLOW.toNanos()) {
                store.failedAt = sim.nanos();
            }
        }
    }

    private <T> T attempt(SimNode node, DispatchLedger.Work<T> work) {
        node.waits(latency());
        boolean died = node.gone();
        if (died && sim.maybe(0.7)) {
            throw new Sim.Crash();
        }
        if (away) {
            node.mustLive();
            node.waits(latency());
            node.mustLive();
            throw new DatabaseException(new SQLException("away", "08001"));
        }
        statement = 0;
        crash = sim.maybe(crashes) && !died;
        troubleAt = crash || sim.maybe(flaky) ? sim.between(1, 9) : 0;
        T result;
        try {
            result = ledger.transact(work);
        } catch (Sim.Crash e) {
            node.crash();
            throw e;
        }
        boolean lost = sim.maybe(answersLost);
        node.waits(latency());
        node.mustLive();
        if (lost) {
            sim.tell("database answer lost", node.name());
            throw new DatabaseException(new SQLException("answer lost", "08006"));
        }
        return result;
    }

    private Duration latency() {
        return sim.between(Duration.ofNanos(100_000), slowest);
    }

    void heal() {
        away = false;
        slowest = Duration.ofMillis(3);
        flaky = 0;
        answersLost = 0;
        crashes = 0;
    }
}
