package io.tocsin.persistence.api;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How the database stands, as one node sees it.
 *
 * @param condition what to call it
 * @param detail why, and what an operator may do, in words; empty when all is well
 * @param server address and port of the server that answered last; empty: none did yet
 * @param systemIdentifier of its data; 0 when unknown
 * @param timeline of the primary that answered last; each promotion adds one; 0 when unknown
 * @param since when the condition, the server or the timeline last changed, by this node's clock
 * @param standbys who follows the primary; empty also when the node's role may not see them
 * @param clockOffset of this node's clock ahead of the server's, to about half a round trip; empty while unknown
 * @param answeredIn what the last look took
 */
public record DatabaseState(
        Condition condition,
        String detail,
        String server,
        long systemIdentifier,
        long timeline,
        Instant since,
        List<Standby> standbys,
        Optional<Duration> clockOffset,
        Duration answeredIn) {

    /** Named states, each another thing to do. */
    public enum Condition {
        /** A primary answers, and what is committed is on a second server, if the URL names more than one. */
        PRIMARY,
        /** A primary answers, but no synchronous standby follows it: losing its site now loses what was acknowledged. */
        UNPROTECTED,
        /** Commits wait for a synchronous standby that is away: writing gives up after a limit, and nothing new leaves. */
        WAITING_FOR_STANDBY,
        /** A primary answers, later than an operator would like. */
        SLOW,
        /** A primary answers whose disk is full: much of what is to be written is refused, and nothing new leaves. @since 1.4 */
        DISK_FULL,
        /**
         * A primary answers, and names of the URL are not found: connections go to where they were last, if that is known.
         * @since 1.4
         */
        NAMES_GONE,
        /** A primary answers whose clock and this node's are far apart: deadlines are as much too early or too late. */
        CLOCK_APART,
        /** The server refuses to write. */
        READ_ONLY,
        /** Servers answer, and all of them are standbys. */
        NO_PRIMARY,
        /** No server answers. */
        UNREACHABLE,
        /** A primary answers whose timeline is older than one this node has seen: a site came back with an old past. */
        REFUSED_TIMELINE,
        /** A primary answers that holds other data than those this node has seen under this URL. */
        REFUSED_SYSTEM;

        /** As the console and HTTP write it: {@code waiting-for-standby}. Stays. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** Whether this node may work on it. */
        public boolean usable() {
            return this == PRIMARY
                    || this == UNPROTECTED
                    || this == SLOW
                    || this == CLOCK_APART
                    || this == DISK_FULL
                    || this == NAMES_GONE
                    || this == WAITING_FOR_STANDBY;
        }
    }

    /**
     * A server that follows the primary.
     *
     * @param name it calls itself
     * @param synchronous whether a commit waits for it
     * @param lagBytes of the primary's journal it has not yet replayed
     * @param lag between a commit and its replay there; zero when nothing was written lately
     */
    public record Standby(String name, boolean synchronous, long lagBytes, Duration lag) {}

    public DatabaseState {
        standbys = List.copyOf(standbys);
    }
}
