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
     * @param alive whether it gave a sign of life lately, to the database or over the cluster
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
            boolean alive,
            boolean connected,
            boolean leader,
            Optional<Instant> startedAt,
            Optional<Instant> heartbeat,
            Optional<Facts> facts) {}

    /**
     * What a node says of itself every few seconds.
     *
     * @param database as it sees it: a word of {@link io.tocsin.persistence.api.DatabaseState.Condition}; empty before it found one
     * @param lag how far the furthest of those a commit waits for is behind the primary; empty: none follows, or it may not be seen
     * @param clockOffset its clock minus the database's, give or take half a round trip
     */
    record Facts(
            String database, Optional<Duration> lag, Optional<Duration> clockOffset, List<NodeLoad.Account> accounts) {
        public Facts {
            accounts = List.copyOf(accounts);
        }
    }
}
