package io.tocsin.routing.api;

import io.tocsin.channel.api.CostEstimate.Cost;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.Preflight.Objection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What messages would cost, and what stands against them, by the word of the channel that would carry them; a service of routing. Asks
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
