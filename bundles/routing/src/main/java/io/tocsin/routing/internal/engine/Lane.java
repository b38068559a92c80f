package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.OutboundMessage.Category;
import io.tocsin.persistence.api.DatabaseException;
import io.tocsin.routing.api.CarrierAccounts.Route;
import io.tocsin.routing.internal.LogScope;
import io.tocsin.routing.internal.engine.Fact.Intent;
import io.tocsin.routing.internal.engine.Intend.Intended;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way through one account: the batches held for it, which of them is intended next and how much, and the window of what
 * is in flight. It has no thread of its own: a {@link LaneDriver} intends and sends, one of each at a time, hand in hand, so
 * that what is intended and not finished is never more than two windows, one in flight and two halves on their way; of a
 * channel with lines, what they hold and a little ahead ({@link Lines}).
 */
final class Lane {
    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);
    private static final Duration SHORT_PAUSE = Duration.ofMillis(5);
    private static final Duration DATABASE_PAUSE = Duration.ofMillis(250);

    /** Messages under the same caps, and as urgent, that the lane wants to hold: a cap lets them go little by little. */
    private static final int CAPPED_APPETITE = 50;

    /** What came of a look at the batches held. @param pause before the next look when nothing was intended */
    record Turn(List<Intent> intents, Duration pause) {
        private static Turn wait(Duration pause) {
            return new Turn(List.of(), pause);
        }
    }

    private volatile Route route;
    private final Channel channel;
    private final Throttle throttle;
    private final AccountTime time;
    private final Window window;
    private final Duration sendLimit;
    private final Optional<Lines> lines;
    private final AtomicInteger unsent = new AtomicInteger();
    private final Intend intend;
    private final Predicate<Route> routeOpen;
    private final Predicate<Category> recorded;
    private final Runnable hungry;
    private final Consumer<Collection<HeldBatch>> release;
    private final int microBatch;
    private final int appetite;

    private final HeldBatches held = new HeldBatches();
    private final Breaker breaker;
    private volatile ChannelHealth health;
    private volatile boolean standby;
    private volatile boolean closing;

    /**
     * @param sendLimit how long its channel has to say what became of a message
     * @param lines if its channel has lines
     * @param breaker of its channel, whose failures are not those of another for the same account
     * @param routeOpen whether operators let messages through just now
     * @param recorded whether more of a category may leave: what comes back is recorded as fast as it comes, and nothing makes it wait
     * @param hungry called when the lane could hold more batches
     * @param release ends the lease of batches whose every position is recorded
     */
    Lane(
            Route route,
            Channel channel,
            Throttle throttle,
            AccountTime time,
            Duration sendLimit,
            Optional<Lines> lines,
            Breaker breaker,
            int microBatch,
            Intend intend,
            Predicate<Route> routeOpen,
            Predicate<Category> recorded,
            Runnable hungry,
            Consumer<Collection<HeldBatch>> release) {
        this.route = route;
        this.channel = channel;
        this.throttle = throttle;
        this.time = time;
        this.sendLimit = sendLimit;
        this.lines = lines;
        this.breaker = breaker;
        int size = Math.max(1, channel.window());
        this.window = new Window(size);
        this.microBatch = Math.min(microBatch, Math.max(1, size / 2));
        // Of calls no more than its lines need before it looks again: what it holds, another switch's lines cannot
        // take.
        this.appetite = lines.isPresent() ? 4 * this.microBatch : Math.max(500, 4 * this.microBatch);
        this.intend = intend;
        this.routeOpen = routeOpen;
        this.recorded = recorded;
        this.hungry = hungry;
        this.release = release;
        this.health = channel.health();
        limit();
    }

    Route route() {
        return route;
    }

    int accountId() {
        return route.accountId();
    }

    /** Who may use the account changed, and nothing of the account itself: what it holds for those who may no more goes back. */
    void route(Route now) {
        route = now;
        held().stream()
                .filter(batch -> !Lanes.serves(now, batch.key.tenantId()))
                .forEach(this::leave);
    }

    Channel channel() {
        return channel;
    }

    Throttle throttle() {
        return throttle;
    }

    Window window() {
        return window;
    }

    Duration sendLimit() {
        return sendLimit;
    }

    Optional<Lines> lines() {
        return lines;
    }

    /** A message is over: its place is free. */
    void left(int place) {
        window.leave(place);
        lines.ifPresent(Lines::freed);
    }

    /** An intended message is under way, or will never be. */
    void departed() {
        unsent.decrementAndGet();
    }

    /**
     * Has the lines of the account divided anew, if it is time, and heeds how many there are. Blocks (database). Called also while
     * it closes, as long as messages are under way.
     *
     * @throws DatabaseException when that failed: what the lane has lasts for a while
     */
    void lookForLines() {
        if (lines.isEmpty()) {
            return;
        }
        limit();
        int waiting = closing || !open() ? 0 : Math.max(0, unsent.get()) + waiting();
        lines.get().look(window.inFlight(), waiting);
        limit();
    }

    /** Messages it could have under way. Who holds as much as it wants will have more in a moment, and wants all there is. */
    private int waiting() {
        int remaining = held.remaining();
        return 2 * remaining >= appetite ? window.size() : remaining;
    }

    private void limit() {
        lines.ifPresent(has -> window.limit(has.now()));
    }

    ChannelHealth health() {
        return health;
    }

    /** The channel said how it is, or was asked. A lane that went down gives its batches to whoever can send them. */
    void health(ChannelHealth now) {
        health = now;
        if (now.state() == ChannelHealth.State.DOWN) {
            letGo();
        }
    }

    boolean open() {
        return !standby && !closing && well() && hasLines() && routeOpen.test(route);
    }

    /** Without one nothing can leave: what it would hold is better off with another account. */
    private boolean hasLines() {
        return lines.isEmpty() || lines.get().ofChannel() > 0;
    }

    /** Whether it is this lane that sends for its account, if any does. */
    boolean serves() {
        return !standby && !closing;
    }

    /** Whether its channel could send. */
    boolean well() {
        return health.state() != ChannelHealth.State.DOWN && breaker.lets();
    }

    Breaker breaker() {
        return breaker;
    }

    /** Another lane sends for the account, or this one does (again). What it holds is to be handed over or let go by the caller. */
    void standby(boolean now) {
        standby = now;
    }

    /**
     * The batches it holds go on with another lane for the same account, under the same leases. An intent that is being made is
     * still sent here; the other goes on behind it.
     */
    void handOver(Lane to) {
        held.takeAll().forEach(to::hold);
    }

    /** Nothing more is to be intended. */
    void closing() {
        closing = true;
    }

    boolean isClosing() {
        return closing;
    }

    /** A lane that may not send holds nothing back from the others. */
    void look() {
        if (!open()) {
            letGo();
        }
    }

    /**
     * How many more messages of a category the lane may hold. What is less urgent takes no room from what is more, so that
     * a life-safety batch never waits for information already held; nor does what waits for a cap.
     */
    int room(Category category) {
        return open() ? appetite - held.remaining(category) : 0;
    }

    /** The same for messages under caps: each set of caps has room of its own, in each category. */
    int room(Category category, List<Integer> caps) {
        return open() ? CAPPED_APPETITE - held.remaining(category, caps) : 0;
    }

    void hold(HeldBatch batch) {
        held.add(batch);
        if (!open()) {
            letGo();
        }
    }

    List<HeldBatch> held() {
        return held.all();
    }

    /** Blocks until a batch is held, or for the time given. */
    void awaitBatch(long millis) throws InterruptedException {
        held.await(millis);
    }

    /** Another node has the lease: forgets the batch. What was sent under it is recorded all the same. */
    void lost(HeldBatch batch) {
        if (!held.remove(batch)) {
            return;
        }
        try (LogScope account = LogScope.account(route.name());
                LogScope about = LogScope.alert(batch.key.tenantId(), batch.key.alertId())) {
            LOG.warn("lane.lease-lost account={} batch={}", route.name(), batch.key);
        }
    }

    /** Intends the next micro-batch of the batch whose turn it is, if there is one, it may be sent, and permits are left. */
    Turn intendNext() {
        Optional<HeldBatch> next = held.next(intend::mayGo, recorded);
        if (next.isEmpty()) {
            return Turn.wait(held.isEmpty() ? Duration.ZERO : SHORT_PAUSE);
        }
        if (!open() || !recorded.test(next.get().category)) {
            return Turn.wait(SHORT_PAUSE);
        }
        HeldBatch batch = next.get();
        int wanted = batch.wants(microBatch);
        try {
            if (lines.isPresent()) {
                lookForLines();
                wanted = Math.min(wanted, lines.get().worthIntending(window.inFlight(), unsent.get()));
                if (wanted <= 0) {
                    return Turn.wait(SHORT_PAUSE);
                }
            }
            if (batch.caps.isEmpty()) {
                time.look(batch.category);
            } else {
                time.look(batch.category, wanted);
            }
        } catch (DatabaseException e) {
            return waiting(batch, e);
        }
        int permits = throttle.take(wanted);
        return permits == 0 ? Turn.wait(SHORT_PAUSE) : intendNext(batch, permits);
    }

    private Turn waiting(HeldBatch batch, DatabaseException e) {
        try (LogScope account = LogScope.account(route.name());
                LogScope about = LogScope.alert(batch.key.tenantId(), batch.key.alertId())) {
            LOG.warn("lane.intend-waiting account={} sqlState={}", route.name(), e.sqlState());
        }
        return Turn.wait(DATABASE_PAUSE);
    }

    private Turn intendNext(HeldBatch batch, int permits) {
        if (!batch.beginIntent()) {
            throttle.giveBack(permits);
            return Turn.wait(Duration.ZERO);
        }
        try {
            Intended intended = intend.intend(batch, permits);
            int used = intended.intents().size();
            if (used < permits) {
                throttle.giveBack(permits - used);
            }
            if (!intended.going()) {
                leave(batch);
            }
            if (used == 0) {
                return Turn.wait(Duration.ZERO);
            }
            held.turn();
            unsent.addAndGet(used);
            if (batch.remaining() == 0) {
                held.remove(batch);
                hungry.run();
            }
            return new Turn(intended.intents(), Duration.ZERO);
        } catch (DatabaseException e) {
            throttle.giveBack(permits);
            return waiting(batch, e);
        } catch (IllegalStateException e) {
            // A batch the ledger holds wrongly must not stop the lane for the others.
            try (LogScope account = LogScope.account(route.name());
                    LogScope about = LogScope.alert(batch.key.tenantId(), batch.key.alertId())) {
                LOG.error("lane.batch-refused account={} batch={}", route.name(), batch.key, e);
            }
            throttle.giveBack(permits);
            held.remove(batch);
            return Turn.wait(Duration.ZERO);
        } finally {
            if (batch.endIntent()) {
                end(batch);
            }
        }
    }

    /** Gives all batches back: at once those of which everything is recorded, the others when it is. */
    void letGo() {
        held().forEach(this::leave);
    }

    private void leave(HeldBatch batch) {
        if (held.remove(batch) && batch.finish()) {
            end(batch);
        }
    }

    private void end(HeldBatch batch) {
        try {
            release.accept(List.of(batch));
        } catch (DatabaseException e) {
            // The lease ends by itself.
            try (LogScope account = LogScope.account(route.name());
                    LogScope about = LogScope.alert(batch.key.tenantId(), batch.key.alertId())) {
                LOG.warn("lane.release-failed account={} sqlState={}", route.name(), e.sqlState());
            }
        }
    }
}
