package io.tocsin.channel.publish.internal;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads of one account, each kind its own: a server that hangs holds up no page, and neither holds up the time.
 *
 * @param timer never blocks
 * @param pages one thread: pages are written one after the other
 * @param posts as many as there may be messages
 * @param looks one thread, for what only looks
 */
record Workers(ScheduledExecutorService timer, ExecutorService pages, ExecutorService posts, ExecutorService looks) {

    /** @param window messages unfinished at once */
    static Workers of(String account, int window) {
        String name = "publish-" + account;
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, named(name));
        timer.setRemoveOnCancelPolicy(true);
        return new Workers(timer, few(name + "-page", 1), few(name + "-post", window), few(name + "-look", 1));
    }

    private static ExecutorService few(String name, int threads) {
        ThreadPoolExecutor executor =
                new ThreadPoolExecutor(threads, threads, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), named(name));
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    private static ThreadFactory named(String name) {
        return work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Ends all threads; waits two seconds for them. @return false if interrupted meanwhile */
    boolean close() {
        timer.shutdownNow();
        pages.shutdown(); // what is being written is written whole
        posts.shutdownNow();
        looks.shutdownNow();
        try {
            pages.awaitTermination(1, TimeUnit.SECONDS);
            posts.awaitTermination(1, TimeUnit.SECONDS);
            return true;
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
