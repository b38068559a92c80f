package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.Dialogue;
import io.tocsin.channel.api.InboundCall;
import io.tocsin.channel.api.InboundMessage;
import io.tocsin.channel.api.Reattachment;
import io.tocsin.channel.api.Receipt;
import io.tocsin.routing.api.AnswerLinks;
import io.tocsin.routing.api.CarrierAccounts;
import io.tocsin.routing.api.CarrierAccounts.Route;
import io.tocsin.routing.api.SwapListener;
import io.tocsin.routing.internal.ComingAlerts;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Dispatch on one node as rounds somebody else calls: the parts, wired, without a thread, a database or a clock of their
 * own. {@link Engine} calls them from threads; the simulation from its scheduler, one at a time, in any order.
 */
final class Rounds {

    /** Where a node runs. @param nanoTime never goes back, unlike the clock */
    record Surroundings(
            DispatchLedger ledger,
            AnswerLinks links,
            Media media,
            Providers providers,
            Predicate<Route> routeOpen,
            ComingAlerts coming,
            SwapListener swaps,
            Clock clock,
            LongSupplier nanoTime,
            Life.Pace life) {}

    /** What moves the parts that are not called in rounds. */
    interface Drivers {
        Appender<Fact> appender(GroupWriting.Writer<Fact> writer);

        LaneDriver lane(Lane lane, Send send);

        CompletionStage<Void> inbound(Route route, InboundMessage message);

        /** Somebody called a number of an account's. */
        default CompletionStage<Dialogue> called(Route route, InboundCall call) {
            return CompletableFuture.failedFuture(new UnsupportedOperationException("nobody takes calls"));
        }

        /** Where the code of an account's channel runs that is not sending. */
        default Guest guest(Route route) {
            return Guest.direct();
        }

        /** A lane could hold more batches: a round of claims is due. */
        void hungry();
    }

    private static final Duration PROBED_WELL = Duration.ofSeconds(5);

    private final Settings settings;
    private final DispatchLedger ledger;
    private final LongSupplier nanoTime;
    private final Counters counters;
    private final Node node;
    private final Life life;
    private final Claim claim;
    private final Record record;
    private final Lanes lanes;
    private final Reattach reattach;
    private final Withdraw withdraw;
    private final Rescue rescue;

    /** Accounts whose messages can be asked for when they are in doubt. */
    private final Set<Integer> askable = ConcurrentHashMap.newKeySet();

    private final Set<String> noted = ConcurrentHashMap.newKeySet();
    private final Decide decide;
    private final Reach reach;
    private final AtomicInteger lanesMade = new AtomicInteger();
    private long renewedAt;
    private long renewedIn;
    private int liveNodes;

    /** Registers the node. */
    Rounds(Surroundings s, Settings settings, Counters counters, Drivers drivers) {
        this.settings = settings;
        this.ledger = s.ledger;
        this.nanoTime = s.nanoTime;
        this.counters = counters;
        this.renewedAt = nanoTime.getAsLong();
        this.node = ledger.transact(t -> t.nodes().register(settings.node()));
        this.life = new Life(ledger, node, settings.lease(), s.life, nanoTime, drivers::hungry);
        this.claim = new Claim(ledger, node, settings.lease(), s.clock, nanoTime);
        this.record =
                new Record(ledger, claim, settings, node, s.clock, counters, askable::contains, drivers::appender);
        Conducts conducts = new Conducts();
        Send send = new Send(
                new AlertTexts(ledger, s.links, s.media),
                record,
                life,
                settings.sendTimeout(),
                s.clock,
                nanoTime,
                counters,
                conducts);
        Intend intend = new Intend(ledger, settings.lease(), nanoTime);
        this.lanes = new Lanes(
                s.providers,
                (route, channel, throttle) -> {
                    noteAbilities(route, channel);
                    return drivers.lane(
                            new Lane(
                                    route,
                                    channel,
                                    throttle,
                                    new AccountTime(
                                            ledger,
                                            route.accountId(),
                                            channel.longest().isPresent()
                                                    ? AccountTime.SHORT_STRETCH
                                                    : AccountTime.STRETCH,
                                            throttle,
                                            nanoTime),
                                    sendLimit(channel),
                                    lines(route, channel),
                                    breaker(channel),
                                    settings.microBatch(),
                                    intend,
                                    s.routeOpen,
                                    category ->
                                            life.lasts() && record.keepsUp(category) && !s.coming.makesWay(category),
                                    drivers::hungry,
                                    claim::release),
                            send);
                },
                reports(drivers, s.providers),
                drivers::guest,
                send,
                conducts,
                settings.swap(),
                s.swaps,
                nanoTime);
        this.reattach = new Reattach(ledger, node, lanes, send, record, settings.lease(), s.clock, nanoTime);
        this.withdraw = new Withdraw(ledger, lanes, reattach, nanoTime);
        this.rescue = new Rescue(ledger, node, settings, s.clock);
        this.reach = new Reach(ledger, node, lanes, settings.lease());
        this.decide = new Decide(ledger, reach, s.clock, nanoTime, counters);
    }

