package io.tocsin.persistence.internal.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tocsin.persistence.testing.TestFolders;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** The real server, with the settings of production. */
class EmbeddedPostgresTest {
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private TestFolders.Run run;
    private EmbeddedPostgres.Place place;

    @BeforeEach
    void aMigratedFolder() throws IOException {
        TestFolders folders = TestFolders.ofThisMachine();
        run = folders.run();
        place = place(run.folder());
    }

    private static EmbeddedPostgres.Place place(Path folder) throws IOException {
        Path base = TestFolders.ofThisMachine().base();
        return new EmbeddedPostgres.Place(folder, base.resolve("binaries"), base.resolve("reachable"), "", Map.of());
    }

    @AfterEach
    void nothingStays() throws IOException {
        run.close();
    }

    @Test
    void isDurableAndListensToThisMachineOnly() throws Exception {
        try (EmbeddedPostgres server = EmbeddedPostgres.start(place)) {
            assertThat(setting(server, "fsync")).isEqualTo("on");
            assertThat(setting(server, "synchronous_commit")).isEqualTo("on");
            assertThat(setting(server, "full_page_writes")).isEqualTo("on");
            assertThat(setting(server, "data_checksums")).isEqualTo("on");
            assertThat(setting(server, "listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(Files.readAllLines(server.folder().resolve("data/postmaster.pid")))
                    .as("the fifth line is the folder of its socket")
                    .element(4)
                    .isEqualTo("");
            assertThat(setting(server, "password_encryption")).isEqualTo("scram-sha-256");
            assertThat(setting(server, "log_min_error_statement")).isEqualTo("panic");
            assertThat(setting(server, "server_version_num")).startsWith("18");
            for (String name : List.of("superuser-password", "owner-password")) {
                Path secret = server.folder().resolve(name);
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
                        .isEqualTo("rw-------");
            }
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(server.folder().resolve("data"))))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void neverRunsAsRoot() throws Exception {
        try (EmbeddedPostgres server = EmbeddedPostgres.start(place)) {
            long pid =
                    Postmaster.of(server.folder().resolve("data")).orElseThrow().pid();
            Object uid = Files.getAttribute(Path.of("/proc/" + pid), "unix:uid");
            Object node = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
            if (node.equals(0)) {
                assertThat(uid).isNotEqualTo(0);
            } else {
                assertThat(uid).isEqualTo(node);
            }
        }
    }

    @Test
    void refusesAWrongPassword() throws Exception {
        try (EmbeddedPostgres server = EmbeddedPostgres.start(place)) {
            assertThatThrownBy(() -> connect(server, "guess").close())
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
        }
    }

    @Test
    void makesAClusterWhereThereWasNoneOrHalfOfOne() throws Exception {
        try (TestFolders.Run empty = TestFolders.ofThisMachine().emptyRun()) {
            Files.createDirectories(empty.folder().resolve("data.making/base"));
            Path folder = empty.folder().resolve("a folder/with spaces");
            Files.createDirectories(folder.getParent());
            for (Path where : List.of(empty.folder(), folder)) {
                try (EmbeddedPostgres server = EmbeddedPostgres.start(place(where))) {
                    assertThat(setting(server, "server_encoding")).isEqualTo("UTF8");
                    try (Connection connection = connect(server, server.ownerPassword())) {
                        var row = connection.createStatement().executeQuery("select lower('ÉÇŒ')");
                        row.next();
                        assertThat(row.getString(1)).isEqualTo("éçœ");
                    }
                }
            }
            assertThat(empty.folder().resolve("data.making")).doesNotExist();
        }
    }

    @Test
    void keepsItsDataAndPortFromStartToStart() throws Exception {
        String url;
        try (EmbeddedPostgres server = EmbeddedPostgres.start(place)) {
            url = server.url();
            addAgency(server, "kept");
        }
        assertThat(run.folder().resolve("data/postmaster.pid")).doesNotExist();
        try (EmbeddedPostgres server = EmbeddedPostgres.start(place)) {
            assertThat(server.url()).isEqualTo(url);
            assertThat(server.adopted()).isFalse();
            assertThat(agencies(server)).isEqualTo(1);
        }
    }

    /** A node that is stopped while it starts: its server has not even said yet that it is there. */
    @Test
    void aStartThatIsGivenUpLeavesNoServer() throws Exception {
        Path data = run.folder().toRealPath().resolve("data");
        Path output = run.folder().resolve("start.log");
        Files.deleteIfExists(output);
        AtomicReference<Object> came = new AtomicReference<>();
        Thread starting = new Thread(() -> {
            try {
                came.set(EmbeddedPostgres.start(place));
            } catch (EmbeddedPostgresException e) {
                came.set(e);
            }
        });
        starting.start();
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(1)).until(() -> Files.exists(output));
        starting.interrupt();
        starting.join(PATIENCE.toMillis());
        if (came.get() instanceof EmbeddedPostgres server) {
            // it was there before it was given up
            server.close();
        } else {
            assertThat(came.get()).isInstanceOf(EmbeddedPostgresException.class);
        }
        assertThat(ProcessHandle.allProcesses()
                        .map(process -> process.info().commandLine().orElse(""))
                        .filter(command -> command.contains(data.toString())))
                .isEmpty();
        assertThat(data.resolve("postmaster.pid")).doesNotExist();
    }

    @Test
    void takesAnotherPortWhenItsOwnWasTaken() throws Exception {
        EmbeddedPostgres.start(place).close();
        int port =
                Integer.parseInt(Files.readString(run.folder().resolve("port")).strip());
        try (ServerSocket taken = new ServerSocket()) {
            taken.setReuseAddress(true);
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            try (EmbeddedPostgres server = EmbeddedPostgres.start(place)) {
                assertThat(server.url()).doesNotContain(":" + port + "/");
                assertThat(agencies(server)).isZero();
            }
        }
    }

    @Test
    void adoptsTheServerOfANodeThatWasKilled() throws Exception {
        Process node = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledNode.class.getName(),
                        run.folder().toString())
                .redirectErrorStream(true)
                .redirectOutput(run.folder().resolve("node.log").toFile())
                .start();
        assertThat(node.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(node.exitValue())
                .as(Files.readString(run.folder().resolve("node.log")))
                .isEqualTo(137);
        long survivor =
                Postmaster.of(run.folder().resolve("data")).orElseThrow().pid();
        try (EmbeddedPostgres server = EmbeddedPostgres.start(place)) {
            assertThat(server.adopted()).isTrue();
            assertThat(Postmaster.of(run.folder().resolve("data")).orElseThrow().pid())
                    .isEqualTo(survivor);
            assertThat(agencies(server)).isEqualTo(1);
        }
        // A zombie counts as gone: its parent is whoever adopted it when the node was killed.
        Path command = Path.of("/proc/" + survivor + "/cmdline");
        await().atMost(PATIENCE)
                .until(() -> !Files.exists(command) || Files.readString(command).isEmpty());
    }

    @Test
    void recoversAfterTheServerItselfWasKilled() throws Exception {
        try (EmbeddedPostgres server = EmbeddedPostgres.start(place)) {
            addAgency(server, "committed");
            long pid = Postmaster.of(run.folder().resolve("data")).orElseThrow().pid();
            ProcessHandle.of(pid).orElseThrow().destroyForcibly();
            server.ended().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
        assertThat(run.folder().resolve("data/postmaster.pid")).exists();
        try (EmbeddedPostgres server = EmbeddedPostgres.start(place)) {
            assertThat(agencies(server)).isEqualTo(1);
        }
    }

    @Test
    void isNotFooledByAPidThatBelongsToAnotherProgramNow() throws Exception {
        EmbeddedPostgres.start(place).close();
        Path pidFile = run.folder().resolve("data/postmaster.pid");
        Files.writeString(
                pidFile, ProcessHandle.current().pid() + "\n" + run.folder().resolve("data") + "\n1\n1\n\n\n\n");
        ServerAccount.choose("").own(pidFile);
        try (EmbeddedPostgres server = EmbeddedPostgres.start(place)) {
            assertThat(server.adopted()).isFalse();
            assertThat(agencies(server)).isZero();
        }
    }

    @Test
    void belongsToOneNodeAtATime() throws Exception {
        try (EmbeddedPostgres server = EmbeddedPostgres.start(place)) {
            for (int again = 0; again < 2; again++) {
                assertThatThrownBy(() -> EmbeddedPostgres.start(place))
                        .isInstanceOf(EmbeddedPostgresException.class)
                        .hasMessageContaining("another node uses")
                        .hasMessageContaining("'folder'")
                        .hasMessageContaining("'url'");
            }
            assertThat(agencies(server)).isZero();
        }
    }

    @Test
    void refusesTheDataOfAnotherVersion() throws Exception {
        Files.writeString(run.folder().resolve("data/PG_VERSION"), "14\n");
        assertThatThrownBy(() -> EmbeddedPostgres.start(place))
                .isInstanceOf(EmbeddedPostgresException.class)
                .hasMessageContaining("made by PostgreSQL 14")
                .hasMessageContaining("brings PostgreSQL 18")
                .hasMessageContaining("dump and restore");
    }

    @Test
    void saysWhatIsWrongWithAFolderItCannotServeFrom() throws Exception {
        Path data = run.folder().resolve("data");
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxrwxrwx"));
        refused("mode 0700");
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));

        Path control = data.resolve("global/pg_control");
        Path aside = Files.move(control, data.resolve("global/aside"));
        refused("pg_control");
        Files.move(aside, control);
        EmbeddedPostgres.start(place).close();
    }

