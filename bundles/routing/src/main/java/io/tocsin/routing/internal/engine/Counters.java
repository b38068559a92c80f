package io.tocsin.routing.internal.engine;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Monotonic counts since this node's start. */
final class Counters {
    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

    void add(String name, long n) {
        counts.computeIfAbsent(name, c -> new LongAdder()).add(n);
    }

    Map<String, Long> values() {
        Map<String, Long> values = new TreeMap<>();
        counts.forEach((name, count) -> values.put(name, count.sum()));
        return values;
    }
}