    /** Before the channel is used: whoever takes over from this node knows then that it can be asked. */
    private void noteAbilities(Route route, GuardedChannel channel) {
        if (channel.can(Reattachment.class)) {
            if (!noted.contains(route.channel())) {
                ledger.transact(t -> {
                    t.reattach().canAsk(route.channel());
                    return null;
                });
                noted.add(route.channel());
            }
            askable.add(route.accountId());
        } else {
            askable.remove(route.accountId());
        }
    }

    /** A message on a line takes as long as it takes; after its longest the channel has as long as any to say so. */
    private Duration sendLimit(GuardedChannel channel) {
        return settings.sendTimeout().plus(channel.longest().orElse(Duration.ZERO));
    }

    private Breaker breaker(GuardedChannel channel) {
        return new Breaker(
                nanoTime, sendLimit(channel).multipliedBy(2), channel.longest().map(longest -> PROBED_WELL));
    }

    private Optional<Lines> lines(Route route, GuardedChannel channel) {
        return channel.longest()
                .map(longest -> new Lines(
                        channel::lines,
                        new LineShare(
                                ledger,
                                route.accountId(),
                                node.owner() + '/' + lanesMade.incrementAndGet(),
                                channel.window(),
                                settings.lease(),
                                life::counts,
                                nanoTime),
                        route.messagesPerSecond().isPresent(),
                        nanoTime));
    }

    private Fleet.Reports reports(Drivers drivers, Providers providers) {
        return new Fleet.Reports() {
            @Override
            public CompletionStage<Void> receipt(Route route, Receipt receipt) {
                return record.receipt(
                        route.accountId(),
                        Lanes.tenants(route),
                        publishes(providers, route) ? Published.only(receipt) : receipt);
            }

            @Override
            public CompletionStage<Void> inbound(Route route, InboundMessage message) {
                return publishes(providers, route) ? Published.nobodyAnswered(route) : drivers.inbound(route, message);
            }

            @Override
            public CompletionStage<Dialogue> called(Route route, InboundCall call) {
                return drivers.called(route, call);
            }
        };
    }

    private static boolean publishes(Providers providers, Route route) {
        return providers
                .of(route.channel())
                .map(installed -> installed.said().publishes())
                .orElse(false);
    }

    Node node() {
        return node;
    }

    /** To be called on its own, {@link Life.Pace#every} so often: nothing that waits may keep it from saying that it lives. */
    Life life() {
        return life;
    }

    Lanes lanes() {
        return lanes;
    }

    Record record() {
        return record;
    }

    Counters counters() {
        return counters;
    }

    /** Leases what the lanes have room for. @return how many batches were leased */
    int claim() {
        return life.lasts() && record.keepsUp() ? claim.round(lanes) : 0;
    }

    /** Looks at every running alert once. @return how many of them something was decided about */
    int decide() {
        return decide.round();
    }

    /** Opens and closes channels as accounts and providers came and went. */
    void followAccounts(Optional<CarrierAccounts> accounts) {
        lanes.refresh(accounts);
    }

    /** What keeps a node honest: overdue messages given up, orphans looked at, leases renewed, the dead taken over from. */
    void upkeep() {
        lanes.look();
        record.lookForOrphansAgain();
        if (life.endOthers()) {
            live();
        }
        long now = nanoTime.getAsLong();
        long present = life.number();
        // Leases of the life before count no more. Without one they are not prolonged: others send what this node
        // cannot.
        if (life.lasts()
                && (present != renewedIn || now - renewedAt > settings.lease().toNanos() / 4)) {
            lost(claim.renew());
            live();
            renewedAt = now;
            renewedIn = present;
        }
        reach.tell();
        if (record.keepsUp()) {
            lost(claim.fenced(rescue.round()));
        }
    }

    /** Asks for calls in doubt: those of nodes that died or stopped, this one's own of before among them. */
    void reattach() throws InterruptedException {
        if (record.keepsUp()) {
            reattach.round();
        }
    }

    /** Takes back what rings for people who have answered, and of alerts that were cancelled. */
    void withdraw() {
        withdraw.round();
    }

    private void lost(List<HeldBatch> batches) {
        batches.forEach(batch -> lanes.all().forEach(lane -> lane.lost(batch)));
    }

    private void live() {
        int nodes = Math.max(1, ledger.transact(t -> t.nodes().living(settings.lease())));
        if (nodes < liveNodes) {
            record.inheritOrphans();
        }
        liveNodes = nodes;
        lanes.liveNodes(nodes);
    }
}
