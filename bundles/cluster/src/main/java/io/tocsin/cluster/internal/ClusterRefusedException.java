package io.tocsin.cluster.internal;

/** Settings, or what somebody speaks, that keep a node out of the cluster. The message names the cure; the node goes on without it. */
final class ClusterRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ClusterRefusedException(String reason) {
        super(reason);
    }

    ClusterRefusedException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
