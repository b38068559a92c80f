package io.tocsin.routing.internal.engine;

import java.sql.SQLException;

/**
 * The ledger as dispatch sees it: the seam between what is decided (the other classes of this package) and what is stored
 * ({@link JdbcLedger}). The simulation puts a ledger of its own behind it, held to the same contract.
 */
interface DispatchLedger {

    /**
     * Runs work in one transaction, committed when this returns. Blocks.
     *
     * @throws io.tocsin.persistence.api.DatabaseException when it failed; it may have been committed all the same if its
     *     answer was lost
     */
    <T> T transact(Work<T> work);

    /**
     * Opens a session of this node's alone, which the ledger knows it by ({@link Life}). Blocks.
     *
     * @throws io.tocsin.persistence.api.DatabaseException when none can be had
     */
    Session session();

    /** One session: once something failed on it, it is over. */
    interface Session {
        /** As {@link DispatchLedger#transact}; one caller at a time. */
        <T> T transact(Work<T> work);

        /** From any thread; again does nothing. */
        void close();
    }

    /** What is done in one transaction; a {@link SQLException} is left to whoever runs it. */
    interface Work<T> {
        T run(Tables tables) throws SQLException;
    }

    /** What a transaction may ask of the ledger, by what it is about. */
    interface Tables {
        BatchRows batches();

        AttemptRows attempts();

        ReceiptRows receipts();

        WaveRows waves();

        NodeRows nodes();

        AccountTimeRows accountTimes();

        CapRows caps();

        LineRows lines();

        ReattachRows reattach();

        StopRows stops();

        ReachRows reach();
    }
}
