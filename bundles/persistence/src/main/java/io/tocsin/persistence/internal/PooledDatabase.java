package io.tocsin.persistence.internal;

import com.zaxxer.hikari.HikariDataSource;
import io.tocsin.persistence.api.Database;
import io.tocsin.persistence.api.DatabaseException;
import io.tocsin.persistence.api.DatabaseStatus;
import io.tocsin.persistence.api.EngineSession;
import io.tocsin.persistence.api.SchemaState;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Transactions over two pools, one a role, behind a gate that lets an update of this bundle wait for them. */
public final class PooledDatabase implements Database, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PooledDatabase.class);

    /** How long closing waits for running transactions; measured: without it they die with NoClassDefFoundError. */
    private static final Duration DRAIN = Duration.ofSeconds(15);

    /** Longer than a busy server takes for a commit, shorter than whoever asks for health waits. */
    static final int PROBE_SECONDS = 4;

    /**
     * A commit that is not answered within this is over for the caller: it waits for a standby that is away, or for a server
     * out of reach. Whether it took place is unknown then, as with any connection lost in a commit.
     */
    static final Duration COMMIT_LIMIT = Duration.ofSeconds(20);

    private static final String READ_ONLY = "25006";
    private static final String BIND = "select set_config('tocsin.tenant', ?, true)";

    private final HikariDataSource app;
    private final HikariDataSource engine;
    private final FencedSource own;
    private final DataSource probe;
    private final WriteProbe writes;
    private final DatabaseWatch watch;
    private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock();
    private volatile boolean closed;

    /** @param node part of the application name the server shows */
    public PooledDatabase(DatabaseAddress address, PoolSizes sizes, String node) {
        this(address, sizes, node, Fence.none(), SchemaState.UNKNOWN);
    }

    /** @param fence which servers may be worked on */
    PooledDatabase(DatabaseAddress address, PoolSizes sizes, String node, Fence fence, SchemaState schema) {
        String appName = "tocsin-app-" + node;
        String engineName = "tocsin-engine-" + node;
        FencedSource appSource =
                new FencedSource(Pools.working(address, DatabaseAddress.APP, appName, sizes.statementLimit()), fence);
        FencedSource engineSource = new FencedSource(
                Pools.working(address, DatabaseAddress.ENGINE, engineName, sizes.statementLimit()), fence);
        this.app = Pools.pool(appSource, appName, sizes.app());
        this.engine = Pools.pool(engineSource, engineName, sizes.engine());
        this.own = new FencedSource(Pools.own(address, DatabaseAddress.ENGINE, "tocsin-life-" + node), fence);
        var plain = Pools.plain(address, DatabaseAddress.APP);
        Pools.limitConnecting(plain, address, 1);
        plain.setSocketTimeout(1);
        FencedSource probing = new FencedSource(plain, fence);
        this.probe = probing;
        FencedSource writing = new FencedSource(writing(address, node), fence);
        this.writes = new WriteProbe(writing, node, Clock.systemUTC());
        this.watch = new DatabaseWatch(
                address,
                fence,
                node,
                schema,
                Clock.systemUTC(),
                List.of(appSource, engineSource, own),
                List.of(probing, writing),
                writes);
    }

    DatabaseStatus status() {
        return watch;
    }

    /** Connections that give up by themselves, the server's statements a little before the socket. */
    static PGSimpleDataSource writing(DatabaseAddress address, String node) {
        var source = Pools.plain(address, DatabaseAddress.ENGINE);
        source.setApplicationName("tocsin-write-probe-" + node);
        source.setOptions(
                "-c statement_timeout=" + Duration.ofSeconds(PROBE_SECONDS).toMillis());
        Pools.limitConnecting(source, address, 1);
        source.setSocketTimeout(PROBE_SECONDS + 1);
        return source;
    }

    public record PoolSizes(int app, int engine, Duration statementLimit) {}

    @Override
    public <T> T inTenant(int tenantId, Work<T> work) {
        return transaction(app, connection -> {
            try (var bind = connection.prepareStatement(BIND)) {
                bind.setString(1, Integer.toString(tenantId));
                bind.execute();
            }
            return work.run(connection);
        });
    }

    @Override
    public <T> T asEngine(Work<T> work) {
        return transaction(engine, work);
    }

    @Override
    public EngineSession engineSession() {
        return inside(() -> new OwnSession(own.getConnection(), this::inside));
    }

    private <T> T transaction(HikariDataSource pool, Work<T> work) {
        return inside(() -> commit(pool, work));
    }

    /** What waits for the database, and what the closing of this service waits for. */
    private <T> T inside(Step<T> step) {
        gate.readLock().lock();
        try {
            if (closed) {
                throw new SQLException("the database service of this node has stopped", "57P01");
            }
            return step.run();
        } catch (SQLException e) {
            throw new DatabaseException(e);
        } finally {
            gate.readLock().unlock();
        }
    }

    /** Something done with the database. */
    @FunctionalInterface
    interface Step<T> {
        T run() throws SQLException;
    }

    private <T> T commit(HikariDataSource pool, Work<T> work) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            boolean done = false;
            try {
                T result = work.run(connection);
                commit(connection);
                done = true;
                return result;
            } catch (SQLException e) {
                if (READ_ONLY.equals(e.getSQLState())) {
                    // The server was a primary when it was asked: the next connection asks again.
                    pool.evictConnection(connection);
                }
                throw e;
            } finally {
                if (!done) {
                    rollBack(connection);
                }
            }
        }
    }

    private static void commit(Connection connection) throws SQLException {
        int before = connection.getNetworkTimeout();
        connection.setNetworkTimeout(Runnable::run, (int) COMMIT_LIMIT.toMillis());
        connection.commit();
        connection.setNetworkTimeout(Runnable::run, before);
    }

    /** Says nothing of its own: what made the work fail is on its way up already. */
    private static void rollBack(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            LOG.debug("database.rollback-failed", e);
        }
    }

    @Override
    public boolean available() {
        gate.readLock().lock();
        try {
            if (closed) {
                return false;
            }
            try (Connection connection = probe.getConnection()) {
                return connection.isValid(1);
            }
        } catch (SQLException e) {
            LOG.debug("database.unavailable", e);
            return false;
        } finally {
            gate.readLock().unlock();
        }
    }

    @Override
    public Optional<String> writeProblem() {
        gate.readLock().lock();
        try {
            return closed ? Optional.of("the database service of this node has stopped") : writes.problem();
        } finally {
            gate.readLock().unlock();
        }
    }

    /** Refuses new transactions, waits for the running ones, then closes the connections. */
    @Override
    public void close() {
        boolean drained = false;
        try {
            drained = gate.writeLock().tryLock(DRAIN.toSeconds(), TimeUnit.SECONDS);
            if (!drained) {
                LOG.warn("database.drain-timeout seconds={}", DRAIN.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closed = true;
            watch.close();
            app.close();
            engine.close();
            own.abort(server -> true);
            if (drained) {
                gate.writeLock().unlock();
            }
        }
    }
}
