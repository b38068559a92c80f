package io.tocsin.cluster.internal;

import io.tocsin.cluster.api.ClusterStatus.State;
import io.tocsin.cluster.api.HintListener;
import io.tocsin.cluster.api.Hints;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** Two nodes of a cluster in one JVM, on free ports of loopback, without a database; for tests of rooms above. */
public final class TwoMembers implements AutoCloseable {
    private final List<ClusterNode> nodes;

    public TwoMembers() {
        Endpoint north = Places.free();
        Endpoint south = Places.free();
        nodes = List.of(node("north", north, south), node("south", south, north));
        nodes.forEach(ClusterNode::start);
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> nodes.stream()
                .allMatch(node -> node.state() == State.WHOLE));
    }

    private static ClusterNode node(String name, Endpoint own, Endpoint other) {
        return new ClusterNode(
                name,
                "1.0.0",
                SettingsOf.cluster(
                        Map.of("site", name, "address", own.toString(), "members", new String[] {other.toString()})),
                Clock.systemUTC());
    }

    /** Where the first node's rooms give hints. */
    public Hints first() {
        return nodes.get(0);
    }

    /** Somebody on the second node who listens. */
    public void second(HintListener listener) {
        nodes.get(1).bindListener(listener);
    }

    @Override
    public void close() {
        nodes.forEach(ClusterNode::stop);
    }
}
