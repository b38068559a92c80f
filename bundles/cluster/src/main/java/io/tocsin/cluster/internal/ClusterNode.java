package io.tocsin.cluster.internal;

import io.tocsin.cluster.api.ClusterStatus;
import io.tocsin.cluster.api.Condition;
import io.tocsin.cluster.api.Hint;
import io.tocsin.cluster.api.HintListener;
import io.tocsin.cluster.api.Hints;
import io.tocsin.cluster.api.NodeLoad;
import io.tocsin.persistence.api.Database;
import io.tocsin.persistence.api.DatabaseStatus;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;

/**
 * The room as a component. Always there, whatever is configured, wrong or away: who gives a hint or asks for the state never
 * waits for a cluster. Without settings Hazelcast is not even started.
 */
@Component(
        service = {Hints.class, ClusterStatus.class},
        immediate = true,
        configurationPid = ClusterNode.PID)
@Designate(ocd = ClusterSettings.class)
public final class ClusterNode implements Hints, ClusterStatus {
    static final String PID = "io.tocsin.cluster";

    private final AtomicReference<Optional<Database>> database = new AtomicReference<>(Optional.empty());
    private final AtomicReference<Optional<DatabaseStatus>> status = new AtomicReference<>(Optional.empty());
    private final AtomicReference<Optional<NodeLoad>> load = new AtomicReference<>(Optional.empty());
    private final Joining joining;
    private final HintPost post;
    private final Lookout lookout;

    @Activate
    public ClusterNode(BundleContext bundle, ClusterSettings settings) {
        this(
                Optional.ofNullable(bundle.getProperty("karaf.name")).orElse("node"),
                bundle.getBundle().getVersion().toString(),
                settings,
                Clock.systemUTC());
    }

    ClusterNode(String name, String version, ClusterSettings settings, Clock clock) {
        post = new HintPost(this::toOthers);
        joining = new Joining(post::heard, this::changed);
        lookout = new Lookout(joining, new NodeTable(database), status, load, name, version, clock);
        modified(settings);
    }

    @Modified
    void modified(ClusterSettings settings) {
        lookout.clockSkew(settings.clockSkewSeconds());
        joining.settings(settings);
        lookout.look();
    }

    @Activate
    void start() {
        post.start();
        joining.start();
        lookout.start();
    }

    @Deactivate
    void stop() {
        lookout.close();
        post.close();
        joining.close();
    }

    private void toOthers(Hint hint) {
        joining.membership().ifPresent(membership -> membership.give(hint));
    }

    private void changed() {
        lookout.look();
    }

    @Override
    public void give(Hint hint) {
        post.give(hint);
    }

    @Override
    public State state() {
        return lookout.standing().state();
    }

    @Override
    public String detail() {
        return lookout.standing().detail();
    }

    @Override
    public List<Condition> conditions() {
        return lookout.conditions();
    }

    @Override
    public List<Node> nodes() {
        return lookout.nodes();
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindDatabase(Database bound) {
        database.set(Optional.of(bound));
    }

    void unbindDatabase(Database gone) {
        database.updateAndGet(now -> now.filter(bound -> bound != gone));
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindStatus(DatabaseStatus bound) {
        status.set(Optional.of(bound));
    }

    void unbindStatus(DatabaseStatus gone) {
        status.updateAndGet(now -> now.filter(bound -> bound != gone));
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindLoad(NodeLoad bound) {
        load.set(Optional.of(bound));
    }

    void unbindLoad(NodeLoad gone) {
        load.updateAndGet(now -> now.filter(bound -> bound != gone));
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindListener(HintListener listener) {
        post.add(listener);
    }

    void unbindListener(HintListener listener) {
        post.remove(listener);
    }
}
