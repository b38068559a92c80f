package io.tocsin.routing.internal.engine;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The conduct of every account's channel, by account. */
final class Conducts {
    private final Map<Integer, Conduct> conducts = new ConcurrentHashMap<>();

    Conduct of(int accountId) {
        return conducts.computeIfAbsent(accountId, id -> new Conduct());
    }

    /** Forgets accounts that are gone. */
    void keep(Set<Integer> accountIds) {
        conducts.keySet().retainAll(accountIds);
    }
}
