package io.tocsin.routing.internal.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that gathers items into groups closed by size or age and has them written in order ({@link GroupWriting}). While
 * the database is away items wait in memory.
 */
final class GroupAppender<T> implements Appender<T> {
    private static final Logger LOG = LoggerFactory.getLogger(GroupAppender.class);

    private final GroupWriting<T> writing;
    private final int size;
    private final long ageNanos;
    private final BlockingQueue<T> queue = new LinkedBlockingQueue<>();
    private final Thread thread;
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
    public void add(T item) {
        queue.add(item);
    }

    @Override
    public int backlog() {
        return queue.size();
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
        return queue.isEmpty();
    }

    private void run() {
        List<T> group = new ArrayList<>(size);
        try {
            while (true) {
                T first = queue.poll(50, TimeUnit.MILLISECONDS);
                if (first == null) {
                    if (closing) {
                        return;
                    }
                    continue;
                }
                group.add(first);
                gather(group);
                writing.take(group);
                write();
                group.clear();
            }
        } catch (InterruptedException e) {
            LOG.warn("record.interrupted left={}", queue.size() + group.size());
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

    private void gather(List<T> group) throws InterruptedException {
        long closesAt = System.nanoTime() + ageNanos;
        while (group.size() < size) {
            queue.drainTo(group, size - group.size());
            long left = closesAt - System.nanoTime();
            if (group.size() >= size || left <= 0 || closing) {
                return;
            }
            T next = queue.poll(left, TimeUnit.NANOSECONDS);
            if (next != null) {
                group.add(next);
            }
        }
    }
}
