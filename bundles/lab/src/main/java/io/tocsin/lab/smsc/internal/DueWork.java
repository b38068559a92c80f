package io.tocsin.lab.smsc.internal;

import java.time.Duration;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Everything that happens later, on one thread: responses after their latency, receipts, replies. Calls {@code idle}
 * whenever nothing more is due, so that sockets are flushed once a burst instead of once a PDU.
 */
final class DueWork {
    private final ScheduledThreadPoolExecutor executor;

    DueWork(Runnable idle) {
        executor =
                new ScheduledThreadPoolExecutor(1, work -> {
                    Thread thread = new Thread(work, "smsc-due");
                    thread.setDaemon(true);
                    return thread;
                }) {
                    @Override
                    protected void afterExecute(Runnable done, Throwable failure) {
                        if (!(getQueue().peek() instanceof Delayed next) || next.getDelay(TimeUnit.NANOSECONDS) > 0) {
                            idle.run();
                        }
                    }
                };
        executor.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Runs the work after a delay; drops it once closed. */
    void after(Duration delay, Runnable work) {
        executor.schedule(work, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    void close() {
        executor.shutdownNow();
    }
}
