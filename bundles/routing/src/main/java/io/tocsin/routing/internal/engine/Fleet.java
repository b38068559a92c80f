package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.ChannelSettingsException;
import io.tocsin.channel.api.InboundMessage;
import io.tocsin.channel.api.Receipt;
import io.tocsin.persistence.api.DatabaseException;
import io.tocsin.routing.api.CarrierAccounts;
import io.tocsin.routing.api.CarrierAccounts.Route;
import io.tocsin.routing.api.CarrierAccounts.UnresolvedSecretException;
import io.tocsin.routing.internal.LogScope;
import io.tocsin.routing.internal.engine.LaneStatus.Shut;
import io.tocsin.routing.internal.engine.Providers.Installed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The channels opened with one version of a channel's bundle: one lane for each enabled account of its type. An account that
 * cannot be opened is tried again, less and less often, and says why meanwhile. Called by one thread at a time, but for what
 * is only looked at.
 */
final class Fleet {
    private static final Logger LOG = LoggerFactory.getLogger(Fleet.class);
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);
    private static final Duration OPEN_LIMIT = Duration.ofSeconds(30);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(15);

    /** Makes a lane of an open channel, and what moves it. */
    interface Maker {
        LaneDriver make(Route route, GuardedChannel channel, Throttle throttle);
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

    /** What fleets stand on. @param throttles an account's, whichever version sends for it */
    record Ground(
            Maker maker, Reports reports, Guests guests, Function<Route, Throttle> throttles, LongSupplier nanoTime) {}

    private record Open(LaneDriver driver, Lane lane, LaneEvents events, Guest guest) {}

    private record Opening(
            Route route,
            LaneEvents events,
            Guest guest,
            CompletableFuture<GuardedChannel> channel,
            Redaction redaction,
            long until) {}

    private record Closing(LaneDriver driver, Lane lane, CompletableFuture<Void> closed) {}

    private record Failed(Route route, String why, long retryAt, Duration pause, Guest stuck) {}

    private final Installed installed;
    private final Ground ground;
    private final Map<Integer, Open> open = new ConcurrentHashMap<>();
    private final Map<Integer, Opening> opening = new ConcurrentHashMap<>();
    private final Map<Integer, Closing> closing = new ConcurrentHashMap<>();
    private final Map<Integer, Failed> failed = new ConcurrentHashMap<>();
    private volatile boolean standby;

    /** @param standby its accounts are opened and do not send */
    Fleet(Installed installed, Ground ground, boolean standby) {
        this.installed = installed;
        this.ground = ground;
        this.standby = standby;
    }

    Installed installed() {
        return installed;
    }

    boolean standby() {
        return standby;
    }

    /** Its lanes send from now on, or stand by; what they hold is the caller's to hand over. */
    void standby(boolean now) {
        standby = now;
        open.values().forEach(each -> each.lane.standby(now));
    }

    /** What its lanes hold goes on with another version; of accounts that are not open there it is given back. */
    void handOver(Fleet to) {
        for (Open each : open.values()) {
            to.lane(each.lane.accountId()).ifPresentOrElse(each.lane::handOver, each.lane::letGo);
        }
    }

    Collection<Lane> lanes() {
        return open.values().stream().map(Open::lane).toList();
    }

    Optional<Lane> lane(int accountId) {
        return Optional.ofNullable(open.get(accountId)).map(Open::lane);
    }

    int inFlight() {
        return open.values().stream()
                        .mapToInt(each -> each.lane.window().inFlight())
                        .sum()
                + closing.values().stream()
                        .mapToInt(each -> each.lane.window().inFlight())
                        .sum();
    }

    /** Why an account is not open with it; empty when it is, or is not its. */
    Optional<String> shut(int accountId) {
        return opening.containsKey(accountId)
                ? Optional.of("is being opened")
                : Optional.ofNullable(failed.get(accountId)).map(Failed::why);
    }

    List<Shut> shut() {
        List<Shut> shut = new ArrayList<>();
        opening.values().forEach(each -> shut.add(new Shut(each.route, "is being opened")));
        failed.values().forEach(each -> shut.add(new Shut(each.route, each.why)));
        return shut;
    }

    /** Begins to close what is not wanted any more. @return complete when it is closed */
    List<CompletableFuture<Void>> closeUnwanted(Map<Integer, Route> wanted) {
        List<CompletableFuture<Void>> underWay = new ArrayList<>();
        for (Open each : List.copyOf(open.values())) {
            Route now = wanted.get(each.lane.accountId());
            if (now == null || isAnother(each.lane.route(), now)) {
                underWay.add(close(each, false));
            } else if (!now.equals(each.lane.route())) {
                each.lane.route(now);
            }
        }
        opening.values().stream()
                .filter(each -> !each.route.equals(wanted.get(each.route.accountId())))
                .forEach(each -> giveUp(each, "no longer wanted"));
        failed.keySet().retainAll(wanted.keySet());
        return underWay;
    }

    /** Whether the account itself changed, and not only who may use it. */
    private static boolean isAnother(Route before, Route now) {
        return before.version() != now.version()
                || !before.name().equals(now.name())
                || !before.channel().equals(now.channel())
                || !before.tenantId().equals(now.tenantId())
                || !before.messagesPerSecond().equals(now.messagesPerSecond());
    }

    /** Begins to open what is wanted and not open. @return complete when it may be looked at with {@link #finish} */
    List<CompletableFuture<GuardedChannel>> openDue(CarrierAccounts accounts, Collection<Route> wanted) {
        closing.values().removeIf(each -> each.closed.isDone());
        wanted.forEach(route -> openIfDue(accounts, route));
        return opening.values().stream().map(Opening::channel).toList();
    }

    private void openIfDue(CarrierAccounts accounts, Route route) {
        int id = route.accountId();
        Failed before = failed.get(id);
        boolean changed = before != null && before.route.version() != route.version();
        if (open.containsKey(id)
                || opening.containsKey(id)
                || closing.containsKey(id)
                || before != null && !changed && now() < before.retryAt) {
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
            LaneEvents events = new LaneEvents(route, ground.reports);
            Guest guest = ground.guests.of(route);
            opening.put(
                    id,
                    new Opening(
                            route,
                            events,
                            guest,
                            GuardedChannel.open(
                                    installed.provider(), account, events, guest, CLOSE_LIMIT, ground.nanoTime),
                            Redaction.of(account, installed.said().settings()),
                            now() + OPEN_LIMIT.toNanos()));
        } catch (ChannelSettingsException | UnresolvedSecretException e) {
            failed(route, before, e.getMessage(), Guest.direct());
        }
    }

    /** Takes channels that have opened into service, and notes why there is none of the others. */
    void finish() {
        List.copyOf(opening.values()).forEach(this::finish);
    }

    private void finish(Opening each) {
        if (!each.channel.isDone()) {
            if (now() - each.until > 0) {
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
        LaneDriver driver = ground.maker.make(route, channel, ground.throttles.apply(route));
        Lane lane = driver.lane();
        lane.standby(standby);
        open.put(route.accountId(), new Open(driver, lane, each.events, each.guest));
        failed.remove(route.accountId());
        each.events.opened(lane);
        driver.start();
        try (LogScope about = LogScope.account(route.name())) {
            LOG.info(
                    "channel.opened account={} channel={} version={} window={}{}",
                    route.name(),
                    route.channel(),
                    installed.version(),
                    lane.window().size(),
                    standby ? " standby" : "");
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

    /** @param stuck busy while a call of the attempt that failed has not come back */
    private void failed(Route route, Failed before, String why, Guest stuck) {
        Duration pause = before == null ? FIRST_RETRY : before.pause.multipliedBy(2);
        pause = pause.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : pause;
        failed.put(route.accountId(), new Failed(route, why, now() + pause.toNanos(), pause, stuck));
        try (LogScope about = LogScope.account(route.name())) {
            LOG.warn("channel.not-opened account={} version={} problem={}", route.name(), installed.version(), why);
        }
    }

    /**
     * Begins to drain and close all its lanes.
     *
     * @param patiently what is under way on a line is waited for, as long as it takes
     * @return complete when they are closed
     */
    CompletableFuture<Void> closeAll(String why, boolean patiently) {
        List.copyOf(opening.values()).forEach(each -> giveUp(each, why));
        List.copyOf(open.values()).forEach(each -> close(each, patiently));
        if (!patiently) {
            closing.values().forEach(each -> each.driver.hurry());
        }
        return CompletableFuture.allOf(
                closing.values().stream().map(Closing::closed).toArray(CompletableFuture[]::new));
    }

    /** Begins to drain and close; what it takes is bounded by its driver. */
    private CompletableFuture<Void> close(Open each, boolean patiently) {
        int id = each.lane.accountId();
        Closing leaving = new Closing(each.driver, each.lane, new CompletableFuture<>());
        open.remove(id);
        closing.put(id, leaving);
        each.guest.run(() -> {
            try (LogScope about = LogScope.account(each.lane.route().name())) {
                each.driver.close(patiently);
                LOG.info(
                        "channel.closed account={} version={}",
                        each.lane.route().name(),
                        installed.version());
            } finally {
                each.events.close();
                closing.remove(id, leaving);
                leaving.closed.complete(null);
            }
        });
        return leaving.closed;
    }

    /** As a crash would; for tests. */
    void abandon() {
        open.values().forEach(each -> each.driver.abandon());
    }

    /** Asks every channel how it is, and gives up on messages and calls that had their time. */
    void look(Send send) {
        for (Open each : open.values()) {
            Lane lane = each.lane;
            send.giveUpOverdue(lane);
            each.driver.look();
            lane.look();
            ((GuardedChannel) lane.channel()).look();
            lookForLines(lane);
            ChannelHealth health = lane.channel().health();
            if (!health.equals(lane.health())) {
                lane.health(health);
            }
        }
        for (Closing each : closing.values()) {
            send.giveUpOverdue(each.lane);
            lookForLines(each.lane);
        }
    }

    /** What the lane has lasts for a while: nobody else's lane waits for a database that is away. */
    private static void lookForLines(Lane lane) {
        try {
            lane.lookForLines();
        } catch (DatabaseException e) {
            try (LogScope about = LogScope.account(lane.route().name())) {
                LOG.warn(
                        "lane.lines-waiting account={} sqlState={}",
                        lane.route().name(),
                        e.sqlState());
            }
        }
    }

    private long now() {
        return ground.nanoTime.getAsLong();
    }
}
