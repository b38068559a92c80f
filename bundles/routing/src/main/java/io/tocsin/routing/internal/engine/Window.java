package io.tocsin.routing.internal.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The messages a channel has not finished: as many places as its window, of which fewer may be open to newcomers. */
final class Window {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final int[] free;
    private final AtomicReferenceArray<InFlight> places;
    private volatile int inFlight;
    private volatile int limit;

    Window(int size) {
        this.places = new AtomicReferenceArray<>(size);
        this.free = new int[size];
        this.limit = size;
        for (int i = 0; i < size; i++) {
            free[i] = i;
        }
    }

    int size() {
        return places.length();
    }

    int inFlight() {
        return inFlight;
    }

    /** From now on nobody enters while so many or more are in flight. Whoever is in stays in. */
    void limit(int most) {
        if (most == limit) {
            return;
        }
        lock.lock();
        try {
            limit = most;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    int limit() {
        return limit;
    }

    /** Waits for a free place. @return empty if none came free in time */
    OptionalInt enter(long millis) throws InterruptedException {
        long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
        lock.lockInterruptibly();
        try {
            while (inFlight >= Math.min(limit, free.length)) {
                if (nanos <= 0) {
                    return OptionalInt.empty();
                }
                nanos = changed.awaitNanos(nanos);
            }
            inFlight++;
            return OptionalInt.of(free[free.length - inFlight]);
        } finally {
            lock.unlock();
        }
    }

    void put(int place, InFlight message) {
        places.set(place, message);
    }

    void leave(int place) {
        places.set(place, null);
        lock.lock();
        try {
            free[free.length - inFlight] = place;
            inFlight--;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    List<InFlight> present() {
        List<InFlight> present = new ArrayList<>();
        for (int i = 0; i < places.length(); i++) {
            InFlight message = places.get(i);
            if (message != null) {
                present.add(message);
            }
        }
        return present;
    }
}
