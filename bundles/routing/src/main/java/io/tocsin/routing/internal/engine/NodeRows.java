package io.tocsin.routing.internal.engine;

import io.tocsin.routing.api.DispatchStatus.NodeStatus;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** The nodes there are and were. */
interface NodeRows {

    /**
     * Takes the next incarnation of a name, and voids the leases of those before it: they cannot be renewed any more. Nothing is
     * decided for a while about messages in doubt nobody has asked for yet: this node may be who can.
     */
    Node register(String name) throws SQLException;

    /** Says that a node lives. @return how many nodes do, itself included */
    int heartbeat(Node node, Duration lease) throws SQLException;

    /** The nodes there ever were, by name. @param lease how long after a heartbeat a node counts as alive */
    List<NodeStatus> all(Duration lease) throws SQLException;
}
