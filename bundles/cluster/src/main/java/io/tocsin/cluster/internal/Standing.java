package io.tocsin.cluster.internal;

import io.tocsin.cluster.api.ClusterStatus.State;
import io.tocsin.cluster.api.Condition.Code;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Where this node stands among the configured members, and why. */
record Standing(State state, String detail) {

    /** Nothing is configured. */
    static final Standing ALONE = new Standing(State.ALONE, "");

    static final Standing JOINING = new Standing(State.JOINING, "");

    static Standing refused(String reason) {
        return new Standing(State.REFUSED, reason);
    }

    static Standing stopped(String reason) {
        return new Standing(
                State.STOPPED,
                "Hazelcast has ended" + (reason.isEmpty() ? "" : ": " + reason) + "; it is started again");
    }

    /**
     * Of a member that runs. Who is missing is told apart by the database: a member that lives there is cut off from this one,
     * one that does not is gone.
     *
     * @param alive addresses of nodes that gave the database a sign of life; empty while it cannot be asked
     * @param strangers members this release does not understand, in words
     * @param refusal why this node was last not let in
     */
    static Standing among(
            Place place, Set<Endpoint> present, Optional<Set<String>> alive, String strangers, String refusal) {
        Set<String> missing = place.others().stream()
                .filter(other -> !present.contains(other))
                .map(Endpoint::toString)
                .collect(Collectors.toCollection(TreeSet::new));
        if (!strangers.isEmpty()) {
            return new Standing(
                    State.REFUSED,
                    "this node speaks protocol " + place.protocol() + ", and " + strangers
                            + ": they are not listened to; bring nodes to neighbouring releases one after the other");
        }
        if (missing.isEmpty()) {
            return new Standing(State.WHOLE, "");
        }
        if (!refusal.isEmpty() && present.isEmpty()) {
            return refused(refusal);
        }
        if (alive.isEmpty()) {
            return new Standing(
                    State.SPLIT,
                    String.join(", ", missing)
                            + " cannot be reached, and the database cannot be asked whether it runs");
        }
        Set<String> cut = missing.stream().filter(alive.get()::contains).collect(Collectors.toCollection(TreeSet::new));
        return cut.isEmpty()
                ? new Standing(
                        State.INCOMPLETE,
                        String.join(", ", missing) + " is missing, and gives no sign of life to the database either")
                : new Standing(
                        State.SPLIT,
                        String.join(", ", cut)
                                + " cannot be reached from here and lives as far as the database knows:"
                                + " look at the tunnel between the sites");
    }

    /** What that is to be called among the conditions; empty where all is well. */
    Optional<Code> code() {
        return switch (state) {
            case ALONE, JOINING, WHOLE -> Optional.empty();
            case INCOMPLETE -> Optional.of(Code.CLUSTER_INCOMPLETE);
            case SPLIT -> Optional.of(Code.CLUSTER_SPLIT);
            case REFUSED -> Optional.of(Code.CLUSTER_REFUSED);
            case STOPPED -> Optional.of(Code.CLUSTER_STOPPED);
        };
    }
}
