package io.tocsin.routing.api;

import io.tocsin.channel.api.ChannelHealth;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** What this node's dispatch is doing, for the console, health and metrics. Returns at once, {@link #nodes} and {@link #caps} apart. */
@ProviderType
public interface DispatchStatus {

    /** This node's name. */
    String node();

    /** Channel types with a provider installed, and the bundle version that provides each. */
    Map<String, String> channels();

    List<AccountStatus> accounts();

    /** What came of the messages of each account on this node, since its channel was first opened. */
    List<AccountTraffic> traffic();

    /** Monotonic counters since start: {@code submitted}, {@code accepted}, {@code receipts}, {@code orphans}, … */
    Map<String, Long> counters();

    /**
     * Every node that ever dispatched over this database, by name. Asks the database: blocks for a round trip.
     *
     * @throws io.tocsin.persistence.api.DatabaseException if the database cannot be asked
     */
    List<NodeStatus> nodes();

    /**
     * Every cap of a local exchange or a site, by name: what leaves under it on all nodes together, and how many wait for it.
     * Asks the database: blocks for a round trip.
     *
     * @throws io.tocsin.persistence.api.DatabaseException if the database cannot be asked
     * @since 1.2
     */
    List<CapStatus> caps();

    /**
     * @param name its owner's, a dot and its own, as an account's is
     * @param perSecond what it allows
     * @param ratePerSecond what left in the latest ten seconds or so
     * @param waiting messages of running alerts that fall under it and have not left, whoever's they are
     * @param waitingByTenant the same by tenant
     */
    record CapStatus(
            int capId,
            String name,
            double perSecond,
            double ratePerSecond,
            long waiting,
            Map<Integer, Long> waitingByTenant) {}

    /**
     * @param incarnation how many times the node has started
     * @param startedAt by the database's clock, as is {@code heartbeat}, when it last said that it lives
     * @param alive whether it has said so within this node's lease, and no other has seen since that it is gone
     */
    record NodeStatus(String name, long incarnation, Instant startedAt, Instant heartbeat, boolean alive) {}

    /**
     * @param inFlight messages under way on this node; of an account with lines, so many of them are busy by it
     * @param lines if it has lines, how many; since 1.7
     */
    record AccountStatus(
            int accountId,
            String name,
            String channel,
            ChannelHealth health,
            int inFlight,
            int window,
            double ratePerSecond,
            Optional<Lines> lines) {

        /** One without lines. */
        public AccountStatus(
                int accountId,
                String name,
                String channel,
                ChannelHealth health,
                int inFlight,
                int window,
                double ratePerSecond) {
            this(accountId, name, channel, health, inFlight, window, ratePerSecond, Optional.empty());
        }
    }

    /**
     * The lines of an account that has some.
     *
     * @param working how many there are now, as its channel on this node says
     * @param ours how many of them this node may use now: the nodes that have the account open share them
     * @since 1.7
     */
    record Lines(int working, int ours) {}

    /**
     * @param counts {@code accepted}, {@code retry}, {@code rejected}, {@code in-doubt}: as the channel said; {@code failed}: it threw;
     *     {@code timed-out}: it said nothing in time; {@code late}: it said so afterwards
     * @param median of the time the channel took to say, as the upper end of a class: 1, 2, 5, 10 ms … 5 min; empty before the
     *     first
     * @param slowest the same for 99 of 100
     */
    record AccountTraffic(
            int accountId,
            String name,
            String channel,
            Map<String, Long> counts,
            Optional<Duration> median,
            Optional<Duration> slowest) {}
}
