package io.tocsin.persistence.internal;

import io.tocsin.persistence.api.DatabaseState;
import io.tocsin.persistence.api.DatabaseState.Condition;
import io.tocsin.persistence.api.DatabaseStatus;
import io.tocsin.persistence.api.SchemaState;
import java.net.InetAddress;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the database once a second on a connection of its own, names how it stands, and ends what others wait for in vain:
 * connections to a server that is no longer the primary, or that nobody can reach.
 */
final class DatabaseWatch implements DatabaseStatus, AutoCloseable {
    static final Duration EVERY = Duration.ofSeconds(1);

    /** A half-open link is one after this: longer than a busy server keeps a connection waiting, shorter than people wait. */
    static final Duration GIVE_UP = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseWatch.class);
    private static final Duration SLOW = Duration.ofSeconds(2);

    /** Between sites: what every look of the latest ones, and a commit, took longer than. */
    private static final Duration FAR = Duration.ofMillis(400);

    private static final int LATEST = 3;

    private final DatabaseAddress address;
    private final Fence fence;
    private final SchemaState schema;
    private final PGSimpleDataSource primary;
    private final PGSimpleDataSource anybody;
    private final Clock clock;
    private final List<FencedSource> pools;
    private final WriteProbe writes;
    private final ServerNames names;
    private final ScheduledExecutorService looks;
    private final ScheduledExecutorService writing;
    private final Deque<Duration> latest = new ArrayDeque<>();
    private Connection connection;
    private Instant answered;
    private volatile DatabaseState state;

    /**
     * @param pools whose connections are ended when their server is no longer the one to work on
     * @param others that connect by the same URL, each with limits of its own
     * @param writes tried every few seconds, beside the looks
     */
    DatabaseWatch(
            DatabaseAddress address,
            Fence fence,
            String node,
            SchemaState schema,
            Clock clock,
            List<FencedSource> pools,
            List<FencedSource> others,
            WriteProbe writes) {
        this.address = address;
        this.fence = fence;
        this.schema = schema;
        this.clock = clock;
        this.pools = pools;
        this.writes = writes;
        this.primary = looking(address, node);
        this.anybody = looking(address, node);
        anybody.setTargetServerType("any");
        List<PGSimpleDataSource> all = new ArrayList<>(List.of(primary, anybody));
        pools.forEach(pool -> all.add(pool.source()));
        others.forEach(other -> all.add(other.source()));
        this.names = new ServerNames(all, InetAddress::getByName, node);
        this.answered = clock.instant();
        this.state = new DatabaseState(
                Condition.UNREACHABLE,
                "not looked at yet",
                "",
                0,
                0,
                answered,
                List.of(),
                Optional.empty(),
                Duration.ZERO);
        this.looks = Executors.newSingleThreadScheduledExecutor(run -> {
            Thread thread = new Thread(run, "tocsin-database-watch-" + node);
            thread.setDaemon(true);
            return thread;
        });
        this.writing = Executors.newSingleThreadScheduledExecutor(run -> {
            Thread thread = new Thread(run, "tocsin-database-writing-" + node);
            thread.setDaemon(true);
            return thread;
        });
        // nobody is to take what was not looked at yet for a database that is away
        look();
        looks.scheduleWithFixedDelay(this::look, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
        if (address.servers() > 1) {
            // One server on the node's own machine is asked when somebody asks for health.
            writing.scheduleWithFixedDelay(
                    writes::problem, WriteProbe.EVERY.toMillis(), WriteProbe.EVERY.toMillis(), TimeUnit.MILLISECONDS);
            names.start();
        }
    }

    private static PGSimpleDataSource looking(DatabaseAddress address, String node) {
        PGSimpleDataSource source = Pools.plain(address, DatabaseAddress.ENGINE);
        source.setApplicationName("tocsin-watch-" + node);
        Pools.limitConnecting(source, address, 1);
        source.setSocketTimeout(3);
        return source;
    }

    @Override
    public DatabaseState state() {
        return state;
    }

    @Override
    public SchemaState schema() {
        return schema;
    }

    private void look() {
        try {
            DatabaseState now = seen();
            DatabaseState before = state;
            boolean changed = now.condition() != before.condition()
                    || !now.server().equals(before.server())
                    || now.timeline() != before.timeline();
            state = changed ? now : since(now, before.since());
            if (changed) {
                tell(now);
            }
        } catch (RuntimeException e) {
            // The next look comes all the same.
            LOG.warn("database.watch-failed", e);
        }
    }

    private DatabaseState seen() {
        Instant asked = clock.instant();
        long from = System.nanoTime();
        try {
            if (connection == null || connection.isClosed()) {
                connection = primary.getConnection();
            }
            DatabaseLook look = DatabaseLook.at(connection, address.servers() > 1);
            Duration took = Duration.ofNanos(System.nanoTime() - from);
            fence.pass(look.server());
            answered = clock.instant();
            abort("another server is the primary", look.server()::differs);
            return beside(look.state(asked, took, late(took)));
        } catch (SQLException e) {
            drop();
            return away(asked, e);
        }
    }

    /** Once by much, or again and again by more than a link that is well takes. */
    private boolean late(Duration took) {
        latest.addLast(took);
        if (latest.size() > LATEST) {
            latest.removeFirst();
        }
        boolean far = latest.size() == LATEST && latest.stream().allMatch(each -> each.compareTo(FAR) > 0);
        return took.compareTo(SLOW) > 0
                || address.servers() > 1 && (far || writes.committedIn().compareTo(FAR) > 0);
    }

    /** What the server itself cannot tell, if that is graver than what it does. */
    private DatabaseState beside(DatabaseState seen) {
        if (writes.diskFull() && seen.condition().usable()) {
            return as(
                    seen,
                    Condition.DISK_FULL,
                    "the disk of PostgreSQL is full: free space where its data directory is, or switch over to the"
                            + " other site (patronictl switchover)");
        }
        boolean minor = seen.condition() == Condition.PRIMARY
                || seen.condition() == Condition.UNPROTECTED
                || seen.condition() == Condition.CLOCK_APART;
        return minor && !names.missing().isEmpty() ? as(seen, Condition.NAMES_GONE, lostNames()) : seen;
    }

    private String lostNames() {
        return "no address is found for " + names.missing()
                + ": look at the DNS this machine asks, or name the servers in"
                + " /etc/hosts. "
                + (names.remembered()
                        ? "Connections go to where they were last found"
                        : "What is connected stays so, and nothing connects anew");
    }

    private static DatabaseState as(DatabaseState seen, Condition condition, String detail) {
        return new DatabaseState(
                condition,
                detail,
                seen.server(),
                seen.systemIdentifier(),
                seen.timeline(),
                seen.since(),
                seen.standbys(),
                seen.clockOffset(),
                seen.answeredIn());
    }

    private DatabaseState away(Instant now, SQLException e) {
        if (e instanceof Fence.Refused refused) {
            abort("refused", server -> true);
            return without(refused.past() ? Condition.REFUSED_TIMELINE : Condition.REFUSED_SYSTEM, e.getMessage(), now);
        }
        String problem = Objects.requireNonNullElse(e.getMessage(), e.toString());
        if (address.servers() > 1) {
            // A busy server on its own machine is waited for as ever: there is no other to go to.
            if (Duration.between(answered, now).compareTo(GIVE_UP) > 0) {
                abort("out of reach", server -> true);
            }
            if (standbyAnswers()) {
                return without(
                        Condition.NO_PRIMARY,
                        "the servers that answer are standbys: a promotion is under way, or the primary and most of"
                                + " etcd are out of their reach. patronictl list says which",
                        now);
            }
        }
        return without(
                Condition.UNREACHABLE, names.missing().isEmpty() ? problem : problem + ". Also, " + lostNames(), now);
    }

    private boolean standbyAnswers() {
        try (Connection any = anybody.getConnection()) {
            return any.isValid(1);
        } catch (SQLException e) {
            return false;
        }
    }

    private DatabaseState without(Condition condition, String detail, Instant now) {
        DatabaseState last = state;
        return new DatabaseState(
                condition,
                detail,
                last.server(),
                last.systemIdentifier(),
                last.timeline(),
                now,
                List.of(),
                Optional.empty(),
                Duration.ZERO);
    }

    private static DatabaseState since(DatabaseState now, Instant since) {
        return new DatabaseState(
                now.condition(),
                now.detail(),
                now.server(),
                now.systemIdentifier(),
                now.timeline(),
                since,
                now.standbys(),
                now.clockOffset(),
                now.answeredIn());
    }

    private void abort(String why, Predicate<ServerIdentity> whose) {
        int ended = pools.stream().mapToInt(pool -> pool.abort(whose)).sum();
        if (ended > 0) {
            LOG.warn("database.connections-ended connections={} why=\"{}\"", ended, why);
        }
    }

    private static void tell(DatabaseState now) {
        if (now.condition() == Condition.PRIMARY) {
            LOG.info("database.primary server={} timeline={}", now.server(), now.timeline());
        } else {
            LOG.warn(
                    "database.state condition={} server={} timeline={} detail=\"{}\"",
                    now.condition(),
                    now.server(),
                    now.timeline(),
                    now.detail());
        }
    }

    private void drop() {
        if (connection != null) {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException e) {
                // Gone by itself.
            }
            connection = null;
        }
    }

    /** Ends the looking; the look of the moment is over within its own limits. */
    @Override
    public void close() {
        looks.shutdownNow();
        writing.shutdownNow();
        names.close();
        try {
            if (!looks.awaitTermination(10, TimeUnit.SECONDS)) {
                LOG.warn("database.watch-still-looking");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        drop();
    }
}
