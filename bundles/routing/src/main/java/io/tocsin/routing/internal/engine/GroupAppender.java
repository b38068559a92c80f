package io.tocsin.routing.internal.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that gathers items into groups closed by size or age and has them written in order ({@link GroupWriting}). While
 * the database is away items wait in memory.
 */
final class GroupAppender<T> implements Appender<T> {
    private static final Logger LOG = LoggerFactory.getLogger(GroupAppender.class);

    /** With something urgent in it, a group waits no longer for more than this. */
    private static final long URGENT_NANOS = Duration.ofMillis(20).toNanos();

    /** Of so many places in a group one is left to what is not urgent, when it waits: nobody waits for ever. */
    private static final int PLACES_OF_URGENT = 16;

    private final GroupWriting<T> writing;
    private final int size;
    private final long ageNanos;
    private final Queue<T> urgent = new ConcurrentLinkedQueue<>();
    private final Queue<T> ordinary = new ConcurrentLinkedQueue<>();

    /** A permit for each item in either queue; given after the item is there. */
    private final Semaphore waiting = new Semaphore(0);

    private final Thread thread;
    /** Items gathered or being written: in no queue any more, and not durable. */
    private volatile int taken;

    private volatile boolean closing;

    GroupAppender(String name, int size, Duration age, GroupWriting.Writer<T> writer) {
        this.writing = new GroupWriting<>(writer);
        this.size = size;
        this.ageNanos = age.toNanos();
        this.thread = new Thread(this::run, name);
    }

    @Override
    public void start() {
        thread.start();
    }

    @Override
    public void add(T item, boolean isUrgent) {
        (isUrgent ? urgent : ordinary).add(item);
        waiting.release();
    }

    @Override
    public int backlog() {
        return waiting.availablePermits() + taken;
    }

    @Override
    public boolean stuck() {
        return writing.stuck();
    }

    @Override
    public boolean close(Duration limit) {
        closing = true;
        try {
            thread.join(Math.max(1, limit.toMillis()));
            if (thread.isAlive()) {
                thread.interrupt();
                thread.join(1000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return backlog() == 0;
    }

    private void run() {
        List<T> group = new ArrayList<>(size);
        try {
            while (true) {
                if (waiting.tryAcquire(50, TimeUnit.MILLISECONDS)) {
                    gather(group);
                    writing.take(group);
                    write();
                    taken = 0;
                    group.clear();
                } else if (closing) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            LOG.warn("record.interrupted left={}", backlog());
            Thread.currentThread().interrupt();
        }
    }

    private void write() throws InterruptedException {
        while (!writing.idle()) {
            Duration pause = writing.step();
            if (!pause.isZero()) {
                Thread.sleep(pause.toMillis());
            }
        }
    }

    /** Waits until a group's worth is there, or its first has waited long enough, and takes it; one permit is had already. */
    private void gather(List<T> group) throws InterruptedException {
        long openedAt = System.nanoTime();
        int permits = 1;
        while (permits < size && !closing) {
            permits += waiting.drainPermits();
            taken = permits;
            long age = urgent.isEmpty() ? ageNanos : Math.min(ageNanos, URGENT_NANOS);
            long left = age - (System.nanoTime() - openedAt);
            if (permits >= size || left <= 0 || !waiting.tryAcquire(left, TimeUnit.NANOSECONDS)) {
                break;
            }
            permits++;
        }
        take(group, Math.min(permits, size));
        taken = group.size();
        waiting.release(permits - taken);
    }

    /**
     * Takes a group of what waits. With something urgent in it, a group is as small as that allows, to be durable the sooner;
     * a few places are the others' all the same.
     *
     * @param most as many items wait at least
     */
    private void take(List<T> group, int most) {
        int others = Math.max(1, most / PLACES_OF_URGENT);
        move(urgent, group, ordinary.isEmpty() ? most : Math.max(1, most - others));
        move(ordinary, group, group.isEmpty() ? most : Math.min(most, group.size() + others));
    }

    private static <T> void move(Queue<T> from, List<T> group, int upTo) {
        while (group.size() < upTo) {
            T next = from.poll();
            if (next == null) {
                return;
            }
            group.add(next);
        }
    }
}
