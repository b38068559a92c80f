package io.tocsin.cluster.internal;

/** What nodes of a release say to each other. Raised when a record changes its meaning; a field that comes along does not raise it. */
final class Protocol {
    static final int CURRENT = 1;

    private Protocol() {}

    /** Whether two releases may be in one cluster: neighbours, as while nodes are brought up one after the other. */
    static boolean understands(int ours, int theirs) {
        return Math.abs(ours - theirs) <= 1;
    }
}
