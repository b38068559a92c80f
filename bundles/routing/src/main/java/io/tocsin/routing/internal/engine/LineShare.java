package io.tocsin.routing.internal.engine;

import io.tocsin.routing.internal.engine.LineRows.Share;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;

/**
 * One lane's part of the lines of its account, which all nodes that have the account open share: all together never begin more
 * than it has, and they go to those that have something to say. Divided anew each second while the lane has messages; an idle
 * lane asks nothing. Nothing under way is taken from anybody: lines change hands as calls end. Thread-safe.
 */
final class LineShare {
    private static final Duration EVERY = Duration.ofSeconds(1);

    /** As long as lines are on their way to or from it: a line that changes hands is idle until both have asked. */
    private static final Duration IN_TRANSIT = Duration.ofMillis(100);

    private final DispatchLedger ledger;
    private final int accountId;
    private final String holder;
    private final int all;
    private final Duration lease;
    private final LongPredicate counts;
    private final LongSupplier nanoTime;

    /** Never more than the ledger has it hold. */
    private int mine;

    private long goodUntil;
    private long askAt;
    private long askedAt;
    private int askedFor;
    private long neededAt;
    private boolean kept;

    /**
     * @param holder unique among the lanes of all nodes
     * @param all the lines of the account
     * @param counts whether a share that lasts until then was divided in this node's life: others may have ended those before
     */
    LineShare(
            DispatchLedger ledger,
            int accountId,
            String holder,
            int all,
            Duration lease,
            LongPredicate counts,
            LongSupplier nanoTime) {
        this.ledger = ledger;
        this.accountId = accountId;
        this.holder = holder;
        this.all = all;
        this.lease = lease;
        this.counts = counts;
        this.nanoTime = nanoTime;
        this.goodUntil = nanoTime.getAsLong();
        this.askAt = goodUntil;
        this.askedAt = goodUntil;
        this.neededAt = goodUntil;
    }

    /** How many messages the lane may have under way now. */
    synchronized int lines() {
        return nanoTime.getAsLong() - goodUntil < 0 && counts.test(goodUntil) ? mine : 0;
    }

    /**
     * Has the lines divided anew, if it is time. Blocks (database).
     *
     * @param underWay messages under way: never more than {@link #lines()} but for those begun under a share that has ended
     * @param wanted messages that could be, those included
     * @throws io.tocsin.persistence.api.DatabaseException when that failed: the share is as it was, for as long as its lease lasts
     */
    synchronized void look(int underWay, int wanted) {
        long now = nanoTime.getAsLong();
        if (wanted > 0) {
            neededAt = now;
        } else if (!kept) {
            return;
        }
        // Whoever had all that was asked for, and needs more by now, does not wait for the second to be over.
        boolean more = wanted > askedFor && mine >= askedFor && now - askedAt >= IN_TRANSIT.toNanos();
        if (now - askAt < 0 && !more) {
            return;
        }
        askedAt = now;
        askAt = now + IN_TRANSIT.toNanos();
        // a moment without messages between two batches is no reason to begin anew
        if (now - neededAt > EVERY.toNanos()) {
            leave();
            return;
        }
        kept = true;
        askedFor = wanted;
        int floor = Math.max(lines(), underWay);
        Divided divided = ledger.transact(t -> {
            Divided result = divide(t.lines().hold(accountId), holder, all, floor, wanted);
            t.lines().keep(accountId, new Share(holder, result.held, wanted), lease);
            return result;
        });
        // The ledger hears at the next look that it is fewer: whoever gets them then finds them free.
        mine = Math.min(divided.held, divided.fair);
        // reckoned from before it was asked
        goodUntil = now + lease.toNanos();
        askAt = now + (divided.held == divided.fair ? EVERY : IN_TRANSIT).toNanos();
    }

    /** First nothing more is begun under the share, then it is given back. */
    private void leave() {
        if (mine > 0) {
            mine = 0;
            return;
        }
        ledger.transact(t -> {
            t.lines().drop(accountId, holder);
            return null;
        });
        kept = false;
    }

    /** @param held what the holder may count on @param fair what would be its part, which others may still have */
    record Divided(int held, int fair) {}

    /**
     * Divides an account's lines.
     *
     * @param shares those whose lease runs; the holder's may be among them
     * @param floor what the holder may be using, and nobody takes away
     * @param wanted what it could use
     */
    static Divided divide(List<Share> shares, String holder, int all, int floor, int wanted) {
        List<Share> others =
                shares.stream().filter(s -> !s.holder().equals(holder)).toList();
        int free = all - others.stream().mapToInt(Share::held).sum();
        List<Share> everybody = new ArrayList<>(others);
        everybody.add(new Share(holder, floor, wanted));
        int fair = fair(everybody, holder, all);
        return new Divided(Math.max(floor, Math.min(fair, free)), fair);
    }

    /** Everybody gets what they want, as far as that goes, and nobody more while others have less than they want. */
    private static int fair(List<Share> everybody, String holder, int all) {
        // Where a line is left over, it goes to who has fewest: two lines are taken in turns by three.
        List<Share> order = everybody.stream()
                .sorted(Comparator.comparingInt(Share::wanted)
                        .thenComparing(Comparator.comparingInt(Share::held).reversed())
                        .thenComparing(Share::holder))
                .toList();
        int left = all;
        for (int i = 0; i < order.size(); i++) {
            int part = Math.min(order.get(i).wanted(), left / (order.size() - i));
            if (order.get(i).holder().equals(holder)) {
                return part;
            }
            left -= part;
        }
        return 0;
    }
}
