package io.tocsin.phone.internal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * So many of something within a time, for each of those who try it; on this node. Safe for use by several threads. When more try
 * than are remembered, those who have not tried for longest are forgotten first.
 */
final class RateLimit {
    private static final int MOST_REMEMBERED = 10_000;

    private final Clock clock;
    private final int allowed;
    private final Duration within;
    private final Map<String, Deque<Instant>> taken = new LinkedHashMap<>(16, 0.75f, true);

    RateLimit(Clock clock, int allowed, Duration within) {
        this.clock = clock;
        this.allowed = allowed;
        this.within = within;
    }

    /** Whether one more is allowed now; it is not counted. */
    synchronized boolean allows(String who) {
        return recent(who).size() < allowed;
    }

    /** Counts one if it is allowed. */
    synchronized boolean take(String who) {
        Deque<Instant> recent = recent(who);
        if (recent.size() >= allowed) {
            return false;
        }
        recent.addLast(clock.instant());
        taken.put(who, recent);
        Iterator<String> longestAgo = taken.keySet().iterator();
        if (taken.size() > MOST_REMEMBERED && longestAgo.hasNext()) {
            longestAgo.next();
            longestAgo.remove();
        }
        return true;
    }

    private Deque<Instant> recent(String who) {
        Deque<Instant> recent = taken.getOrDefault(who, new ArrayDeque<>());
        Instant since = clock.instant().minus(within);
        while (!recent.isEmpty() && !recent.peekFirst().isAfter(since)) {
            recent.removeFirst();
        }
        return recent;
    }
}
