package io.tocsin.persistence.internal.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The PostgreSQL server of a node that was given no URL: made on the first start, durable, listening on the loopback
 * only, adopted when it outlived the node, stopped with it.
 *
 * <p>Starting blocks until the server accepts connections. Not for use by several threads.
 */
public final class EmbeddedPostgres implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);

    /** The server's version; its first number is the format of the data folder. */
    private static final String FORMAT = "18";

    /** Names the folder its programs are unpacked into. */
    public static final String BINARIES = "18.6.0";

    public static final String DATABASE = "tocsin";
    public static final String OWNER = "tocsin_owner";
    private static final String SUPERUSER = "postgres";

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final long POLL_MILLIS = 20;
    private static final int ATTEMPTS = 3;

    private final Place place;
    private final ServerAccount account;
    private final ServerHome home;
    private int port;
    /** The server as a process of ours; null until it is launched, or when it was taken over. */
    private Process launched;

    private boolean adopted;

    /**
     * Where a server lives.
     *
     * @param folder its own, made when missing
     * @param binaries where its programs are unpacked, shared by servers of the same version
     * @param reachable where to make the folder when the node is root and the server's account cannot reach {@code folder}
     * @param account the account to run under when the node is root; empty to choose
     * @param overrides server settings by name, for tests
     */
    public record Place(Path folder, Path binaries, Path reachable, String account, Map<String, String> overrides) {}

    private EmbeddedPostgres(Place place, ServerAccount account, ServerHome home) {
        this.place = place;
        this.account = account;
        this.home = home;
    }

    /**
     * Starts the server, or adopts the one a killed node left behind.
     *
     * @throws EmbeddedPostgresException when it cannot run: says why and what to do
     */
    public static EmbeddedPostgres start(Place place) {
        ServerAccount account = ServerAccount.choose(place.account());
        ServerHome home = ServerHome.open(place.folder(), place.reachable(), account);
        EmbeddedPostgres server = new EmbeddedPostgres(place, account, home);
        try {
            server.start();
            return server;
        } catch (IOException e) {
            server.abandon();
            throw EmbeddedPostgresException.of("cannot start the embedded database in " + home.folder(), e);
        } catch (RuntimeException e) {
            server.abandon();
            throw e;
        }
    }

    private void start() throws IOException {
        Optional<Postmaster> survivor =
                await(server -> server.map(Postmaster::ready).orElse(true));
        adopted = survivor.isPresent();
        if (adopted) {
            port = survivor.get().port();
            LOG.info(
                    "database.adopted folder={} port={} pid={}",
                    home.folder(),
                    port,
                    survivor.get().pid());
        } else {
            Path binaries = binaries();
            if (!home.initialised()) {
                initialise(binaries);
            }
            checkFormat();
            launch(binaries);
        }
        prepareDatabase();
    }

    private Path binaries() throws IOException {
        Path binaries = place.binaries().toAbsolutePath().normalize();
        Folders.create(binaries.getParent(), "rwxr-xr-x");
        if (!account.reaches(binaries.getParent())) {
            // The home is reachable, by construction.
            binaries = home.folder().resolve("binaries");
        }
        PostgresBinaries.unpackInto(binaries);
        return binaries;
    }

    /** Makes the cluster beside its final place: an interrupted initdb leaves nothing that looks whole. */
    private void initialise(Path binaries) throws IOException {
        Path making = home.folder().resolve("data.making");
        Path password = home.folder().resolve("initdb-password");
        Folders.delete(making);
        Folders.create(making, "rwx------");
        account.own(making);
        Folders.write(password, home.superuserPassword(), "rw-------");
        account.own(password);
        try {
            Process initdb = account.process(List.of(
                            binaries.resolve("bin/initdb").toString(),
                            "--pgdata=" + making,
                            "--username=" + SUPERUSER,
                            "--pwfile=" + password,
                            "--auth=scram-sha-256",
                            "--encoding=UTF8",
                            "--locale=C",
                            "--locale-provider=builtin",
                            "--builtin-locale=C.UTF-8",
                            "--data-checksums"))
                    .directory(home.folder().toFile())
                    .redirectErrorStream(true)
                    .start();
            initdb.getOutputStream().close();
            String output = new String(initdb.getInputStream().readAllBytes());
            if (ServerAccount.waitFor(initdb) != 0) {
                throw new EmbeddedPostgresException(
                        Diagnosis.of("the embedded database was not made", home.folder(), output));
            }
        } finally {
            Files.deleteIfExists(password);
        }
        Files.writeString(making.resolve("postgresql.conf"), "include = 'tocsin.conf'\n");
        Files.move(making, home.data());
        LOG.info("database.initialised folder={}", home.folder());
    }

    private void checkFormat() throws IOException {
        String format = Files.readString(home.data().resolve("PG_VERSION")).strip();
        if (!format.equals(FORMAT)) {
            throw new EmbeddedPostgresException("the embedded database in " + home.folder() + " was made by PostgreSQL "
                    + format + ", this node brings PostgreSQL " + FORMAT
                    + ": dump and restore it (docs/operations.md), or point 'url' to a server of version " + format);
        }
    }

    private void launch(Path binaries) throws IOException {
        port = home.port();
        for (int attempt = 1; ; attempt++) {
            if (!free(port)) {
                port = freePort();
                home.port(port);
            }
            String problem = launchOnce(binaries);
            if (problem.isEmpty()) {
                return;
            }
            // A port taken between our look and the server's; or children of a killed server, gone in a moment.
            boolean passing = problem.contains("Address already in use") || problem.contains("is still in use");
            if (!passing || attempt == ATTEMPTS) {
                throw new EmbeddedPostgresException(
                        Diagnosis.of("the embedded database did not start", home.folder(), problem));
            }
            pause(Duration.ofSeconds(1));
        }
    }

    /** Runs the server until it accepts connections; returns what it said if it ended instead. */
    private String launchOnce(Path binaries) throws IOException {
        Postmaster.forget(home.data());
        Path settings = home.data().resolve("tocsin.conf");
        Folders.write(settings, ServerSettings.text(port, home.log(), place.overrides()), "rw-------");
        account.own(settings);
        Folders.create(home.log(), "rwx------");
        account.own(home.log());
        Path output = home.folder().resolve("start.log");
        Map<Path, Long> before = logSizes();
        List<String> command = new ArrayList<>(
                List.of("setsid", binaries.resolve("bin/postgres").toString()));
        command.addAll(List.of("-D", home.data().toString()));
        launched = account.process(command)
                .directory(home.data().toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(output.toFile())
                .redirectErrorStream(true)
                .start();
        await(server -> server.map(Postmaster::ready).orElse(false) || !launched.isAlive());
        if (launched.isAlive()) {
            LOG.info("database.started folder={} port={} pid={}", home.folder(), port, launched.pid());
            return "";
        }
        return Files.readString(output) + logSince(before);
    }

    private Map<Path, Long> logSizes() throws IOException {
        Map<Path, Long> sizes = new HashMap<>();
        try (Stream<Path> logs = Files.list(home.log())) {
            for (Path log : (Iterable<Path>) logs::iterator) {
                sizes.put(log, Files.size(log));
            }
        }
        return sizes;
    }

    private String logSince(Map<Path, Long> before) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Path log : logSizes().keySet()) {
            String content = Files.readString(log, StandardCharsets.ISO_8859_1);
            long from = before.getOrDefault(log, 0L);
            // A log of last week's day is begun anew.
            text.append(from <= content.length() ? content.substring((int) from) : content);
        }
        return text.toString();
    }

    /** The owner of the schema and its database: the same as an operator makes on a server of their own. */
    private void prepareDatabase() throws IOException {
        try (Connection connection = dataSource("postgres", SUPERUSER, home.superuserPassword())
                        .getConnection();
                var statement = connection.createStatement()) {
            var found = statement.executeQuery(
                    """
                    select exists (select from pg_roles where rolname = '%s'),
                           exists (select from pg_database where datname = '%s')
                    """
                            .formatted(OWNER, DATABASE));
            found.next();
            boolean owner = found.getBoolean(1);
            boolean database = found.getBoolean(2);
            if (!owner) {
                statement.execute(
                        "create role %s login createrole password '%s'".formatted(OWNER, home.ownerPassword()));
            }
            if (!database) {
                statement.execute("create database %s owner %s".formatted(DATABASE, OWNER));
            }
        } catch (SQLException e) {
            throw new EmbeddedPostgresException(Diagnosis.of(
                    "the embedded database runs but does not answer its node",
                    home.folder(),
                    String.valueOf(e.getMessage())));
        }
    }

    /** Without credentials: those are {@link #OWNER} and {@link #ownerPassword()}. */
    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + DATABASE;
    }

    public String ownerPassword() {
        try {
            return home.ownerPassword();
        } catch (IOException e) {
            throw EmbeddedPostgresException.of("cannot read the embedded database's password", e);
        }
    }

    /** Where it lives: the folder asked for, or the one its link leads to. */
    public Path folder() {
        return home.folder();
    }

    /** Whether the server outlived an earlier node and was taken over. */
    public boolean adopted() {
        return adopted;
    }

    /** Completes when the server has ended, stopped or not; at once when it has already. */
    public CompletableFuture<?> ended() {
        try {
            return Postmaster.of(home.data())
                    .flatMap(server -> ProcessHandle.of(server.pid()))
                    .<CompletableFuture<?>>map(ProcessHandle::onExit)
                    .orElseGet(() -> CompletableFuture.completedFuture(null));
        } catch (IOException e) {
            throw EmbeddedPostgresException.of("cannot look at the embedded database", e);
        }
    }

    /** Stops the server: sessions are ended, everything committed is on the disk. */
    @Override
    public void close() {
        try (home) {
            stop();
        } catch (IOException e) {
            throw EmbeddedPostgresException.of("cannot stop the embedded database in " + home.folder(), e);
        }
    }

    private void stop() throws IOException {
        Optional<Postmaster> running = Postmaster.of(home.data());
        if (running.isEmpty()) {
            return;
        }
        // SIGINT asks for a fast shutdown, SIGTERM would wait for every session. The shell's own kill: a bare Debian
        // has no
        // other.
        Process kill = account.process(
                        List.of("/bin/sh", "-c", "kill -INT " + running.get().pid()))
                .start();
        kill.getOutputStream().close();
        ServerAccount.waitFor(kill);
        if (await(Optional::isEmpty).isPresent()) {
            throw new EmbeddedPostgresException("the embedded database in " + home.folder() + " (process "
                    + running.get().pid() + ") does not stop; the next start takes it over");
        }
        LOG.info("database.stopped folder={}", home.folder());
    }

    /** After a failed start: nothing of ours stays behind. */
    private void abandon() {
        // Stopping waits, which an interrupted thread cannot.
        boolean interrupted = Thread.interrupted();
        try (home) {
            if (!adopted) {
                if (launched != null) {
                    // It may not have said yet that it is there: found by nobody, it would stay.
                    await(server -> server.isPresent() || !launched.isAlive());
                }
                stop();
            }
        } catch (IOException e) {
            LOG.warn("database.abandoned folder={} problem={}", home.folder(), e.toString());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Optional<Postmaster> await(Predicate<Optional<Postmaster>> enough) throws IOException {
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        Optional<Postmaster> server = Postmaster.of(home.data());
        while (!enough.test(server) && System.nanoTime() < giveUp) {
            pause(Duration.ofMillis(POLL_MILLIS));
            server = Postmaster.of(home.data());
        }
        return server;
    }

    private static void pause(Duration time) throws IOException {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the embedded database", e);
        }
    }

    private static boolean free(int port) {
        if (port == 0) {
            return false;
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private PGSimpleDataSource dataSource(String database, String user, String password) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {"127.0.0.1"});
        source.setPortNumbers(new int[] {port});
        source.setDatabaseName(database);
        source.setUser(user);
        source.setPassword(password);
        return source;
    }
}
