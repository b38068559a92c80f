package io.tocsin.bench;

import io.tocsin.lab.smsc.SimulatedSmsc;
import java.time.Duration;

/** The longest times during which nothing reached the carrier, looked at a thousand times a second by a thread of its own. */
final class Gaps {
    private static final Duration LOOK = Duration.ofMillis(1);

    private final Thread thread;
    private long messages;
    private long since = System.nanoTime();
    private double lap;
    private double longest;

    private Gaps(SimulatedSmsc smsc) {
        messages = smsc.counters().messages();
        thread = new Thread(
                () -> {
                    while (!Thread.currentThread().isInterrupted()) {
                        look(smsc.counters().messages());
                        Progress.pause(LOOK);
                    }
                },
                "gaps");
        thread.setDaemon(true);
    }

    static Gaps watch(SimulatedSmsc smsc) {
        Gaps gaps = new Gaps(smsc);
        gaps.thread.start();
        return gaps;
    }

    private synchronized void look(long now) {
        long at = System.nanoTime();
        if (now != messages) {
            messages = now;
            since = at;
        }
        lap = Math.max(lap, (at - since) / 1e6);
        longest = Math.max(longest, lap);
    }

    /** The longest since the last lap, in milliseconds; begins another. */
    synchronized double lap() {
        double was = lap;
        lap = 0;
        return was;
    }

    /** The longest of all, in milliseconds. */
    synchronized double longest() {
        return longest;
    }

    void stop() {
        thread.interrupt();
    }
}
