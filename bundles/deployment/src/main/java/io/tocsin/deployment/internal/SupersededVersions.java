package io.tocsin.deployment.internal;

import io.tocsin.routing.api.InstalledChannels;
import io.tocsin.routing.api.InstalledChannels.Standing;
import io.tocsin.routing.api.InstalledChannels.Version;
import io.tocsin.routing.api.SwapListener;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts away a version that another has replaced, whoever brought that one: a command, a file in {@code deploy/}, a feature. It is
 * stopped for good and refreshed, it alone, and kept as the one version to roll back to; the one kept before it is uninstalled.
 */
@Component(service = {SwapListener.class, SupersededVersions.class})
public final class SupersededVersions implements SwapListener {
    private static final Logger LOG = LoggerFactory.getLogger(SupersededVersions.class);

    private final BundleContext context;
    private final KeptChannels kept;
    private final LoneRefresh refresh;
    private final AtomicInteger pending = new AtomicInteger();
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> new Thread(task, "tocsin-swaps"));

    @Activate
    public SupersededVersions(BundleContext context) {
        this.context = context;
        kept = new KeptChannels(NodeFolders.of(context));
        refresh = new LoneRefresh(context);
    }

    /** What is under way is finished: a version that was stopped and not yet refreshed would keep its classes. */
    @Deactivate
    void stop() {
        thread.shutdown();
    }

    @Override
    public void swapped(Version serving, Version superseded) {
        pending.incrementAndGet();
        thread.execute(() -> {
            try {
                putAway(serving, superseded);
            } finally {
                pending.decrementAndGet();
            }
        });
    }

    /** Whether all that were superseded are put away, classes and all. */
    boolean isIdle() {
        return pending.get() == 0;
    }

    @Override
    public void failed(Version candidate) {
        // dispatch has said why; whoever brought it takes it away or tries again
    }

    private void putAway(Version serving, Version superseded) {
        Bundle old = context.getBundle(superseded.bundleId());
        if (old == null || serving.bundleId() == superseded.bundleId() || isNeeded(superseded.bundleId())) {
            return;
        }
        try {
            List<String> refreshed = new ArrayList<>();
            old.stop();
            kept.mark(old, true);
            refreshed.addAll(refresh.of(old));
            for (Bundle older : context.getBundles()) {
                if (isOlder(older, serving, superseded)) {
                    older.uninstall();
                    kept.forget(older);
                }
            }
            LOG.info(
                    "swap.done channel={} from={} to={} refreshed={}",
                    serving.installed().type(),
                    superseded.installed().version(),
                    serving.installed().version(),
                    refreshed);
        } catch (BundleException | IOException failed) {
            LOG.error(
                    "swap.left channel={} version={} problem=\"{}\" cure=\"bundle:stop {}\"",
                    superseded.installed().type(),
                    superseded.installed().version(),
                    failed.getMessage(),
                    superseded.bundleId());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** A bundle with several channels goes when the last of them was replaced. */
    private boolean isNeeded(long bundleId) {
        ServiceReference<InstalledChannels> reference = context.getServiceReference(InstalledChannels.class);
        InstalledChannels channels = reference == null ? null : context.getService(reference);
        if (channels == null) {
            // dispatch is going: who serves is decided anew when it is back
            return true;
        }
        try {
            return channels.versions().stream()
                    .anyMatch(each -> each.bundleId() == bundleId
                            && each.standing() != Standing.SUPERSEDED
                            && each.standing() != Standing.REFUSED);
        } finally {
            context.ungetService(reference);
        }
    }

    /** Another version of it that was stopped for good. One that was merely installed, or that cannot resolve, is somebody's to mend. */
    private static boolean isOlder(Bundle bundle, Version serving, Version superseded) {
        return superseded.symbolicName().equals(bundle.getSymbolicName())
                && bundle.getBundleId() != superseded.bundleId()
                && bundle.getBundleId() != serving.bundleId()
                && bundle.getHeaders("").get(Constants.FRAGMENT_HOST) == null
                && ChannelBundles.isPutAway(bundle);
    }
}
