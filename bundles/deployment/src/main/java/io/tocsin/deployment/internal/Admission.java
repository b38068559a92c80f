package io.tocsin.deployment.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.hooks.resolver.ResolverHook;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which bundles may resolve on this node. Each is looked at when it is installed or updated, all that are there when this
 * starts and when its settings change, and at the latest when it is about to resolve. What had resolved before and is refused is
 * stopped for good.
 */
@Component(service = Admission.class, immediate = true, configurationPid = "io.tocsin.deployment")
@Designate(ocd = DeploymentSettings.class)
public final class Admission implements SynchronousBundleListener, ResolverHookFactory {
    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);

    /** @param lastModified of the bundle when it was looked at: another one means another content */
    private record Verdict(long lastModified, Optional<Refusal> refusal) {}

    private final BundleContext context;
    private final Map<Long, Verdict> verdicts = new ConcurrentHashMap<>();
    private volatile AdmissionRules rules;
    private ServiceRegistration<ResolverHookFactory> hook;

    @Activate
    public Admission(BundleContext context, DeploymentSettings settings) {
        this.context = context;
        rules = rules(settings);
    }

    private AdmissionRules rules(DeploymentSettings settings) {
        NodeFolders folders = NodeFolders.of(context);
        Path trusted = folders.base().resolve(settings.trusted());
        return new AdmissionRules(
                new Distribution(folders.system()),
                production(settings.mode())
                        ? Optional.of(new Signatures(new TrustedCertificates(trusted), Clock.systemUTC()))
                        : Optional.empty());
    }

    /** A mode that is misspelt must not open the door. */
    private static boolean production(String mode) {
        if (!mode.equals("development") && !mode.equals("production")) {
            LOG.error("admission.mode-unknown mode=\"{}\": taken as production; write development or production", mode);
        }
        return !mode.equals("development");
    }

    @Activate
    void start() {
        context.addBundleListener(this);
        hook = context.registerService(ResolverHookFactory.class, this, null);
        lookAtAll();
    }

    /** The gate stays closed meanwhile: what comes is held against the new settings, what is there against the old until its turn. */
    @Modified
    void changed(DeploymentSettings settings) {
        rules = rules(settings);
        lookAtAll();
    }

    private void lookAtAll() {
        for (Bundle bundle : context.getBundles()) {
            look(bundle);
        }
        for (Bundle bundle : context.getBundles()) {
            if (refusal(bundle).isPresent() && bundle.getState() != Bundle.INSTALLED) {
                expel(bundle);
            }
        }
    }

    @Deactivate
    void stop() {
        hook.unregister();
        context.removeBundleListener(this);
    }

    /** Why a bundle may not resolve; empty when it may. Looks at it now when it is asked for before its turn. */
    Optional<Refusal> refusal(Bundle bundle) {
        if (bundle.getBundleId() == Constants.SYSTEM_BUNDLE_ID) {
            return Optional.empty();
        }
        if (!isLookedAt(bundle)) {
            look(bundle);
        }
        return isLookedAt(bundle)
                ? verdicts.get(bundle.getBundleId()).refusal
                : Optional.of(new Refusal("could not be looked at", "install it again"));
    }

    private boolean isLookedAt(Bundle bundle) {
        Verdict verdict = verdicts.get(bundle.getBundleId());
        return verdict != null && verdict.lastModified == bundle.getLastModified();
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        switch (event.getType()) {
            case BundleEvent.INSTALLED, BundleEvent.UPDATED -> look(event.getBundle());
            case BundleEvent.UNINSTALLED -> verdicts.remove(event.getBundle().getBundleId());
            default -> {}
        }
    }

    private void look(Bundle bundle) {
        if (bundle.getState() == Bundle.UNINSTALLED) {
            return;
        }
        AdmissionRules now = rules;
        Optional<Refusal> refusal;
        try {
            refusal = now.refusal(bundle);
        } catch (IOException unreadable) {
            refusal = Optional.of(new Refusal("cannot be read: " + unreadable.getMessage(), "install it again"));
        }
        verdicts.put(bundle.getBundleId(), new Verdict(bundle.getLastModified(), refusal));
        refusal.ifPresent(why -> LOG.error(
                "bundle.refused bundle={} version={} id={} reason=\"{}\" cure=\"{}\"",
                bundle.getSymbolicName(),
                bundle.getVersion(),
                bundle.getBundleId(),
                why.reason(),
                why.cure()));
        if (now != rules) {
            // the settings changed meanwhile
            look(bundle);
        }
    }

    /** Stopped it would start again for whoever asks, because it is resolved; refreshed it must resolve first. */
    private void expel(Bundle bundle) {
        try {
            if (bundle.getHeaders("").get(Constants.FRAGMENT_HOST) == null) {
                bundle.stop();
            }
        } catch (BundleException stopping) {
            LOG.warn("bundle.stop-failed bundle={} problem=\"{}\"", bundle.getSymbolicName(), stopping.getMessage());
        }
        context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION)
                .adapt(FrameworkWiring.class)
                .refreshBundles(Set.of(bundle));
    }

    @Override
    public ResolverHook begin(Collection<BundleRevision> triggers) {
        return new Gate();
    }

    private final class Gate implements ResolverHook {
        @Override
        public void filterResolvable(Collection<BundleRevision> candidates) {
            // remove, one by one, is what the specification allows on this collection
            candidates.removeIf(each -> refusal(each.getBundle()).isPresent());
        }

        @Override
        public void filterSingletonCollisions(BundleCapability singleton, Collection<BundleCapability> collisions) {}

        @Override
        public void filterMatches(BundleRequirement requirement, Collection<BundleCapability> candidates) {}

        @Override
        public void end() {}
    }
}
