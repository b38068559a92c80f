package io.tocsin.channel.fax.internal;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Draws pages, one fax after the other. A document that takes too long loses its thread, which nothing can end, and the next fax gets
 * another: one person's PDF must not stop everybody's.
 */
final class Press implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Press.class);
    private static final Duration GOODBYE = Duration.ofSeconds(3);

    /** One fax to be drawn. */
    interface Job {
        void draw(FaxPages pages);

        /** It took too long, and may go on; nobody waits for it any more. */
        void overdue();
    }

    private record Shift(ThreadPoolExecutor thread, FaxPages pages) {}

    private record Waiting(Runnable work) implements Runnable {
        @Override
        public void run() {
            work.run();
        }
    }

    private final String name;
    private final Supplier<FaxPages> pages;
    private final Supplier<ScheduledExecutorService> alarms;
    private final Duration limit;
    private Shift shift;
    private boolean closed;

    /** @param pages of each thread its own */
    Press(String name, Supplier<FaxPages> pages, Supplier<ScheduledExecutorService> alarms, Duration limit) {
        this.name = name;
        this.pages = pages;
        this.alarms = alarms;
        this.limit = limit;
        this.shift = new Shift(oneThread(name), pages.get());
    }

    /** @throws RejectedExecutionException once it is closed */
    synchronized void print(Job job) {
        shift.thread().execute(new Waiting(() -> work(job)));
    }

    private void work(Job job) {
        Shift mine;
        synchronized (this) {
            mine = shift;
        }
        ScheduledFuture<?> alarm;
        try {
            alarm = alarms.get().schedule(() -> overdue(mine, job), limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closing) {
            return;
        }
        try {
            job.draw(mine.pages());
        } finally {
            alarm.cancel(false);
        }
    }

    private void overdue(Shift stuck, Job job) {
        synchronized (this) {
            if (shift != stuck || closed) {
                return;
            }
            LOG.warn("fax-drawing-given-up press={} after-ms={}", name, limit.toMillis());
            shift = new Shift(oneThread(name), pages.get());
            List<Runnable> waiting = stuck.thread().shutdownNow();
            waiting.forEach(shift.thread()::execute);
        }
        job.overdue();
    }

    /** Leaves no thread but one that cannot be ended. */
    @Override
    public void close() {
        ThreadPoolExecutor last;
        synchronized (this) {
            closed = true;
            last = shift.thread();
        }
        last.shutdownNow();
        try {
            if (!last.awaitTermination(GOODBYE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("fax-drawing-goes-on press={}", name);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A thread while there is something to do. */
    private static ThreadPoolExecutor oneThread(String name) {
        ThreadPoolExecutor executor =
                new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, name);
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }
}
