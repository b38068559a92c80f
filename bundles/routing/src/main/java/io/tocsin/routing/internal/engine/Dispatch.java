package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.ChannelProvider;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.cluster.api.Hint;
import io.tocsin.cluster.api.HintListener;
import io.tocsin.cluster.api.Hints;
import io.tocsin.cluster.api.NodeLoad;
import io.tocsin.persistence.api.Database;
import io.tocsin.routing.api.AlertDocuments;
import io.tocsin.routing.api.AnswerLinks;
import io.tocsin.routing.api.CarrierAccounts;
import io.tocsin.routing.api.ChannelSwaps;
import io.tocsin.routing.api.CostEstimates;
import io.tocsin.routing.api.DispatchStatus;
import io.tocsin.routing.api.IncomingCalls;
import io.tocsin.routing.api.InstalledChannels;
import io.tocsin.routing.api.SpokenCalls;
import io.tocsin.routing.api.SwapListener;
import io.tocsin.routing.internal.ComingAlerts;
import java.time.Clock;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.CamelContext;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engine as a component: channels and accounts may come and go while it runs. */
@Component(
        service = {
            DispatchStatus.class,
            InstalledChannels.class,
            ChannelSwaps.class,
            CostEstimates.class,
            HintListener.class,
            NodeLoad.class
        },
        immediate = true,
        configurationPid = "io.tocsin.routing")
@Designate(ocd = RoutingSettings.class)
public final class Dispatch
        implements DispatchStatus, InstalledChannels, ChannelSwaps, CostEstimates, HintListener, NodeLoad {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatch.class);

    private final Providers providers = new Providers();
    private final AtomicReference<Optional<CarrierAccounts>> accounts = new AtomicReference<>(Optional.empty());
    private final AtomicReference<Optional<IncomingCalls>> incoming = new AtomicReference<>(Optional.empty());
    private final SwapListeners swapListeners = new SwapListeners();
    private final Engine engine;
    private volatile Optional<Hints> hints = Optional.empty();
    private ServiceRegistration<CamelContext> routes;

    @Activate
    public Dispatch(
            @Reference Database database,
            @Reference AnswerLinks links,
            @Reference SpokenCalls calls,
            @Reference AlertDocuments documents,
            @Reference ComingAlerts coming,
            RoutingSettings settings) {
        engine = new Engine(
                database,
                links,
                new Media(calls, documents),
                coming,
                providers,
                accounts,
                incoming,
                swapListeners,
                hint -> hints.ifPresent(given -> given.give(hint)),
                Settings.of(settings),
                Engine.Pace.USUAL,
                Clock.systemUTC());
    }

    /** The Camel context is a service, so that the console lists, suspends and resumes the routes of dispatch. */
    @Activate
    void start(BundleContext bundle) {
        engine.start();
        routes = bundle.registerService(
                CamelContext.class,
                engine.routes().context(),
                new Hashtable<>(
                        Map.of("camel.context.name", engine.routes().context().getName())));
    }

    @Deactivate
    void stop() {
        routes.unregister();
        engine.stop();
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindProvider(ChannelProvider provider, ServiceReference<ChannelProvider> reference) {
        Optional<InstalledChannels.Installed> said = ProviderReference.said(reference);
        if (said.isEmpty()) {
            LOG.warn(
                    "channel.without-type bundle={}: mark its component with @ChannelType",
                    reference.getBundle() == null ? "" : reference.getBundle().getSymbolicName());
            return;
        }
        Bundle bundle = reference.getBundle();
        Providers.Installed came = new Providers.Installed(
                said.get(),
                bundle == null ? "" : bundle.getSymbolicName(),
                bundle == null ? -1 : bundle.getBundleId(),
                provider);
        providers.add(came);
        providers.standings().stream()
                .filter(stood -> stood.installed() == came && stood.standing() == Standing.REFUSED)
                .forEach(stood -> LOG.error(
                        "channel.refused channel={} version={} problem=\"{}\"",
                        came.type(),
                        came.version(),
                        stood.detail()));
        changed();
    }

    /** Returns once the provider's channels are drained and closed: it may go then. */
    void unbindProvider(ChannelProvider provider) {
        providers.remove(provider);
        if (engine != null) {
            engine.lanes().closeAllOf(provider);
        }
        changed();
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindAccounts(CarrierAccounts bound) {
        accounts.set(Optional.of(bound));
        changed();
    }

    void unbindAccounts(CarrierAccounts gone) {
        accounts.updateAndGet(now -> now.filter(a -> a != gone));
    }

    /** Of several the highest ranking. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindIncomingCalls(IncomingCalls door) {
        incoming.set(Optional.of(door));
    }

    void unbindIncomingCalls(IncomingCalls gone) {
        incoming.updateAndGet(now -> now.filter(door -> door != gone));
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindSwapListener(SwapListener listener) {
        swapListeners.add(listener);
    }

    void unbindSwapListener(SwapListener listener) {
        swapListeners.remove(listener);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindHints(Hints given) {
        hints = Optional.of(given);
    }

    void unbindHints(Hints gone) {
        hints = hints.filter(given -> given != gone);
    }

    @Override
    public void heard(Hint hint) {
        engine.heard(hint);
    }

    @Override
    public Load load() {
        return new Load(
                engine.node().name(),
                engine.node().incarnation(),
                engine.lanes().status().stream()
                        .map(account -> new Account(
                                account.accountId(),
                                account.name(),
                                account.channel(),
                                account.ratePerSecond(),
                                account.inFlight()))
                        .toList());
    }

    @Override
    public void choose(long bundleId) {
        providers.choose(bundleId);
        changed();
    }

    private void changed() {
        if (engine != null) {
            engine.accountsChanged();
        }
    }

    @Override
    public String node() {
        return engine.node().name();
    }

    @Override
    public Map<String, String> channels() {
        return providers.versions();
    }

    @Override
    public List<Installed> all() {
        return providers.said();
    }

    @Override
    public List<Version> versions() {
        return engine.lanes().versions();
    }

    @Override
    public List<AccountTraffic> traffic() {
        return engine.lanes().traffic();
    }

    @Override
    public List<AccountStatus> accounts() {
        return engine.lanes().status();
    }

    @Override
    public List<NodeStatus> nodes() {
        return engine.nodes();
    }

    @Override
    public Estimate estimate(int tenantId, String channel, List<OutboundMessage> samples) {
        return new Costs(engine.lanes()).estimate(tenantId, channel, samples);
    }

    @Override
    public Pace pace(int tenantId, String channel) {
        return new Costs(engine.lanes()).pace(tenantId, channel);
    }

    @Override
    public List<CapStatus> caps() {
        return engine.caps();
    }

    @Override
    public Map<String, Long> counters() {
        return engine.counters().values();
    }
}
