package io.tocsin.cluster.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Set;

/** Places on loopback, on free ports, of members in a hurry. */
final class Places {
    static final Place.Timing HURRIED = new Place.Timing(
            Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(2), Duration.ofSeconds(6));

    private Places() {}

    static Endpoint free() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return at(socket.getLocalPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Endpoint at(int port) {
        return new Endpoint("127.0.0.1", port);
    }

    static Place place(String site, Endpoint own, Endpoint... others) {
        return place("tocsin-test", Protocol.CURRENT, site, own, others);
    }

    static Place place(String cluster, int protocol, String site, Endpoint own, Endpoint... others) {
        return new Place(cluster, site, own, own, Set.of(others), protocol, HURRIED);
    }

    /** Found behind a relay. */
    static Place behind(String site, Endpoint bind, Relay relay, Endpoint other) {
        return new Place("tocsin-test", site, bind, at(relay.port()), Set.of(other), Protocol.CURRENT, HURRIED);
    }
}
