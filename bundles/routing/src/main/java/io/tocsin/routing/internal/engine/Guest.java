package io.tocsin.routing.internal.engine;

import java.util.Arrays;
import java.util.List;
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

    /** A thread for sending: as the others, the account's. */
    Thread thread(Runnable work, String name);

    /** Whether a call has not come back yet. */
    boolean busy();

    /** Names of the threads that the channel started and that still live. */
    List<String> left();

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
            public Thread thread(Runnable work, String name) {
                return new Thread(work, name);
            }

            @Override
            public boolean busy() {
                return false;
            }

            @Override
            public List<String> left() {
                return List.of();
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

    /**
     * Threads that outlive no channel: what a guest leaves in them would keep its classes for ever. They are of a group of their
     * own, and so is whatever a guest starts from them: that is how its own are known when it is gone.
     */
    final class Threads implements Guest {
        private static final long IDLE_SECONDS = 5;

        private final ThreadGroup group;
        private final Set<Thread> running = ConcurrentHashMap.newKeySet();
        private final ThreadPoolExecutor threads;

        private static final class Ours extends Thread {
            private Ours(ThreadGroup group, Runnable work, String name) {
                super(group, work, name);
            }
        }

        private Threads(String account) {
            group = new ThreadGroup("channel-" + account);
            threads = new ThreadPoolExecutor(
                    0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), work -> {
                        Thread thread = thread(work, "channel-" + account);
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
        public Thread thread(Runnable work, String name) {
            return new Ours(group, work, name);
        }

        @Override
        public boolean busy() {
            return !running.isEmpty();
        }

        @Override
        public List<String> left() {
            Thread[] living = new Thread[2 * group.activeCount() + 8];
            int number = group.enumerate(living);
            return Arrays.stream(living, 0, number)
                    .filter(thread -> !(thread instanceof Ours))
                    .map(Thread::getName)
                    .sorted()
                    .toList();
        }

        @Override
        public void close() {
            threads.shutdown();
            running.stream().filter(thread -> thread != Thread.currentThread()).forEach(Thread::interrupt);
        }
    }
}
