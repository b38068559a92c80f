package io.tocsin.routing.internal.engine;

import io.tocsin.persistence.api.DatabaseException;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;

/**
 * Who can send for whom. A node whose carrier is out of its reach claims nothing for it, so that the others do; what it decides
 * about steps heeds that they can. Told from one thread, asked from any.
 */
final class Reach {
    private final DispatchLedger ledger;
    private final Node node;
    private final Lanes lanes;
    private final Duration lease;
    private Map<Integer, Boolean> told = Map.of();
    private boolean said;

    /** @param lease how long after a heartbeat a node counts as alive */
    Reach(DispatchLedger ledger, Node node, Lanes lanes, Duration lease) {
        this.ledger = ledger;
        this.node = node;
        this.lanes = lanes;
        this.lease = lease;
    }

    /**
     * Tells the others when something changed, and once at first: an incarnation before may have said otherwise.
     *
     * @throws DatabaseException when that failed: the next call tries again
     */
    void tell() {
        Map<Integer, Boolean> now = lanes.sends();
        if (said && now.equals(told)) {
            return;
        }
        ledger.transact(t -> {
            t.reach().tell(node, now);
            return null;
        });
        told = now;
        said = true;
    }

    /**
     * Whether messages of a tenant can leave by a channel, from this node or another that lives.
     *
     * @throws DatabaseException when this node cannot, and the others cannot be asked for
     */
    boolean anybody(int tenantId, String channel) {
        if (lanes.laneFor(tenantId, channel).isPresent()) {
            return true;
        }
        Collection<Integer> accounts = lanes.accountsFor(tenantId, channel);
        return !accounts.isEmpty() && ledger.transact(t -> t.reach().anybody(accounts, lease));
    }
}
