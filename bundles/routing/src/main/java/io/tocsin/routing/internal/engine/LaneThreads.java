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
import java.util.concurrent.atomic.AtomicInteger;
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
    private static final long PROBE_POLL_MILLIS = 20;
    private static final int MOST_HANGING = 3;
    private static final Duration FINISH = Duration.ofSeconds(10);
    private static final Duration DRAIN = Duration.ofSeconds(5);

    private final Lane lane;
    private final Send send;
    private final DispatchRoutes routes;
    private final String account;
    private final BlockingQueue<List<Intent>> intended = new SynchronousQueue<>();
    private final Thread intender;
    private final AtomicInteger hanging = new AtomicInteger();
    private volatile Sender sender;
    private volatile boolean intending = true;
    private volatile boolean patient;
    private volatile boolean abandoned;

    LaneThreads(Lane lane, Send send, DispatchRoutes routes) {
        this.lane = lane;
        this.send = send;
        this.routes = routes;
        this.account = lane.route().name();
        this.intender = new Thread(this::intendAll, "intend-" + account);
        this.sender = new Sender();
    }

    @Override
    public Lane lane() {
        return lane;
    }

    @Override
    public void start() {
        routes.open(account);
        intender.start();
        sender.thread.start();
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
            send.ahead(lane, intents);
            intended.put(intents);
        } catch (InterruptedException e) {
            notSent(intents);
            throw e;
        }
    }

    /** Sends what is intended; one at a time does, others may still hang in a call to the channel. */
    private final class Sender {
        private final Thread thread = thread(this::sendAll, "send-" + account);
        private final Deque<Intent> unsent = new ArrayDeque<>();
        private boolean calling;
        private long callingSince;
        private boolean given;

        private void sendAll() {
            try {
                while (intending && !givenUp()) {
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
            synchronized (this) {
                unsent.addAll(intents);
            }
            try (LogScope about = LogScope.account(account)) {
                routes.carry(account, intents, LaneThreads.this::send);
            } catch (RuntimeException | Error e) {
                // Whatever an operator did to the route, and whatever a channel's code ends in: the next micro-batch
                // goes on.
                LOG.error("lane.route-failed account={}", account, e);
            } finally {
                notSent(left());
            }
        }

        private void send(List<Intent> intents) throws InterruptedException {
            for (Intent intent : intents) {
                if (givenUp()) {
                    return;
                }
                // what the channel logs meanwhile is about this message too
                try (LogScope about = Send.about(intent)) {
                    Optional<OutboundMessage> message = prepare(intent);
                    int place = message.isPresent() ? place(intent) : -1;
                    if (!takes(message.isPresent())) {
                        return;
                    }
                    if (message.isPresent()) {
                        try {
                            send.handOver(lane, intent, message.get(), place);
                        } finally {
                            returned();
                        }
                    }
                }
            }
        }

        /** The next message is no longer unsent. @return whether it still is this sender's */
        private synchronized boolean takes(boolean calls) {
            if (!given) {
                unsent.remove();
                calling = calls;
                callingSince = send.now();
            }
            return !given;
        }

        private synchronized void returned() {
            calling = false;
            if (given && hanging.decrementAndGet() < MOST_HANGING) {
                lane.breaker().release();
            }
        }

        private synchronized boolean givenUp() {
            return given;
        }

        /** @return what it had not sent, if a call hangs: then nobody waits for this sender any more */
        private synchronized Optional<List<Intent>> giveUpIfItHangs() {
            if (!calling || given || !send.overdue(callingSince)) {
                return Optional.empty();
            }
            hanging.incrementAndGet();
            return Optional.of(giveUp());
        }

        /** Nobody waits for this sender any more. @return what it had not sent */
        private synchronized List<Intent> giveUp() {
            given = true;
            thread.interrupt();
            return left();
        }

        private synchronized List<Intent> left() {
            List<Intent> left = List.copyOf(unsent);
            unsent.clear();
            return left;
        }
    }

    /** Sends a micro-batch whose intent is durable, on its sender's thread; blocks while the window is full. */
    private void send(List<Intent> intents) throws InterruptedException {
        sender.send(intents);
    }

    /**
     * A call to the channel that does not come back keeps its thread, and that message is in doubt like any that had its time;
     * the others were certainly not sent, and another thread goes on once the account is given another chance.
     */
    @Override
    public void look() {
        Optional<List<Intent>> left = lane.isClosing() ? Optional.empty() : sender.giveUpIfItHangs();
        if (left.isEmpty()) {
            return;
        }
        int threads = hanging.get();
        lane.breaker()
                .trip(
                        threads + (threads == 1 ? " call" : " calls") + " of send() that did not return",
                        threads >= MOST_HANGING);
        try (LogScope about = LogScope.account(account)) {
            LOG.error(
                    "channel.send-hangs account={} threads={} unsent={}",
                    account,
                    threads,
                    left.get().size());
        }
        Sender next = new Sender();
        sender = next;
        next.thread.start();
        notSent(left.get());
    }

    /** What a channel starts while it sends is known for its own; one that hangs in it does not keep the JVM from ending. */
    private Thread thread(Runnable work, String name) {
        Thread thread =
                lane.channel() instanceof GuardedChannel guarded ? guarded.thread(work, name) : new Thread(work, name);
        thread.setDaemon(true);
        return thread;
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

    /**
     * A place in the window. While one message is out to see how the channel does, the others wait for its answer; while it is not
     * certain that this node lives, all do.
     */
    private int place(Intent intent) throws InterruptedException {
        OptionalInt place = OptionalInt.empty();
        while (place.isEmpty()) {
            while (send.waits(lane) || send.waits(intent)) {
                Thread.sleep(PROBE_POLL_MILLIS);
            }
            place = lane.window().enter(WINDOW_POLL_MILLIS);
            if (place.isPresent() && send.waits(intent)) {
                lane.window().leave(place.getAsInt());
                place = OptionalInt.empty();
            }
        }
        return place.getAsInt();
    }

    @Override
    public void hurry() {
        patient = false;
    }

    @Override
    public void close(boolean patiently) {
        patient = patiently && lane.lines().isPresent();
        lane.closing();
        try {
            long until = System.nanoTime() + FINISH.toNanos();
            intender.join(millisTo(until));
            sender.thread.join(millisTo(until));
            intender.interrupt();
            sender.thread.interrupt();
            intender.join(TimeUnit.SECONDS.toMillis(1));
            sender.thread.join(TimeUnit.SECONDS.toMillis(1));
            notSent(sender.giveUp());
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
        long begun = System.nanoTime();
        while (lane.window().inFlight() > 0
                && System.nanoTime() - begun < (patient ? lane.sendLimit() : DRAIN).toNanos()) {
            keepLines();
            Thread.sleep(10);
        }
    }

    /** A node that stops does nothing else any more that would keep the lines of what is under way from being given to others. */
    private void keepLines() {
        try {
            lane.lookForLines();
        } catch (DatabaseException e) {
            LOG.warn("lane.lines-waiting account={} sqlState={}", account, e.sqlState());
        }
    }

    @Override
    public void abandon() {
        abandoned = true;
        lane.closing();
        intender.interrupt();
        sender.thread.interrupt();
    }
}
