package io.tocsin.persistence.internal.embedded;

import io.tocsin.persistence.internal.DatabaseAddress;
import io.tocsin.persistence.testing.TestFolders;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.zip.ZipFile;
import org.awaitility.Awaitility;
import org.postgresql.ds.PGSimpleDataSource;

/** A server of the oldest version we run on, as an operator would bring it: made by hand, with a superuser's trust. */
public final class OldestPostgres implements AutoCloseable {
    private static final Path JAR = Path.of("target/oldest-postgresql.jar");

    private final TestFolders.Run run;
    private final Process server;
    private final int port;

    private OldestPostgres(TestFolders.Run run, Process server, int port) {
        this.run = run;
        this.server = server;
        this.port = port;
    }

    public static OldestPostgres start() throws IOException {
        TestFolders folders = TestFolders.ofThisMachine();
        TestFolders.Run run = folders.emptyRun();
        Path programs = run.folder().resolve("programs");
        try (ZipFile jar = new ZipFile(JAR.toFile());
                var archive = jar.getInputStream(jar.getEntry("postgres-linux-x86_64.txz"))) {
            Folders.create(run.folder(), "rwxr-xr-x");
            PostgresBinaries.unpackInto(programs, archive);
        }
        ServerAccount account = ServerAccount.choose("");
        Path data = run.folder().resolve("data");
        Folders.create(data, "rwx------");
        account.own(data);
        Process initdb = account.process(
                        List.of(programs + "/bin/initdb", "-D", data.toString(), "-U", "postgres", "-A", "trust", "-N"))
                .redirectErrorStream(true)
                .start();
        String output = new String(initdb.getInputStream().readAllBytes());
        if (ServerAccount.waitFor(initdb) != 0) {
            throw new IOException(output);
        }
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Process server = account.process(List.of(
                        programs + "/bin/postgres",
                        "-D",
                        data.toString(),
                        "-p",
                        Integer.toString(port),
                        "-c",
                        "listen_addresses=127.0.0.1",
                        "-c",
                        "unix_socket_directories=",
                        "-c",
                        "fsync=off"))
                .redirectErrorStream(true)
                .redirectOutput(run.folder().resolve("log").toFile())
                .start();
        OldestPostgres postgres = new OldestPostgres(run, server, port);
        Awaitility.await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> {
            postgres.execute("select 1");
            return true;
        });
        return postgres;
    }

    /** Runs a statement as the database's administrator. */
    public void execute(String sql) throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setURL("jdbc:postgresql://127.0.0.1:" + port + "/postgres");
        source.setUser("postgres");
        try (var connection = source.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    public DatabaseAddress address(String database, String owner) {
        return new DatabaseAddress("jdbc:postgresql://127.0.0.1:" + port + "/" + database, owner, "not checked");
    }

    @Override
    public void close() throws IOException {
        server.destroyForcibly();
        ServerAccount.waitFor(server);
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> ProcessHandle.allProcesses()
                .noneMatch(process -> {
                    try {
                        return Files.readSymbolicLink(Path.of("/proc/" + process.pid() + "/cwd"))
                                .startsWith(run.folder());
                    } catch (IOException e) {
                        return false;
                    }
                }));
        run.close();
    }
}
