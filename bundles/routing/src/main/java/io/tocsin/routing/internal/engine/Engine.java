package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.Dialogue;
import io.tocsin.channel.api.InboundCall;
import io.tocsin.channel.api.InboundMessage;
import io.tocsin.cluster.api.Hint;
import io.tocsin.cluster.api.Hints;
import io.tocsin.persistence.api.Database;
import io.tocsin.persistence.api.DatabaseException;
import io.tocsin.routing.api.AnswerLinks;
import io.tocsin.routing.api.CarrierAccounts;
import io.tocsin.routing.api.CarrierAccounts.Route;
import io.tocsin.routing.api.DispatchStatus.CapStatus;
import io.tocsin.routing.api.DispatchStatus.NodeStatus;
import io.tocsin.routing.api.IncomingCalls;
import io.tocsin.routing.api.IncomingCalls.Line;
import io.tocsin.routing.api.SwapListener;
import io.tocsin.routing.internal.ComingAlerts;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Dispatch on one node, from start to stop: the threads that call its {@link Rounds}. The way of a message, one class a step:
 * {@link Claim} a batch, {@link Intend} a micro-batch, {@link Send} it, {@link Record} what came of it, {@link Decide} what
 * follows; {@link Rescue} takes over from nodes that died in between.
 */
final class Engine {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
    private static final long DECIDE_MILLIS = 200;
    private static final long UPKEEP_MILLIS = 200;
    private static final long REATTACH_MILLIS = 500;
    private static final long SWAP_MILLIS = 100;

    /** Between two rounds that hints begin: thousands of answers a second must not become as many looks. */
    private static final long STORM_MILLIS = 40;

    private static final Duration FLUSH = Duration.ofSeconds(10);

    /** How long nobody looks who is given no hint, in milliseconds: without any, all that happens is seen within these. */
    record Pace(long claim, long withdraw, long accounts) {
        static final Pace USUAL = new Pace(100, 200, 2000);
    }

    private final DispatchLedger ledger;
    private final Settings settings;
    private final Pace pace;
    private final AtomicReference<Optional<CarrierAccounts>> accounts;
    private final AtomicReference<Optional<IncomingCalls>> incoming;
    private final Semaphore hungry = new Semaphore(0);
    private final Semaphore accountsChanged = new Semaphore(0);
    private final Semaphore stopped = new Semaphore(0);
    private final List<Thread> loops = new ArrayList<>();

    private final DispatchRoutes routes;
    private final Replies replies;
    private final Rounds rounds;
    private final LifeThread life;
    private final Housekeeping housekeeping;
    private final CapWatch caps;
    private volatile boolean stopping;

    /** Registers the node; {@link #start} begins. */
    Engine(
            Database database,
            AnswerLinks links,
            Media media,
            ComingAlerts coming,
            Providers providers,
            AtomicReference<Optional<CarrierAccounts>> accounts,
            AtomicReference<Optional<IncomingCalls>> incoming,
            SwapListener swaps,
            Hints hints,
            Settings settings,
            Pace pace,
            Clock clock) {
        this.pace = pace;
        this.ledger = new JdbcLedger(database);
        this.settings = settings;
        this.accounts = accounts;
        this.incoming = incoming;
        Counters counters = new Counters();
        this.replies = new Replies(database, hints, settings, clock, counters);
        this.routes = new DispatchRoutes(settings.node());
        this.rounds = new Rounds(
                new Rounds.Surroundings(
                        ledger,
                        links,
                        media,
                        providers,
                        route -> routes.lets(route.name()),
                        coming,
                        swaps,
                        clock,
                        System::nanoTime,
                        Life.Pace.USUAL),
                settings,
                counters,
                new Threads());
        this.life = new LifeThread(rounds.life());
        this.housekeeping = new Housekeeping(database, settings, providers);
        this.caps = new CapWatch(database);
    }

    void start() {
        rounds.record().start();
        replies.start();
        loop("accounts", this::followAccounts);
        loop("claim", this::claim);
        loop("decide", this::decide);
        loop("upkeep", this::upkeep);
        loop("reattach", this::reattach);
        loop("withdraw", this::withdraw);
        life.start();
        loops.forEach(Thread::start);
        LOG.info("engine.started node={}", node().owner());
    }

    Node node() {
        return rounds.node();
    }

    List<NodeStatus> nodes() {
        return ledger.transact(t -> t.nodes().all(settings.lease()));
    }

    List<CapStatus> caps() {
        return caps.all();
    }

    Lanes lanes() {
        return rounds.lanes();
    }

    DispatchRoutes routes() {
        return routes;
    }

    Counters counters() {
        return rounds.counters();
    }

    /** Something about accounts or providers changed: looks at once. */
    void accountsChanged() {
        accountsChanged.release();
    }

