package io.tocsin.routing.internal.engine;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says that the node lives, on a thread and a connection of its own: whatever keeps the others waiting, it goes on. */
final class LifeThread {
    private static final Logger LOG = LoggerFactory.getLogger(LifeThread.class);

    private final Life life;
    private final Thread thread = new Thread(this::live, "engine-life");
    private volatile boolean over;
    private volatile boolean abandoned;

    LifeThread(Life life) {
        this.life = life;
    }

    void start() {
        thread.start();
    }

    /**
     * Nothing leaves any more. Blocks until the last sign of life is over.
     *
     * @param crash as one would end it, without a word
     */
    void end(boolean crash, Duration limit) {
        abandoned = crash;
        over = true;
        thread.interrupt();
        try {
            thread.join(limit.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void live() {
        long every = life.pace().every().toNanos();
        while (!over) {
            long begun = System.nanoTime();
            try {
                life.round();
            } catch (RuntimeException e) {
                LOG.error("engine.round-failed loop=life", e);
            }
            try {
                TimeUnit.NANOSECONDS.sleep(every - (System.nanoTime() - begun));
            } catch (InterruptedException e) {
                // it ends
            }
        }
        if (abandoned) {
            life.abandon();
        } else {
            life.close();
        }
    }
}
