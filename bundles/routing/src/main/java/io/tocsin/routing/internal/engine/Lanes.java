package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelEvents;
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
import io.tocsin.routing.internal.LogScope;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
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

    /** Makes a lane of an open channel, and what moves it. */
    interface Maker {
        LaneDriver make(Route route, Channel channel, Throttle throttle);
    }

    /** Where what channels report goes. */
    interface Reports {
        CompletionStage<Void> receipt(Route route, Receipt receipt);

        CompletionStage<Void> inbound(Route route, InboundMessage message);
    }

    private record Open(LaneDriver driver, Lane lane, ChannelProvider provider, Events events) {}

    private record Failed(Route route, String why, long retryAt, Duration pause) {}

    private final Providers providers;
    private final Maker maker;
    private final Reports reports;
    private final Send send;
    private final LongSupplier nanoTime;
    private final Map<Integer, Open> open = new ConcurrentHashMap<>();
    private final Map<Integer, Failed> failed = new ConcurrentHashMap<>();
    /** Accounts whose type no provider on this node serves. */
    private volatile List<Route> unserved = List.of();

    private volatile int liveNodes = 1;

    Lanes(Providers providers, Maker maker, Reports reports, Send send, LongSupplier nanoTime) {
        this.providers = providers;
        this.maker = maker;
        this.reports = reports;
        this.send = send;
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

    /** The tenants whose messages an account may carry. */
    static Set<Integer> tenants(Route route) {
        Set<Integer> tenants = new HashSet<>(route.tenants());
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

    /** Opens and closes what has changed since. One caller at a time; blocks while channels open and drain. */
    synchronized void refresh(Optional<CarrierAccounts> accounts) {
        Map<Integer, Route> wanted = new HashMap<>();
        accounts.ifPresent(a -> a.enabled().forEach(route -> wanted.put(route.accountId(), route)));
        for (Open each : List.copyOf(open.values())) {
            Route route = wanted.get(each.lane.accountId());
            boolean providerStays = providers
                    .of(each.lane.route().channel())
                    .map(i -> i.provider() == each.provider)
                    .orElse(false);
            if (route == null
                    || route.version() != each.lane.route().version()
                    || !providerStays
                    || !route.equals(each.lane.route())) {
                close(each);
            }
        }
        failed.keySet().retainAll(wanted.keySet());
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
    }

    private void openIfDue(CarrierAccounts accounts, Route route, Installed installed) {
        Failed before = failed.get(route.accountId());
        boolean changed = before != null && before.route.version() != route.version();
        if (open.containsKey(route.accountId())
                || before != null && !changed && nanoTime.getAsLong() < before.retryAt) {
            return;
        }
        Events events = new Events(route);
        try {
            ChannelAccount account = accounts.open(route.accountId());
            Channel channel = installed.provider().open(account, events);
            Throttle throttle = new Throttle(rate(route), nanoTime);
            throttle.nodes(liveNodes);
            LaneDriver driver = maker.make(route, channel, throttle);
            Lane lane = driver.lane();
            open.put(route.accountId(), new Open(driver, lane, installed.provider(), events));
            failed.remove(route.accountId());
            events.opened(lane);
            driver.start();
            try (LogScope about = LogScope.account(route.name())) {
                LOG.info(
                        "channel.opened account={} channel={} window={}",
                        route.name(),
                        route.channel(),
                        lane.window().size());
            }
        } catch (ChannelSettingsException | UnresolvedSecretException e) {
            failed(route, before, e.getMessage());
        } catch (RuntimeException | LinkageError e) {
            // A provider is a guest's code: that it cannot open one account must not keep the others closed.
            try (LogScope about = LogScope.account(route.name())) {
                LOG.warn("channel.open-threw account={}", route.name(), e);
            }
            failed(route, before, "cannot be opened: " + e.getClass().getSimpleName());
        }
    }

    private void failed(Route route, Failed before, String why) {
        Duration pause = before == null ? FIRST_RETRY : before.pause.multipliedBy(2);
        pause = pause.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : pause;
        failed.put(route.accountId(), new Failed(route, why, nanoTime.getAsLong() + pause.toNanos(), pause));
        try (LogScope about = LogScope.account(route.name())) {
            LOG.warn("channel.not-opened account={} problem={}", route.name(), why);
        }
    }

    private static double rate(Route route) {
        return route.messagesPerSecond().map(Integer::doubleValue).orElse(Double.POSITIVE_INFINITY);
    }

    /** Drains and closes the lanes of a provider that goes away; returns once it may. */
    synchronized void closeAllOf(ChannelProvider provider) {
        open.values().stream().filter(o -> o.provider == provider).toList().forEach(this::close);
    }

    /** Drains all lanes, together. */
    synchronized void closeAll() {
        List<Thread> closers = new ArrayList<>();
        for (Open each : List.copyOf(open.values())) {
            Thread closer =
                    new Thread(() -> close(each), "close-" + each.lane.route().name());
            closer.start();
            closers.add(closer);
        }
        for (Thread closer : closers) {
            try {
                closer.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** As a crash would; for tests. */
    void abandonAll() {
        open.values().forEach(each -> each.driver.abandon());
    }

    private void close(Open each) {
        open.remove(each.lane.accountId());
        each.driver.close();
        each.events.close();
        try (LogScope about = LogScope.account(each.lane.route().name())) {
            LOG.info("channel.closed account={}", each.lane.route().name());
        }
    }

    /** Asks every channel how it is, and gives up on messages that had their time. */
    void look() {
        for (Lane lane : all()) {
            send.giveUpOverdue(lane);
            lane.look();
            try {
                ChannelHealth health = lane.channel().health();
                if (!health.equals(lane.health())) {
                    lane.health(health);
                }
            } catch (RuntimeException | LinkageError e) {
                try (LogScope about = LogScope.account(lane.route().name())) {
                    LOG.warn("channel.health-threw account={}", lane.route().name(), e);
                }
            }
        }
    }

    List<AccountStatus> status() {
        List<AccountStatus> status = new ArrayList<>();
        for (Lane lane : all()) {
            Route route = lane.route();
            status.add(new AccountStatus(
                    route.accountId(),
                    route.name(),
                    route.channel(),
                    lane.health(),
                    lane.window().inFlight(),
                    lane.window().size(),
                    lane.throttle().ratePerSecond()));
        }
        for (Failed each : failed.values()) {
            Route route = each.route;
            status.add(new AccountStatus(
                    route.accountId(), route.name(), route.channel(), ChannelHealth.down(each.why), 0, 0, 0));
        }
        for (Route route : unserved) {
            String why = "channel type \"" + route.channel() + "\" is not installed on this node: install the feature"
                    + " that brings it, or correct the account's channel (tocsin:channels lists what is installed)";
            status.add(new AccountStatus(
                    route.accountId(), route.name(), route.channel(), ChannelHealth.down(why), 0, 0, 0));
        }
        status.sort(Comparator.comparing(AccountStatus::accountId));
        return status;
    }

    /** What one channel reports; deaf once it is closed. */
    private final class Events implements ChannelEvents {
        private final Route route;
        private final AtomicReference<Lane> lane = new AtomicReference<>();
        private volatile ChannelHealth early;
        private volatile boolean closed;

        Events(Route route) {
            this.route = route;
        }

        void opened(Lane opened) {
            lane.set(opened);
            if (early != null) {
                opened.health(early);
            }
        }

        void close() {
            closed = true;
        }

        @Override
        public CompletionStage<Void> receipt(Receipt receipt) {
            return closed ? ignored() : reports.receipt(route, receipt);
        }

        @Override
        public CompletionStage<Void> inbound(InboundMessage message) {
            return closed ? ignored() : reports.inbound(route, message);
        }

        private CompletionStage<Void> ignored() {
            return CompletableFuture.failedFuture(new IllegalStateException("the channel is closed"));
        }

        @Override
        public void health(ChannelHealth health) {
            early = health;
            Lane opened = lane.get();
            if (opened != null && !closed) {
                opened.health(health);
            }
        }
    }
}
