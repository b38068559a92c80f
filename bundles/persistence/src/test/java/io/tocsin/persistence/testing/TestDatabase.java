package io.tocsin.persistence.testing;

import io.tocsin.persistence.api.AdministrativeModel;
import io.tocsin.persistence.api.Database;
import io.tocsin.persistence.internal.DatabaseAddress;
import io.tocsin.persistence.internal.PooledDatabase;
import io.tocsin.persistence.internal.Pools;
import io.tocsin.persistence.internal.admin.HibernateModel;
import io.tocsin.persistence.internal.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import javax.sql.DataSource;

/**
 * A real PostgreSQL for a test, with every migration, both roles and the platform's own {@link Database}. Starts in
 * well under a second once the machine has prepared the template (a few seconds, once per version of the migrations).
 *
 * <pre>{@code
 * try (TestDatabase db = TestDatabase.start()) {
 *     int tenant = db.tenant("commune");
 *     db.database().inTenant(tenant, connection -> …);
 * }
 * }</pre>
 *
 * <p>Start one per test class and close it in {@code @AfterAll}; closing leaves neither process nor file. It is durable
 * against the death of processes, not of the machine (fsync is off).
 */
public final class TestDatabase implements AutoCloseable {
    private final TestFolders folders;
    private final TestFolders.Run run;
    private EmbeddedPostgres server;
    private final DatabaseAddress address;
    private final PooledDatabase database;
    private HibernateModel model;

    private TestDatabase(TestFolders folders, TestFolders.Run run) {
        this.folders = folders;
        this.run = run;
        this.server = EmbeddedPostgres.start(folders.place(run.folder()));
        this.address = new DatabaseAddress(server.url(), EmbeddedPostgres.OWNER, server.ownerPassword());
        this.database = new PooledDatabase(address, new PooledDatabase.PoolSizes(8, 8, Duration.ofMinutes(2)), "test");
    }

    public static TestDatabase start() {
        try {
            TestFolders folders = TestFolders.ofThisMachine();
            TestFolders.Run run = folders.run();
            try {
                return new TestDatabase(folders, run);
            } catch (RuntimeException e) {
                run.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Database database() {
        return database;
    }

    /** Made on the first call: Hibernate takes a second to start. */
    public synchronized AdministrativeModel model() {
        if (model == null) {
            model = new HibernateModel(Clock.systemUTC());
        }
        return model;
    }

    /** Makes a tenant with an agency of its own, {@code agency-SLUG}, and returns its id. */
    public int tenant(String slug) {
        return database.asEngine(connection -> {
            try (var insert = connection.prepareStatement(
                    """
                    with mine as (insert into agency (slug, name) values ('agency-' || ?, ?) returning agency_id)
                    insert into tenant (agency_id, slug, name, kind) select agency_id, ?, ?, 'commune' from mine
                    returning tenant_id
                    """)) {
                for (int parameter = 1; parameter <= 4; parameter++) {
                    insert.setString(parameter, slug);
                }
                var row = insert.executeQuery();
                row.next();
                return row.getInt(1);
            }
        });
    }

    /** Unpooled connections of the engine's role, in autocommit. */
    public DataSource engineDataSource() {
        return Pools.plain(address, DatabaseAddress.ENGINE);
    }

    /** Unpooled connections of the application's role, in autocommit and bound to no tenant. */
    public DataSource appDataSource() {
        return Pools.plain(address, DatabaseAddress.APP);
    }

    /** Unpooled connections of the schema's owner. */
    public DataSource ownerDataSource() {
        return Pools.plain(address, EmbeddedPostgres.OWNER);
    }

    /** Where it listens, and as whom: another {@link Database} can be opened on it. */
    public DatabaseAddress address() {
        return address;
    }

    /** Takes the server away, as a restart or a failure of its machine would; {@link #database()} stays open. */
    public void stop() {
        server.close();
    }

    /** Brings the server back on the same port with the same data. */
    public void restart() {
        server = EmbeddedPostgres.start(folders.place(run.folder()));
        if (!server.url().equals(address.url())) {
            throw new IllegalStateException("somebody took the port of " + address.url() + " meanwhile");
        }
    }

    /** Empties every table but the schema's history: cheaper than a new database. */
    public void clear() {
        try (var connection = ownerDataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(
                    """
                    do $$ declare names text; begin
                        select string_agg(format('%I.%I', schemaname, tablename), ', ') into names
                        from pg_tables where schemaname = 'public' and tablename <> 'flyway_schema_history';
                        execute 'truncate ' || names || ' restart identity cascade';
                    end $$
                    """);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The server's folder, for tests that look at or break its files. */
    public Path folder() {
        return server.folder();
    }

    @Override
    public void close() {
        try (run) {
            if (model != null) {
                model.close();
            }
            database.close();
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