    private void refused(String part) {
        assertThatThrownBy(() -> EmbeddedPostgres.start(place))
                .isInstanceOf(EmbeddedPostgresException.class)
                .hasMessageContaining(run.folder().toString())
                .hasMessageContaining(part);
        assertThat(run.folder().resolve("data/postmaster.pid")).doesNotExist();
    }

    @Test
    void aFullDiskIsCalledThat() {
        String said = "PANIC:  could not write to file \"pg_wal/xlogtemp.77\": No space left on device";
        assertThat(Diagnosis.of("the embedded database did not start", run.folder(), said))
                .contains("the disk is full; free some space")
                .contains("xlogtemp.77");
        assertThat(EmbeddedPostgresException.of("cannot unpack", new IOException("No space left on device")))
                .hasMessageContaining("the disk is full");
    }

    @Test
    void findsAPlaceItsAccountCanReachWhenTheNodesFolderIsClosed() throws Exception {
        try (TestFolders.Run closed = TestFolders.ofThisMachine().emptyRun()) {
            Path home = Files.createDirectory(closed.folder().resolve("home"));
            Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx------"));
            Path wanted = home.resolve("node/postgres");
            Path reachable = closed.folder().resolve("var/lib/tocsin");
            EmbeddedPostgres.Place there =
                    new EmbeddedPostgres.Place(wanted, place.binaries(), reachable, "", Map.of());
            boolean root = Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
            for (int start = 0; start < 2; start++) {
                try (EmbeddedPostgres server = EmbeddedPostgres.start(there)) {
                    assertThat(server.folder()).isEqualTo(wanted.toRealPath());
                    assertThat(server.folder().startsWith(reachable)).isEqualTo(root);
                    assertThat(setting(server, "fsync")).isEqualTo("on");
                }
            }
            assertThat(Files.isSymbolicLink(wanted)).isEqualTo(root);
        }
    }

    private static String setting(EmbeddedPostgres server, String name) throws SQLException {
        try (Connection connection = connect(server, server.ownerPassword())) {
            var row = connection.createStatement().executeQuery("show " + name);
            row.next();
            return row.getString(1);
        }
    }

    private static int agencies(EmbeddedPostgres server) throws SQLException {
        try (Connection connection = connect(server, server.ownerPassword())) {
            var row = connection.createStatement().executeQuery("select count(*) from agency");
            row.next();
            return row.getInt(1);
        }
    }

    static void addAgency(EmbeddedPostgres server, String slug) throws SQLException {
        try (Connection connection = connect(server, server.ownerPassword());
                var insert = connection.prepareStatement("insert into agency (slug, name) values (?, ?)")) {
            insert.setString(1, slug);
            insert.setString(2, slug);
            insert.executeUpdate();
        }
    }

    private static Connection connect(EmbeddedPostgres server, String password) throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setURL(server.url());
        source.setUser(EmbeddedPostgres.OWNER);
        source.setPassword(password);
        return source.getConnection();
    }
}
