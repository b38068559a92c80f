package io.tocsin.channel.sms.internal;

/**
 * The thread that made this, waiting inside jSMPP for a response, and a way to end its wait early: jSMPP treats an
 * interrupt as a time-out. Without it, when the carrier hangs up, callers sit out the whole response time-out.
 */
final class Waiter {
    private final Thread thread = Thread.currentThread();
    private boolean over;

    /** Ends the wait if it still lasts; never disturbs what the thread does afterwards. */
    synchronized void abandon() {
        if (!over && thread != Thread.currentThread()) {
            thread.interrupt();
        }
    }

    /** To be called by the waiting thread itself, in a finally block. */
    synchronized void finish() {
        over = true;
        Thread.interrupted();
    }
}
