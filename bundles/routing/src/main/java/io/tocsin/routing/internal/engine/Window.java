package io.tocsin.routing.internal.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** The messages a channel has not finished: as many places as its window. */
final class Window {
    private final BlockingQueue<Integer> free;
    private final AtomicReferenceArray<InFlight> places;

    Window(int size) {
        this.places = new AtomicReferenceArray<>(size);
        this.free = new ArrayBlockingQueue<>(size);
        for (int i = 0; i < size; i++) {
            free.add(i);
        }
    }

    int size() {
        return places.length();
    }

    int inFlight() {
        return places.length() - free.size();
    }

    /** Waits for a free place. @return empty if none came free in time */
    java.util.OptionalInt enter(long millis) throws InterruptedException {
        Integer place = free.poll(millis, TimeUnit.MILLISECONDS);
        return place == null ? java.util.OptionalInt.empty() : java.util.OptionalInt.of(place);
    }

    void put(int place, InFlight message) {
        places.set(place, message);
    }

    void leave(int place) {
        places.set(place, null);
        free.add(place);
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
