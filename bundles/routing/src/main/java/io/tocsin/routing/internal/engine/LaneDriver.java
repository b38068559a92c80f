package io.tocsin.routing.internal.engine;

/** What moves a lane: two threads ({@link LaneThreads}), or the scheduler of a simulation. */
interface LaneDriver {

    Lane lane();

    void start();

    /**
     * Intends no more, sends what is intended, closes the channel (which finishes what is in flight), gives batches back. Blocks.
     *
     * @param patiently before the channel is closed, what is under way on its lines comes to its end
     */
    void close(boolean patiently);

    /** Whoever closes it waits no longer for what is under way on lines. Returns at once. */
    void hurry();

    /** Called a few times a second: goes on without a channel that does not come back from a call. */
    default void look() {}

    /** Ends as a crash would: stops where it is, nothing is said to anybody. For tests of what comes after. */
    void abandon();
}
