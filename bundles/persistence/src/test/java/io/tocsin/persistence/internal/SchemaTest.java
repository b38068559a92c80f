package io.tocsin.persistence.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.persistence.api.DatabaseException;
import io.tocsin.persistence.internal.Migrations.Places;
import io.tocsin.persistence.internal.embedded.EmbeddedPostgres;
import io.tocsin.persistence.internal.embedded.OldestPostgres;
import io.tocsin.persistence.testing.TestDatabase;
import io.tocsin.persistence.testing.TestFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the version we bring (18), and on the oldest we promise to run on (15), which Debian 12 has. */
class SchemaTest {
    private static final String OURS = "classpath:db/migration";
    private static OldestPostgres oldest;

    @BeforeAll
    static void start() throws Exception {
        oldest = OldestPostgres.start();
    }

    @AfterAll
    static void stop() throws Exception {
        oldest.close();
    }

    @Test
    void nodesThatStartTogetherApplyEachMigrationOnce() throws Exception {
        TestFolders folders = TestFolders.ofThisMachine();
        try (TestFolders.Run run = folders.emptyRun();
                EmbeddedPostgres server = EmbeddedPostgres.start(folders.place(run.folder()))) {
            together(new DatabaseAddress(server.url(), EmbeddedPostgres.OWNER, server.ownerPassword()));
        }
    }

    @Test
    void theOldestServerTakesTheSchemaOnceToo() throws Exception {
        oldest.execute("create role first_owner login createrole");
        oldest.execute("create database first owner first_owner");
        together(oldest.address("first", "first_owner"));
    }

