package io.tocsin.lab.smsc.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Receipts and replies on their way to the sender, in order, over whichever receiving binds are up, never more than a
 * window unacknowledged on each. What a lost bind had not acknowledged goes first on the next: at least once, as
 * carriers do.
 */
final class Outbox {
    private final Deque<Delivery> waiting = new ArrayDeque<>();
    private final List<SmscSession> receivers = new ArrayList<>();
    private final LongAdder receipts = new LongAdder();
    private final LongAdder receiptsRefused = new LongAdder();
    private final LongAdder replies = new LongAdder();
    private final Consumer<Delivery> later;
    private int next;

    /** @param later puts a refused delivery back after a while */
    Outbox(Consumer<Delivery> later) {
        this.later = later;
    }

    synchronized void send(Delivery delivery) {
        waiting.addLast(delivery);
        pump();
    }

    synchronized void bound(SmscSession session) {
        receivers.add(session);
        pump();
    }

    synchronized void lost(SmscSession session) {
        if (receivers.remove(session)) {
            session.takeUnacknowledged().forEach(waiting::addFirst);
            pump();
        }
    }

    void acknowledged(SmscSession session, int sequence, int status) {
        Delivery delivery = session.acknowledge(sequence);
        if (delivery != null) {
            if (status != 0) {
                if (delivery.receipt()) {
                    receiptsRefused.increment();
                }
                later.accept(delivery);
            } else {
                (delivery.receipt() ? receipts : replies).increment();
            }
        }
        synchronized (this) {
            pump();
        }
    }

    private void pump() {
        int full = 0;
        while (!waiting.isEmpty() && full < receivers.size()) {
            SmscSession session = receivers.get(Math.floorMod(next++, receivers.size()));
            if (session.hasRoom()) {
                session.deliver(waiting.pollFirst());
                full = 0;
            } else {
                full++;
            }
        }
    }

    long receipts() {
        return receipts.sum();
    }

    long receiptsRefused() {
        return receiptsRefused.sum();
    }

    long replies() {
        return replies.sum();
    }

    synchronized long undelivered() {
        return waiting.size()
                + receivers.stream().mapToLong(SmscSession::unacknowledged).sum();
    }

    void clear() {
        receipts.reset();
        receiptsRefused.reset();
        replies.reset();
    }
}
