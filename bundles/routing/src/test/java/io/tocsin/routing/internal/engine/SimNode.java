package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.InboundMessage;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.persistence.api.DatabaseException;
import io.tocsin.routing.api.AnswerLinks;
import io.tocsin.routing.api.CarrierAccounts;
import io.tocsin.routing.api.CarrierAccounts.Route;
import io.tocsin.routing.api.InstalledChannels.Version;
import io.tocsin.routing.api.SwapListener;
import io.tocsin.routing.internal.ComingAlerts;
import io.tocsin.routing.internal.engine.Fact.Intent;
import io.tocsin.routing.internal.engine.Sim.Actor;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One life of a node, from its start to its crash or its stop: the production's {@link Rounds}, stepped by the simulation. */
final class SimNode implements Rounds.Drivers {
    /** As in production to each other, and to the lease. */
    static final Life.Pace LIFE =
            new Life.Pace(Duration.ofMillis(200), Duration.ofMillis(800), Duration.ofMillis(1200));

    private static final Duration AT_ONCE = Duration.ofNanos(50_000);
    private static final Duration DATABASE_PAUSE = Duration.ofMillis(500);

    private final Sim sim;
    private final String name;
    private final Settings settings;
    private final CarrierAccounts accounts;
    private final SimDatabase database;
    private final Providers providers;
    private final SimMonitor monitor;
    private final List<SimLane> lanes = new ArrayList<>();
    private Rounds rounds;
    private Recorder recorder;
    private boolean gone;
    private boolean stopping;
    private long frozenUntil;
    private int freezes;
    private Duration skew = Duration.ZERO;
    private final Actor claimer = new Part("claim");

    SimNode(
            Sim sim,
            Settings settings,
            CarrierAccounts accounts,
            Providers providers,
            SimDatabase database,
            SimMonitor monitor) {
        this.sim = sim;
        this.name = settings.node();
        this.settings = settings;
        this.accounts = accounts;
        this.providers = providers;
        this.database = database;
        this.monitor = monitor;
    }

    /** Somebody of this node. */
    final class Part extends Actor {
        Part(String what) {
            super(SimNode.this.name + "/" + what);
        }

        @Override
        boolean gone() {
            return gone;
        }

        @Override
        long frozenUntil() {
            return frozenUntil;
        }
    }

    String name() {
        return name;
    }

    /** Its name and incarnation. */
    String owner() {
        return rounds == null ? name : rounds.node().owner();
    }

    boolean gone() {
        return gone;
    }

    /** Lets others run for a while, and for as long as this node is frozen. */
    void waits(Duration time) {
        sim.pass(time);
        while (frozenUntil > sim.nanos() && !gone) {
            long before = sim.nanos();
            sim.pass(Duration.ofNanos(frozenUntil - before));
            if (sim.nanos() == before) {
                return;
            }
        }
    }

    void mustLive() {
        if (gone) {
            throw new Sim.Crash();
        }
    }

    void crash() {
        if (!gone) {
            gone = true;
            sim.tell("node gone", owner());
            monitor.crashed(this);
            database.mourn(this);
        }
    }

    private SwapListeners swaps() {
        SwapListeners swaps = new SwapListeners();
        swaps.add(new SwapListener() {
            @Override
            public void swapped(Version serving, Version superseded) {
                monitor.saw("swaps");
            }

            @Override
            public void failed(Version candidate) {
                monitor.saw("swaps failed");
            }
        });
        return swaps;
    }

    /** A version of a channel is installed. */
    void comes(Providers.Installed version) {
        sim.tell("version comes", owner(), version.type(), version.version());
        providers.add(version);
    }

    /** One version of a channel is removed, if there is another; drained as far as that goes. */
    void goes(String type) {
        List<Providers.Installed> all = providers.standings().stream()
                .map(Providers.Stood::installed)
                .filter(i -> i.type().equals(type))
                .toList();
        if (all.size() > 1 && rounds != null) {
            Providers.Installed gone = sim.oneOf(all);
            sim.tell("version goes", owner(), type, gone.version());
            providers.remove(gone.provider());
            guarded(new Part("undeploy"), () -> rounds.lanes().closeAllOf(gone.provider()));
        }
    }

    /** How often it stood still. */
    int freezes() {
        return freezes;
    }

    void freeze(Duration time) {
        freezes++;
        frozenUntil = sim.nanos() + time.toNanos();
        sim.tell("node frozen", owner(), time);
    }

    void skew(Duration ahead) {
        skew = ahead;
        sim.tell("clock moved", owner(), ahead);
    }

    /** Whether it has intended what it has not sent. */
    boolean amidst() {
        return !gone && lanes.stream().anyMatch(l -> l.offered != null || !l.sending.isEmpty());
    }

    /** Whether everything it knows is durable. */
    boolean idle() {
        return recorder == null || recorder.writing.idle() && recorder.backlog() == 0;
    }

    void start() {
        sim.after(AT_ONCE, new Part("start"), this::register);
    }

