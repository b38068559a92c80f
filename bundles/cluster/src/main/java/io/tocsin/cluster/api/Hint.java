package io.tocsin.cluster.api;

import java.util.Objects;

/**
 * That something in PostgreSQL is worth a look. It says where to look and never what is there: it may come twice, late, in
 * another order or not at all, and whoever hears it asks PostgreSQL.
 *
 * @param tenantId whose it is; 0 where it is about no tenant alone
 * @param alertId which alert; 0 where it is about none
 */
public record Hint(Kind kind, int tenantId, long alertId) {

    /** What there is to look at. */
    public enum Kind {
        /** An alert has messages that may leave. */
        WORK,
        /** Somebody answered, or an alert was cancelled or closed: what is under way may have to be taken back. */
        STOPPED,
        /** A carrier account, or who may use it, changed. */
        ACCOUNTS
    }

    public Hint {
        Objects.requireNonNull(kind, "kind");
    }

    public static Hint work(int tenantId, long alertId) {
        return new Hint(Kind.WORK, tenantId, alertId);
    }

    public static Hint stopped(int tenantId, long alertId) {
        return new Hint(Kind.STOPPED, tenantId, alertId);
    }

    public static Hint accounts() {
        return new Hint(Kind.ACCOUNTS, 0, 0);
    }
}
