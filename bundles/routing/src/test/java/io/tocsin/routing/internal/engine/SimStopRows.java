package io.tocsin.routing.internal.engine;

import io.tocsin.routing.api.Alert;
import io.tocsin.routing.internal.engine.SimLedger.Probe;
import io.tocsin.routing.internal.engine.SimStore.SimAlert;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** {@link StopRows} in memory. */
final class SimStopRows implements StopRows {
    private final SimStore store;
    private final Probe probe;

    SimStopRows(SimStore store, Probe probe) {
        this.store = store;
        this.probe = probe;
    }

    @Override
    public Stopped stopped(Collection<Person> people, Collection<AlertKey> alerts, Duration lately)
            throws SQLException {
        probe.before("stopped");
        Instant since = store.now.get().minus(lately);
        Set<Person> answered = new HashSet<>();
        Set<AlertKey> cancelled = new HashSet<>();
        for (Person person : people) {
            SimAlert alert =
                    store.alert(person.alert().tenantId(), person.alert().alertId());
            if (alert.answers.containsKey(person.recipientNo())) {
                answered.add(person);
            }
        }
        for (AlertKey key : alerts) {
            SimAlert alert = store.alert(key.tenantId(), key.alertId());
            alert.answers.forEach((no, at) -> {
                if (at.isAfter(since)) {
                    answered.add(new Person(key, no));
                }
            });
            if (alert.state == Alert.State.CANCELLED) {
                cancelled.add(key);
            }
        }
        return new Stopped(answered, cancelled);
    }
}