    /** The versions of the files, in their order. */
    private static List<String> migrations() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/db/migration"))) {
            return files.map(file -> file.getFileName().toString().replaceFirst("^V([0-9]+)__.*", "$1"))
                    .sorted(Comparator.comparingInt(Integer::parseInt))
                    .toList();
        }
    }

    private static void together(DatabaseAddress address) throws Exception {
        int nodes = 4;
        ExecutorService threads = Executors.newFixedThreadPool(nodes);
        try {
            List<Callable<Void>> starts = new ArrayList<>();
            for (int node = 0; node < nodes; node++) {
                String name = "node" + node;
                starts.add(() -> {
                    new Schema(address).bringUpToDate(name);
                    return null;
                });
            }
            for (Future<Void> start : threads.invokeAll(starts)) {
                start.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(strings(address, "select version from flyway_schema_history where success order by installed_rank"))
                .containsExactlyElementsOf(migrations());
        assertThat(strings(address, "select count(*) from flyway_schema_history"))
                .containsExactly(Integer.toString(migrations().size()));
        assertThat(Pools.plain(address, DatabaseAddress.APP).getConnection()).satisfies(c -> c.close());
    }

    @Test
    void anOwnerWhoMayNotMakeRolesSaysWhatTheAdministratorMustRun() throws Exception {
        oldest.execute("create role poor_owner login");
        oldest.execute("create database poor owner poor_owner");
        oldest.execute(
                """
                do $$ declare name text; begin
                    foreach name in array array['tocsin_app', 'tocsin_engine'] loop
                        if not exists (select from pg_roles where rolname = name) then
                            execute 'create role ' || name || ' login';
                        end if;
                    end loop;
                end $$
                """);
        oldest.execute("alter role tocsin_app nologin");
        try {
            assertThatThrownBy(() -> new Schema(oldest.address("poor", "poor_owner")).bringUpToDate("north"))
                    .isInstanceOf(SchemaRefusedException.class)
                    .hasMessageContaining("create role tocsin_app login nosuperuser nobypassrls password '…';")
                    .hasMessageContaining("appPassword")
                    .hasMessageContaining("alter role poor_owner createrole");
        } finally {
            oldest.execute("alter role tocsin_app login");
        }
        assertThatCode(() -> new Schema(oldest.address("poor", "poor_owner")).bringUpToDate("north"))
                .doesNotThrowAnyException();
    }

    @Test
    void aRoleThatSkipsRowLevelSecurityIsRefused() throws Exception {
        oldest.execute("create role bold_owner login createrole");
        oldest.execute("create database bold owner bold_owner");
        DatabaseAddress address = oldest.address("bold", "bold_owner");
        new Schema(address).bringUpToDate("north");
        oldest.execute("alter role tocsin_app bypassrls");
        try {
            assertThatThrownBy(() -> new Schema(address).bringUpToDate("north"))
                    .isInstanceOf(SchemaRefusedException.class)
                    .hasMessageContaining("alter role tocsin_app nosuperuser nobypassrls;");
        } finally {
            oldest.execute("alter role tocsin_app nobypassrls");
        }
    }

    @Test
    void aChangedPasswordIsPutRightByAnOwnerWhoMay() throws Exception {
        try (TestDatabase db = TestDatabase.start()) {
            DatabaseAddress changed = new DatabaseAddress(
                    db.address().url(),
                    db.address().owner(),
                    db.address().ownerPassword(),
                    Optional.of("it's another"),
                    Optional.empty());
            new Schema(changed).bringUpToDate("north");
            assertThat(strings(changed, "select 1")).containsExactly("1");
            try (var connection = Pools.plain(changed, DatabaseAddress.APP).getConnection()) {
                assertThat(connection.isValid(1)).isTrue();
            }
        }
    }

    @Test
    void aSchemaThatSomebodyChangedIsRefusedWithTheReason() throws Exception {
        try (TestDatabase db = TestDatabase.start()) {
            try (var connection = db.ownerDataSource().getConnection();
                    var statement = connection.createStatement()) {
                statement.execute("update flyway_schema_history set checksum = 1 where version = '3'");
            }
            assertThatThrownBy(() -> new Schema(db.address()).bringUpToDate("north"))
                    .isInstanceOf(SchemaRefusedException.class)
                    .hasMessageContaining("cannot be brought to this version")
                    .hasMessageContaining("3");
        }
    }

    /** A rolling upgrade: the first node of a later release has migrated, and one of this release starts again. */
    @Test
    void aNodeStartsOnTheSchemaOfALaterRelease(@TempDir Path later) throws Exception {
        Files.writeString(later.resolve("V9001__later.sql"), "alter table alert add column later text;");
        try (TestDatabase db = TestDatabase.start()) {
            new Schema(db.address(), Fence.none(), new Places(List.of(OURS, "filesystem:" + later), List.of()))
                    .bringUpToDate("north");

            new Schema(db.address()).bringUpToDate("north");

            assertThat(strings(db.address(), "select max(version::integer) from flyway_schema_history"))
                    .containsExactly("9001");
        }
    }

    /** Whoever reads a table keeps a step from changing it; whoever comes then must not wait behind the step for long. */
    @Test
    void aStepThatCannotHaveItsTableIsGivenUpAndTriedAgain(@TempDir Path later) throws Exception {
        Files.writeString(later.resolve("V9001__later.sql"), "alter table alert add column later text;");
        try (TestDatabase db = TestDatabase.start();
                Connection reader = db.ownerDataSource().getConnection();
                Statement reads = reader.createStatement()) {
            reader.setAutoCommit(false);
            reads.execute("select count(*) from alert");
            Schema schema =
                    new Schema(db.address(), Fence.none(), new Places(List.of(OURS, "filesystem:" + later), List.of()));
            assertThatThrownBy(() -> schema.bringUpToDate("north"))
                    .isInstanceOfSatisfying(DatabaseException.class, busy -> assertThat(busy.transientFailure())
                            .isTrue());

            reader.rollback();
            schema.bringUpToDate("north");
            assertThat(strings(db.address(), "select count(later) from alert")).containsExactly("0");
        }
    }

    private static List<String> strings(DatabaseAddress address, String query) throws SQLException {
        try (var connection = Pools.plain(address, address.owner()).getConnection();
                var statement = connection.createStatement()) {
            var rows = statement.executeQuery(query);
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        }
    }
}
