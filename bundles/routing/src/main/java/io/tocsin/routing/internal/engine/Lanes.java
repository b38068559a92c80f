package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.ChannelProvider;
import io.tocsin.channel.api.OutboundMessage.Category;
import io.tocsin.routing.api.CarrierAccounts;
import io.tocsin.routing.api.CarrierAccounts.Route;
import io.tocsin.routing.api.DispatchStatus.AccountStatus;
import io.tocsin.routing.api.DispatchStatus.AccountTraffic;
import io.tocsin.routing.api.InstalledChannels.Standing;
import io.tocsin.routing.api.InstalledChannels.Version;
import io.tocsin.routing.api.SwapListener;
import io.tocsin.routing.internal.engine.LaneStatus.Shut;
import io.tocsin.routing.internal.engine.Providers.Installed;
import io.tocsin.routing.internal.engine.Providers.Stood;
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
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ways messages may take on this node: a {@link Fleet} of lanes for the version of each channel that serves, and while one
 * version takes the place of another, for both. Follows accounts and providers as they come, change and go.
 */
final class Lanes {
    private static final Logger LOG = LoggerFactory.getLogger(Lanes.class);
    /** How long those that open and close at once are waited for. */
    private static final Duration SETTLE = Duration.ofSeconds(2);

    /** Longer than a driver takes to drain a lane and close its channel. */
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(45);

    private record Leaving(Fleet fleet, CompletableFuture<Void> closed, Optional<Installed> successor) {}

    private final Providers providers;
    private final Fleet.Ground ground;
    private final Send send;
    private final Conducts conducts;
    private final Swap.Limits limits;
    private final SwapListener listener;
    private final LongSupplier nanoTime;
    private final List<Fleet> fleets = new CopyOnWriteArrayList<>();
    private final List<Leaving> leaving = new CopyOnWriteArrayList<>();
    private final Map<String, Swap> swaps = new ConcurrentHashMap<>();
    /** Accounts whose type no provider on this node serves. */
    private volatile List<Route> unserved = List.of();

    private volatile int liveNodes = 1;
    private boolean stopped;

    Lanes(
            Providers providers,
            Fleet.Maker maker,
            Fleet.Reports reports,
            Fleet.Guests guests,
            Send send,
            Conducts conducts,
            Swap.Limits limits,
            SwapListener listener,
            LongSupplier nanoTime) {
        this.providers = providers;
        this.ground = new Fleet.Ground(maker, reports, guests, this::throttle, nanoTime);
        this.send = send;
        this.conducts = conducts;
        this.limits = limits;
        this.listener = listener;
        this.nanoTime = nanoTime;
    }

    void liveNodes(int nodes) {
        liveNodes = nodes;
        all().forEach(lane -> lane.throttle().nodes(nodes));
    }

    /** On how many nodes messages leave, this one included. */
    int liveNodes() {
        return liveNodes;
    }

    /** The account's, if a lane has one: two versions that send for it share what the carrier allows. */
    private Throttle throttle(Route route) {
        return all().stream()
                .filter(lane -> lane.accountId() == route.accountId()
                        && lane.route().messagesPerSecond().equals(route.messagesPerSecond()))
                .map(Lane::throttle)
                .findFirst()
                .orElseGet(() -> {
                    Throttle made = new Throttle(
                            route.messagesPerSecond().map(Integer::doubleValue).orElse(Double.POSITIVE_INFINITY),
                            nanoTime);
                    made.nodes(liveNodes);
                    return made;
                });
    }

    /** The lane a tenant's messages take: its own accounts first, then its agency's, by rank; the first that is not down. */
    Optional<Lane> laneFor(int tenantId, String channel) {
        return all().stream()
                .filter(lane -> lane.open() && lane.route().channel().equals(channel) && serves(lane.route(), tenantId))
                .min(Comparator.comparing((Lane lane) -> lane.route().tenantId().isEmpty())
                        .thenComparing(lane -> lane.route().rank())
                        .thenComparing(Lane::accountId));
    }

    /** The accounts that carry a tenant's messages of a channel, whether they can just now or not. */
    Collection<Integer> accountsFor(int tenantId, String channel) {
        Set<Integer> accounts = new TreeSet<>();
        routes().filter(route -> route.channel().equals(channel) && serves(route, tenantId))
                .forEach(route -> accounts.add(route.accountId()));
        return accounts;
    }

    /** Each account there is for this node, and whether it can send by it now. */
    Map<Integer, Boolean> sends() {
        Map<Integer, Boolean> sends = new TreeMap<>();
        routes().forEach(route -> sends.put(route.accountId(), false));
        all().stream().filter(Lane::open).forEach(lane -> sends.put(lane.accountId(), true));
        return sends;
    }

    private Stream<Route> routes() {
        return Stream.of(
                        all().stream().map(Lane::route),
                        fleets.stream().flatMap(fleet -> fleet.shut().stream()).map(Shut::route),
                        unserved.stream())
                .flatMap(each -> each);
    }

