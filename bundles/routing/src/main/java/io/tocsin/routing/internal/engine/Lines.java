package io.tocsin.routing.internal.engine;

import java.time.Duration;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * The lines of a lane whose channel has lines: how many messages may be under way now, as the channel says and the account's
 * other nodes leave, and how many are worth intending ahead of lines that come free. Thread-safe.
 *
 * <p>What is intended and has not left would be in doubt if the node died now, and be called a second time though nobody's
 * telephone rang. So a lane with lines intends little ahead, and not half its window as one does whose messages are over in a
 * moment: what leaves within {@link #AHEAD}, by the lines that came free lately. That spans the slowest commit of an intent; a
 * line that comes free finds its next message intended. Where less than one a second comes free nothing is ahead: the line then
 * waits for one commit, some milliseconds. An account with a rate has nothing ahead either: its permits are taken with the
 * intent, and what had been saved up would leave faster than the rate when lines come free together.
 */
final class Lines {
    private static final Duration AHEAD = Duration.ofSeconds(1);

    /** How long lines that came free may wait for a few more to be filled with one commit. */
    private static final Duration GATHERED = Duration.ofMillis(20);

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final IntSupplier channel;
    private final LineShare share;
    private final boolean rated;
    private final LongSupplier nanoTime;

    private long countedFrom;
    private int counted;
    private int countedBefore;
    private long roomSince;

    /** @param channel how many lines the channel has now @param rated whether the account has a rate */
    Lines(IntSupplier channel, LineShare share, boolean rated, LongSupplier nanoTime) {
        this.channel = channel;
        this.share = share;
        this.rated = rated;
        this.nanoTime = nanoTime;
        this.countedFrom = nanoTime.getAsLong();
    }

    /** How many messages may be under way now. */
    int now() {
        return Math.min(channel.getAsInt(), share.lines());
    }

    /** How many the channel could have under way, whoever else has the account open. */
    int ofChannel() {
        return channel.getAsInt();
    }

    /**
     * Has the account's lines divided anew, if it is time. Blocks (database).
     *
     * @param underWay messages under way
     * @param waiting messages that could be besides
     */
    void look(int underWay, int waiting) {
        int most = Math.max(underWay, channel.getAsInt());
        share.look(underWay, (int) Math.min(most, (long) underWay + waiting));
    }

    /** A message is over: its line is free. */
    synchronized void freed() {
        turn();
        counted++;
    }

    /**
     * How many messages to intend now.
     *
     * @param unsent intended, and not under way yet
     * @return 0: as many as needed are intended, or so few lines came free that it is better to wait a moment for more
     */
    synchronized int worthIntending(int underWay, int unsent) {
        int lines = now();
        turn();
        int perSecond = Math.max(counted, countedBefore);
        int ahead = rated ? 0 : Math.min((int) (perSecond * AHEAD.toNanos() / SECOND), lines / 4);
        int room = lines + ahead - underWay - unsent;
        if (room <= 0) {
            roomSince = 0;
            return 0;
        }
        long now = nanoTime.getAsLong();
        roomSince = roomSince == 0 ? now : roomSince;
        // Each intent is a commit: half of what is ahead at once, or what comes free in a moment.
        boolean waits = ahead > 1
                ? room < ahead / 2
                : room < perSecond * GATHERED.toNanos() / SECOND && now - roomSince < GATHERED.toNanos();
        if (waits) {
            return 0;
        }
        roomSince = 0;
        return room;
    }

    private void turn() {
        long now = nanoTime.getAsLong();
        if (now - countedFrom >= SECOND) {
            countedBefore = now - countedFrom < 2 * SECOND ? counted : 0;
            counted = 0;
            countedFrom = now;
        }
    }
}
