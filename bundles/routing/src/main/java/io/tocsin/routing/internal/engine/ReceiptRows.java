package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.Receipt;
import io.tocsin.routing.internal.TargetRef;
import io.tocsin.routing.internal.engine.Fact.Receipted;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** How receipts find their messages, and where those wait that have not. */
interface ReceiptRows {

    /** A message, or one segment of it. */
    record Place(TargetRef target, int segment) {}

    /** A receipt that waited, and what it is about. */
    record Found(Place place, int accountId, Receipt receipt) {}

    /** Looks for what was accepted under the receipts' ids, the latest of each. @return by index into {@code received} */
    Map<Integer, Place> byCarrierId(List<Receipted> received) throws SQLException;

    boolean exists(TargetRef target) throws SQLException;

    /** Lets receipts wait for their messages. */
    void keep(List<Receipted> orphans) throws SQLException;

    /** Takes those waiting since {@code since} whose id is known by now. */
    List<Found> takeKnown(Instant since) throws SQLException;

    /** Takes those seen from {@code since} to before {@code until} at whose address a message of their account is in doubt. */
    List<Found> takeByAddress(Instant since, Instant until) throws SQLException;

    boolean anyWaiting(Instant since) throws SQLException;
}
