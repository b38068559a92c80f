package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.OutboundMessage.Category;
import io.tocsin.persistence.api.DatabaseException;
import io.tocsin.routing.api.CarrierAccounts.Route;
import io.tocsin.routing.internal.LogScope;
import io.tocsin.routing.internal.engine.Fact.Intent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way through one account: batches held, an intent made durable while the one before it is being sent, and the window.
 * Two threads, one intends and one sends, hand in hand: what is intended and not finished is never more than two windows,
 * one in flight and two halves on their way.
 */
final class Lane {
    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);
    private static final long IDLE_MILLIS = 50;
    private static final long DATABASE_PAUSE_MILLIS = 250;

    private final Route route;
    private final Channel channel;
    private final Throttle throttle;
    private final Window window;
    private final Intend intend;
    private final Send send;
    private final DispatchRoutes routes;
    private final BooleanSupplier recorded;
    private final Runnable hungry;
    private final Consumer<Collection<HeldBatch>> release;
    private final int microBatch;
    private final int appetite;

    private final List<HeldBatch> held = new ArrayList<>();
    private final BlockingQueue<List<Intent>> intended = new SynchronousQueue<>();
    private final Thread intender;
    private final Thread sender;
    private volatile ChannelHealth health;
    private volatile boolean closing;
    private volatile boolean intending = true;

    /**
     * @param recorded whether what comes back is being recorded as fast as it comes
     * @param hungry called when the lane could hold more batches
     * @param release ends the lease of batches whose every position is recorded
     */
    Lane(
            Route route,
            Channel channel,
            Throttle throttle,
            int microBatch,
            Intend intend,
            Send send,
            DispatchRoutes routes,
            BooleanSupplier recorded,
            Runnable hungry,
            Consumer<Collection<HeldBatch>> release) {
        this.route = route;
        this.channel = channel;
        this.throttle = throttle;
        int size = Math.max(1, channel.window());
        this.window = new Window(size);
        this.microBatch = Math.min(microBatch, Math.max(1, size / 2));
        this.appetite = Math.max(500, 4 * this.microBatch);
        this.intend = intend;
        this.send = send;
        this.routes = routes;
        this.recorded = recorded;
        this.hungry = hungry;
        this.release = release;
        this.health = channel.health();
        this.intender = new Thread(this::intendAll, "intend-" + route.name());
        this.sender = new Thread(this::sendAll, "send-" + route.name());
    }

    void start() {
        routes.open(route.name(), batch -> send.send(this, batch));
        intender.start();
        sender.start();
    }

    Route route() {
        return route;
    }

    int accountId() {
        return route.accountId();
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
        return !closing && health.state() != ChannelHealth.State.DOWN && routes.open(route.name());
    }

    /** A lane that may not send holds nothing back from the others. */
    void look() {
        if (!open()) {
            letGo();
        }
    }

    /**
     * How many more messages of a category the lane may hold. What is less urgent takes no room from what is more, so that
     * a life-safety batch never waits for information already held.
     */
    int room(Category category) {
        if (!open()) {
            return 0;
        }
        synchronized (held) {
            int asUrgent = held.stream()
                    .filter(b -> b.category.compareTo(category) <= 0)
                    .mapToInt(HeldBatch::remaining)
                    .sum();
            return appetite - asUrgent;
        }
    }

    void hold(HeldBatch batch) {
        synchronized (held) {
            held.add(batch);
            held.notifyAll();
        }
        if (!open()) {
            letGo();
        }
    }

    List<HeldBatch> held() {
        synchronized (held) {
            return List.copyOf(held);
        }
    }

    /** Another node has the lease: forgets the batch. What was sent under it is recorded all the same. */
    void lost(HeldBatch batch) {
        boolean mine;
        synchronized (held) {
            mine = held.remove(batch);
        }
        if (!mine) {
            return;
        }
        try (LogScope account = LogScope.account(route.name());
                LogScope about = LogScope.alert(batch.key.tenantId(), batch.key.alertId())) {
            LOG.warn("lane.lease-lost account={} batch={}", route.name(), batch.key);
        }
    }

    private void intendAll() {
        try {
            while (!closing) {
                Optional<HeldBatch> next = mostUrgent();
                if (next.isEmpty() || !open()) {
                    continue;
                }
                if (!recorded.getAsBoolean()) {
                    Thread.sleep(5);
                    continue;
                }
                int permits = throttle.take(Math.min(microBatch, next.get().remaining()));
                if (permits == 0) {
                    Thread.sleep(5);
                    continue;
                }
                intendOne(next.get(), permits);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            intending = false;
        }
    }

    private void intendOne(HeldBatch batch, int permits) throws InterruptedException {
        try {
            Optional<List<Intent>> intents = intend.intend(batch, permits);
            if (intents.isEmpty()) {
                throttle.giveBack(permits);
                leave(batch);
                return;
            }
            if (intents.get().size() < permits) {
                throttle.giveBack(permits - intents.get().size());
            }
            if (batch.remaining() == 0) {
                synchronized (held) {
                    held.remove(batch);
                }
                hungry.run();
            }
            intended.put(intents.get());
        } catch (DatabaseException e) {
            throttle.giveBack(permits);
            try (LogScope account = LogScope.account(route.name());
                    LogScope about = LogScope.alert(batch.key.tenantId(), batch.key.alertId())) {
                LOG.warn("lane.intend-waiting account={} sqlState={}", route.name(), e.sqlState());
            }
            Thread.sleep(DATABASE_PAUSE_MILLIS);
        } catch (IllegalStateException e) {
            // A batch the ledger holds wrongly must not stop the lane for the others.
            try (LogScope account = LogScope.account(route.name());
                    LogScope about = LogScope.alert(batch.key.tenantId(), batch.key.alertId())) {
                LOG.error("lane.batch-refused account={} batch={}", route.name(), batch.key, e);
            }
            throttle.giveBack(permits);
            synchronized (held) {
                held.remove(batch);
            }
        }
    }

    private Optional<HeldBatch> mostUrgent() throws InterruptedException {
        synchronized (held) {
            if (held.isEmpty()) {
                held.wait(IDLE_MILLIS);
            }
            return held.stream().min(Comparator.comparing((HeldBatch b) -> b.category));
        }
    }

    private void sendAll() {
        try {
            while (intending) {
                List<Intent> intents = intended.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
                if (intents != null) {
                    try (LogScope account = LogScope.account(route.name())) {
                        routes.carry(route.name(), intents, batch -> send.send(this, batch));
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Gives all batches back: at once those of which everything is recorded, the others when it is. */
    private void letGo() {
        held().forEach(this::leave);
    }

    private void leave(HeldBatch batch) {
        synchronized (held) {
            if (!held.remove(batch)) {
                return;
            }
        }
        if (batch.finish()) {
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

    /** Intends no more, sends what is intended, closes the channel (which finishes what is in flight), gives batches back. */
    void close() {
        closing = true;
        try {
            intender.join(TimeUnit.SECONDS.toMillis(10));
            sender.join(TimeUnit.SECONDS.toMillis(10));
            if (sender.isAlive()) {
                sender.interrupt();
            }
            send.close(this);
            routes.close(route.name());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        letGo();
    }

    /** Ends as a crash would: threads stop where they are, nothing is said to anybody. For tests of what comes after. */
    void abandon() {
        closing = true;
        intender.interrupt();
        sender.interrupt();
    }
}
