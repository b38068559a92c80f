package io.tocsin.bench;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How long each answer took to be shown: from its record to the first event that shows at least as many answers as had been recorded with
 * it. Records and events are of one clock. Thread-safe.
 */
final class BoardLag {
    private record Event(Instant at, long answers) {}

    private final List<Instant> recorded = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();

    synchronized void recorded(Instant at) {
        recorded.add(at);
    }

    /** A screen shows so many answers from now on. */
    synchronized void shown(Instant at, long answers) {
        events.add(new Event(at, answers));
    }

    synchronized long shown() {
        return events.isEmpty() ? 0 : events.get(events.size() - 1).answers;
    }

    synchronized int events() {
        return events.size();
    }

    /** Of the answers recorded within [from, to]. @throws IllegalStateException if one of them was never shown */
    synchronized Samples lags(Instant from, Instant to) {
        List<Instant> sorted = new ArrayList<>(recorded);
        sorted.sort(Comparator.naturalOrder());
        Samples lags = new Samples();
        int event = 0;
        for (int i = 0; i < sorted.size(); i++) {
            while (event < events.size() && events.get(event).answers <= i) {
                event++;
            }
            Instant at = sorted.get(i);
            if (!at.isBefore(from) && !at.isAfter(to)) {
                if (event == events.size()) {
                    throw new IllegalStateException("answer " + (i + 1) + " was never shown");
                }
                lags.add(Duration.between(at, events.get(event).at).toNanos());
            }
        }
        return lags;
    }
}