    static boolean serves(Route route, int tenantId) {
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
        for (Lane lane : all()) {
            if (lane.room(Category.LIFE_SAFETY) > 0) {
                channels.add(lane.route().channel());
            }
        }
        return channels;
    }

    /** Also those that stand by. */
    List<Lane> all() {
        List<Lane> all = new ArrayList<>();
        fleets.forEach(fleet -> all.addAll(fleet.lanes()));
        return all;
    }

    /** Also those that are being drained and closed. */
    List<Lane> every() {
        List<Lane> every = new ArrayList<>();
        fleets.forEach(fleet -> every.addAll(fleet.everyLane()));
        leaving.forEach(each -> every.addAll(each.fleet.everyLane()));
        return every;
    }

    /** The lane that sends for an account, if one does. */
    Optional<Lane> serving(int accountId) {
        return all().stream()
                .filter(lane -> lane.accountId() == accountId && lane.serves())
                .findFirst();
    }

    private Optional<Fleet> of(Installed installed) {
        return fleets.stream().filter(fleet -> fleet.installed() == installed).findFirst();
    }

    /** Whether a version of a channel is taking the place of another: then it is worth looking often. */
    boolean swapping() {
        return !swaps.isEmpty() || !leaving.isEmpty();
    }

    /**
     * Opens and closes what has changed since, and goes on with swaps. One caller at a time; waits a little for channels to open
     * and close, and leaves those that take longer to the next call.
     */
    synchronized void refresh(Optional<CarrierAccounts> accounts) {
        if (stopped) {
            return;
        }
        Map<Integer, Route> wanted = new HashMap<>();
        accounts.ifPresent(a -> a.enabled().forEach(route -> wanted.put(route.accountId(), route)));
        conducts.keep(wanted.keySet());
        follow();
        List<CompletableFuture<?>> closing = new ArrayList<>();
        fleets.forEach(fleet -> closing.addAll(fleet.closeUnwanted(of(fleet, wanted))));
        await(closing, SETTLE);
        unserved = wanted.values().stream()
                .filter(route -> providers.of(route.channel()).isEmpty())
                .toList();
        List<CompletableFuture<?>> opening = new ArrayList<>();
        accounts.ifPresent(a -> fleets.forEach(
                fleet -> opening.addAll(fleet.openDue(a, of(fleet, wanted).values()))));
        await(opening, SETTLE);
        fleets.forEach(Fleet::finish);
        List.copyOf(swaps.values()).forEach(this::look);
        List.copyOf(leaving).stream().filter(l -> l.closed.isDone()).forEach(this::left);
    }

    private static Map<Integer, Route> of(Fleet fleet, Map<Integer, Route> wanted) {
        Map<Integer, Route> its = new HashMap<>();
        wanted.forEach((id, route) -> {
            if (route.channel().equals(fleet.installed().type())) {
                its.put(id, route);
            }
        });
        return its;
    }

    /** Fleets are as providers stand: what serves sends, what proves itself or stands by is open, nothing else is. */
    private void follow() {
        List<Stood> standings = providers.standings();
        for (Stood each : standings) {
            Installed installed = each.installed();
            boolean serves = each.standing() == Standing.SERVING;
            if ((serves || each.standing() == Standing.PROVING)
                    && of(installed).isEmpty()
                    && leaving.stream().noneMatch(l -> l.fleet.installed() == installed)) {
                fleets.add(new Fleet(installed, ground, !serves));
            }
        }
        for (Stood each : standings) {
            of(each.installed()).ifPresent(fleet -> follow(fleet, each.standing()));
        }
        fleets.stream()
                .filter(fleet -> standings.stream().noneMatch(each -> each.installed() == fleet.installed()))
                .forEach(fleet -> leave(fleet, "it went away", false));
        swaps.values().removeIf(swap -> !fleets.contains(swap.before()) || !fleets.contains(swap.after()));
    }

    private void follow(Fleet fleet, Standing standing) {
        switch (standing) {
            case SERVING -> {
                if (fleet.standby()) {
                    activate(fleet);
                }
            }
            case PROVING ->
                providers.of(fleet.installed().type()).flatMap(this::of).ifPresent(before -> begin(before, fleet));
            case STANDING_BY -> {
                Swap watched = swaps.get(fleet.installed().type());
                if (watched == null || watched.before() != fleet) {
                    // a third version came while the second was watched
                    providers.stands(fleet.installed(), Standing.SUPERSEDED, "another version serves");
                }
            }
            case SUPERSEDED, REFUSED -> leave(fleet, "another version serves", true);
        }
    }

    private void begin(Fleet before, Fleet after) {
        Swap now = swaps.get(after.installed().type());
        if (now == null || now.after() != after) {
            swaps.put(after.installed().type(), new Swap(before, after, limits, nanoTime));
            LOG.info(
                    "swap.begun channel={} from={} to={}",
                    after.installed().type(),
                    before.installed().version(),
                    after.installed().version());
        }
    }

    /** It sends from now on, and what others of its type hold goes on with it. */
    private void activate(Fleet fleet) {
        fleet.standby(false);
        for (Fleet other : fleets) {
            if (other != fleet
                    && other.installed().type().equals(fleet.installed().type())
                    && !other.standby()) {
                other.standby(true);
                other.handOver(fleet);
            }
        }
    }

