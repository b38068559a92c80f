package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.CostEstimate;
import io.tocsin.channel.api.CostEstimate.Cost;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.routing.api.CostEstimates;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks channels what messages would cost: on the account's own threads, and whatever one does is no more than unknown. */
final class Costs implements CostEstimates {
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private final Lanes lanes;

    Costs(Lanes lanes) {
        this.lanes = lanes;
    }

    @Override
    public Estimate estimate(int tenantId, String channel, List<OutboundMessage> samples) {
        Optional<Lane> lane = lanes.laneFor(tenantId, channel);
        if (lane.isEmpty()) {
            return Estimate.unknown("no account of channel " + channel
                    + " can carry this tenant's messages from this node just now; tocsin:accounts says why");
        }
        Optional<CompletableFuture<List<Cost>>> asked = ((GuardedChannel)
                        lane.get().channel())
                .ask(CostEstimate.class, able -> CompletableFuture.completedFuture(estimated(able, samples)));
        return asked.map(answer -> said(answer, channel))
                .orElseGet(() -> Estimate.unknown("channel " + channel + " does not say what its messages cost"));
    }

    private static List<Cost> estimated(CostEstimate able, List<OutboundMessage> samples) {
        return samples.stream()
                .map(sample -> Objects.requireNonNull(able.estimate(sample), "no cost"))
                .toList();
    }

    private static Estimate said(CompletableFuture<List<Cost>> answer, String channel) {
        try {
            return new Estimate(answer.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS), Optional.empty());
        } catch (TimeoutException e) {
            return Estimate.unknown(
                    "channel " + channel + " did not say within " + LIMIT.toSeconds() + " s what its messages cost");
        } catch (ExecutionException e) {
            // a guest's words may be anybody's: the class says enough
            return Estimate.unknown("channel " + channel + " failed when asked what its messages cost: "
                    + e.getCause().getClass().getSimpleName());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Estimate.unknown("the question was interrupted");
        }
    }
}
