package io.tocsin.persistence.internal;

import io.tocsin.persistence.api.Database;
import io.tocsin.persistence.api.DatabaseException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the database that this node works on its schema, and up to which step it knows it; so that nothing is taken away that a node which
 * lives may use, and no node works on a schema that lacks what it uses. By the server's clock alone.
 */
final class SchemaUse implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SchemaUse.class);
    private static final Duration EVERY = Duration.ofSeconds(5);

    /** After which a node that said nothing is not there: five of its turns and a bit. Should it be after all, it notices at its next. */
    static final Duration SILENCE = Duration.ofSeconds(30);

    /** Any number nobody else locks in this database: who comes and what is taken away are decided one after the other. */
    private static final long LOCK = 0x746f6373696fL;

    private static final String SAY =
            """
            insert into schema_use (node, knows, seen) values (?, ?, now())
            on conflict (node) do update set knows = excluded.knows, seen = excluded.seen
            """;

    private final Database database;
    private final String node;
    private final int knows;
    private final CompletableFuture<Void> outgrown = new CompletableFuture<>();
    private final ScheduledExecutorService turns;

    /** A node that {@link #enter}ed goes on saying that it is there, until it is closed. */
    SchemaUse(Database database, String node, int knows) {
        this.database = database;
        this.node = node;
        this.knows = knows;
        this.turns = Executors.newSingleThreadScheduledExecutor(run -> {
            Thread thread = new Thread(run, "tocsin-schema-use-" + node);
            thread.setDaemon(true);
            return thread;
        });
        turns.scheduleWithFixedDelay(this::turn, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Completed when the schema lost something that this node's release may use, which only happens to a node that stood still for long. */
    CompletableFuture<Void> outgrown() {
        return outgrown;
    }

    /**
     * Says that a node is about to work on the schema.
     *
     * @return whether it could: a schema of before does not keep that yet
     * @throws SchemaRefusedException when the schema lacks what the node's release may use
     */
    static boolean enter(DataSource asOwner, String node, int knows) throws SQLException {
        try (Connection connection = locked(asOwner)) {
            if (!kept(connection)) {
                return false;
            }
            int floor = floor(connection);
            if (floor > knows) {
                throw new SchemaRefusedException(
                        "a later release has taken away what this one uses: the schema is for nodes"
                                + " that know it up to step V" + floor + ", and this node knows it up to V" + knows
                                + "; start the later release (what was taken away does not come back)");
            }
            say(connection, node, knows);
            connection.commit();
            return true;
        }
    }

    /**
     * Asks whether what nothing uses since a step may be taken away now. When it may, no node that knows less enters from here on.
     *
     * @return the nodes because of which it may not, in words; empty: it may
     */
    static List<String> inTheWay(DataSource asOwner, String node, int since) throws SQLException {
        try (Connection connection = locked(asOwner)) {
            if (!kept(connection)) {
                return List.of();
            }
            List<String> older = older(connection, node, since);
            if (older.isEmpty()) {
                try (PreparedStatement raise = connection.prepareStatement(
                        """
                                insert into schema_floor (knows) values (?)
                                on conflict (one) do update set knows = greatest(schema_floor.knows, excluded.knows)
                                """)) {
                    raise.setInt(1, since);
                    raise.executeUpdate();
                }
            }
            connection.commit();
            return older;
        }
    }

    private static List<String> older(Connection connection, String node, int since) throws SQLException {
        String sql =
                """
                select node, knows from schema_use
                where node <> ? and knows < ? and seen > now() - make_interval(secs => ?) order by node
                """;
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setString(1, node);
            query.setInt(2, since);
            query.setDouble(3, SILENCE.toSeconds());
            List<String> older = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    older.add(row.getString(1) + " (knows V" + row.getInt(2) + ")");
                }
            }
            return older;
        }
    }

    private static Connection locked(DataSource asOwner) throws SQLException {
        Connection connection = asOwner.getConnection();
        try (Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("select pg_advisory_xact_lock(" + LOCK + ")");
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private static boolean kept(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select to_regclass('schema_floor') is not null")) {
            row.next();
            return row.getBoolean(1);
        }
    }

    private static int floor(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select coalesce(max(knows), 0) from schema_floor")) {
            row.next();
            return row.getInt(1);
        }
    }

    private static void say(Connection connection, String node, int knows) throws SQLException {
        try (PreparedStatement say = connection.prepareStatement(SAY)) {
            say.setString(1, node);
            say.setInt(2, knows);
            say.executeUpdate();
        }
    }

    private void turn() {
        try {
            int floor = database.asEngine(connection -> {
                say(connection, node, knows);
                return floor(connection);
            });
            if (floor > knows && !outgrown.isDone()) {
                LOG.error("database.schema-outgrown knows={} needed={}", knows, floor);
                outgrown.complete(null);
            }
        } catch (DatabaseException e) {
            // Said again at the next turn; a database that is away is said by whoever watches it.
            LOG.debug("database.use-unsaid", e);
        } catch (RuntimeException e) {
            LOG.warn("database.use-failed", e);
        }
    }

    /** A node that stops in order is in nobody's way from then on. */
    @Override
    public void close() {
        turns.shutdownNow();
        try {
            turns.awaitTermination(5, TimeUnit.SECONDS);
            database.asEngine(connection -> {
                try (PreparedStatement leave = connection.prepareStatement("delete from schema_use where node = ?")) {
                    leave.setString(1, node);
                    return leave.executeUpdate();
                }
            });
        } catch (DatabaseException e) {
            LOG.debug("database.use-unsaid", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
