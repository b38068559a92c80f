package io.tocsin.routing.internal.engine;

import io.tocsin.persistence.api.Database;
import io.tocsin.persistence.api.EngineSession;
import java.sql.Connection;

/** The ledger in PostgreSQL, as the engine's role sees it: across tenants. */
final class JdbcLedger implements DispatchLedger {
    private final Database database;

    JdbcLedger(Database database) {
        this.database = database;
    }

    @Override
    public <T> T transact(Work<T> work) {
        return database.asEngine(connection -> work.run(new OnConnection(connection)));
    }

    @Override
    public Session session() {
        EngineSession session = database.engineSession();
        return new Session() {
            @Override
            public <T> T transact(Work<T> work) {
                return session.transact(connection -> work.run(new OnConnection(connection)));
            }

            @Override
            public void close() {
                session.close();
            }
        };
    }

    private record OnConnection(Connection connection) implements Tables {
        @Override
        public BatchRows batches() {
            return new JdbcBatchRows(connection);
        }

        @Override
        public AttemptRows attempts() {
            return new JdbcAttemptRows(connection);
        }

        @Override
        public ReceiptRows receipts() {
            return new JdbcReceiptRows(connection);
        }

        @Override
        public WaveRows waves() {
            return new JdbcWaveRows(connection);
        }

        @Override
        public NodeRows nodes() {
            return new JdbcNodeRows(connection);
        }

        @Override
        public AccountTimeRows accountTimes() {
            return new JdbcAccountTimeRows(connection);
        }

        @Override
        public CapRows caps() {
            return new JdbcCapRows(connection);
        }

        @Override
        public LineRows lines() {
            return new JdbcLineRows(connection);
        }

        @Override
        public ReattachRows reattach() {
            return new JdbcReattachRows(connection);
        }

        @Override
        public StopRows stops() {
            return new JdbcStopRows(connection);
        }

        @Override
        public ReachRows reach() {
            return new JdbcReachRows(connection);
        }
    }
}
