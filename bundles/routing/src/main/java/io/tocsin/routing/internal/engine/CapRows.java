package io.tocsin.routing.internal.engine;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Caps of local exchanges and sites: so many messages a second on all nodes together. Their permits are taken in the
 * transaction that moves the watermark, by the ledger's clock, so that no more is ever intended than a cap allows, whatever
 * nodes do; an intent that does not happen takes none.
 */
interface CapRows {

    /** Caps nobody else takes from until the transaction ends. @param now by the ledger's clock */
    record Held(Instant now, List<CapPermits> caps) {}

    /**
     * Holds those of these caps that still exist.
     *
     * @return empty, at once, if somebody else holds one: a node that stands still must not stop the others
     */
    Optional<Held> hold(List<Integer> capIds) throws SQLException;

    /** Writes back what became of caps that are held. @param taken messages that leave now, 0: somebody waits */
    void update(List<CapPermits> caps, int taken, Instant now) throws SQLException;
}
