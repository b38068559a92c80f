package io.tocsin.routing.internal.engine;

import java.sql.SQLException;
import java.time.Duration;

/**
 * The time of accounts that have a rate, taken in stretches one after another: nodes that each send at the whole rate in their
 * own stretches only never exceed it together, and who has nothing to send takes none. Reckoned by the ledger's clock.
 */
interface AccountTimeRows {
    /** Of so many stretches in a row one goes to the others while life-safety asks for all: nobody starves. */
    int MOST_URGENT_IN_A_ROW = 15;

    /** @param in until the stretch begins that was taken, or until it is worth asking again */
    record Answer(boolean taken, Duration in) {}

    /**
     * Takes the stretch after the last one taken, if that one ends soon.
     *
     * @param longest the longest stretch anybody takes
     * @param ahead how long before its end the next one may be taken. After a stretch for life-safety only life-safety may
     *     take the next ahead of its end, so that others get it when no life-safety is left
     */
    Answer take(int accountId, Duration stretch, Duration longest, Duration ahead, boolean urgent) throws SQLException;
}
