package io.tocsin.routing.internal.engine;

import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Which receipts are about life-safety messages, as far as this node heard of their acceptance lately. Says in which order
 * facts are written, and decides nothing else. Thread-safe.
 */
final class UrgentReceipts {
    private static final int KEPT = 50_000;

    private record Id(int accountId, String carrierId) {}

    private final Set<Id> ids = ConcurrentHashMap.newKeySet();
    private final Queue<Id> byAge = new ConcurrentLinkedQueue<>();
    private final AtomicInteger kept = new AtomicInteger();

    /** A life-safety message was taken under these ids. */
    void expect(int accountId, List<String> carrierIds) {
        for (String carrierId : carrierIds) {
            Id id = new Id(accountId, carrierId);
            if (ids.add(id)) {
                byAge.add(id);
                if (kept.incrementAndGet() > KEPT) {
                    ids.remove(byAge.remove());
                    kept.decrementAndGet();
                }
            }
        }
    }

    boolean isUrgent(int accountId, String carrierId) {
        return !ids.isEmpty() && ids.contains(new Id(accountId, carrierId));
    }
}
