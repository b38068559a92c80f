package io.tocsin.cluster.internal;

import io.tocsin.cluster.api.ClusterStatus.Facts;
import io.tocsin.cluster.api.ClusterStatus.Node;
import io.tocsin.cluster.api.Condition;
import io.tocsin.cluster.api.Condition.Code;
import io.tocsin.cluster.api.NodeLoad;
import io.tocsin.cluster.api.NodeLoad.Load;
import io.tocsin.cluster.internal.Wire.FactsRecord;
import io.tocsin.persistence.api.DatabaseState;
import io.tocsin.persistence.api.DatabaseState.Standby;
import io.tocsin.persistence.api.DatabaseStatus;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every few seconds at the other members and at how persistence says the database stands, tells the others what it saw,
 * and keeps what is to be known of it: whoever asks for the state waits for nothing.
 */
final class Lookout implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Lookout.class);
    private static final Duration EVERY = Duration.ofSeconds(3);

    private final Joining joining;
    private final NodeTable table;
    private final Roll roll;
    private final AtomicReference<Optional<DatabaseStatus>> status;
    private final AtomicReference<Optional<NodeLoad>> load;
    private final String name;
    private final String version;
    private final Clock clock;
    private final Conditions conditions;
    private final Semaphore due = new Semaphore(0);
    private final Thread thread = new Thread(this::run, "tocsin-cluster-look");
    private volatile Duration clockSkew = Duration.ofSeconds(5);
    /** Empty: none was found since this node started. */
    private volatile Optional<DatabaseState> seen = Optional.empty();

    private volatile Standing standing = Standing.ALONE;
    private String described = "";
    /** As of the last look that the database answered. */
    private List<String> carriers = List.of();

    private volatile boolean closed;

    /** @param name this node's until what dispatches says another */
    Lookout(
            Joining joining,
            NodeTable table,
            AtomicReference<Optional<DatabaseStatus>> status,
            AtomicReference<Optional<NodeLoad>> load,
            String name,
            String version,
            Clock clock) {
        this.joining = joining;
        this.table = table;
        this.roll = new Roll(joining, table);
        this.status = status;
        this.load = load;
        this.name = name;
        this.version = version;
        this.clock = clock;
        this.conditions = new Conditions(clock);
    }

    void start() {
        thread.start();
    }

    /** @param seconds less than one counts as one */
    void clockSkew(int seconds) {
        clockSkew = Duration.ofSeconds(Math.max(1, seconds));
    }

    /** Something changed: looks at once. */
    void look() {
        due.release();
    }

    Standing standing() {
        return standing;
    }

    List<Condition> conditions() {
        return conditions.present();
    }

    private void run() {
        while (!closed) {
            try {
                round();
            } catch (RuntimeException e) {
                LOG.error("cluster.look-failed", e);
            }
            try {
                due.tryAcquire(EVERY.toMillis(), TimeUnit.MILLISECONDS);
                due.drainPermits();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** One look; blocks for the database. */
    void round() {
        seen = status.get().map(DatabaseStatus::state).or(() -> seen.map(Lookout::gone));
        Load own = load();
        FactsRecord facts = facts(own);
        joining.membership().ifPresent(membership -> membership.say(facts));
        describe(own);
        standing = joining.standing(alive());
        conditions.found(found());
    }

    /** Persistence itself went, with what it knew. */
    private static DatabaseState gone(DatabaseState last) {
        return new DatabaseState(
                DatabaseState.Condition.UNREACHABLE,
                "this node has no database just now",
                last.server(),
                last.systemIdentifier(),
                last.timeline(),
                last.since(),
                List.of(),
                Optional.empty(),
                Duration.ZERO);
    }

    private Load load() {
        return load.get().map(NodeLoad::load).orElseGet(() -> new Load(name, 0, List.of()));
    }

    private FactsRecord facts(Load own) {
        return new FactsRecord(
                own.node(),
                site(),
                version,
                own.incarnation(),
                new Facts(
                        seen.map(state -> state.condition().word()).orElse(""),
                        seen.flatMap(Lookout::lag),
                        seen.flatMap(DatabaseState::clockOffset),
                        own.accounts()));
    }

    private static Optional<Duration> lag(DatabaseState state) {
        return state.standbys().stream()
                .filter(Standby::synchronous)
                .map(Standby::lag)
                .max(Comparator.naturalOrder());
    }

    private String site() {
        return joining.wanted().map(Place::site).orElse("");
    }

    private String address() {
        return joining.wanted().map(place -> place.own().toString()).orElse("");
    }

    /** Written once for each start and change. */
    private void describe(Load own) {
        String now = String.join("|", own.node(), Long.toString(own.incarnation()), site(), address());
        if (own.incarnation() == 0 || !usable() || now.equals(described)) {
            return;
        }
        table.describe(own.node(), site(), address(), version)
                .filter(written -> written)
                .ifPresent(written -> described = now);
    }

    private boolean usable() {
        return seen.filter(state -> state.condition().usable()).isPresent();
    }

    /** Asked only while somebody is missing. */
    private Optional<Set<String>> alive() {
        boolean missing = joining.membership()
                .filter(in -> !in.present().containsAll(in.place().others()))
                .isPresent();
        return missing && usable()
                ? table.all().map(rows -> rows.stream()
                        .filter(NodeTable.Row::alive)
                        .map(NodeTable.Row::address)
                        .collect(Collectors.toSet()))
                : Optional.empty();
    }

    private Map<Code, String> found() {
        Map<Code, String> found = new EnumMap<>(Code.class);
        seen.ifPresent(state -> code(state.condition())
                .ifPresent(code -> found.put(
                        code,
                        Stream.of(state.server(), state.condition().word(), state.detail())
                                .filter(part -> !part.isBlank())
                                .collect(Collectors.joining(", ")))));
        skew().ifPresent(detail -> found.put(Code.CLOCK_SKEW, detail));
        carriers = usable() ? table.unevenCarriers().orElse(carriers) : carriers;
        if (!carriers.isEmpty()) {
            found.put(Code.CARRIER_AT_ONE_SITE, String.join("; ", carriers));
        }
        standing.code().ifPresent(code -> found.put(code, standing.detail()));
        return found;
    }

    private static Optional<Code> code(DatabaseState.Condition condition) {
        return switch (condition) {
            case PRIMARY, CLOCK_APART -> Optional.empty();
            case UNPROTECTED -> Optional.of(Code.UNPROTECTED);
            case SLOW -> Optional.of(Code.DATABASE_SLOW);
            case DISK_FULL -> Optional.of(Code.DISK_FULL);
            case NAMES_GONE -> Optional.of(Code.NAMES_GONE);
            case WAITING_FOR_STANDBY, READ_ONLY -> Optional.of(Code.NO_WRITES);
            case NO_PRIMARY, UNREACHABLE, REFUSED_TIMELINE, REFUSED_SYSTEM -> Optional.of(Code.NO_PRIMARY);
        };
    }

    /** Against the database; of two nodes that differ, the one that is off says so. */
    private Optional<String> skew() {
        return seen.flatMap(DatabaseState::clockOffset)
                .filter(offset -> offset.abs().compareTo(clockSkew) > 0)
                .map(offset -> "it is " + offset.abs().toSeconds() + " s "
                        + (offset.isNegative() ? "behind" : "ahead of") + " the database's: look at NTP on both");
    }

    /** See {@link io.tocsin.cluster.api.ClusterStatus#nodes}. */
    List<Node> nodes() {
        return roll.nodes(facts(load()), address());
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
