package io.tocsin.routing.internal.engine;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * Who has how many lines of an account that several nodes have open. A share is a lease, reckoned by the ledger's clock: when it
 * ends, so does what its holder may begin, and its lines are anybody's.
 */
interface LineRows {

    /**
     * One holder's part of an account's lines.
     *
     * @param held so many messages it may have under way
     * @param wanted so many it could have under way just now
     */
    record Share(String holder, int held, int wanted) {}

    /** Has the account's lines to itself until the transaction ends. @return the shares whose lease runs, in order of their holders */
    List<Share> hold(int accountId) throws SQLException;

    /** Sets a share, and prolongs its lease. */
    void keep(int accountId, Share share, Duration lease) throws SQLException;

    /** Gives a share back. */
    void drop(int accountId, String holder) throws SQLException;
}
