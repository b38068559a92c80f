package io.tocsin.routing.internal.engine;

/** What moves a lane: two threads ({@link LaneThreads}), or the scheduler of a simulation. */
interface LaneDriver {

    Lane lane();

    void start();

    /** Intends no more, sends what is intended, closes the channel (which finishes what is in flight), gives batches back. */
    void close();

    /** Called a few times a second: goes on without a channel that does not come back from a call. */
    default void look() {}

    /** Ends as a crash would: stops where it is, nothing is said to anybody. For tests of what comes after. */
    void abandon();
}
