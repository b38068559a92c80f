package io.tocsin.routing.internal.engine;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;

/** By which accounts each node can send: a carrier may be in one site's reach only, and the others' nodes cannot see that. */
interface ReachRows {

    /** Replaces what a node said before. @param sends each account the node has, and whether it can send by it now */
    void tell(Node node, Map<Integer, Boolean> sends) throws SQLException;

    /**
     * Whether a node that lives said that it can send by one of these accounts.
     *
     * @param lease how long after a heartbeat a node counts as alive
     */
    boolean anybody(Collection<Integer> accounts, Duration lease) throws SQLException;
}
