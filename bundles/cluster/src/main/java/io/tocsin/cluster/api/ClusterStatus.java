package io.tocsin.cluster.api;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** How this node sees the others and the database, as of its latest look, seconds ago. Returns at once, {@link #nodes} apart. */
@ProviderType
public interface ClusterStatus {

    /** Where this node stands among the configured members. */
    enum State {
        /** None are configured: a node of its own, or one among others that meet in the database only. */
        ALONE,
        /** It is looking for the others for the first time. */
        JOINING,
        /** Every configured member is there. */
        WHOLE,
        /** A configured member is missing, and does not run as far as the database knows. */
        INCOMPLETE,
        /** A configured member is missing although it runs, or nobody can say. */
        SPLIT,
        /** This node's settings, or what it speaks, keep it out. */
        REFUSED,
        /** Hazelcast has ended on this node; it is started again. */
        STOPPED;

        /** As the console and HTTP write it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    State state();

    /** What that state is about, for operators; may be empty. */
    String detail();

    /** What is not as it should be, the gravest first. Empty: all is well. */
    List<Condition> conditions();

    /**
     * Every node the database knows, by name, with what the cluster knows of it besides. Asks the database and waits for
     * it; without one, those of the cluster.
     */
    List<Node> nodes();

    /**
     * @param here whether it is this node
     * @param connected whether it is in the cluster with this node; false for all where there is none
     * @param leader the one that joined first: a hint whom to ask, it decides nothing
     * @param startedAt by the database's clock, as {@code heartbeat} is; empty while the database cannot be asked
     * @param facts what it last said of itself, over the cluster
     */
    record Node(
            String name,
            String site,
            String address,
            String version,
            long incarnation,
            boolean here,
            boolean connected,
            boolean leader,
            Optional<Instant> startedAt,
            Optional<Instant> heartbeat,
            Optional<Facts> facts) {}

    /**
     * What a node says of itself every few seconds.
     *
     * @param database {@code primary}, {@code read-only}, {@code standby} or {@code unreachable}, as it sees it
     * @param lag how far behind the primary that standby is
     * @param clockOffset its clock minus the database's, give or take half a round trip
     */
    record Facts(
            String database, Optional<Duration> lag, Optional<Duration> clockOffset, List<NodeLoad.Account> accounts) {
        public Facts {
            accounts = List.copyOf(accounts);
        }
    }
}
