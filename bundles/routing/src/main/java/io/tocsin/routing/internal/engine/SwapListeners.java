package io.tocsin.routing.internal.engine;

import io.tocsin.routing.api.InstalledChannels.Version;
import io.tocsin.routing.api.SwapListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whoever wants to know how swaps end; one that throws keeps it from nobody else. */
final class SwapListeners implements SwapListener {
    private static final Logger LOG = LoggerFactory.getLogger(SwapListeners.class);

    private final List<SwapListener> listeners = new CopyOnWriteArrayList<>();

    void add(SwapListener listener) {
        listeners.add(listener);
    }

    void remove(SwapListener listener) {
        listeners.remove(listener);
    }

    @Override
    public void swapped(Version serving, Version superseded) {
        listeners.forEach(each -> tell(() -> each.swapped(serving, superseded)));
    }

    @Override
    public void failed(Version candidate) {
        listeners.forEach(each -> tell(() -> each.failed(candidate)));
    }

    private static void tell(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            LOG.error("swap.listener-failed", e);
        }
    }
}
