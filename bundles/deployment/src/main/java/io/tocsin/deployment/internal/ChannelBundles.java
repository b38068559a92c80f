package io.tocsin.deployment.internal;

import java.util.List;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleRevision;

/** The bundles on this node that are channels, whether they serve or not. */
final class ChannelBundles {
    static final String PROVIDER = "io.tocsin.channel.api.ChannelProvider";
    private static final String SERVICE_NAMESPACE = "osgi.service";

    private final BundleContext context;
    private final Distribution distribution;

    ChannelBundles(BundleContext context, Distribution distribution) {
        this.context = context;
        this.distribution = distribution;
    }

    /** By symbolic name, then version. */
    List<Bundle> all() {
        return Stream.of(context.getBundles())
                .filter(this::isChannel)
                .sorted((a, b) -> LoneRefresh.name(a).compareTo(LoneRefresh.name(b)))
                .toList();
    }

    List<Bundle> named(String symbolicName) {
        return all().stream()
                .filter(bundle -> symbolicName.equals(bundle.getSymbolicName()))
                .toList();
    }

    /** Rooms of the house import the channel API too: of the distribution a channel is what says that it provides one. */
    private boolean isChannel(Bundle bundle) {
        return AdmissionRules.importsChannelApi(bundle) && (providesChannel(bundle) || !distribution.named(bundle));
    }

    private static boolean providesChannel(Bundle bundle) {
        return bundle.adapt(BundleRevision.class).getDeclaredCapabilities(SERVICE_NAMESPACE).stream()
                .anyMatch(each ->
                        String.valueOf(each.getAttributes().get("objectClass")).contains(PROVIDER));
    }

    /** Stopped for good: it does not start with the node. */
    static boolean isPutAway(Bundle bundle) {
        return (bundle.getState() & (Bundle.INSTALLED | Bundle.RESOLVED)) != 0
                && !bundle.adapt(BundleStartLevel.class).isPersistentlyStarted();
    }
}
