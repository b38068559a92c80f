package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.OutboundMessage.Category;
import java.util.List;

/**
 * A batch this node holds the lease of: how far it is intended, what of that is not recorded yet, and whether it was given
 * up. Thread-safe: one thread intends, another records, any may give it up.
 */
final class HeldBatch {

    /** The row's primary key. */
    record Key(int tenantId, long alertId, int waveNo, int batchNo) {}

    final Key key;
    final String channel;
    final Category category;
    final long token;
    final int end;

    /** Those everybody in it falls under, in order; none: no cap at all. */
    final List<Integer> caps;

    private int watermark;
    private int promised;
    private int unrecorded;
    private boolean intending;
    private boolean finished;
    private long goodUntil;
    private boolean lost;
    private long waitsUntil;
    private int worthAsking = 1;

    /** @param goodUntil by this node's {@code nanoTime}, until when the lease certainly lasts */
    HeldBatch(
            Key key,
            String channel,
            Category category,
            long token,
            int watermark,
            int end,
            List<Integer> caps,
            long goodUntil) {
        this.key = key;
        this.channel = channel;
        this.category = category;
        this.token = token;
        this.watermark = watermark;
        this.promised = watermark;
        this.end = end;
        this.caps = caps;
        this.goodUntil = goodUntil;
        this.waitsUntil = Long.MIN_VALUE;
    }

    /** Up to where its positions are intended as far as this node knows, and not one further was handed to a channel. */
    synchronized int watermark() {
        return watermark;
    }

    synchronized int remaining() {
        return end - watermark;
    }

    /** The lease was prolonged by something asked for before it lasts until then. */
    synchronized void prolonged(long until) {
        goodUntil = Math.max(goodUntil, until);
    }

    /** Until when the lease lasts, by this node's {@code nanoTime}: its length after it was last asked for. */
    synchronized long goodUntil() {
        return goodUntil;
    }

    /** Somebody else has the lease: what is intended and not yet handed over stays here. */
    synchronized void lost() {
        lost = true;
    }

    /** Whether nobody else can hold it yet. @param now this node's {@code nanoTime} */
    synchronized boolean surelyOurs(long now) {
        return !lost && now - goodUntil < 0;
    }

    /** An intent is about to be made. @return false if it was given up meanwhile, or the lane that had it before is at it */
    synchronized boolean beginIntent() {
        if (finished || intending) {
            return false;
        }
        intending = true;
        return true;
    }

    /**
     * Chooses how far the next intent goes. When the last one failed without our knowing whether it was committed, it is
     * the same again: moving the watermark to where it already is harms nobody.
     */
    synchronized int promise(int most) {
        if (promised == watermark) {
            promised = Math.min(end, watermark + most);
        }
        return promised;
    }

    /** How many messages an intent was for of which it is not known whether it was committed; 0: there is none. */
    synchronized int unanswered() {
        return promised - watermark;
    }

    /** Whether an intent is being made. */
    synchronized boolean intending() {
        return intending;
    }

    /** How many at a time it is worth asking its caps for. */
    synchronized void worthAsking(int n) {
        worthAsking = n;
    }

    /** How many messages to ask permits for at once, of {@code most}: few when a cap gives no more anyhow. */
    synchronized int wants(int most) {
        int wanted = Math.min(most, end - watermark);
        return caps.isEmpty() ? wanted : Math.min(wanted, worthAsking);
    }

    /** A cap has no permits before then, by this node's {@code nanoTime}. */
    synchronized void waitUntil(long time) {
        waitsUntil = time;
    }

    synchronized boolean waits(long now) {
        return waitsUntil != Long.MIN_VALUE && now - waitsUntil < 0;
    }

    /** The intent up to the promise is durable. */
    synchronized void intended() {
        unrecorded += promised - watermark;
        watermark = promised;
        if (watermark == end) {
            finished = true;
        }
    }

    /** The intent was made, or not. @return whether the lease is to be ended now, because it was given up meanwhile */
    synchronized boolean endIntent() {
        intending = false;
        return endsWith(0);
    }

    /** Nothing more of it will be sent under this lease. @return whether the lease is to be ended now */
    synchronized boolean finish() {
        finished = true;
        return endsWith(0);
    }

    /** Whether recording {@code n} more leaves nothing to know about it, so that the lease can end with them. */
    synchronized boolean endsWith(int n) {
        return finished && !intending && unrecorded == n;
    }

    synchronized void recorded(int n) {
        unrecorded -= n;
    }

    /** By what it is, so that sets of them are in the same order at every run of a simulation. */
    @Override
    public int hashCode() {
        return key.hashCode();
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }
}
