package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.ChannelProvider;
import io.tocsin.channel.api.ChannelSettingsException;
import io.tocsin.channel.api.InboundMessage;
import io.tocsin.channel.api.OutboundMessage.Category;
import io.tocsin.channel.api.Receipt;
import io.tocsin.routing.api.CarrierAccounts;
import io.tocsin.routing.api.CarrierAccounts.Route;
import io.tocsin.routing.api.CarrierAccounts.UnresolvedSecretException;
import io.tocsin.routing.api.DispatchStatus.AccountStatus;
import io.tocsin.routing.api.DispatchStatus.AccountTraffic;
import io.tocsin.routing.internal.LogScope;
import io.tocsin.routing.internal.engine.LaneStatus.Shut;
import io.tocsin.routing.internal.engine.Providers.Installed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open channels: one lane for each enabled account whose type has a provider. Follows accounts and providers as they
 * come, change and go; an account that cannot be opened is tried again, less and less often, and says why meanwhile.
 */
final class Lanes {
    private static final Logger LOG = LoggerFactory.getLogger(Lanes.class);
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);
    /** How long those that open and close at once are waited for. */
    private static final Duration SETTLE = Duration.ofSeconds(2);

    private static final Duration OPEN_LIMIT = Duration.ofSeconds(30);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(15);
    /** Longer than a driver takes to drain a lane and close its channel. */
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(45);

    /** Makes a lane of an open channel, and what moves it. */
    interface Maker {
        LaneDriver make(Route route, Channel channel, Throttle throttle);
    }

    /** Where what channels report goes. */
    interface Reports {
        CompletionStage<Void> receipt(Route route, Receipt receipt);

        CompletionStage<Void> inbound(Route route, InboundMessage message);
    }

    /** Where the code of a channel runs that is not sending. */
    interface Guests {
        Guest of(Route route);
    }

    private record Open(LaneDriver driver, Lane lane, ChannelProvider provider, LaneEvents events, Guest guest) {}

    private record Opening(
            Route route,
            ChannelProvider provider,
            LaneEvents events,
            Guest guest,
            CompletableFuture<GuardedChannel> channel,
            Redaction redaction,
            long until) {}

    private record Failed(Route route, String why, long retryAt, Duration pause, Guest stuck) {}

    private final Providers providers;
    private final Maker maker;
    private final Reports reports;
    private final Guests guests;
    private final Send send;
    private final Conducts conducts;
    private final LongSupplier nanoTime;
    private final Map<Integer, Open> open = new ConcurrentHashMap<>();
    private final Map<Integer, Opening> opening = new ConcurrentHashMap<>();
    private final Map<Integer, CompletableFuture<Void>> closing = new ConcurrentHashMap<>();
    private final Map<Integer, Failed> failed = new ConcurrentHashMap<>();
    /** Accounts whose type no provider on this node serves. */
    private volatile List<Route> unserved = List.of();

    private volatile int liveNodes = 1;
    private boolean stopped;

    Lanes(
            Providers providers,
            Maker maker,
            Reports reports,
            Guests guests,
            Send send,
            Conducts conducts,
            LongSupplier nanoTime) {
        this.providers = providers;
        this.maker = maker;
        this.reports = reports;
        this.guests = guests;
        this.send = send;
        this.conducts = conducts;
        this.nanoTime = nanoTime;
    }

    void liveNodes(int nodes) {
        liveNodes = nodes;
        open.values().forEach(o -> o.lane.throttle().nodes(nodes));
    }

    /** The lane a tenant's messages take: its own accounts first, then its agency's, by rank; the first that is not down. */
    Optional<Lane> laneFor(int tenantId, String channel) {
        return open.values().stream()
                .map(Open::lane)
                .filter(lane -> lane.open() && lane.route().channel().equals(channel) && serves(lane.route(), tenantId))
                .min(Comparator.comparing((Lane lane) -> lane.route().tenantId().isEmpty())
                        .thenComparing(lane -> lane.route().rank())
                        .thenComparing(Lane::accountId));
    }

    private static boolean serves(Route route, int tenantId) {
        return route.tenantId().map(owner -> owner == tenantId).orElseGet(() -> route.tenants()
                .contains(tenantId));
    }

    /** The tenants whose messages an account carries or carried: what it reports may be about them. */
    static Set<Integer> tenants(Route route) {
        Set<Integer> tenants = new HashSet<>(route.heard());
        route.tenantId().ifPresent(tenants::add);
        return tenants;
    }

    Collection<String> channelsWithRoom() {
        Set<String> channels = new HashSet<>();
        for (Open each : open.values()) {
            if (each.lane.room(Category.LIFE_SAFETY) > 0) {
                channels.add(each.lane.route().channel());
            }
        }
        return channels;
    }

    List<Lane> all() {
        return open.values().stream().map(Open::lane).toList();
    }

    /**
     * Opens and closes what has changed since. One caller at a time; waits a little for channels to open and close, and leaves those
     * that take longer to the next call.
     */
    synchronized void refresh(Optional<CarrierAccounts> accounts) {
        if (stopped) {
            return;
        }
        Map<Integer, Route> wanted = new HashMap<>();
        accounts.ifPresent(a -> a.enabled().forEach(route -> wanted.put(route.accountId(), route)));
        List<CompletableFuture<?>> underWay = new ArrayList<>();
        for (Open each : List.copyOf(open.values())) {
            if (!serves(each.lane.route(), each.provider, wanted)) {
                underWay.add(close(each));
            }
        }
        await(underWay, SETTLE);
        opening.values().stream()
                .filter(each -> !serves(each.route, each.provider, wanted))
                .forEach(each -> giveUp(each, "no longer wanted"));
        closing.values().removeIf(CompletableFuture::isDone);
        failed.keySet().retainAll(wanted.keySet());
        conducts.keep(wanted.keySet());
        List<Route> left = new ArrayList<>();
        for (Route route : wanted.values()) {
            Optional<Installed> provider = providers.of(route.channel());
            if (provider.isPresent()) {
                openIfDue(accounts.get(), route, provider.get());
            } else {
                failed.remove(route.accountId());
                left.add(route);
            }
        }
        unserved = List.copyOf(left);
        await(opening.values().stream().map(Opening::channel).toList(), SETTLE);
        List.copyOf(opening.values()).forEach(this::finish);
    }

    private boolean serves(Route route, ChannelProvider provider, Map<Integer, Route> wanted) {
        return route.equals(wanted.get(route.accountId()))
                && providers
                        .of(route.channel())
                        .map(i -> i.provider() == provider)
                        .orElse(false);
    }

    private void openIfDue(CarrierAccounts accounts, Route route, Installed installed) {
        int id = route.accountId();
        Failed before = failed.get(id);
        boolean changed = before != null && before.route.version() != route.version();
        if (open.containsKey(id)
                || opening.containsKey(id)
                || closing.containsKey(id)
                || before != null && !changed && nanoTime.getAsLong() < before.retryAt) {
            return;
        }
        if (before != null && before.stuck.busy()) {
            // it would hang as the one before it does, and keep one more thread
            failed(route, before, before.why, before.stuck);
            return;
        }
        try {
            ChannelAccount account = accounts.open(id);
            if (installed.said().settings().isPresent()) {
                installed.said().settings().get().check(account.settings());
            }
            LaneEvents events = new LaneEvents(route, reports);
            Guest guest = guests.of(route);
            opening.put(
                    id,
                    new Opening(
                            route,
                            installed.provider(),
                            events,
                            guest,
                            GuardedChannel.open(installed.provider(), account, events, guest, CLOSE_LIMIT, nanoTime),
                            Redaction.of(account, installed.said().settings()),
                            nanoTime.getAsLong() + OPEN_LIMIT.toNanos()));
        } catch (ChannelSettingsException | UnresolvedSecretException e) {
            failed(route, before, e.getMessage(), Guest.direct());
        }
    }

    /** Takes an opened channel into service, or notes why there is none. */
    private void finish(Opening each) {
        if (!each.channel.isDone()) {
            if (nanoTime.getAsLong() - each.until > 0) {
                giveUp(each, "open() has not returned for " + OPEN_LIMIT.toSeconds() + " s");
            }
            return;
        }
        opening.remove(each.route.accountId());
        try {
            opened(each, each.channel.join());
        } catch (CompletionException e) {
            each.guest.close();
            notOpened(each, e.getCause());
        } catch (RuntimeException e) {
            open.remove(each.route.accountId());
            each.guest.run(each.channel.join()::close);
            notOpened(each, e);
        }
    }

    private void opened(Opening each, GuardedChannel channel) {
        Route route = each.route;
        Throttle throttle = new Throttle(rate(route), nanoTime);
        throttle.nodes(liveNodes);
        conducts.of(route.accountId()).breaker().reset();
        LaneDriver driver = maker.make(route, channel, throttle);
        Lane lane = driver.lane();
        open.put(route.accountId(), new Open(driver, lane, each.provider, each.events, each.guest));
        failed.remove(route.accountId());
        each.events.opened(lane);
        driver.start();
        try (LogScope about = LogScope.account(route.name())) {
            LOG.info(
                    "channel.opened account={} channel={} window={}",
                    route.name(),
                    route.channel(),
                    lane.window().size());
        }
    }

    /** A provider is a guest's code: that it cannot open one account must not keep the others closed. */
    private void notOpened(Opening each, Throwable cause) {
        Route route = each.route;
        String why;
        if (cause instanceof ChannelSettingsException) {
            why = each.redaction.in(cause.getMessage());
        } else {
            why = "cannot be opened: " + cause.getClass().getSimpleName();
            try (LogScope about = LogScope.account(route.name())) {
                LOG.warn("channel.open-threw account={} {}", route.name(), each.redaction.trace(cause));
            }
        }
        each.events.close();
        failed(route, failed.get(route.accountId()), why, each.guest);
    }

    /** What it opens after all is closed at once; a thread that hangs in it is left behind. */
    private void giveUp(Opening each, String why) {
        opening.remove(each.route.accountId());
        each.events.close();
        if (each.channel.completeExceptionally(new CancellationException(why))
                || each.channel.isCompletedExceptionally()) {
            each.guest.close();
        } else {
            each.guest.run(each.channel.join()::close);
        }
        failed(each.route, failed.get(each.route.accountId()), why, each.guest);
    }

    private static void await(List<? extends CompletableFuture<?>> underWay, Duration limit) {
        try {
            CompletableFuture.allOf(underWay.toArray(CompletableFuture[]::new))
                    .get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // each is looked at by itself
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @param stuck busy while a call of the attempt that failed has not come back */
    private void failed(Route route, Failed before, String why, Guest stuck) {
        Duration pause = before == null ? FIRST_RETRY : before.pause.multipliedBy(2);
        pause = pause.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : pause;
        failed.put(route.accountId(), new Failed(route, why, nanoTime.getAsLong() + pause.toNanos(), pause, stuck));
        try (LogScope about = LogScope.account(route.name())) {
            LOG.warn("channel.not-opened account={} problem={}", route.name(), why);
        }
    }

    private static double rate(Route route) {
        return route.messagesPerSecond().map(Integer::doubleValue).orElse(Double.POSITIVE_INFINITY);
    }

    /** Drains and closes the lanes of a provider that goes away; returns once it may. */
    synchronized void closeAllOf(ChannelProvider provider) {
        opening.values().stream().filter(o -> o.provider == provider).toList().forEach(o -> giveUp(o, "it went away"));
        List<Open> its =
                open.values().stream().filter(o -> o.provider == provider).toList();
        await(its.stream().map(this::close).toList(), DRAIN_LIMIT);
    }

    /** Drains all lanes, together. */
    synchronized void closeAll() {
        stopped = true;
        List.copyOf(opening.values()).forEach(o -> giveUp(o, "the node stops"));
        List<CompletableFuture<Void>> closed = new ArrayList<>(closing.values());
        List.copyOf(open.values()).forEach(each -> closed.add(close(each)));
        await(closed, DRAIN_LIMIT);
    }

    /** As a crash would; for tests. */
    void abandonAll() {
        open.values().forEach(each -> each.driver.abandon());
    }

    /** Begins to drain and close; what it takes is bounded by its driver. */
    private CompletableFuture<Void> close(Open each) {
        int id = each.lane.accountId();
        CompletableFuture<Void> closed = new CompletableFuture<>();
        open.remove(id);
        closing.put(id, closed);
        each.guest.run(() -> {
            try (LogScope about = LogScope.account(each.lane.route().name())) {
                each.driver.close();
                LOG.info("channel.closed account={}", each.lane.route().name());
            } finally {
                each.events.close();
                closing.remove(id);
                closed.complete(null);
            }
        });
        return closed;
    }

    /** Asks every channel how it is, and gives up on messages and calls that had their time. */
    void look() {
        for (Open each : open.values()) {
            Lane lane = each.lane;
            send.giveUpOverdue(lane);
            each.driver.look();
            lane.look();
            ((GuardedChannel) lane.channel()).look();
            ChannelHealth health = lane.channel().health();
            if (!health.equals(lane.health())) {
                lane.health(health);
            }
        }
    }

    List<AccountTraffic> traffic() {
        return all().stream()
                .map(Lane::route)
                .sorted(Comparator.comparing(Route::accountId))
                .map(route -> conducts.of(route.accountId()).traffic(route.accountId(), route.name(), route.channel()))
                .toList();
    }

    List<AccountStatus> status() {
        Map<Integer, Shut> shut = new HashMap<>();
        opening.forEach((id, each) -> shut.put(id, new Shut(each.route, "is being opened")));
        failed.forEach((id, each) -> shut.put(id, new Shut(each.route, each.why)));
        unserved.forEach(route -> shut.put(route.accountId(), new Shut(route, LaneStatus.unserved(route, providers))));
        return LaneStatus.of(all(), conducts, shut.values());
    }
}
