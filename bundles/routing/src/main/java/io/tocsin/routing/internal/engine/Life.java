package io.tocsin.routing.internal.engine;

import io.tocsin.persistence.api.DatabaseException;
import io.tocsin.routing.internal.engine.DispatchLedger.Session;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * That this node lives, as the ledger confirmed it, and that others do not any more. A life is a session of the node's own on
 * the primary, on which it commits a sign of life now and then; who sees that session gone knows that no sign was committed after.
 * So a node hands over only what it may for {@link Pace#lasts} from the beginning of the latest sign that was confirmed, and others
 * end its leases only when they have seen its session gone for {@link Pace#absent}, which is longer: by then it has
 * stopped. Whether or not anybody does, leases end by themselves.
 *
 * <p>{@link #round} and {@link #close} are one caller's; everything else is thread-safe.
 */
final class Life {
    private static final Logger LOG = LoggerFactory.getLogger(Life.class);

    /**
     * How often and how long.
     *
     * @param every between two signs of life
     * @param lasts how long after the beginning of one that was confirmed messages may be handed over
     * @param absent how long others see a session gone before they end what its node leased; the difference is what monotonic clocks
     *     may differ in it, and what lies between a look at the clock and the carrier
     */
    record Pace(Duration every, Duration lasts, Duration absent) {
        static final Pace USUAL = new Pace(Duration.ofMillis(500), Duration.ofSeconds(2), Duration.ofSeconds(3));
    }

    /** @param begunAt when its beginning was confirmed @param signAt when the latest sign that was confirmed was asked for */
    private record Confirmed(NodeLife life, long begunAt, long signAt) {}

    private final DispatchLedger ledger;
    private final Node node;
    private final Duration lease;
    private final Pace pace;
    private final LongSupplier nanoTime;
    private final Runnable begun;
    private final Map<NodeLife, Long> goneSince = new HashMap<>();
    private Session session;
    private boolean failing;
    private volatile Confirmed confirmed;
    private volatile List<NodeLife> over = List.of();

    /** @param begun called when the node may send (again) */
    Life(DispatchLedger ledger, Node node, Duration lease, Pace pace, LongSupplier nanoTime, Runnable begun) {
        this.ledger = ledger;
        this.node = node;
        this.lease = lease;
        this.pace = pace;
        this.nanoTime = nanoTime;
        this.begun = begun;
    }

    Pace pace() {
        return pace;
    }

    /** Commits a sign of life; where the last is over, begins another life, and at once. Blocks (database); fails never. */
    void round() {
        boolean lived = session != null;
        if (!attempt() && lived) {
            attempt();
        }
    }

    private boolean attempt() {
        long asked = nanoTime.getAsLong();
        try {
            if (session == null ? begins(asked) : beats(asked)) {
                failing = false;
                return true;
            }
            over("superseded");
        } catch (DatabaseException e) {
            over(e.sqlState());
        }
        return false;
    }

    private boolean begins(long asked) {
        session = ledger.session();
        Optional<NodeLife> life = session.transact(t -> t.nodes().begin(node));
        if (life.isPresent()) {
            confirmed = new Confirmed(life.get(), nanoTime.getAsLong(), asked);
            LOG.info("life.begun node={} life={}", node.owner(), life.get().number());
            begun.run();
        }
        return life.isPresent();
    }

    private boolean beats(long asked) {
        Confirmed before = confirmed;
        Optional<List<NodeLife>> gone = session.transact(t -> t.nodes().beat(before.life));
        if (gone.isEmpty()) {
            return false;
        }
        long now = nanoTime.getAsLong();
        confirmed = new Confirmed(before.life, before.begunAt, asked);
        if (now - before.signAt >= pace.lasts.toNanos()) {
            LOG.warn(
                    "life.stood-still node={} millis={}",
                    node.owner(),
                    Duration.ofNanos(now - before.signAt).toMillis());
        }
        seenGone(gone.get(), now);
        return true;
    }

    /** Who is gone is so at every look from the first on: a life's session never comes back. */
    private void seenGone(List<NodeLife> gone, long now) {
        goneSince.keySet().retainAll(gone);
        gone.forEach(life -> goneSince.putIfAbsent(life, now));
        over = gone.stream()
                .filter(life -> now - goneSince.get(life) >= pace.absent.toNanos())
                .toList();
    }

    /** The session is over; what was seen on it of others counts no more, nor, a moment later, what it confirmed. */
    private void over(String why) {
        if (!failing) {
            LOG.warn("life.interrupted node={} reason={}", node.owner(), why);
        }
        failing = true;
        if (session != null) {
            session.close();
            session = null;
        }
        goneSince.clear();
        over = List.of();
    }

    /** Whether this node may hand over anything at all just now. */
    boolean lasts() {
        Confirmed now = confirmed;
        return now != null && nanoTime.getAsLong() - now.signAt < pace.lasts.toNanos();
    }

    /** Whether a message of a batch may be handed over just now. */
    boolean covers(HeldBatch batch) {
        return lasts() && batch.surelyOurs(nanoTime.getAsLong()) && counts(batch.goodUntil());
    }

    /** Whether it is worth waiting until a message of a batch may be handed over. */
    boolean mayCover(HeldBatch batch) {
        return batch.surelyOurs(nanoTime.getAsLong()) && !covers(batch);
    }

    /**
     * Whether a lease was taken or prolonged in this life: others may have ended those of the life before, and a node that goes on
     * under one of them would send what others send again.
     *
     * @param goodUntil by this node's {@code nanoTime}, the length of a lease after it was asked for
     */
    boolean counts(long goodUntil) {
        Confirmed now = confirmed;
        return now != null && goodUntil - lease.toNanos() - now.begunAt >= 0;
    }

    /** Which of this node's lives it is; 0: none has begun. */
    long number() {
        Confirmed now = confirmed;
        return now == null ? 0 : now.life.number();
    }

    /** Ends what others leased whose sessions are gone for long enough. Blocks (database). @return whether there was any */
    boolean endOthers() {
        boolean any = false;
        for (NodeLife life : over) {
            if (ledger.transact(t -> t.nodes().end(life))) {
                LOG.warn("life.ended node={} life={}", life.owner(), life.number());
                any = true;
            }
        }
        return any;
    }

    /** The node has stopped in order and holds nothing any more: nobody need wait to see that. */
    void close() {
        Confirmed last = confirmed;
        if (session == null || last == null) {
            return;
        }
        try {
            session.transact(t -> t.nodes().end(last.life));
        } catch (DatabaseException e) {
            LOG.debug("life.not-said-goodbye node={}", node.owner(), e);
        }
        abandon();
    }

    /** Ends as a crash would. */
    void abandon() {
        confirmed = null;
        if (session != null) {
            session.close();
            session = null;
        }
    }
}
