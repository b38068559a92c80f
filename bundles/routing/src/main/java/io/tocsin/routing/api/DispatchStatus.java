package io.tocsin.routing.api;

import io.tocsin.channel.api.ChannelHealth;
import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/** What this node's dispatch is doing, for the console, health and metrics. Returns at once. */
@ProviderType
public interface DispatchStatus {

    /** This node's name. */
    String node();

    /** Channel types with a provider installed, and the bundle version that provides each. */
    Map<String, String> channels();

    List<AccountStatus> accounts();

    /** Monotonic counters since start: {@code submitted}, {@code accepted}, {@code receipts}, {@code orphans}, … */
    Map<String, Long> counters();

    record AccountStatus(
            int accountId,
            String name,
            String channel,
            ChannelHealth health,
            int inFlight,
            int window,
            double ratePerSecond) {}
}
