package io.tocsin.routing.api;

import io.tocsin.channel.api.ChannelHealth;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/** What this node's dispatch is doing, for the console, health and metrics. Returns at once, {@link #nodes} and {@link #caps} apart. */
@ProviderType
public interface DispatchStatus {

    /** This node's name. */
    String node();

    /** Channel types with a provider installed, and the bundle version that provides each. */
    Map<String, String> channels();

    List<AccountStatus> accounts();

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
     * @param alive whether it has said so within this node's lease
     */
    record NodeStatus(String name, long incarnation, Instant startedAt, Instant heartbeat, boolean alive) {}

    record AccountStatus(
            int accountId,
            String name,
            String channel,
            ChannelHealth health,
            int inFlight,
            int window,
            double ratePerSecond) {}
}
