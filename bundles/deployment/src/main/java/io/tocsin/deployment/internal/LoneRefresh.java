package io.tocsin.deployment.internal;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.wiring.FrameworkWiring;

/** Refreshes one bundle, so that its class loader goes. Nobody is wired to a channel, so nothing else moves; this says if it did. */
final class LoneRefresh {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final BundleContext context;

    LoneRefresh(BundleContext context) {
        this.context = context;
    }

    /**
     * Blocks until it is done.
     *
     * @return the bundles that were refreshed, whoever asked for it meanwhile
     */
    List<String> of(Bundle bundle) throws InterruptedException {
        List<String> refreshed = new CopyOnWriteArrayList<>();
        CountDownLatch done = new CountDownLatch(1);
        SynchronousBundleListener listener = event -> {
            if (event.getType() == BundleEvent.UNRESOLVED) {
                refreshed.add(name(event.getBundle()));
            }
        };
        context.addBundleListener(listener);
        try {
            context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION)
                    .adapt(FrameworkWiring.class)
                    .refreshBundles(Set.of(bundle), event -> {
                        if (event.getType() == FrameworkEvent.PACKAGES_REFRESHED) {
                            done.countDown();
                        }
                    });
            if (!done.await(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("the framework did not refresh " + name(bundle) + " within " + LIMIT);
            }
        } finally {
            context.removeBundleListener(listener);
        }
        return List.copyOf(refreshed);
    }

    static String name(Bundle bundle) {
        return bundle.getSymbolicName() + '/' + bundle.getVersion();
    }
}
