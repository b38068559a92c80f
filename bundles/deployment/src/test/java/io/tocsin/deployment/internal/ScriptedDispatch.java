package io.tocsin.deployment.internal;

import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.ChannelProvider;
import io.tocsin.routing.api.ChannelSwaps;
import io.tocsin.routing.api.DispatchStatus;
import io.tocsin.routing.api.InstalledChannels;
import io.tocsin.routing.api.SwapListener;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;

/**
 * Stands in for dispatch: keeps its rules of who serves, without accounts, threads or time. A version of which {@link #unfit} was told
 * is refused when it would take over.
 */
final class ScriptedDispatch
        implements InstalledChannels,
                ChannelSwaps,
                DispatchStatus,
                ServiceTrackerCustomizer<ChannelProvider, ChannelProvider>,
                AutoCloseable {
    private record Provided(String type, Bundle bundle) {}

    private final BundleContext context;
    private final SwapListener listener;
    private final ServiceTracker<ChannelProvider, ChannelProvider> tracker;
    private final Map<ServiceReference<ChannelProvider>, Provided> provided = new LinkedHashMap<>();
    private final Map<Provided, Standing> standings = new LinkedHashMap<>();
    private final Set<Long> chosen = new HashSet<>();
    private final Set<String> unfit = new HashSet<>();
    private List<AccountStatus> accounts = List.of();

    ScriptedDispatch(BundleContext context, SwapListener listener) {
        this.context = context;
        this.listener = listener;
        context.registerService(InstalledChannels.class, this, null);
        tracker = new ServiceTracker<>(context, ChannelProvider.class, this);
        tracker.open();
    }

    synchronized void unfit(String version) {
        unfit.add(version);
    }

    synchronized void account(String name, String type) {
        accounts = List.of(new AccountStatus(1, name, type, new ChannelHealth(ChannelHealth.State.UP, ""), 0, 10, 0.0));
    }

    @Override
    public synchronized void choose(long bundleId) {
        chosen.add(bundleId);
    }

    synchronized Set<Long> chosen() {
        return Set.copyOf(chosen);
    }

    @Override
    public ChannelProvider addingService(ServiceReference<ChannelProvider> reference) {
        ChannelProvider service = context.getService(reference);
        if (service != null) {
            decide(reference);
        }
        return service;
    }

    private synchronized void decide(ServiceReference<ChannelProvider> reference) {
        Provided now = new Provided((String) reference.getProperty("channel.type"), reference.getBundle());
        provided.put(reference, now);
        Optional<Provided> serving = standings.entrySet().stream()
                .filter(e -> e.getKey().type().equals(now.type()) && e.getValue() == Standing.SERVING)
                .map(Map.Entry::getKey)
                .findFirst();
        boolean higher = serving.isEmpty()
                || chosen.contains(now.bundle().getBundleId())
                || now.bundle().getVersion().compareTo(serving.get().bundle().getVersion()) > 0;
        boolean stranger = serving.isPresent()
                && !serving.get().bundle().getSymbolicName().equals(now.bundle().getSymbolicName());
        if (stranger || unfit.contains(now.bundle().getVersion().toString())) {
            standings.put(now, Standing.REFUSED);
            listener.failed(version(now));
        } else if (!higher) {
            standings.put(now, Standing.SUPERSEDED);
        } else {
            standings.put(now, Standing.SERVING);
            serving.ifPresent(old -> {
                standings.put(old, Standing.SUPERSEDED);
                listener.swapped(version(now), version(old));
            });
        }
    }

    @Override
    public void modifiedService(ServiceReference<ChannelProvider> reference, ChannelProvider service) {}

    @Override
    public synchronized void removedService(ServiceReference<ChannelProvider> reference, ChannelProvider service) {
        Provided gone = provided.remove(reference);
        standings.remove(gone);
        chosen.remove(gone.bundle().getBundleId());
    }

    @Override
    public synchronized List<Version> versions() {
        return standings.keySet().stream()
                .map(this::version)
                .sorted(Comparator.comparing(each -> each.installed().type()))
                .toList();
    }

    private Version version(Provided of) {
        Standing standing = standings.get(of);
        return new Version(
                new Installed(
                        of.type(),
                        of.bundle().getVersion().toString(),
                        List.of(),
                        List.of("text"),
                        Optional.empty(),
                        Optional.empty()),
                of.bundle().getSymbolicName(),
                of.bundle().getBundleId(),
                standing,
                standing == Standing.REFUSED ? "its accounts did not come up within 30 s" : "",
                0,
                0,
                0);
    }

    @Override
    public List<Installed> all() {
        return versions().stream().map(Version::installed).toList();
    }

    @Override
    public String node() {
        return "test";
    }

    @Override
    public Map<String, String> channels() {
        return Map.of();
    }

    @Override
    public synchronized List<AccountStatus> accounts() {
        return new ArrayList<>(accounts);
    }

    @Override
    public List<AccountTraffic> traffic() {
        return List.of();
    }

    @Override
    public Map<String, Long> counters() {
        return Map.of();
    }

    @Override
    public List<NodeStatus> nodes() {
        return List.of();
    }

    @Override
    public List<CapStatus> caps() {
        return List.of();
    }

    @Override
    public void close() {
        tracker.close();
    }
}
