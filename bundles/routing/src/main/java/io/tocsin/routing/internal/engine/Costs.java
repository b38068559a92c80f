package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.CostEstimate;
import io.tocsin.channel.api.CostEstimate.Cost;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.Preflight;
import io.tocsin.channel.api.Preflight.Objection;
import io.tocsin.routing.api.CarrierAccounts.Route;
import io.tocsin.routing.api.CostEstimates;
import io.tocsin.routing.api.DispatchStatus.AccountTraffic;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks channels what messages would cost: on the account's own threads, and whatever one does is no more than unknown. */
final class Costs implements CostEstimates {
    private static final Logger LOG = LoggerFactory.getLogger(Costs.class);
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private final Lanes lanes;

    Costs(Lanes lanes) {
        this.lanes = lanes;
    }

    @Override
    public Estimate estimate(int tenantId, String channel, List<OutboundMessage> samples) {
        Optional<Lane> lane = lanes.laneFor(tenantId, channel);
        if (lane.isEmpty()) {
            return Estimate.unknown(nobody(channel));
        }
        GuardedChannel asked = (GuardedChannel) lane.get().channel();
        Optional<CompletableFuture<Map<Objection, Integer>>> objections =
                asked.ask(Preflight.class, able -> CompletableFuture.completedFuture(objections(able, samples)));
        Optional<CompletableFuture<List<Cost>>> costs =
                asked.ask(CostEstimate.class, able -> CompletableFuture.completedFuture(estimated(able, samples)));
        return costs.map(answer -> said(answer, channel))
                .orElseGet(() -> Estimate.unknown("channel " + channel + " does not say what its messages cost"))
                .objecting(objections.map(answer -> objected(answer, channel)).orElse(Map.of()));
    }

    @Override
    public Pace pace(int tenantId, String channel) {
        Optional<Lane> lane = lanes.laneFor(tenantId, channel);
        if (lane.isEmpty()) {
            return Pace.unknown(nobody(channel));
        }
        Route route = lane.get().route();
        Optional<AccountTraffic> traffic = lanes.traffic().stream()
                .filter(each -> each.accountId() == route.accountId())
                .findFirst();
        return new Pace(
                Optional.of(route.name()),
                route.messagesPerSecond(),
                lane.get().window().size() * lanes.liveNodes(),
                lane.get().lines().map(Lines::ofChannel),
                traffic.flatMap(AccountTraffic::median),
                traffic.flatMap(AccountTraffic::slowest),
                Optional.empty());
    }

    private static String nobody(String channel) {
        return "no account of channel " + channel
                + " can carry this tenant's messages from this node just now; tocsin:accounts says why";
    }

    private static Map<Objection, Integer> objections(Preflight able, List<OutboundMessage> samples) {
        Map<Objection, Integer> objections = new HashMap<>();
        samples.forEach(
                sample -> able.objection(sample).ifPresent(objection -> objections.merge(objection, 1, Integer::sum)));
        return objections;
    }

    /** A channel that fails to say is no reason to keep anybody from anything. */
    private static Map<Objection, Integer> objected(CompletableFuture<Map<Objection, Integer>> answer, String channel) {
        try {
            return answer.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.warn(
                    "channel.preflight-failed channel={} failure={}",
                    channel,
                    e.getClass().getSimpleName());
            return Map.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Map.of();
        }
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
