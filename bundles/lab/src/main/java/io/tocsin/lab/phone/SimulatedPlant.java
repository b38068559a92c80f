package io.tocsin.lab.phone;

import io.tocsin.lab.people.PhonePeople;
import io.tocsin.lab.phone.internal.PlantCore;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/**
 * A telephone switch with its lines, trunks and the people behind them: speaks the switch's side of ARI as Asterisk 22 does, over a
 * WebSocket with REST in it and over plain HTTP, on the loopback. No sound flows: what is said is known by its length. For tests,
 * benches and the demonstration; never in production.
 *
 * <p>Thread-safe. One thread, whatever the number of calls.
 */
public final class SimulatedPlant implements AutoCloseable {
    private final PlantCore core;

    private SimulatedPlant(PlantCore core) {
        this.core = core;
    }

    /**
     * Listens.
     *
     * @throws IOException if the port is taken
     */
    public static SimulatedPlant start(PlantOptions options) throws IOException {
        return new SimulatedPlant(PlantCore.start(options));
    }

    /** Of ARI. */
    public int port() {
        return core.port();
    }

    /** Of the manager interface; empty if the options have none. */
    public OptionalInt amiPort() {
        return core.amiPort();
    }

    public PlantOptions options() {
        return core.options();
    }

    /** Changes the behaviour from the next call on; port and lines stay. */
    public void behave(UnaryOperator<PlantOptions.Builder> change) {
        core.options(change.apply(core.options().toBuilder()).build());
    }

    /** Cuts every connection; calls go on, and what happens meanwhile is told to nobody. */
    public void dropConnections() {
        core.dropConnections();
    }

    /** While true, connections are closed as soon as they are made. Those up stay up. */
    public void refuseConnections(boolean refuse) {
        core.refuseConnections(refuse);
    }

    /** The switch dies and starts again: connections, calls and bridges are gone without a word. */
    public void crash() {
        core.crash();
    }

    /**
     * A person calls in, by {@code Stasis(application,in,called)}.
     *
     * @param conduct from when the call is answered
     * @return the channel's id; lost, as a call is, if the application is not connected
     */
    public String call(String application, String telephone, String called, PhonePeople.Answers conduct) {
        return core.call(application, telephone, called, conduct);
    }

    public PlantCounters counters() {
        return core.counters();
    }

    /** Calls that are over, in the order of their ends, if the options ask to record them; the last 200,000. */
    public List<PlacedCall> placed() {
        return core.placed();
    }

    /** Numbers called more than once, with how often. */
    public Map<String, Integer> severalByTelephone() {
        return core.severalByTelephone();
    }

    /** Measures from now on; telephones and calls stay known. */
    public void mark() {
        core.mark();
    }

    /** Forgets calls and counters; connections and calls that are up stay. */
    public void reset() {
        core.reset();
    }

    @Override
    public void close() {
        core.close();
    }
}
