package io.tocsin.persistence.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tocsin.persistence.api.Database;
import io.tocsin.persistence.api.DatabaseException;
import io.tocsin.persistence.api.EngineSession;
import io.tocsin.persistence.internal.PooledDatabase.PoolSizes;
import io.tocsin.persistence.testing.TestDatabase;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

class PooledDatabaseTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static TestDatabase db;
    private static Database database;

    private int tenant;

    @BeforeAll
    static void start() {
        db = TestDatabase.start();
        database = db.database();
    }

    @AfterAll
    static void stop() {
        db.close();
    }

    @BeforeEach
    void aTenant() {
        db.clear();
        tenant = db.tenant("commune");
    }

    @Test
    void commitsWhatTheWorkDid() {
        assertThat(addUnit(database, tenant, "secours")).isEqualTo(1);
        assertThat(units(database, tenant)).isEqualTo(1);
    }

    @Test
    void rollsBackWhateverTheWorkThrows() {
        for (RuntimeException thrown :
                new RuntimeException[] {new IllegalStateException("no"), new DatabaseException(new SQLException("no"))
                }) {
            assertThatThrownBy(() -> database.inTenant(tenant, connection -> {
                        insertUnit(connection, tenant, "secours");
                        throw thrown;
                    }))
                    .isSameAs(thrown);
        }
        assertThatThrownBy(() -> database.inTenant(tenant, connection -> {
                    insertUnit(connection, tenant, "secours");
                    throw new SQLException("no", "P0001");
                }))
                .isInstanceOfSatisfying(
                        DatabaseException.class, e -> assertThat(e.sqlState()).isEqualTo("P0001"));
        assertThat(units(database, tenant)).isZero();
    }

    @Test
    void aSessionOfOnesOwnIsOverOnceSomethingFailed() {
        try (EngineSession session = database.engineSession()) {
            int process = session.transact(c -> backend(c));
            assertThat(session.<Integer>transact(c -> backend(c))).isEqualTo(process);
            assertThat(session.<String>transact(c -> shown(c, "tcp_user_timeout")))
                    .as("the server misses a peer that went without a word")
                    .isEqualTo("4000");
            assertThat(session.<String>transact(c -> shown(c, "tcp_keepalives_idle")))
                    .isEqualTo("1");
            assertThatThrownBy(() -> session.transact(c -> shown(c, "no_such_setting")))
                    .isInstanceOf(DatabaseException.class);
            assertThatThrownBy(() -> session.transact(c -> backend(c))).isInstanceOf(DatabaseException.class);
            await().atMost(PATIENCE).until(() -> !isThere(process));
        }
    }

    private static int backend(Connection connection) throws SQLException {
        try (var query = connection.prepareStatement("select pg_backend_pid()");
                var row = query.executeQuery()) {
            row.next();
            return row.getInt(1);
        }
    }

    private static String shown(Connection connection, String setting) throws SQLException {
        try (var query = connection.prepareStatement("show " + setting);
                var row = query.executeQuery()) {
            row.next();
            return row.getString(1);
        }
    }

    private static boolean isThere(int process) {
        return database.asEngine(connection -> {
            try (var query = connection.prepareStatement("select from pg_stat_activity where pid = ?")) {
                query.setInt(1, process);
                return query.executeQuery().next();
            }
        });
    }

    @Test
    void aBrokenConstraintIsToldWithoutTheRow() {
        addUnit(database, tenant, "famille-martin");
        assertThatThrownBy(() -> addUnit(database, tenant, "famille-martin"))
                .isInstanceOfSatisfying(DatabaseException.class, e -> {
                    assertThat(e.duplicate()).isTrue();
                    assertThat(e).hasMessageContaining("unit_tenant_id_slug_key");
                    assertThat(e).hasMessageNotContaining("martin");
                });
    }

    @Test
    void aTenantIsForgottenWithItsTransaction() {
        try (PooledDatabase one = new PooledDatabase(db.address(), new PoolSizes(1, 1, PATIENCE), "one")) {
            addUnit(one, tenant, "secours");
            assertThat(units(one, tenant)).isEqualTo(1);
            assertThat(units(one, tenant + 1)).isZero();
            int bound = one.inTenant(tenant, connection -> {
                connection.commit();
                var row = connection.createStatement().executeQuery("select current_tenant() is null");
                row.next();
                return row.getBoolean(1) ? 0 : 1;
            });
            assertThat(bound).as("the tenant after a commit").isZero();
        }
    }

    @Test
    void aNestedCallHasATransactionOfItsOwn() {
        assertThatThrownBy(() -> database.inTenant(tenant, connection -> {
                    addUnit(database, tenant, "kept");
                    insertUnit(connection, tenant, "dropped");
                    throw new IllegalStateException("no");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(units(database, tenant)).isEqualTo(1);
    }

    /** COPY straight into a table is refused to a role bound by row-level security: this is the way. */
    @Test
    void givesCopyIntoATemporaryTable() {
        int added = database.inTenant(tenant, connection -> {
            connection.createStatement().execute("create temp table arriving (slug text) on commit drop");
            try {
                connection
                        .unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyIn("copy arriving from stdin", new StringReader("nord\nsud\n"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return connection
                    .createStatement()
                    .executeUpdate("insert into unit (tenant_id, slug, name) select current_tenant(), slug, slug"
                            + " from arriving");
        });
        assertThat(added).isEqualTo(2);
        assertThat(units(database, tenant)).isEqualTo(2);
    }

    @Test
    void aPoolWithNothingToGiveSaysTryAgain() {
        try (PooledDatabase one = new PooledDatabase(db.address(), new PoolSizes(1, 1, PATIENCE), "one")) {
            one.inTenant(tenant, connection -> {
                assertThatThrownBy(() -> units(one, tenant))
                        .isInstanceOfSatisfying(DatabaseException.class, e -> assertThat(e.transientFailure())
                                .isTrue());
                return null;
            });
        }
    }

    @Test
    void closingWaitsForRunningTransactionsAndRefusesNewOnes() throws Exception {
        PooledDatabase closing = new PooledDatabase(db.address(), new PoolSizes(2, 2, PATIENCE), "closing");
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        CompletableFuture<Integer> work = CompletableFuture.supplyAsync(() -> closing.inTenant(tenant, connection -> {
            running.countDown();
            awaitUninterrupted(finish);
            // A call of its own inside the running one must not wait for the one that waits for it.
            addUnit(closing, tenant, "nested");
            return insertUnit(connection, tenant, "secours");
        }));
        assertThat(running.await(60, TimeUnit.SECONDS)).isTrue();
        Thread closer = new Thread(closing::close, "closer");
        closer.start();
        await().atMost(PATIENCE).until(() -> closer.getState() == Thread.State.TIMED_WAITING);
        assertThat(work).isNotDone();
        finish.countDown();
        assertThat(work.get(60, TimeUnit.SECONDS)).isEqualTo(1);
        closer.join();
        assertThat(units(database, tenant)).isEqualTo(2);
        assertThatThrownBy(() -> units(closing, tenant))
                .isInstanceOfSatisfying(DatabaseException.class, e -> assertThat(e.transientFailure())
                        .isTrue())
                .hasMessageContaining("stopped");
        assertThat(closing.available()).isFalse();
    }

    @Test
    void theServerGivesUpAStatementThatTakesTooLong() {
        try (PooledDatabase hasty =
                new PooledDatabase(db.address(), new PoolSizes(1, 1, Duration.ofMillis(200)), "hasty")) {
            assertThatThrownBy(() -> hasty.asEngine(
                            connection -> connection.createStatement().execute("select pg_sleep(60)")))
                    .isInstanceOfSatisfying(DatabaseException.class, e -> assertThat(e.sqlState())
                            .isEqualTo("57014"));
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int addUnit(Database database, int tenant, String slug) {
        return database.inTenant(tenant, connection -> insertUnit(connection, tenant, slug));
    }

    private static int insertUnit(Connection connection, int tenant, String slug) throws SQLException {
        try (var insert = connection.prepareStatement("insert into unit (tenant_id, slug, name) values (?, ?, ?)")) {
            insert.setInt(1, tenant);
            insert.setString(2, slug);
            insert.setString(3, slug);
            return insert.executeUpdate();
        }
    }

    private static int units(Database database, int tenant) {
        return database.inTenant(tenant, connection -> {
            var row = connection.createStatement().executeQuery("select count(*) from unit");
            row.next();
            return row.getInt(1);
        });
    }

    static int countTenants(Connection connection) throws SQLException {
        var row = connection.createStatement().executeQuery("select count(*) from tenant");
        row.next();
        return row.getInt(1);
    }
}