    /**
     * Somebody, on whatever node, says that a look is worth while: it is taken now instead of at the next round. Without hints
     * nothing is missed.
     */
    void heard(Hint hint) {
        switch (hint.kind()) {
            case WORK -> hungry.release();
            case STOPPED -> stopped.release();
            case ACCOUNTS -> accountsChanged.release();
        }
    }

    /** Claims no more, drains the lanes, records everything, gives the leases back. Blocks up to about 30 s. */
    void stop() {
        stopping = true;
        loops.forEach(Thread::interrupt);
        lanes().closeAll();
        routes.close();
        boolean flushed = rounds.record().close(FLUSH);
        replies.close(FLUSH);
        // what the lanes still sent was sent by a node that lives
        life.end(false, FLUSH);
        LOG.info("engine.stopped node={} flushed={}", node().owner(), flushed);
    }

    /** Ends as a crash would, without a word to anybody; for tests of what comes after. */
    void abandon() {
        stopping = true;
        loops.forEach(Thread::interrupt);
        life.end(true, FLUSH);
        lanes().abandonAll();
        routes.close();
        rounds.record().close(Duration.ZERO);
        replies.close(Duration.ZERO);
    }

    private interface Step {
        void run() throws InterruptedException;
    }

    /** Runs a step for ever: whatever the database does, the loop goes on. */
    private void loop(String name, Step step) {
        loops.add(new Thread(
                () -> {
                    while (!stopping) {
                        try {
                            step.run();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                            return;
                        } catch (DatabaseException e) {
                            if (!stopping) {
                                LOG.warn("engine.waiting loop={} sqlState={}", name, e.sqlState());
                                pause();
                            }
                        } catch (RuntimeException e) {
                            // A defect in one round must not end dispatch on this node: it is loud, and the next round
                            // tries.
                            LOG.error("engine.round-failed loop={}", name, e);
                            pause();
                        }
                    }
                },
                "engine-" + name));
    }

    private static void pause() {
        try {
            Thread.sleep(500);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void claim() throws InterruptedException {
        int leased = rounds.claim();
        // With work there is more soon: a lane says when it is hungry. Without, the next look is soon enough.
        if (leased == 0 || !hungry.tryAcquire(0, TimeUnit.MILLISECONDS)) {
            hungry.tryAcquire(leased == 0 ? pace.claim : pace.claim / 4, TimeUnit.MILLISECONDS);
        }
        hungry.drainPermits();
    }

    private void decide() throws InterruptedException {
        int decided = rounds.decide();
        Thread.sleep(decided > 0 ? DECIDE_MILLIS / 4 : DECIDE_MILLIS);
    }

    private void followAccounts() throws InterruptedException {
        accountsChanged.drainPermits();
        housekeeping.endpointKinds();
        rounds.followAccounts(accounts.get());
        Thread.sleep(STORM_MILLIS);
        accountsChanged.tryAcquire(lanes().swapping() ? SWAP_MILLIS : pace.accounts, TimeUnit.MILLISECONDS);
    }

    private void upkeep() throws InterruptedException {
        rounds.upkeep();
        housekeeping.round();
        Thread.sleep(UPKEEP_MILLIS);
    }

    private void reattach() throws InterruptedException {
        rounds.reattach();
        Thread.sleep(REATTACH_MILLIS);
    }

    private void withdraw() throws InterruptedException {
        stopped.drainPermits();
        rounds.withdraw();
        Thread.sleep(STORM_MILLIS);
        stopped.tryAcquire(pace.withdraw - STORM_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Threads of their own for what is not called in rounds. */
    private final class Threads implements Rounds.Drivers {
        @Override
        public Appender<Fact> appender(GroupWriting.Writer<Fact> writer) {
            return new GroupAppender<>("record", settings.groupSize(), settings.groupAge(), writer);
        }

        @Override
        public LaneDriver lane(Lane lane, Send send) {
            return new LaneThreads(lane, send, routes);
        }

        @Override
        public Guest guest(Route route) {
            return Guest.onThreads(route.name());
        }

        @Override
        public CompletionStage<Void> inbound(Route route, InboundMessage message) {
            return replies.inbound(route.accountId(), route.channel(), Lanes.tenants(route), message);
        }

        @Override
        public CompletionStage<Dialogue> called(Route route, InboundCall call) {
            Optional<IncomingCalls> door = incoming.get();
            if (door.isEmpty()) {
                return CompletableFuture.failedFuture(
                        new IllegalStateException("nobody takes calls on this node: install the telephone's door"));
            }
            try {
                return door.get().called(new Line(route.accountId(), route.channel(), Lanes.tenants(route)), call);
            } catch (RuntimeException e) {
                LOG.warn("calls.refused account={} failure={}", route.name(), Redaction.described(e));
                return CompletableFuture.failedFuture(e);
            }
        }

        @Override
        public void hungry() {
            hungry.release();
        }
    }
}