    private void register() {
        try {
            rounds = new Rounds(
                    new Rounds.Surroundings(
                            database.of(this),
                            new Links(),
                            null,
                            providers,
                            route -> true,
                            new ComingAlerts(sim::nanos),
                            swaps(),
                            new NodeClock(),
                            sim::nanos,
                            LIFE),
                    settings,
                    new Counters(),
                    this);
        } catch (DatabaseException e) {
            sim.after(DATABASE_PAUSE, new Part("start"), this::register);
            return;
        }
        sim.tell("node starts", owner());
        loop(new Part("accounts"), Duration.ofSeconds(2), () -> rounds.followAccounts(Optional.of(accounts)));
        loop(claimer, Duration.ofMillis(250), this::claim);
        loop(new Part("decide"), Duration.ofMillis(400), () -> rounds.decide());
        loop(new Part("upkeep"), Duration.ofMillis(300), this::upkeep);
        loop(new Part("reattach"), Duration.ofMillis(500), () -> {
            try {
                rounds.reattach();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        keepLines(new Part("lines"));
        live(new Part("life"));
        loop(new Part("withdraw"), Duration.ofMillis(200), () -> rounds.withdraw());
    }

    /** As the threads do that drain a lane each: also while the node stops. */
    private void keepLines(Actor actor) {
        sim.after(Duration.ofMillis(300), actor, () -> {
            for (SimLane each : List.copyOf(lanes)) {
                try {
                    each.lane.lookForLines();
                } catch (DatabaseException e) {
                    sim.tell("waits for the database", owner(), e.sqlState());
                }
            }
            keepLines(actor);
        });
    }

    /** Also while it stops. */
    private void live(Actor actor) {
        sim.after(sim.between(AT_ONCE, LIFE.every()), actor, () -> {
            guarded(actor, rounds.life()::round);
            live(actor);
        });
    }

    private void loop(Actor actor, Duration period, Runnable round) {
        sim.after(sim.between(AT_ONCE, period), actor, () -> {
            if (stopping) {
                return;
            }
            guarded(actor, round);
            loop(actor, period, round);
        });
    }

    /** As the engine's threads do: a database that is away is waited for. Anything else is a defect. */
    private void guarded(Actor actor, Runnable round) {
        try {
            round.run();
        } catch (DatabaseException e) {
            sim.tell("waits for the database", actor.name, e.sqlState());
        } catch (RuntimeException e) {
            sim.tell("defect", actor.name, e);
            sim.violated("a round failed:", actor.name, e);
        }
    }

    private void claim() {
        int leased = rounds.claim();
        if (leased > 0) {
            sim.tell("claims", owner(), leased);
        }
        lanes.forEach(SimLane::wake);
    }

    private void upkeep() {
        rounds.upkeep();
        lanes.forEach(SimLane::wake);
    }

    /** Drains and stops, as an operator would have it. */
    void stop() {
        Actor actor = new Part("stop");
        sim.after(AT_ONCE, actor, () -> {
            sim.tell("node stops", owner());
            stopping = true;
            if (rounds != null) {
                guarded(actor, () -> rounds.followAccounts(Optional.empty()));
                rounds.record().close(Duration.ofSeconds(10));
            }
            if (!gone) {
                gone = true;
                database.mourn(this);
                sim.tell("node stopped", owner(), idle());
                if (!idle()) {
                    monitor.crashed(this);
                }
            }
        });
    }

    @Override
    public Appender<Fact> appender(GroupWriting.Writer<Fact> writer) {
        recorder = new Recorder(writer);
        return recorder;
    }

    @Override
    public LaneDriver lane(Lane lane, Send send) {
        SimLane driver = new SimLane(lane, send);
        lanes.add(driver);
        return driver;
    }

    @Override
    public CompletionStage<Void> inbound(Route route, InboundMessage message) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void hungry() {
        sim.after(AT_ONCE, claimer, () -> guarded(claimer, this::claim));
    }

    /** A channel reports something, on a thread of its own. */
    void hears(Runnable what) {
        sim.after(AT_ONCE, new Part("channel"), what);
    }

    /** Writes groups in turn. */
    private final class Recorder implements Appender<Fact> {
        private final GroupWriting<Fact> writing;
        private final Deque<Fact> queue = new ArrayDeque<>();
        private final Deque<Fact> urgents = new ArrayDeque<>();
        private final Actor actor = new Part("record");
        private boolean awake;

        Recorder(GroupWriting.Writer<Fact> writer) {
            writing = new GroupWriting<>(writer);
        }

        @Override
        public void start() {
            // Woken by what is added.
        }

        @Override
        public void add(Fact fact, boolean urgent) {
            (urgent ? urgents : queue).add(fact);
            if (!awake) {
                awake = true;
                sim.after(settings.groupAge(), actor, this::step);
            }
        }

        private void step() {
            if (writing.idle()) {
                List<Fact> group = new ArrayList<>();
                while (backlog() > 0 && group.size() < settings.groupSize()) {
                    group.add(urgents.isEmpty() ? queue.remove() : urgents.remove());
                }
                if (group.isEmpty()) {
                    awake = false;
                    return;
                }
                writing.take(group);
            }
            Duration pause = writing.step();
            sim.after(pause.isZero() ? AT_ONCE : pause, actor, this::step);
        }

        @Override
        public int backlog() {
            return queue.size() + urgents.size();
        }

        @Override
        public boolean stuck() {
            return writing.stuck();
        }

        @Override
        public boolean close(Duration limit) {
            long until = sim.nanos() + limit.toNanos();
            while (!(writing.idle() && backlog() == 0) && sim.nanos() < until && !gone) {
                long before = sim.nanos();
                waits(Duration.ofMillis(20));
                if (sim.nanos() == before) {
                    break;
                }
            }
            return backlog() == 0;
        }
    }

    /** Intends and sends, hand in hand. */
    private final class SimLane implements LaneDriver {
        private final Lane lane;
        private final Send send;
        private final Actor intender;
        private final Actor sender;
        private List<Intent> offered;
        private final Deque<Intent> sending = new ArrayDeque<>();
        private Optional<OutboundMessage> prepared = Optional.empty();
        private boolean awake;
        private boolean sendsOn;
        private boolean patient;

        SimLane(Lane lane, Send send) {
            this.lane = lane;
            this.send = send;
            this.intender = new Part("intend-" + lane.accountId());
            this.sender = new Part("send-" + lane.accountId());
        }

        @Override
        public Lane lane() {
            return lane;
        }

        @Override
        public void start() {
            wake();
        }

        void wake() {
            if (!awake && !lane.held().isEmpty() && !lane.isClosing()) {
                awake = true;
                sim.after(AT_ONCE, intender, this::intend);
            }
        }

        private void intend() {
            if (offered != null || lane.isClosing() || lane.held().isEmpty()) {
                awake = false;
                return;
            }
            Lane.Turn turn = lane.intendNext();
            if (!turn.intents().isEmpty()) {
                offered = turn.intents();
                sim.tell("intends", owner(), offered.get(0).target(), offered.size());
                if (!sendsOn) {
                    sendsOn = true;
                    sim.after(AT_ONCE, sender, this::sendNext);
                }
            }
            sim.after(turn.pause().isZero() ? AT_ONCE : turn.pause(), intender, this::intend);
        }

        private void sendNext() {
            if (sending.isEmpty()) {
                if (offered == null) {
                    sendsOn = false;
                    return;
                }
                sending.addAll(offered);
                offered = null;
                wake();
            }
            sim.after(sendOne(), sender, this::sendNext);
        }

        private Duration sendOne() {
            Intent intent = sending.element();
            try {
                if (prepared.isEmpty()) {
                    prepared = send.prepare(lane, intent);
                }
            } catch (DatabaseException e) {
                return Duration.ofMillis(250);
            }
            if (sending.peek() != intent) {
                // closed meanwhile: it is recorded that it was not sent
                prepared = Optional.empty();
                return AT_ONCE;
            }
            if (prepared.isPresent() && send.waits(intent)) {
                return Duration.ofMillis(20);
            }
            if (prepared.isPresent()) {
                OptionalInt place = enter();
                if (place.isEmpty()) {
                    return Duration.ofMillis(20);
                }
                OutboundMessage message = prepared.get();
                prepared = Optional.empty();
                sending.remove();
                send.handOver(lane, intent, message, place.getAsInt());
            } else {
                sending.remove();
            }
            return sim.between(AT_ONCE, Duration.ofMillis(2));
        }

        private OptionalInt enter() {
            try {
                return lane.window().enter(0);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void hurry() {
            patient = false;
        }

        @Override
        public void close(boolean patiently) {
            patient = patiently && lane.lines().isPresent();
            lane.closing();
            long begun = sim.nanos();
            while (sim.nanos() - begun < (patient ? lane.sendLimit() : Duration.ofSeconds(15)).toNanos()
                    && (offered != null || !sending.isEmpty() || lane.window().inFlight() > 0)) {
                long before = sim.nanos();
                waits(Duration.ofMillis(50));
                mustLive();
                if (sim.nanos() == before) {
                    break;
                }
            }
            if (offered != null || !sending.isEmpty()) {
                // The threads are interrupted.
                sending.forEach(intent -> send.notSent(lane, intent, "closed"));
                Optional.ofNullable(offered)
                        .ifPresent(intents -> intents.forEach(intent -> send.notSent(lane, intent, "closed")));
                offered = null;
                sending.clear();
                prepared = Optional.empty();
            }
            send.close(lane);
            lane.letGo();
            lanes.remove(this);
        }

        @Override
        public void abandon() {
            lane.closing();
        }
    }

    private final class NodeClock extends Clock {
        @Override
        public Instant instant() {
            return sim.instant().plus(skew);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private static final class Links implements AnswerLinks {
        @Override
        public String token(int tenantId, long alertId, int recipientNo) {
            return "t";
        }

        @Override
        public Optional<Person> read(String token) {
            return Optional.empty();
        }
    }
}
