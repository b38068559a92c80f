package io.tocsin.routing.internal.engine;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** The conduct of every account's channel, by account. */
final class Conducts {
    private final Map<Integer, Conduct> conducts = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;
    private final Duration sendLimit;

    Conducts(LongSupplier nanoTime, Duration sendLimit) {
        this.nanoTime = nanoTime;
        this.sendLimit = sendLimit;
    }

    Conduct of(int accountId) {
        return conducts.computeIfAbsent(accountId, id -> new Conduct(nanoTime, sendLimit));
    }

    /** Forgets accounts that are gone. */
    void keep(Set<Integer> accountIds) {
        conducts.keySet().retainAll(accountIds);
    }
}
