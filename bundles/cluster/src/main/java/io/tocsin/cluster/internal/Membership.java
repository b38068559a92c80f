package io.tocsin.cluster.internal;

import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.config.Config;
import com.hazelcast.config.ListenerConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.replicatedmap.ReplicatedMap;
import com.hazelcast.topic.ITopic;
import io.tocsin.cluster.api.Hint;
import io.tocsin.cluster.internal.Wire.FactsRecord;
import io.tocsin.cluster.internal.Wire.HintRecord;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node in the cluster, from joining to leaving. Hints go out and come in, facts of members stand in a map that each of
 * them has whole. A member that speaks what this release does not understand is not listened to.
 *
 * <p>Whatever Hazelcast does, nothing of it is thrown at whoever gives a hint.
 */
final class Membership implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);

    /** What a member that is gone said of itself is forgotten by itself. */
    private static final Duration FACTS_LAST = Duration.ofSeconds(15);

    private final Place place;
    private final HazelcastLog log;
    private final HazelcastInstance hazelcast;
    private final ITopic<HintRecord> hints;
    private final ReplicatedMap<String, FactsRecord> facts;

    private Membership(Place place, HazelcastLog log, HazelcastInstance hazelcast, Consumer<Hint> heard) {
        this.place = place;
        this.log = log;
        this.hazelcast = hazelcast;
        this.hints = hazelcast.getTopic(HazelcastConfig.HINTS);
        this.facts = hazelcast.getReplicatedMap(HazelcastConfig.FACTS);
        hints.addMessageListener(message -> {
            Member from = message.getPublishingMember();
            // Its own it has heard already, at once.
            if (from != null && !from.localMember() && understood(from)) {
                message.getMessageObject().hint().ifPresent(heard);
            }
        });
    }

    /**
     * Joins the members there are, or begins alone. Blocks, for as long as {@link Place.Timing#join} at most.
     *
     * @param heard hints of others; called by Hazelcast's thread
     * @param changed somebody came or went
     * @throws ClusterRefusedException with the reason: another cluster's name, a release that is too far away, an address in use
     * @throws IllegalStateException with the reason, if trying again may be all that is needed: a link that is half open
     */
    static Membership join(Place place, Consumer<Hint> heard, Runnable changed) {
        HazelcastLog log = new HazelcastLog(place);
        try {
            HazelcastInstance hazelcast = start(place, changed);
            Membership membership = new Membership(place, log, hazelcast, heard);
            String strangers = membership.strangers();
            if (!strangers.isEmpty() && !membership.isFirst()) {
                hazelcast.getLifecycleService().terminate();
                throw new ClusterRefusedException("this node speaks protocol " + place.protocol() + " and " + strangers
                        + "; bring nodes to neighbouring releases one after the other");
            }
            return membership;
        } catch (ClusterRefusedException e) {
            log.close();
            throw e;
        } catch (HazelcastException | IllegalStateException e) {
            log.close();
            if (log.refusal().isEmpty() && e.getCause() == null) {
                throw new IllegalStateException(
                        "no member answered as it should within "
                                + place.timing().join().toSeconds() + " s",
                        e);
            }
            throw new ClusterRefusedException(
                    log.refusal().orElseGet(() -> "Hazelcast does not start at " + place.bind() + ": " + because(e)),
                    e);
        }
    }

    /** Hazelcast looks for its parts with the thread's class loader, too. */
    private static HazelcastInstance start(Place place, Runnable changed) {
        Config config = HazelcastConfig.of(place);
        config.addListenerConfig(new ListenerConfig(new Comings(place, changed)));
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(HazelcastInstance.class.getClassLoader());
        try {
            return Hazelcast.newHazelcastInstance(config);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static String because(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    }

    Place place() {
        return place;
    }

    /** Whether it runs: it ends by itself when the others say that it does not fit. */
    boolean running() {
        return hazelcast.getLifecycleService().isRunning();
    }

    /** Why it was last not let in; empty when nobody said so. */
    String refusal() {
        return log.refusal().orElse("");
    }

    /** The members there are and whom this one understands, itself left out, as they are found. */
    Set<Endpoint> present() {
        if (!running()) {
            return Set.of();
        }
        return hazelcast.getCluster().getMembers().stream()
                .filter(member -> !member.localMember())
                .filter(this::understood)
                .map(Membership::endpoint)
                .collect(Collectors.toSet());
    }

    /** Who joined first and still is there: whom to ask, no more. */
    Endpoint leader() {
        return running()
                ? endpoint(hazelcast.getCluster().getMembers().iterator().next())
                : place.own();
    }

    /** Gives a hint to the others. Blocks for no longer than it takes to put it on the wire. */
    void give(Hint hint) {
        try {
            if (running() && hazelcast.getCluster().getMembers().size() > 1) {
                hints.publish(HintRecord.of(hint, place.own().toString()));
            }
        } catch (HazelcastInstanceNotActiveException e) {
            LOG.debug("cluster.hint-lost kind={}", hint.kind(), e);
        } catch (HazelcastException | IllegalStateException e) {
            LOG.warn("cluster.hint-lost kind={} failure={}", hint.kind(), because(e));
        }
    }

    /** Says what this node is and does. */
    void say(FactsRecord said) {
        try {
            facts.put(place.own().toString(), said, FACTS_LAST.toSeconds(), TimeUnit.SECONDS);
        } catch (HazelcastException | IllegalStateException e) {
            LOG.debug("cluster.facts-lost", e);
        }
    }

    /** What the members that are there last said of themselves, this one among them, by where they are found. */
    Map<Endpoint, FactsRecord> facts() {
        Map<Endpoint, FactsRecord> said = new LinkedHashMap<>();
        try {
            Set<Endpoint> there = present();
            facts.entrySet().forEach(entry -> {
                Endpoint member = Endpoint.parse("member", entry.getKey());
                if (there.contains(member) || member.equals(place.own())) {
                    said.put(member, entry.getValue());
                }
            });
        } catch (HazelcastException | IllegalStateException e) {
            LOG.debug("cluster.facts-unread", e);
        }
        return said;
    }

    private boolean isFirst() {
        return hazelcast.getCluster().getMembers().iterator().next().localMember();
    }

    /** Members this release does not understand, in words; empty when there are none. */
    String strangers() {
        Set<String> strangers = new TreeSet<>();
        if (running()) {
            hazelcast.getCluster().getMembers().stream()
                    .filter(member -> !understood(member))
                    .forEach(member -> strangers.add(endpoint(member) + " speaks protocol " + spoken(member)));
        }
        return String.join(", ", strangers);
    }

    private boolean understood(Member member) {
        return understood(place, member);
    }

    private static boolean understood(Place place, Member member) {
        try {
            return Protocol.understands(place.protocol(), Integer.parseInt(spoken(member)));
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static String spoken(Member member) {
        return Objects.requireNonNullElse(member.getAttribute(HazelcastConfig.PROTOCOL), "none of ours");
    }

    private static Endpoint endpoint(Member member) {
        String own = member.getAttribute(HazelcastConfig.OWN);
        return own == null
                ? new Endpoint(
                        member.getAddress().getHost(), member.getAddress().getPort())
                : Endpoint.parse("member", own);
    }

    @Override
    public void close() {
        if (running()) {
            hazelcast.shutdown();
        }
        log.close();
    }

    /** As a crash would; for tests. */
    void abandon() {
        hazelcast.getLifecycleService().terminate();
        log.close();
    }

    /** Says who came and went. */
    private record Comings(Place place, Runnable changed) implements MembershipListener {
        @Override
        public void memberAdded(MembershipEvent event) {
            Member member = event.getMember();
            if (member.localMember()) {
                return;
            }
            if (understood(place, member)) {
                LOG.info("cluster.member-came member={}", endpoint(member));
            } else {
                LOG.warn(
                        "cluster.member-refused member={} protocol={} ours={}: it is not listened to",
                        endpoint(member),
                        spoken(member),
                        place.protocol());
            }
            changed.run();
        }

        @Override
        public void memberRemoved(MembershipEvent event) {
            LOG.warn("cluster.member-gone member={}", endpoint(event.getMember()));
            changed.run();
        }
    }
}
