package io.tocsin.persistence.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.persistence.api.DatabaseException;
import io.tocsin.persistence.testing.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Law 6, on every table there is: a new one that forgets it fails here by name. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RowLevelSecurityTest {
    /** Written by the engine only; the application may not even read them. */
    private static final List<String> ENGINE_ONLY =
            List.of("carrier_ref", "orphan_receipt", "bearer_token", "phone_login", "sealed_secret");

    private TestDatabase db;
    private int mine;
    private int theirs;

    @BeforeAll
    void twoTenants() throws SQLException {
        db = TestDatabase.start();
        mine = db.tenant("mine");
        theirs = db.tenant("theirs");
        for (String table : tablesOfTenants().toList()) {
            for (int tenant : List.of(mine, theirs)) {
                insertRow(table, tenant);
            }
        }
    }

    @AfterAll
    void stop() {
        db.close();
    }

    /** Every table with a tenant in it, but the registry of tenants itself. */
    Stream<String> tablesOfTenants() throws SQLException {
        return tables(
                        """
                select c.relname from pg_class c
                join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
                where c.relkind in ('r', 'p') and not c.relispartition
                  and c.relnamespace = 'public'::regnamespace and c.relname <> 'tenant'
                order by 1
                """)
                .filter(table -> !ENGINE_ONLY.contains(table));
    }

    @ParameterizedTest
    @MethodSource("tablesOfTenants")
    void isForcedOn(String table) throws SQLException {
        assertThat(strings("select relrowsecurity and relforcerowsecurity from pg_class where oid = '" + table
                        + "'::regclass"))
                .as("%s: call bind_to_tenant('%s') in the migration that makes it", table, table)
                .containsExactly("t");
    }

    @ParameterizedTest
    @MethodSource("tablesOfTenants")
    void showsATenantItsOwnRowsOnly(String table) {
        List<Integer> seen = db.database().inTenant(mine, connection -> {
            var rows = connection.createStatement().executeQuery("select tenant_id from " + table);
            List<Integer> tenants = new ArrayList<>();
            while (rows.next()) {
                tenants.add(rows.getInt(1));
            }
            return tenants;
        });
        assertThat(seen).isNotEmpty().containsOnly(mine);
    }

    @ParameterizedTest
    @MethodSource("tablesOfTenants")
    void letsNoTenantTouchTheRowsOfAnother(String table) {
        for (String statement : List.of(
                "update " + table + " set tenant_id = tenant_id where tenant_id = " + theirs,
                "delete from " + table + " where tenant_id = " + theirs)) {
            assertThat(touched(statement)).as(statement).isZero();
        }
        assertThatThrownBy(() -> db.database().inTenant(mine, connection -> {
                    new SampleRow(connection, table).insert(theirs);
                    return null;
                }))
                .as("insert into %s for another tenant", table)
                .isInstanceOfSatisfying(
                        DatabaseException.class, e -> assertThat(e.sqlState()).isEqualTo("42501"));
    }

    /** Rows touched; a privilege that is missing altogether is as good as none. */
    private int touched(String statement) {
        try {
            return db.database()
                    .inTenant(mine, connection -> connection.createStatement().executeUpdate(statement));
        } catch (DatabaseException e) {
            assertThat(e.sqlState()).as(statement).isEqualTo("42501");
            return 0;
        }
    }

    @ParameterizedTest
    @MethodSource("tablesOfTenants")
    void showsNothingWithoutATenant(String table) throws SQLException {
        try (Connection unbound = db.appDataSource().getConnection()) {
            assertThat(unbound.createStatement()
                            .executeQuery("select from " + table)
                            .next())
                    .isFalse();
        }
    }

    /** A partition reached by its own name would not pass through the policies of its parent. */
    @Test
    void leadsToPartitionsThroughTheirParentOnly() throws SQLException {
        assertThat(
                        strings(
                                """
                        select c.relname || ' ' || r.rolname from pg_class c, pg_roles r
                        where c.relispartition and c.relkind = 'r' and r.rolname = 'tocsin_app'
                          and has_table_privilege(r.rolname, c.oid, 'select, insert, update, delete')
                        """))
                .isEmpty();
    }

    @Test
    void keepsTheEnginesTablesFromTheApplication() {
        for (String table : ENGINE_ONLY) {
            assertThatThrownBy(() -> db.database().inTenant(mine, connection -> connection
                            .createStatement()
                            .executeQuery("select from " + table)))
                    .as(table)
                    .isInstanceOfSatisfying(DatabaseException.class, e -> assertThat(e.sqlState())
                            .isEqualTo("42501"));
        }
    }

    /** No privilege is one lock, security another: a grant given by mistake would still show a tenant its own only. */
    @Test
    void isForcedOnWhatIsSealedAsWell() throws SQLException {
        assertThat(strings("select relrowsecurity and relforcerowsecurity from pg_class where oid ="
                        + " 'sealed_secret'::regclass"))
                .containsExactly("t");
        assertThat(strings("select polname from pg_policy where polrelid = 'sealed_secret'::regclass order by 1"))
                .containsExactly("engine", "one_tenant");
    }

    @Test
    void nobodyButTheOwnerRewritesTheJournal() {
        for (String statement :
                List.of("update journal set actor = 'nobody'", "delete from journal", "truncate journal")) {
            assertThatThrownBy(() -> db.database().inTenant(mine, connection -> connection
                            .createStatement()
                            .executeUpdate(statement)))
                    .as(statement)
                    .isInstanceOfSatisfying(DatabaseException.class, e -> assertThat(e.sqlState())
                            .isEqualTo("42501"));
            assertThatThrownBy(() -> db.database()
                            .asEngine(connection -> connection.createStatement().executeUpdate(statement)))
                    .as(statement)
                    .isInstanceOfSatisfying(DatabaseException.class, e -> assertThat(e.sqlState())
                            .isEqualTo("42501"));
        }
    }

    @Test
    void anAgencysSharedAccountIsReadButNotWritten() throws SQLException {
        int shared = db.database().asEngine(connection -> {
            var row = connection
                    .createStatement()
                    .executeQuery(
                            """
                            insert into carrier_account (agency_id, slug, channel, settings)
                            select agency_id, 'shared', 'sms', '{}' from tenant where slug = 'mine'
                            returning account_id
                            """);
            row.next();
            return row.getInt(1);
        });
        try {
            assertThat(touched("delete from carrier_account where account_id = " + shared))
                    .isZero();
            assertThat(touched("update carrier_account set rank = 1 where account_id = " + shared))
                    .isZero();
            boolean seen = db.database().inTenant(mine, connection -> connection
                    .createStatement()
                    .executeQuery("select from carrier_account where account_id = " + shared)
                    .next());
            boolean seenElsewhere = db.database().inTenant(theirs, connection -> connection
                    .createStatement()
                    .executeQuery("select from carrier_account where account_id = " + shared)
                    .next());
            assertThat(seen).isTrue();
            assertThat(seenElsewhere).isFalse();
        } finally {
            db.database().asEngine(connection -> connection
                    .createStatement()
                    .executeUpdate("delete from carrier_account where account_id = " + shared));
        }
    }

    private void insertRow(String table, int tenant) throws SQLException {
        try (Connection connection = superuser()) {
            // Parents are not the matter here.
            connection.createStatement().execute("set session_replication_role = replica");
            new SampleRow(connection, table).insert(tenant);
        }
    }

    private Connection superuser() throws SQLException {
        var source = Pools.plain(db.address(), "postgres");
        try {
            source.setPassword(Files.readString(db.folder().resolve("superuser-password")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return source.getConnection();
    }

    private Stream<String> tables(String query) throws SQLException {
        return strings(query).stream();
    }

    private List<String> strings(String query) throws SQLException {
        try (Connection connection = db.ownerDataSource().getConnection()) {
            var rows = connection.createStatement().executeQuery(query);
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        }
    }
}
