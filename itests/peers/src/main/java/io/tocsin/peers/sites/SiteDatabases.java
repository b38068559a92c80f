package io.tocsin.peers.sites;

import io.tocsin.peers.Supervised;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * PostgreSQL at two sites, kept by Patroni with an etcd member at each and at the witness, configured as docs/two-sites.md says but for
 * the passwords. Closing ends it all and removes its files.
 */
public final class SiteDatabases implements AutoCloseable {
    public static final String OWNER = "tocsin_owner";
    public static final String OWNER_PASSWORD = "owner-for-one-run";
    private static final String SUPERUSER_PASSWORD = "super-for-one-run";
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);
    private static final int ACCOUNT = 5432;
    private static final String PREFIX = "tocsin-sites-";

    /** Times a disk is tried to be filled. */
    private static final int FILLING = 50;

    /** Of each site's disk, which is in memory: what is not used takes none. */
    private static final String DISK = "3g";

    private final SiteNetwork network;
    private final PatroniRoot root;
    private final Path folder;
    private final Map<SiteName, Supervised> etcd = new EnumMap<>(SiteName.class);
    private final Map<SiteName, Supervised> patroni = new EnumMap<>(SiteName.class);
    private final Map<SiteName, Supervised> past = new EnumMap<>(SiteName.class);
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();

    private SiteDatabases(SiteNetwork network, PatroniRoot root, Path folder) {
        this.network = network;
        this.root = root;
        this.folder = folder;
    }

    /** Returns when one is primary, the other its synchronous standby, and the database and its owner are there. */
    public static SiteDatabases start(SiteNetwork network) throws IOException, SQLException {
        sweep();
        Path folder = Files.createTempDirectory(PREFIX + ProcessHandle.current().pid() + "-");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        SiteDatabases databases = new SiteDatabases(network, PatroniRoot.find(), folder);
        try {
            for (SiteName site : SiteName.values()) {
                Files.createDirectories(databases.data(site, "etcd"));
                databases.own(databases.data(site, "etcd"));
                databases.startEtcd(site);
            }
            for (SiteName site : new SiteName[] {SiteName.A, SiteName.B}) {
                Path data = Files.createDirectories(databases.data(site, "patroni"));
                Commands.run("mount", "-t", "tmpfs", "-o", "size=" + DISK, "tmpfs", data.toString());
                Files.writeString(data.resolve("patroni.yml"), databases.configuration(site));
                databases.own(data);
                databases.startPostgres(site);
            }
            databases.rememberNames();
            databases.awaitProtected();
            databases.prepare();
            return databases;
        } catch (IOException | SQLException | RuntimeException e) {
            databases.close();
            throw e;
        }
    }

    /** What JVMs left that were killed: their programs are gone by themselves. */
    private static void sweep() throws IOException {
        try (var left = Files.newDirectoryStream(Path.of(System.getProperty("java.io.tmpdir")), PREFIX + "*")) {
            for (Path each : left) {
                String pid = each.getFileName().toString().replaceFirst("^" + PREFIX + "(\\d+)-.*", "$1");
                if (pid.matches("\\d+") && ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
                    remove(each);
                }
            }
        }
    }

    /** Its disks are let go first; one that somebody still stands on goes with the last of them. */
    private static void remove(Path folder) throws IOException {
        for (SiteName site : new SiteName[] {SiteName.A, SiteName.B}) {
            Path disk = folder.resolve(site.word()).resolve("patroni");
            if (Commands.succeeds("mountpoint", "-q", disk.toString())) {
                Commands.run("umount", "--lazy", disk.toString());
            }
        }
        Commands.run("rm", "-rf", folder.toString());
    }

    private Path data(SiteName site, String program) {
        return folder.resolve(site.word()).resolve(program);
    }

    private void own(Path data) throws IOException {
        Commands.run("chown", "-R", ACCOUNT + ":" + ACCOUNT, data.toString());
        Commands.run("chmod", "-R", "go=", data.toString());
    }

    public void startEtcd(SiteName site) throws IOException {
        String peers = Stream.of(SiteName.values())
                .map(each -> each.word() + "=http://" + each.address() + ":2380")
                .reduce((all, one) -> all + "," + one)
                .orElseThrow();
        String client = "http://" + site.address() + ":2379";
        String peer = "http://" + site.address() + ":2380";
        // The v2 store: in Debian 12's Patroni 3.0 only its driver never takes the leader's key from somebody else.
        etcd.put(
                site,
                start(
                        site,
                        "etcd",
                        "etcd",
                        "--name=" + site.word(),
                        "--data-dir=/srv/etcd",
                        "--enable-v2=true",
                        "--listen-peer-urls=" + peer,
                        "--initial-advertise-peer-urls=" + peer,
                        "--listen-client-urls=" + client,
                        "--advertise-client-urls=" + client,
                        "--initial-cluster=" + peers,
                        "--initial-cluster-state=new",
                        "--heartbeat-interval=200",
                        "--election-timeout=2000"));
    }

    /** Starts Patroni, which starts PostgreSQL as what it has to be. */
    public void startPostgres(SiteName site) throws IOException {
        patroni.put(site, start(site, "patroni", "patroni", "/srv/patroni.yml"));
    }

    private Supervised start(SiteName site, String name, String... program) throws IOException {
        Path log = folder.resolve(site.word()).resolve(name + ".log");
        return Supervised.start(
                root.program(network, site, data(site, name), program),
                data(site, name),
                Redirect.appendTo(log.toFile()),
                Redirect.appendTo(log.toFile()));
    }

    private String configuration(SiteName site) throws IOException {
        try (var in = SiteDatabases.class.getResourceAsStream("patroni.yml")) {
            return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
                    .replace("@SITE@", site.word())
                    .replace("@ADDRESS@", site.address())
                    .replace("@SUPERUSER@", SUPERUSER_PASSWORD);
        }
    }

    private void prepare() throws SQLException {
        try (Connection connection = connect("postgres");
                var statement = connection.createStatement()) {
            statement.execute("create role " + OWNER + " login createrole password '" + OWNER_PASSWORD + "'");
            statement.execute("create database tocsin owner " + OWNER + " encoding 'UTF8'");
        }
    }

    /** What a site's server is called, at both sites. */
    private static String serverName(SiteName site) {
        return "postgres-" + site.word();
    }

    /** In the form of {@code /etc/hosts}: where a node finds names, and nowhere else ({@code -Djdk.net.hosts.file}). */
    public Path names() {
        return folder.resolve("hosts");
    }

    /** The servers' names are found. */
    public void rememberNames() throws IOException {
        writeNames(SiteName.A.address() + " " + serverName(SiteName.A) + "\n" + SiteName.B.address() + " "
                + serverName(SiteName.B) + "\n");
    }

    /** They are found no more. Addresses work as ever. */
    public void forgetNames() throws IOException {
        writeNames("");
    }

    private void writeNames(String servers) throws IOException {
        Files.writeString(
                names(), "127.0.0.1 localhost " + InetAddress.getLocalHost().getHostName() + "\n" + servers);
    }

    /** What a node is given, at whichever site. */
    public String url() {
        return "jdbc:postgresql://" + serverName(SiteName.A) + ":5432," + serverName(SiteName.B)
                + ":5432/tocsin?targetServerType=primary";
    }

    /** To the platform's database on whichever server is the primary, as superuser, past all cuts. */
    public Connection connect() throws SQLException {
        return connect("tocsin");
    }

    private Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://" + network.outside(SiteName.A) + ":5432," + network.outside(SiteName.B) + ":5432/"
                        + database
                        + "?targetServerType=primary&hostRecheckSeconds=0&connectTimeout=2&loginTimeout=6&socketTimeout=60",
                "postgres",
                SUPERUSER_PASSWORD);
    }

    /** Where the primary is, as the servers say; empty: nowhere just now. */
    public Optional<SiteName> primary() {
        return Stream.of(SiteName.A, SiteName.B)
                .filter(site -> says(site, "/primary"))
                .findFirst();
    }

    /** Whether a site's server follows the primary, and commits wait for it. */
    public boolean synchronous(SiteName site) {
        return says(site, "/synchronous");
    }

    private boolean says(SiteName site, String path) {
        try {
            return http.send(
                                    HttpRequest.newBuilder(
                                                    URI.create("http://" + network.outside(site) + ":8008" + path))
                                            .timeout(Duration.ofSeconds(2))
                                            .build(),
                                    BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Until one is primary, and the other follows synchronously. @return where the primary is */
    public SiteName awaitProtected() throws IOException {
        long limit = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() < limit) {
            Optional<SiteName> primary = primary();
            if (primary.isPresent() && synchronous(primary.get().peer())) {
                return primary.get();
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
        throw new IOException("after " + LIMIT + " no primary with a synchronous standby; " + tails());
    }

    /** Until a site's server is the primary. */
    public void awaitPrimary(SiteName site) throws IOException {
        long limit = System.nanoTime() + LIMIT.toNanos();
        while (!says(site, "/primary")) {
            if (System.nanoTime() > limit) {
                throw new IOException("after " + LIMIT + " site " + site.word() + " has no primary; " + tails());
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
    }

    private String tails() throws IOException {
        StringBuilder tails = new StringBuilder();
        for (SiteName site : new SiteName[] {SiteName.A, SiteName.B}) {
            var lines = Files.readAllLines(folder.resolve(site.word()).resolve("patroni.log"));
            tails.append("\n").append(site.word()).append(": ");
            tails.append(String.join("\n   ", lines.subList(Math.max(0, lines.size() - 8), lines.size())));
        }
        return tails.toString();
    }

    /** Patroni and PostgreSQL of a site are gone at once, as with their machine. */
    public void killPostgres(SiteName site) throws IOException {
        patroni.remove(site).close();
    }

    /** What {@code patronictl switchover} does: the primary hands over in order. Returns when it has. */
    public void switchOver(SiteName from) throws IOException {
        String wish = "{\"leader\":\"" + from.word() + "\",\"candidate\":\""
                + from.peer().word() + "\"}";
        try {
            var answer = http.send(
                    HttpRequest.newBuilder(URI.create("http://" + network.outside(from) + ":8008/switchover"))
                            .timeout(LIMIT)
                            .POST(HttpRequest.BodyPublishers.ofString(wish))
                            .build(),
                    BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IOException("Patroni does not switch over: " + answer.body());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** The disk of a site's PostgreSQL is full from now on. */
    public void fillDisk(SiteName site) throws IOException {
        File disk = data(site, "patroni").toFile();
        // A disk is never made smaller than what is on it, and somebody writes on this one.
        for (int attempt = 0; !resized(site, Long.toString(disk.getTotalSpace() - disk.getFreeSpace())); attempt++) {
            if (attempt == FILLING) {
                throw new IOException("the disk of site " + site.word() + " does not get full");
            }
        }
    }

    /** There is room again. */
    public void freeDisk(SiteName site) throws IOException {
        if (!resized(site, DISK)) {
            throw new IOException("the disk of site " + site.word() + " cannot be made larger");
        }
    }

    private boolean resized(SiteName site, String size) throws IOException {
        return Commands.succeeds(
                "mount", "-o", "remount,size=" + size, data(site, "patroni").toString());
    }

    /** The library that gives a node another clock. */
    public Path clock() throws IOException {
        return root.clock();
    }

    /** PostgreSQL's processes stand still; Patroni and the machine go on. */
    public void freeze(SiteName site) throws IOException {
        signal(site, "-STOP");
    }

    /** They go on where they were. */
    public void thaw(SiteName site) throws IOException {
        signal(site, "-CONT");
    }

    private void signal(SiteName site, String signal) throws IOException {
        for (String pid : network.processes(site)) {
            Path name = Path.of("/proc", pid, "comm");
            if (Files.exists(name) && Files.readString(name).startsWith("postgres")) {
                Commands.run("kill", signal, pid);
            }
        }
    }

    /** PostgreSQL as it was when it was killed, without Patroni: what somebody does who means well. */
    public void startPast(SiteName site) throws IOException {
        Files.deleteIfExists(data(site, "patroni").resolve("pg/postmaster.pid"));
        past.put(
                site,
                start(site, "patroni", "/usr/lib/postgresql/15/bin/postgres", "-D", "/srv/pg", "-c", "port=5432"));
    }

    public void stopPast(SiteName site) throws IOException {
        past.remove(site).close();
    }

    public void killEtcd(SiteName site) throws IOException {
        etcd.remove(site).close();
    }

    @Override
    public void close() throws IOException {
        for (Map<SiteName, Supervised> programs : java.util.List.of(past, patroni, etcd)) {
            for (Supervised each : programs.values()) {
                each.close();
            }
            programs.clear();
        }
        if (!Boolean.getBoolean("tocsin.keep")) {
            remove(folder);
        }
    }
}
