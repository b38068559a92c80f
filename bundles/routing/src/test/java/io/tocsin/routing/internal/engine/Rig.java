package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelProvider;
import io.tocsin.persistence.api.Database;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.AlertDocuments;
import io.tocsin.routing.api.CarrierAccounts;
import io.tocsin.routing.api.IncomingCalls;
import io.tocsin.routing.api.Ledger;
import io.tocsin.routing.api.SwapListener;
import io.tocsin.routing.api.Totals;
import io.tocsin.routing.internal.ComingAlerts;
import io.tocsin.routing.internal.calls.CallWriter;
import io.tocsin.routing.internal.ledger.LedgerStore;
import io.tocsin.routing.internal.links.SignedAnswerLinks;
import io.tocsin.routing.testing.Conservation;
import io.tocsin.routing.testing.MovableClock;
import io.tocsin.routing.testing.TestAlerts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/** Engines, accounts and a clock over one database: what a test of dispatch is made of. */
public final class Rig implements AutoCloseable, CarrierAccounts {
    /** Generous: a wait is for a condition, never a measure. */
    static final Duration LIMIT = Duration.ofMinutes(2);

    public final MovableClock clock = new MovableClock();
    public final Database database;
    public final Ledger ledger;
    private final ComingAlerts coming = new ComingAlerts();
    private final List<Route> routes = new CopyOnWriteArrayList<>();
    final AtomicReference<Optional<IncomingCalls>> incoming = new AtomicReference<>(Optional.empty());
    private final List<Engine> engines = new ArrayList<>();
    private Engine.Pace pace = Engine.Pace.USUAL;
    private Duration lease = Duration.ofSeconds(15);
    private Duration sendTimeout = Duration.ofSeconds(20);
    private int microBatch = 250;
    private Swap.Limits swap = new Swap.Limits(Duration.ofSeconds(3), Duration.ofSeconds(1));
    private final SwapListeners swaps = new SwapListeners();
    /** Can speak as soon as it is given a voice. */
    final CallWriter calls;
    /** Of nodes made from now on; without any where no text names one. */
    AlertDocuments documents;

    public Rig(Database database) {
        this.database = database;
        this.calls = new CallWriter(database);
        this.ledger = new LedgerStore(clock, coming);
    }

    /** Of nodes made from now on. */
    Rig pace(Engine.Pace value) {
        pace = value;
        return this;
    }

    public Rig lease(Duration value) {
        lease = value;
        return this;
    }

    public Rig sendTimeout(Duration value) {
        sendTimeout = value;
        return this;
    }

    Rig watch(Duration value) {
        swap = new Swap.Limits(swap.proving(), value);
        return this;
    }

    /** Is told how swaps on any of its nodes end. */
    Rig listener(SwapListener listener) {
        swaps.add(listener);
        return this;
    }

    public Rig microBatch(int value) {
        microBatch = value;
        return this;
    }

    /** An account of a channel for some tenants; the lower the rank, the sooner it is chosen. */
    public Rig account(int id, String channel, int rank, Integer messagesPerSecond, Integer... tenants) {
        routes.add(new Route(
                id,
                channel + "-" + id,
                channel,
                1,
                Optional.empty(),
                List.of(tenants),
                rank,
                Optional.ofNullable(messagesPerSecond),
                1));
        return this;
    }

    /** From now on an account carries the messages of these tenants only; it is heard by those it carried for. */
    Rig limit(int id, Integer... tenants) {
        routes.replaceAll(r -> r.accountId() != id
                ? r
                : new Route(
                        id,
                        r.name(),
                        r.channel(),
                        r.agencyId(),
                        r.tenantId(),
                        List.of(tenants),
                        r.heard(),
                        r.rank(),
                        r.messagesPerSecond(),
                        r.version()));
        return this;
    }

    Engine engine(String node, Map<String, ChannelProvider> carriers) {
        Providers providers = new Providers();
        carriers.forEach((type, carrier) -> providers.add(new Providers.Installed(type, List.of(), "1", carrier)));
        return engine(node, providers);
    }

    Engine engine(String node, Providers providers) {
        Engine engine = new Engine(
                database,
                new SignedAnswerLinks(database),
                new Media(calls, documents),
                coming,
                providers,
                new AtomicReference<>(Optional.of(this)),
                incoming,
                swaps,
                hint -> {},
                new Settings(
                        node,
                        lease,
                        microBatch,
                        1000,
                        Duration.ofMillis(20),
                        sendTimeout,
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(300),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(300),
                        1095,
                        7,
                        swap),
                pace,
                clock);
        engine.start();
        engines.add(engine);
        return engine;
    }

    public TestAlerts alert() {
        return new TestAlerts(database, ledger, clock);
    }

    public Totals totals(int tenant, long alert) {
        return Conservation.assertHolds(database, tenant, alert);
    }

    public Alert.State state(int tenant, long alert) {
        return database.inTenant(
                tenant, c -> ledger.alert(c, tenant, alert).orElseThrow().state());
    }

    public List<Ledger.WaveProgress> waves(int tenant, long alert) {
        return database.inTenant(tenant, c -> ledger.progress(c, tenant, alert));
    }

    @Override
    public List<Route> enabled() {
        return List.copyOf(routes);
    }

    @Override
    public ChannelAccount open(int accountId) {
        return new ChannelAccount(Integer.toString(accountId), Map.of());
    }

    @Override
    public void close() {
        engines.forEach(Engine::stop);
    }
}
