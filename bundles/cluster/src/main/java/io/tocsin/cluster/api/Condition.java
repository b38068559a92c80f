package io.tocsin.cluster.api;

import java.time.Instant;

/**
 * Something that is not as it should be, by a name that stays, and what still works.
 *
 * @param since when this node first saw it
 * @param detail which member, which setting, how much: for operators only; may name hosts
 */
public record Condition(Code code, Instant since, String detail) {

    /** All there are, the gravest first. */
    public enum Code {
        NO_PRIMARY(
                true,
                "No primary database can be reached",
                "Calls and messages under way go on and their results are kept in memory. Nothing new is sent;"
                        + " launches are refused and must be made again, nothing is launched later by itself"),
        NO_WRITES(
                true,
                "The database takes no writes just now",
                "Everything can be read. Nothing new is sent; launches and changes are refused and must be made again,"
                        + " nothing is launched later by itself"),
        /** @since 1.1 */
        DISK_FULL(
                true,
                "The disk of the database is full",
                "Everything can be read. What has to be written waits and goes on by itself when there is room; launches"
                        + " may be refused and must be made again, nothing is launched later by itself"),
        CLOCK_SKEW(
                true,
                "The clock of this node is wrong",
                "Alerts are launched and sent: leases follow the database's clock. Times shown by this node are off by"
                        + " as much, and receipts may be dated wrongly"),
        /** @since 1.1 */
        CARRIER_AT_ONE_SITE(
                true,
                "A carrier is in reach of some nodes only",
                "Everything is launched and sent: what that carrier takes leaves from the others, and nothing is sent"
                        + " twice. Less may leave a second"),
        UNPROTECTED(
                false,
                "No second server has what is written",
                "Everything works. If the primary's site is lost now, what was acknowledged since the second server went"
                        + " away is lost with it"),
        DATABASE_SLOW(
                false,
                "The database answers late",
                "Everything works, more slowly: less leaves a second, screens wait"),
        /** @since 1.1 */
        NAMES_GONE(
                false,
                "The names of the database's servers are not found",
                "Everything works: connections go to where the names were last found. A node that starts now waits for"
                        + " them"),
        CLUSTER_REFUSED(
                false,
                "This node is not let into the cluster",
                "Everything works over the database alone; other nodes notice changes at their next look, seconds"
                        + " later"),
        CLUSTER_SPLIT(
                false,
                "The link between nodes is cut, and both run",
                "Everything works over the database, which decides who sends what; nothing is sent twice. Figures of"
                        + " the other node are missing here"),
        CLUSTER_INCOMPLETE(
                false,
                "A node of the cluster is missing",
                "The others do its work; what it had under way is taken over when its lease ends"),
        CLUSTER_STOPPED(
                false,
                "This node runs without the cluster",
                "Everything works over the database alone; other nodes notice changes at their next look, seconds"
                        + " later");

        private final boolean everybody;
        private final String words;
        private final String stillWorks;

        Code(boolean everybody, String words, String stillWorks) {
            this.everybody = everybody;
            this.words = words;
            this.stillWorks = stillWorks;
        }

        /** Whether it matters to whoever launches and follows alerts, and not to operators alone. */
        public boolean everybody() {
            return everybody;
        }

        /** What it is called on the console and over HTTP: {@code no-primary}. Stays. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }

        /** In plain words. */
        public String words() {
            return words;
        }

        public String stillWorks() {
            return stillWorks;
        }
    }
}
