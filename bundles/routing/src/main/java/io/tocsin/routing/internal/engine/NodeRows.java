package io.tocsin.routing.internal.engine;

import io.tocsin.routing.api.DispatchStatus.NodeStatus;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The nodes there are and were. A node lives if it said so within the lease, and nobody has ended the life it said it in since
 * ({@link #end}).
 */
interface NodeRows {

    /**
     * Takes the next incarnation of a name, and voids the leases of those before it: they cannot be renewed any more. Nothing is
     * decided for a while about messages in doubt nobody has asked for yet: this node may be who can.
     */
    Node register(String name) throws SQLException;

    /**
     * Begins a life on the session this transaction is of, which is a first sign of it. Waits for whoever is just ending the one
     * before.
     *
     * @return empty: another has been started under the node's name since
     */
    Optional<NodeLife> begin(Node node) throws SQLException;

    /**
     * Says that a node lives: on the session its life began on and on no other, so that whoever sees that one gone has seen the last
     * sign of it.
     *
     * @return the lives of others whose sessions are gone, and which nobody has ended yet; empty: it is not this life any more
     */
    Optional<List<NodeLife>> beat(NodeLife life) throws SQLException;

    /**
     * Ends a life that is over: its leases on batches and lines have run out, and it lives no more.
     *
     * @return false if its node has begun another since, or somebody has ended it before: then nothing is touched
     */
    boolean end(NodeLife life) throws SQLException;

    /** How many nodes live. @param lease how long after a sign of life a node counts as alive */
    int living(Duration lease) throws SQLException;

    /** The nodes there ever were, by name. @param lease how long after a sign of life a node counts as alive */
    List<NodeStatus> all(Duration lease) throws SQLException;
}
