package io.tocsin.routing.internal.engine;

/**
 * A life of a node: from when it opened a session of its own until that is gone. A node may begin many without being started anew.
 *
 * @param number one more at each, of all incarnations of the name
 */
record NodeLife(String name, long incarnation, long number) {

    /** What {@code batch.lease_owner} says. */
    String owner() {
        return new Node(name, incarnation).owner();
    }
}
