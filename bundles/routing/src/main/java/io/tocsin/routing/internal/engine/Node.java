package io.tocsin.routing.internal.engine;

/** This node among the nodes: its name and how many times it has started. Leases carry both. */
record Node(String name, long incarnation) {

    /** What {@code batch.lease_owner} says. */
    String owner() {
        return name + '#' + incarnation;
    }

    /** The name in what an owner is called. */
    static String named(String owner) {
        return owner.substring(0, Math.max(0, owner.lastIndexOf('#')));
    }
}
