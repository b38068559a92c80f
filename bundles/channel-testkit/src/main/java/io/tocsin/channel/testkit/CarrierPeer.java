package io.tocsin.channel.testkit;

import java.util.List;
import java.util.Map;

/**
 * The carrier's side of a protocol, listening on a free port of the loopback and answering as told. Written by the
 * author of a channel, with another implementation of the protocol than the channel's own where one exists.
 */
public interface CarrierPeer extends AutoCloseable {

    /** How the peer answers from now on. */
    enum Answer {
        /** Takes the message. */
        ACCEPT,
        /** Refuses for now: congestion, quota. */
        THROTTLE,
        /** Refuses this recipient for good. */
        REFUSE_ADDRESS,
        /** Reads the message and hangs up without answering. */
        DROP,
        /** Reads the message and stays silent until told another answer, then gives that. */
        STALL
    }

    /**
     * Complete settings of an account that reaches this peer and is let in; timeouts as short as is sensible in a test.
     * Values must not depend on {@link #answer}.
     */
    Map<String, String> settings();

    /** The settings that hold secrets, by name; at least one if the protocol authenticates. */
    List<String> secretSettings();

    /** Changes the answer, also for messages that wait in {@link Answer#STALL}. */
    void answer(Answer answer);

    /** Addresses of the messages taken so far, as {@link ChannelContract#address} wrote them, in order, with repetitions. */
    List<String> accepted();

    /** How many messages were read so far, whatever became of them. */
    int read();

    /** Stops listening and drops every connection. */
    @Override
    void close();
}
