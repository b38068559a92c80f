package io.tocsin.routing.internal.engine;

import io.tocsin.persistence.api.DatabaseException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * {@link DispatchLedger} over a {@link SimStore}: all or nothing, one transaction after another. Two transactions at once are
 * what PostgreSQL is trusted with; what happens between transactions is what the simulation is about.
 */
final class SimLedger implements DispatchLedger {

    /** Asked before each statement; throws to make it fail. */
    interface Probe {
        void before(String statement) throws SQLException;
    }

    /** A watermark that was moved, and what was true when it was. */
    record Advance(
            HeldBatch batch, int from, int to, boolean allowed, boolean leased, java.util.Set<Integer> answered) {}

    final SimStore store;
    private final Probe probe;
    private final List<Advance> advances = new ArrayList<>();
    private Consumer<Advance> committed = advance -> {};

    SimLedger(SimStore store, Probe probe) {
        this.store = store;
        this.probe = probe;
    }

    /** Told of every watermark whose move is committed. */
    SimLedger onAdvance(Consumer<Advance> listener) {
        committed = listener;
        return this;
    }

    @Override
    public Session session() {
        long id = store.openSession();
        return new Session() {
            @Override
            public <T> T transact(Work<T> work) {
                return SimLedger.this.transact(tables -> store.on(id, tables, work));
            }

            @Override
            public void close() {
                store.sessions.remove(id);
            }
        };
    }

    @Override
    public <T> T transact(Work<T> work) {
        advances.clear();
        boolean done = false;
        try {
            T result = work.run(new Tables() {
                @Override
                public BatchRows batches() {
                    return new SimBatchRows(store, probe, advances::add);
                }

                @Override
                public AttemptRows attempts() {
                    return new SimAttemptRows(store, probe);
                }

                @Override
                public ReceiptRows receipts() {
                    return new SimReceiptRows(store, probe);
                }

                @Override
                public WaveRows waves() {
                    return new SimWaveRows(store, probe);
                }

                @Override
                public NodeRows nodes() {
                    return new SimNodeRows(store, probe);
                }

                @Override
                public AccountTimeRows accountTimes() {
                    return new SimAccountTimeRows(store, probe);
                }

                @Override
                public CapRows caps() {
                    return new SimCapRows(store, probe);
                }

                @Override
                public LineRows lines() {
                    return new SimLineRows(store, probe);
                }

                @Override
                public ReattachRows reattach() {
                    return new SimReattachRows(store, probe);
                }

                @Override
                public StopRows stops() {
                    return new SimStopRows(store, probe);
                }

                @Override
                public ReachRows reach() {
                    return new SimReachRows(store, probe);
                }
            });
            probe.before("commit");
            store.commit();
            done = true;
            advances.forEach(committed);
            return result;
        } catch (SQLException e) {
            throw new DatabaseException(e);
        } finally {
            if (!done) {
                store.rollback();
            }
        }
    }
}
