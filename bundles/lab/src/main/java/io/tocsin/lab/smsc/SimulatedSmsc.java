package io.tocsin.lab.smsc;

import io.tocsin.lab.smsc.internal.SmscCore;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A carrier's SMSC speaking SMPP 3.4 on the loopback: takes submits, answers after a latency, sends receipts, throttles,
 * refuses, drops connections, and has people who reply. For tests, benches and the demonstration; never in production.
 *
 * <p>Thread-safe. Uses one thread a connection and two more, whatever the traffic.
 */
public final class SimulatedSmsc implements AutoCloseable {
    private final SmscCore core;

    private SimulatedSmsc(SmscCore core) {
        this.core = core;
    }

    /**
     * Listens.
     *
     * @throws IOException if the port is taken
     */
    public static SimulatedSmsc start(SmscOptions options) throws IOException {
        return new SimulatedSmsc(SmscCore.start(options));
    }

    public int port() {
        return core.port();
    }

    public SmscOptions options() {
        return core.options();
    }

    /** Changes the behaviour from the next PDU on; the port stays. */
    public void behave(UnaryOperator<SmscOptions.Builder> change) {
        core.options(change.apply(core.options().toBuilder()).build());
    }

    /** Drops every connection at once, without unbinding; accepted messages whose response waits keep their receipts. */
    public void dropConnections() {
        core.dropConnections();
    }

    /** Begins again with {@link SmscOptions#firstId}, as a carrier does that keeps its counter in memory. */
    public void restartIds() {
        core.restartIds();
    }

    /** While true, connections are closed as soon as they are made: a carrier in trouble. Those up stay up. */
    public void refuseConnections(boolean refuse) {
        core.refuseConnections(refuse);
    }

    public SmscCounters counters() {
        return core.counters();
    }

    /** Every complete message taken, in order, if the options ask to record them. */
    public List<ReceivedMessage> messages() {
        return core.handsets().kept();
    }

    /** How many complete messages a number got. */
    public int messagesTo(String destination) {
        return core.handsets().messagesTo(destination);
    }

    /** Numbers that got the same message more than once, with how many copies too many. */
    public Map<String, Integer> duplicatesByDestination() {
        return core.handsets().duplicatesByDestination();
    }

    /** Numbers that got more than one message, whatever it was, with how many. */
    public Map<String, Integer> severalByDestination() {
        return core.handsets().severalByDestination();
    }

    /** Sends a message from a telephone, as a person who writes first. */
    public void write(String telephone, String to, String text) {
        core.write(telephone, to, text);
    }

    /** Forgets messages and counters; connections stay. */
    public void reset() {
        core.reset();
    }

    @Override
    public void close() {
        core.close();
    }
}