    /** @param patiently its bundle is still there: what is under way on its lines goes on to its end */
    private void leave(Fleet fleet, String why, boolean patiently) {
        fleets.remove(fleet);
        Optional<Installed> successor = providers.of(fleet.installed().type()).filter(i -> i != fleet.installed());
        leaving.add(new Leaving(fleet, fleet.closeAll(why, patiently), successor));
    }

    /** A fleet is closed: if another version took its place, whoever wants to know is told. */
    private void left(Leaving gone) {
        Installed installed = gone.fleet.installed();
        leaving.remove(gone);
        Optional<Version> version = version(installed);
        Optional<Version> successor = gone.successor.flatMap(this::version);
        if (version.isEmpty() || successor.isEmpty()) {
            return;
        }
        if (version.get().standing() == Standing.REFUSED) {
            listener.failed(version.get());
        } else if (version.get().standing() == Standing.SUPERSEDED) {
            listener.swapped(successor.get(), version.get());
        }
    }

    private void look(Swap swap) {
        Installed before = swap.before().installed();
        Installed after = swap.after().installed();
        switch (swap.look()) {
            case GOES_ON -> {
                // nothing changes
            }
            case TAKES_OVER -> {
                if (providers.over(
                        before, after, Standing.STANDING_BY, "in case version " + after.version() + " fails")) {
                    LOG.info("swap.over channel={} from={} to={}", after.type(), before.version(), after.version());
                }
                follow();
            }
            case PROVEN -> {
                swaps.remove(after.type());
                providers.stands(
                        before, Standing.SUPERSEDED, "version " + after.version() + " serves: this one may be removed");
                LOG.info("swap.proven channel={} version={}", after.type(), after.version());
                follow();
            }
            case FAILED -> {
                swaps.remove(after.type());
                LOG.warn(
                        "swap.failed channel={} version={} problem=\"{}\"",
                        after.type(),
                        after.version(),
                        swap.detail());
                if (swap.after().standby()) {
                    providers.stands(after, Standing.REFUSED, swap.detail());
                } else {
                    providers.over(after, before, Standing.REFUSED, swap.detail());
                }
                follow();
            }
        }
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

    /** Drains and closes the lanes of a provider that is gone from the list; returns once it may go. */
    synchronized void closeAllOf(ChannelProvider provider) {
        follow();
        List<Leaving> its = leaving.stream()
                .filter(each -> each.fleet.installed().provider() == provider)
                .toList();
        its.forEach(each -> each.fleet.closeAll("it goes away", false));
        await(its.stream().map(Leaving::closed).toList(), DRAIN_LIMIT);
        leaving.removeAll(its);
    }

    /** Drains all lanes, together. */
    synchronized void closeAll() {
        stopped = true;
        List<CompletableFuture<Void>> closing = new ArrayList<>();
        leaving.forEach(l -> closing.add(l.fleet.closeAll("the node stops", false)));
        fleets.forEach(fleet -> closing.add(fleet.closeAll("the node stops", false)));
        await(closing, DRAIN_LIMIT);
    }

    /** As a crash would; for tests. */
    void abandonAll() {
        fleets.forEach(Fleet::abandon);
    }

    /** Asks every channel how it is, and gives up on messages and calls that had their time. */
    void look() {
        fleets.forEach(fleet -> fleet.look(send));
        leaving.forEach(each -> each.fleet.look(send));
    }

    List<AccountTraffic> traffic() {
        return all().stream()
                .map(Lane::route)
                .distinct()
                .sorted(Comparator.comparing(Route::accountId))
                .map(route -> conducts.of(route.accountId()).traffic(route.accountId(), route.name(), route.channel()))
                .toList();
    }

    /** Accounts by what serves them; how a version that proves itself does is told by {@link #versions}. */
    List<AccountStatus> status() {
        List<Lane> sending = new ArrayList<>();
        List<Shut> shut = new ArrayList<>();
        for (Fleet fleet : fleets) {
            if (!fleet.standby()) {
                sending.addAll(fleet.lanes());
                shut.addAll(fleet.shut());
            }
        }
        unserved.forEach(route -> shut.add(new Shut(route, LaneStatus.unserved(route, providers))));
        return LaneStatus.of(sending, shut);
    }

    List<Version> versions() {
        return providers.standings().stream().map(this::version).toList();
    }

    private Optional<Version> version(Installed installed) {
        return providers.standings().stream()
                .filter(stood -> stood.installed() == installed)
                .map(this::version)
                .findFirst();
    }

    private Version version(Stood stood) {
        Installed installed = stood.installed();
        Optional<Fleet> fleet = of(installed).or(() -> leaving.stream()
                .map(Leaving::fleet)
                .filter(each -> each.installed() == installed)
                .findFirst());
        Optional<Swap> swap = Optional.ofNullable(swaps.get(installed.type()))
                .filter(each -> each.after().installed() == installed);
        return LaneStatus.version(stood, fleet, swap);
    }
}
