package io.tocsin.routing.internal.engine;

import java.time.Duration;

/** Takes items from any thread and has them written, in order: on a thread of its own, or by a simulation's scheduler. */
interface Appender<T> {

    void start();

    void add(T item);

    /** Items not yet durable, roughly. */
    int backlog();

    /** Whether the database is away just now. */
    boolean stuck();

    /** Stops once everything added before is durable, or after the time given; what is left then is lost to this node. */
    boolean close(Duration limit);
}
