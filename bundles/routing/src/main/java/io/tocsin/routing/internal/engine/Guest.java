package io.tocsin.routing.internal.engine;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Where the code of one account's channel runs when it is asked anything but to send: opening, health, closing. What hangs
 * there holds up nobody else.
 */
interface Guest extends AutoCloseable {

    /**
     * Runs a call, which catches whatever it throws itself.
     *
     * @throws RejectedExecutionException once closed
     */
    void run(Runnable call);

    /** Whether a call has not come back yet. */
    boolean busy();

    /** Interrupts what still runs, but for the caller, and lets the threads go; does not wait. */
    @Override
    void close();

    /** On the caller's own thread: for a simulation, whose channels are its own. */
    static Guest direct() {
        return new Guest() {
            @Override
            public void run(Runnable call) {
                call.run();
            }

            @Override
            public boolean busy() {
                return false;
            }

            @Override
            public void close() {
                // no thread to let go
            }
        };
    }

    /** On threads of the account's own, one as a rule, more only while one hangs; they end with the channel. */
    static Guest onThreads(String account) {
        return new Threads(account);
    }

    /** Threads that outlive no channel: what a guest leaves in them would keep its classes for ever. */
    final class Threads implements Guest {
        private static final long IDLE_SECONDS = 5;

        private final Set<Thread> running = ConcurrentHashMap.newKeySet();
        private final ThreadPoolExecutor threads;

        private Threads(String account) {
            threads = new ThreadPoolExecutor(
                    0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), work -> {
                        Thread thread = new Thread(work, "channel-" + account);
                        thread.setDaemon(true);
                        return thread;
                    });
        }

        @Override
        public void run(Runnable call) {
            threads.execute(() -> {
                running.add(Thread.currentThread());
                try {
                    call.run();
                } finally {
                    running.remove(Thread.currentThread());
                }
            });
        }

        @Override
        public boolean busy() {
            return !running.isEmpty();
        }

        @Override
        public void close() {
            threads.shutdown();
            running.stream().filter(thread -> thread != Thread.currentThread()).forEach(Thread::interrupt);
        }
    }
}
