package io.tocsin.cluster.internal;

import io.tocsin.cluster.api.ClusterStatus.State;
import io.tocsin.cluster.api.Hint;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this node in the cluster it is configured for: joins, joins again when Hazelcast ends, and knows why it is not in it.
 * Works on a thread of its own: starting blocks for seconds, and nobody waits for it.
 */
final class Joining implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Joining.class);
    private static final Duration LOOK = Duration.ofSeconds(2);

    /** Between two tries to be let in: somebody has to mend something first. */
    private static final Duration AGAIN = Duration.ofSeconds(20);

    private final Consumer<Hint> heard;
    private final Runnable changed;
    private final Thread thread = new Thread(this::run, "tocsin-cluster-join");
    private final Object wake = new Object();
    private volatile Optional<Place> wanted = Optional.empty();
    private volatile String refused = "";
    private volatile String ended = "";
    private volatile Optional<Membership> membership = Optional.empty();
    private volatile long joinedAt;
    private volatile boolean whole;
    private volatile boolean closed;

    Joining(Consumer<Hint> heard, Runnable changed) {
        this.heard = heard;
        this.changed = changed;
    }

    void start() {
        thread.start();
    }

    /** These settings count from now on. @throws nothing: what is wrong with them is the standing */
    void settings(ClusterSettings settings) {
        Optional<Place> place = Optional.empty();
        String reason = "";
        try {
            place = Place.of(settings);
        } catch (ClusterRefusedException e) {
            reason = e.getMessage();
            LOG.error("cluster.refused reason=\"{}\"", reason);
        }
        synchronized (wake) {
            wanted = place;
            refused = reason;
            ended = "";
            wake.notifyAll();
        }
    }

    Optional<Place> wanted() {
        return wanted;
    }

    Optional<Membership> membership() {
        return membership.filter(Membership::running);
    }

    /** @param alive see {@link Standing#among} */
    Standing standing(Optional<Set<String>> alive) {
        Optional<Membership> in = membership();
        if (in.isPresent()) {
            return inPatience(
                    in.get().place(),
                    Standing.among(
                            in.get().place(),
                            in.get().present(),
                            alive,
                            in.get().strangers(),
                            in.get().refusal()));
        }
        if (!refused.isEmpty()) {
            return Standing.refused(refused);
        }
        if (wanted.isEmpty()) {
            return Standing.ALONE;
        }
        return ended.isEmpty() ? Standing.JOINING : Standing.stopped(ended);
    }

    /** Nodes that start together do not find each other at once: nobody is missing who was not there before, and not for a while. */
    private Standing inPatience(Place place, Standing seen) {
        whole |= seen.state() == State.WHOLE;
        boolean missing = seen.state() == State.SPLIT || seen.state() == State.INCOMPLETE;
        return missing
                        && !whole
                        && System.nanoTime() - joinedAt
                                < place.timing().silence().toNanos()
                ? Standing.JOINING
                : seen;
    }

    private void run() {
        while (!closed) {
            Duration pause = LOOK;
            try {
                pause = round();
            } catch (RuntimeException | LinkageError e) {
                // Whatever Hazelcast is up to: this node goes on without it.
                LOG.error("cluster.failed", e);
                ended = String.valueOf(e.getMessage());
                pause = AGAIN;
            }
            try {
                synchronized (wake) {
                    if (!closed && isSettled()) {
                        wake.wait(pause.toMillis());
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private boolean isSettled() {
        return membership
                .map(in -> wanted.filter(in.place()::equals).isPresent())
                .orElse(true);
    }

    private Duration round() {
        Optional<Place> place = wanted;
        if (membership.isPresent()) {
            Membership in = membership.get();
            boolean moved = place.filter(in.place()::equals).isEmpty();
            if (in.running() && !moved) {
                return LOOK;
            }
            membership = Optional.empty();
            in.close();
            changed.run();
            if (moved) {
                LOG.info("cluster.left address={}", in.place().own());
            } else {
                ended = in.refusal().isEmpty() ? "it ended by itself" : in.refusal();
                LOG.error("cluster.stopped reason=\"{}\"", ended);
            }
        }
        return place.isEmpty() || closed ? AGAIN : join(place.get());
    }

    private Duration join(Place place) {
        try {
            Membership in = Membership.join(place, heard, changed);
            joinedAt = System.nanoTime();
            whole = false;
            membership = Optional.of(in);
            if (closed) {
                in.close();
            }
            refused = "";
            ended = "";
            LOG.info(
                    "cluster.joined cluster={} site={} address={} members={}",
                    place.cluster(),
                    place.site(),
                    place.own(),
                    in.present().size() + 1);
            changed.run();
            return LOOK;
        } catch (IllegalStateException e) {
            ended = e.getMessage();
            LOG.warn("cluster.not-joined reason=\"{}\"", e.getMessage());
            changed.run();
            return AGAIN;
        } catch (ClusterRefusedException e) {
            boolean said = refused.equals(e.getMessage());
            synchronized (wake) {
                // unless it is about settings that count no more
                if (wanted.filter(place::equals).isPresent()) {
                    refused = e.getMessage();
                }
            }
            if (!said) {
                LOG.error("cluster.refused reason=\"{}\"", e.getMessage());
                LOG.debug("cluster.refused-because", e);
            }
            changed.run();
            return AGAIN;
        }
    }

    /** Leaves in order; blocks for a few seconds. */
    @Override
    public void close() {
        synchronized (wake) {
            closed = true;
            wake.notifyAll();
        }
        try {
            thread.join(Duration.ofSeconds(20).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        membership.ifPresent(Membership::close);
    }
}
