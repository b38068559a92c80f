package io.tocsin.routing.internal.engine;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;

/** Who need not be reached any more: they answered, or their alert was cancelled. */
interface StopRows {

    record AlertKey(int tenantId, long alertId) {}

    record Person(AlertKey alert, int recipientNo) {}

    /** @param cancelled alerts */
    record Stopped(Set<Person> answered, Set<AlertKey> cancelled) {}

    /**
     * Looks who of these has answered, and who of these alerts has lately.
     *
     * @param people looked up whenever it was that they answered
     * @param lately how long ago an answer may have been recorded, by the ledger's clock
     */
    Stopped stopped(Collection<Person> people, Collection<AlertKey> alerts, Duration lately) throws SQLException;
}
