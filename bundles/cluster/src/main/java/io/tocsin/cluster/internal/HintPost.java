package io.tocsin.cluster.internal;

import io.tocsin.cluster.api.Hint;
import io.tocsin.cluster.api.HintListener;
import io.tocsin.cluster.api.Hints;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries hints from who gives them to who listens, here at once and to the other members. The first goes without delay; those
 * that follow within {@link #GATHER} go together, each once: ten thousand answers a second are fifty hints.
 */
final class HintPost implements Hints, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HintPost.class);
    private static final Duration GATHER = Duration.ofMillis(20);

    /** More waiting than this means that nobody carries them away; the polls find what they were about. */
    private static final int MOST = 10_000;

    private final Consumer<Hint> others;
    private final List<HintListener> listeners = new CopyOnWriteArrayList<>();
    private final Set<Hint> waiting = new LinkedHashSet<>();
    private final Thread thread = new Thread(this::carry, "tocsin-cluster-hints");
    private boolean closed;

    /** @param others gives a hint to the other members */
    HintPost(Consumer<Hint> others) {
        this.others = others;
    }

    void start() {
        thread.start();
    }

    void add(HintListener listener) {
        listeners.add(listener);
    }

    void remove(HintListener listener) {
        listeners.remove(listener);
    }

    @Override
    public void give(Hint hint) {
        synchronized (waiting) {
            if (!closed && waiting.size() < MOST && waiting.add(hint)) {
                waiting.notifyAll();
            }
        }
    }

    /** Another member gave a hint. */
    void heard(Hint hint) {
        for (HintListener listener : listeners) {
            try {
                listener.heard(hint);
            } catch (RuntimeException e) {
                // One listener's defect is not the others'.
                LOG.error("cluster.hint-failed kind={}", hint.kind(), e);
            }
        }
    }

    private void carry() {
        try {
            while (true) {
                next().forEach(hint -> {
                    heard(hint);
                    others.accept(hint);
                });
                Thread.sleep(GATHER.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Hint> next() throws InterruptedException {
        synchronized (waiting) {
            while (waiting.isEmpty()) {
                waiting.wait();
            }
            List<Hint> next = List.copyOf(waiting);
            waiting.clear();
            return next;
        }
    }

    /** What still waits is forgotten. */
    @Override
    public void close() {
        synchronized (waiting) {
            closed = true;
        }
        thread.interrupt();
    }
}
