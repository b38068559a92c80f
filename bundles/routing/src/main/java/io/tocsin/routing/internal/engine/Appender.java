package io.tocsin.routing.internal.engine;

import java.time.Duration;

/**
 * Takes items from any thread and has them written, the urgent ones first, each kind in order: on a thread of its own, or by a
 * simulation's scheduler.
 */
interface Appender<T> {

    void start();

    /** @param urgent whether it goes before what is not; a place in sixteen of each group is left to the others */
    void add(T item, boolean urgent);

    /** Items not yet durable, those just being written included. */
    int backlog();

    /** Whether the database is away just now. */
    boolean stuck();

    /** Stops once everything added before is durable, or after the time given; what is left then is lost to this node. */
    boolean close(Duration limit);
}
