package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.persistence.api.DatabaseException;
import io.tocsin.routing.internal.LogScope;
import io.tocsin.routing.internal.engine.Fact.Intent;
import io.tocsin.routing.internal.engine.Lane.Turn;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two threads that move a lane: one makes the next intent durable while the other sends the one before it, through the
 * account's route.
 */
final class LaneThreads implements LaneDriver {
    private static final Logger LOG = LoggerFactory.getLogger(LaneThreads.class);
    private static final long IDLE_MILLIS = 50;
    private static final long WINDOW_POLL_MILLIS = 100;
    private static final long DATABASE_PAUSE_MILLIS = 250;
    private static final Duration FINISH = Duration.ofSeconds(10);
    private static final Duration DRAIN = Duration.ofSeconds(5);

    private final Lane lane;
    private final Send send;
    private final DispatchRoutes routes;
    private final String account;
    private final BlockingQueue<List<Intent>> intended = new SynchronousQueue<>();
    private final Thread intender;
    private final Thread sender;
    private final Deque<Intent> unsent = new ArrayDeque<>();
    private volatile boolean intending = true;
    private volatile boolean abandoned;

    LaneThreads(Lane lane, Send send, DispatchRoutes routes) {
        this.lane = lane;
        this.send = send;
        this.routes = routes;
        this.account = lane.route().name();
        this.intender = new Thread(this::intendAll, "intend-" + account);
        this.sender = new Thread(this::sendAll, "send-" + account);
    }

    @Override
    public Lane lane() {
        return lane;
    }

    @Override
    public void start() {
        routes.open(account, this::send);
        intender.start();
        sender.start();
    }

    private void intendAll() {
        try {
            while (!lane.isClosing()) {
                lane.awaitBatch(IDLE_MILLIS);
                Turn turn = lane.intendNext();
                if (!turn.intents().isEmpty()) {
                    offer(turn.intents());
                } else if (!turn.pause().isZero()) {
                    Thread.sleep(turn.pause().toMillis());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            intending = false;
        }
    }

    private void offer(List<Intent> intents) throws InterruptedException {
        try {
            intended.put(intents);
        } catch (InterruptedException e) {
            notSent(intents);
            throw e;
        }
    }

    private void sendAll() {
        try {
            while (intending) {
                List<Intent> intents = intended.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
                if (intents != null) {
                    carry(intents);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Has a micro-batch sent through the account's route; of whatever is not, it is recorded that it was not. */
    private void carry(List<Intent> intents) throws InterruptedException {
        unsent.addAll(intents);
        try (LogScope about = LogScope.account(account)) {
            routes.carry(account, intents, this::send);
        } catch (RuntimeException e) {
            // Whatever a route does that an operator changed or stopped, the lane goes on with the next micro-batch.
            LOG.error("lane.route-failed account={} unsent={}", account, unsent.size(), e);
        } finally {
            notSent(unsent);
            unsent.clear();
        }
    }

    /** Sends a micro-batch whose intent is durable; blocks while the window is full. */
    private void send(List<Intent> intents) throws InterruptedException {
        for (Intent intent : intents) {
            // what the channel logs meanwhile is about this alert too
            try (LogScope about = Send.about(intent)) {
                Optional<OutboundMessage> message = prepare(intent);
                if (message.isPresent()) {
                    int place = place();
                    unsent.remove();
                    send.handOver(lane, intent, message.get(), place);
                } else {
                    unsent.remove();
                }
            }
        }
    }

    private void notSent(Collection<Intent> intents) {
        if (!abandoned) {
            intents.forEach(intent -> send.notSent(lane, intent, "closed"));
        }
    }

    /** Waits for the database if it is away, because the intent is durable already. */
    private Optional<OutboundMessage> prepare(Intent intent) throws InterruptedException {
        while (true) {
            try {
                return send.prepare(lane, intent);
            } catch (DatabaseException e) {
                LOG.warn("send.waiting sqlState={}", e.sqlState());
                Thread.sleep(DATABASE_PAUSE_MILLIS);
            }
        }
    }

    private int place() throws InterruptedException {
        OptionalInt place = lane.window().enter(WINDOW_POLL_MILLIS);
        while (place.isEmpty()) {
            place = lane.window().enter(WINDOW_POLL_MILLIS);
        }
        return place.getAsInt();
    }

    @Override
    public void close() {
        lane.closing();
        try {
            long until = System.nanoTime() + FINISH.toNanos();
            intender.join(millisTo(until));
            sender.join(millisTo(until));
            intender.interrupt();
            sender.interrupt();
            intender.join(TimeUnit.SECONDS.toMillis(1));
            sender.join(TimeUnit.SECONDS.toMillis(1));
            drain();
            send.close(lane);
            routes.close(account);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        lane.letGo();
    }

    private static long millisTo(long nanoTime) {
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanoTime - System.nanoTime()));
    }

    private void drain() throws InterruptedException {
        long until = System.nanoTime() + DRAIN.toNanos();
        while (lane.window().inFlight() > 0 && System.nanoTime() < until) {
            Thread.sleep(10);
        }
    }

    @Override
    public void abandon() {
        abandoned = true;
        lane.closing();
        intender.interrupt();
        sender.interrupt();
    }
}
