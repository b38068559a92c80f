package io.tocsin.routing.internal;

import io.tocsin.channel.api.OutboundMessage.Category;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Life-safety alerts that are just being launched on this node: dispatch makes way for the launch itself, which a crowd being
 * written to on the same cores would make three times as long. A hint; whether the launch succeeds does not matter, so that
 * nobody makes way for longer than a quarter of the time, however often somebody tries. Thread-safe.
 */
@Component(service = ComingAlerts.class)
public final class ComingAlerts {
    private static final Duration MAKES_WAY = Duration.ofMillis(250);
    private static final Duration NOT_AGAIN_FOR = Duration.ofSeconds(1);

    private final LongSupplier nanoTime;
    private long since;

    @Activate
    public ComingAlerts() {
        this(System::nanoTime);
    }

    /** @param nanoTime never goes back */
    public ComingAlerts(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.since = nanoTime.getAsLong() - NOT_AGAIN_FOR.toNanos();
    }

    /** An alert of this category is about to be written. */
    public synchronized void coming(Category category) {
        long now = nanoTime.getAsLong();
        if (category == Category.LIFE_SAFETY && now - since >= NOT_AGAIN_FOR.toNanos()) {
            since = now;
        }
    }

    /** Whether messages of this category are to wait for it. */
    public synchronized boolean makesWay(Category category) {
        return category != Category.LIFE_SAFETY && nanoTime.getAsLong() - since < MAKES_WAY.toNanos();
    }
}
