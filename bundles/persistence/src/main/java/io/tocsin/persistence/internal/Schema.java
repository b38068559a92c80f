package io.tocsin.persistence.internal;

import io.tocsin.persistence.api.DatabaseException;
import io.tocsin.persistence.api.SchemaState;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a database up to this version of the platform: its two login roles, then its migrations. Any number of nodes
 * may do so at once; each step is applied once. Steps of a later release are left as they are: nodes of two releases work side by side while
 * one after the other is upgraded. So a step only adds ({@code MigrationRulesTest}), and one that takes something away is held back while a node
 * lives that may use it ({@link SchemaUse}).
 */
public final class Schema {
    private static final Logger LOG = LoggerFactory.getLogger(Schema.class);
    private static final int OLDEST = 150000;

    /** Any number nobody else locks in this database. */
    private static final long ROLES_LOCK = 0x746f6373696eL;

    private static final String DENIED = "42501";

    private final DatabaseAddress address;
    private final DataSource asOwner;
    private final Fence fence;
    private final Migrations migrations;

    public Schema(DatabaseAddress address) {
        this(address, Fence.none());
    }

    /** @param fence which servers may be migrated: not one that came back with an old past */
    Schema(DatabaseAddress address, Fence fence) {
        this(address, fence, Migrations.Places.OURS);
    }

    /** @param places of the steps, as Flyway writes them */
    Schema(DatabaseAddress address, Fence fence, Migrations.Places places) {
        this.address = address;
        this.fence = fence;
        this.asOwner = Pools.plain(address, address.owner());
        this.migrations = new Migrations(asOwner, places);
    }

    /**
     * @param node that is about to work on it: counts as being there from now on
     * @throws SchemaRefusedException when an operator must act first: says what
     * @throws DatabaseException when the database fails, perhaps for a moment only
     */
    public SchemaState bringUpToDate(String node) {
        try {
            passFence();
            checkVersion();
            for (String role : List.of(DatabaseAddress.APP, DatabaseAddress.ENGINE)) {
                ensureRole(role);
            }
            checkRoles();
            return migrate(node);
        } catch (SQLException e) {
            throw new DatabaseException(e);
        }
    }

    private void passFence() throws SQLException {
        try (Connection connection = asOwner.getConnection()) {
            fence.pass(ServerIdentity.of(connection));
        }
    }

    private void checkVersion() throws SQLException {
        try (Connection connection = asOwner.getConnection();
                Statement statement = connection.createStatement()) {
            var version = statement.executeQuery("select current_setting('server_version_num')::integer");
            version.next();
            if (version.getInt(1) < OLDEST) {
                throw new SchemaRefusedException("the server at " + address.url() + " is PostgreSQL "
                        + version.getInt(1) / 10000 + "; Tocsin needs 15 or later");
            }
        }
    }

    private void ensureRole(String role) throws SQLException {
        try (Connection connection = asOwner.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            // Nodes that start together: the second finds what the first made.
            statement.execute("select pg_advisory_xact_lock(" + ROLES_LOCK + ")");
            boolean exists = statement
                    .executeQuery("select from pg_roles where rolname = '" + role + "'")
                    .next();
            if (exists && canSignIn(role)) {
                return;
            }
            String verb = exists ? "alter" : "create";
            statement.execute(verb + " role " + role + " login password " + quoted(connection, address.password(role)));
            connection.commit();
            LOG.info("database.role role={} done={}", role, verb);
        } catch (SQLException e) {
            if (!DENIED.equals(e.getSQLState())) {
                throw e;
            }
            throw new SchemaRefusedException(roleCure(role));
        }
        if (!canSignIn(role)) {
            throw new SchemaRefusedException(roleCure(role));
        }
    }

    private static String quoted(Connection connection, String text) throws SQLException {
        try (var quote = connection.prepareStatement("select quote_literal(?)")) {
            quote.setString(1, text);
            var quoted = quote.executeQuery();
            quoted.next();
            return quoted.getString(1);
        }
    }

    /** What the administrator of the database must run: never holds a password. */
    private String roleCure(String role) {
        String setting = role.equals(DatabaseAddress.APP) ? "appPassword" : "enginePassword";
        return "the role " + role + " cannot sign in to " + address.url() + " and " + address.owner()
                + " may not make or change it: ask the database's administrator to run"
                + " create role " + role + " login nosuperuser nobypassrls password '…';"
                + " (alter role, when it exists) and put a reference to that password in '" + setting
                + "' of io.tocsin.persistence.cfg; or let " + address.owner() + " do it: alter role "
                + address.owner() + " createrole;";
    }

    private boolean canSignIn(String role) throws SQLException {
        try (Connection connection = Pools.plain(address, role).getConnection()) {
            return connection.isValid(1);
        } catch (SQLException e) {
            // 28P01 wrong password, 28000 no such role or not let in by pg_hba.conf
            if (e.getSQLState() != null && e.getSQLState().startsWith("28")) {
                return false;
            }
            throw e;
        }
    }

    /** A role that skips row-level security would show every tenant to each. */
    private void checkRoles() throws SQLException {
        try (Connection connection = asOwner.getConnection();
                Statement statement = connection.createStatement()) {
            var unbound = statement.executeQuery(
                    """
                    select r.rolname from pg_roles r
                    where r.rolname in ('tocsin_app', 'tocsin_engine') and (r.rolsuper or r.rolbypassrls)
                    """);
            if (unbound.next()) {
                throw new SchemaRefusedException("the role " + unbound.getString(1)
                        + " skips row-level security, so tenants would see each other: alter role "
                        + unbound.getString(1) + " nosuperuser nobypassrls;");
            }
        }
    }

    private SchemaState migrate(String node) throws SQLException {
        try {
            Migrations.Known known = migrations.known();
            boolean entered = SchemaUse.enter(asOwner, node, known.upTo());
            Optional<String> held = held(node, known.contracts());
            var done = migrations.run(held.isEmpty());
            if (done.migrationsExecuted > 0) {
                LOG.info("database.migrated version={} steps={}", done.targetSchemaVersion, done.migrationsExecuted);
            }
            if (!entered) {
                SchemaUse.enter(asOwner, node, known.upTo());
            }
            return new SchemaState(known.upTo(), held);
        } catch (FlywayException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof SQLException sql && new DatabaseException(sql).transientFailure()) {
                    throw new DatabaseException(sql);
                }
            }
            throw new SchemaRefusedException(
                    "the schema at " + address.url() + " cannot be brought to this version: " + e.getMessage());
        }
    }

    /** Which steps must wait, and for whom, in words. All of them wait for the last: what is taken away is taken away together. */
    private Optional<String> held(String node, List<MigrationInfo> contracts) throws SQLException {
        if (contracts.isEmpty()) {
            return Optional.empty();
        }
        int since = contracts.stream().mapToInt(Migrations::since).max().orElseThrow();
        List<String> older = SchemaUse.inTheWay(asOwner, node, since);
        if (older.isEmpty()) {
            return Optional.empty();
        }
        String steps = contracts.stream().map(step -> "V" + step.getVersion()).collect(Collectors.joining(", "));
        LOG.warn("database.contract-held steps={} unusedSince=V{} nodes={}", steps, since, older);
        return Optional.of(
                steps + " held back: " + String.join(", ", older) + " may use what it takes away, unused since V"
                        + since + "; upgrade that node, the next one to start runs it");
    }
}
