package io.tocsin.bench;

import io.tocsin.lab.smsc.SimulatedSmsc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Receipts that the carrier saw acknowledged, over time: looked at ten times a second by a thread of its own. */
final class Receipts {
    private static final Duration SAY = Duration.ofSeconds(30);

    private record Point(long nanos, long count) {}

    private final SimulatedSmsc smsc;
    private final List<Point> points = new ArrayList<>();
    private long from;
    private Duration said = Duration.ZERO;

    Receipts(SimulatedSmsc smsc) {
        this.smsc = smsc;
    }

    void start() {
        from = System.nanoTime();
        Thread thread = new Thread(
                () -> {
                    while (true) {
                        look();
                        Progress.pause(Duration.ofMillis(100));
                    }
                },
                "receipts");
        thread.setDaemon(true);
        look();
        thread.start();
    }

    private synchronized void look() {
        points.add(new Point(System.nanoTime(), total()));
    }

    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - from);
    }

    long total() {
        return smsc.counters().receipts();
    }

    /** Receipts a second between two moments of the run. */
    double rate(Duration since, Duration until) {
        Point first = at(since);
        Point last = at(until);
        return (last.count - first.count) * 1e9 / (last.nanos - first.nanos);
    }

    private synchronized Point at(Duration elapsed) {
        long nanos = from + elapsed.toNanos();
        return points.stream()
                .filter(point -> point.nanos >= nanos)
                .findFirst()
                .orElseGet(() -> points.get(points.size() - 1));
    }

    /** Says now and then how it goes. */
    void say() {
        Duration now = elapsed();
        if (now.minus(said).compareTo(SAY) >= 0) {
            System.err.printf("tocsin: %4d s  %,.0f receipts/s%n", now.toSeconds(), rate(said, now));
            said = now;
        }
    }

    /** Waits until every message of the alerts so far has its receipt, or for so long. */
    void awaitAll(AlertChain alerts, Duration limit) {
        long until = System.nanoTime() + limit.toNanos();
        while (total() < alerts.due() && System.nanoTime() < until) {
            Progress.pause(Duration.ofMillis(20));
        }
    }
}
