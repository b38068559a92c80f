package io.tocsin.routing.api;

import io.tocsin.channel.api.CostEstimate.Cost;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.Preflight.Objection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What messages would cost, what stands against them and how fast they would leave, by the word of the channel that would carry them; a
 * service of routing. Asks
 * nothing of any carrier and sends nothing.
 *
 * @since 1.4
 */
@ProviderType
@FunctionalInterface
public interface CostEstimates {

    /**
     * Asks the open channel of the account that would carry a tenant's messages from this node just now. Blocks until it has
     * answered, two seconds at most; never throws for what a channel does.
     *
     * @param samples rendered as they would be sent; their references are not used
     */
    Estimate estimate(int tenantId, String channel, List<OutboundMessage> samples);

    /**
     * What the account that would carry a tenant's messages from this node just now lets leave. Returns at once.
     *
     * @since 1.10
     */
    default Pace pace(int tenantId, String channel) {
        return Pace.unknown("this node does not say what its accounts let leave");
    }

    /**
     * What bounds how fast messages leave by an account.
     *
     * @param account its name; empty when unknown
     * @param perSecond the carrier's rate, for all nodes together; empty: it sets none
     * @param together how many messages may be under way at once, on all live nodes
     * @param lines of an account with lines, how many work: each is busy as long as its message takes
     * @param median of the time a message took on this node so far, and {@code slowest} that of 99 in 100; empty before the first
     * @param unknown why nothing is known, for people
     * @since 1.10
     */
    record Pace(
            Optional<String> account,
            Optional<Integer> perSecond,
            int together,
            Optional<Integer> lines,
            Optional<Duration> median,
            Optional<Duration> slowest,
            Optional<String> unknown) {

        public static Pace unknown(String why) {
            return new Pace(
                    Optional.empty(),
                    Optional.empty(),
                    0,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(why));
        }
    }

    /**
     * @param costs of the samples, in their order; none when unknown
     * @param unknown why not, for people
     * @param objections of the samples, how many the channel would reject for what reason; since 1.9
     */
    record Estimate(List<Cost> costs, Optional<String> unknown, Map<Objection, Integer> objections) {
        public Estimate {
            costs = List.copyOf(costs);
            Objects.requireNonNull(unknown, "unknown");
            objections = Map.copyOf(objections);
        }

        /** Nothing is known against any. */
        public Estimate(List<Cost> costs, Optional<String> unknown) {
            this(costs, unknown, Map.of());
        }

        public static Estimate unknown(String why) {
            return new Estimate(List.of(), Optional.of(why));
        }

        /** The same, with what stands against some. */
        public Estimate objecting(Map<Objection, Integer> known) {
            return new Estimate(costs, unknown, known);
        }
    }
}
