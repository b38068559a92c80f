package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.OutboundMessage.Category;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A batch this node holds the lease of. Its watermark moves on the lane's thread only; its count of unrecorded positions
 * falls on the recorder's thread only.
 */
final class HeldBatch {

    /** The row's primary key. */
    record Key(int tenantId, long alertId, int waveNo, int batchNo) {}

    final Key key;
    final String channel;
    final Category category;
    final long token;
    final int end;

    private int watermark;
    private int promised;
    private final AtomicInteger unrecorded = new AtomicInteger();
    private volatile boolean finished;

    HeldBatch(Key key, String channel, Category category, long token, int watermark, int end) {
        this.key = key;
        this.channel = channel;
        this.category = category;
        this.token = token;
        this.watermark = watermark;
        this.promised = watermark;
        this.end = end;
    }

    int watermark() {
        return watermark;
    }

    int remaining() {
        return end - watermark;
    }

    /**
     * Chooses how far the next intent goes. When the last one failed without our knowing whether it was committed, it is
     * the same again: moving the watermark to where it already is harms nobody.
     */
    int promise(int most) {
        if (promised == watermark) {
            promised = Math.min(end, watermark + most);
        }
        return promised;
    }

    /** The intent up to the promise is durable. */
    void intended() {
        unrecorded.addAndGet(promised - watermark);
        watermark = promised;
        if (watermark == end) {
            finished = true;
        }
    }

    /** Nothing more of it will be sent under this lease. @return whether everything that left is recorded already */
    boolean finish() {
        finished = true;
        return unrecorded.get() == 0;
    }

    /** Whether recording {@code n} more leaves nothing to know about it, so that the lease can end with them. */
    boolean endsWith(int n) {
        return finished && unrecorded.get() == n;
    }

    void recorded(int n) {
        unrecorded.addAndGet(-n);
    }

    boolean finished() {
        return finished;
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
