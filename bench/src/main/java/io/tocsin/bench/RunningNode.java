package io.tocsin.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tocsin.persistence.testing.Conservation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A node of our own distribution, started by the launcher as an operator would, with a home of its own. Closing stops it
 * and deletes the home. Whenever it is stopped, every alert in its own database must obey the law of conservation.
 */
public final class RunningNode implements AutoCloseable {
    static final Path ROOT = Path.of(System.getProperty("tocsin.root")).toAbsolutePath();

    private final Path home;
    private final Map<String, String> environment;
    private final List<String> options;
    private final String name;
    private final Place place;
    private final Thread abandoned = new Thread(this::abandon, "tocsin-node-abandoned");
    private int http;
    private long pid;

    /**
     * Where a node runs.
     *
     * @param before what stands before the launcher's name to have it run there
     * @param host where its HTTP is reached from here
     */
    public record Place(List<String> before, String host) {
        static final Place HERE = new Place(List.of(), "127.0.0.1");
    }

    /** Something of its surroundings, from its next start on. @param value null: as it is here */
    public void surround(String name, String value) {
        if (value == null) {
            environment.remove(name);
        } else {
            environment.put(name, value);
        }
    }

    private RunningNode(Path home, Map<String, String> environment, List<String> options, Place place) {
        // Who interrupts a measurement wants no node left that takes the next one's cores.
        Runtime.getRuntime().addShutdownHook(abandoned);
        this.place = place;
        this.home = home;
        this.environment = environment;
        this.options = options;
        int named = options.indexOf("--node");
        this.name = named < 0 ? "node1" : options.get(named + 1);
    }

    /** Writes a node's tenants folder. */
    @FunctionalInterface
    public interface Folders {
        void write(Path tenants) throws IOException;
    }

    /**
     * Prepares a home with the shipped tenants named, and starts a node in it.
     *
     * @param tenants slugs of the shipped tenants to copy into the node's own tenants folder
     * @param environment additional environment: lab ports and the like
     * @param options for {@code ./tocsin start}
     */
    public static RunningNode start(List<String> tenants, Map<String, String> environment, String... options) {
        return start(environment, Arrays.asList(options), folder -> {
            for (String tenant : tenants) {
                copy(ROOT.resolve("tenants").resolve(tenant), folder.resolve(tenant));
            }
            copy(ROOT.resolve("tenants/_agencies"), folder.resolve("_agencies"));
        });
    }

    /** Prepares a home with tenants of the caller's own, and starts a node in it. */
    public static RunningNode start(Map<String, String> environment, List<String> options, Folders tenants) {
        return start(environment, options, tenants, Place.HERE);
    }

    /** The same, somewhere else than on this machine's loopback. */
    public static RunningNode start(
            Map<String, String> environment, List<String> options, Folders tenants, Place place) {
        try {
            Path home = Files.createTempDirectory("tocsin-node-");
            // The database's own account must pass through.
            Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
            tenants.write(Files.createDirectory(home.resolve("tenants")));
            Map<String, String> all = new TreeMap<>(environment);
            all.put("TOCSIN_HOME", home.toString());
            all.put("TOCSIN_TENANTS", home.resolve("tenants").toString());
            all.putIfAbsent("TOCSIN_HEAP", "512m");
            RunningNode node = new RunningNode(home, all, options, place);
            node.startOrClose();
            return node;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The node that somebody else, the demo say, started in a home of its own; from here on it is the caller's to close. */
    public static RunningNode adopt(Path home, Map<String, String> environment, String name) {
        Map<String, String> all = new TreeMap<>(environment);
        all.put("TOCSIN_HOME", home.toString());
        RunningNode node = new RunningNode(home, all, List.of("--node", name), Place.HERE);
        try {
            node.pid = Long.parseLong(
                    Files.readString(node.folder().resolve("tocsin.pid")).strip());
            node.http = Files.readAllLines(node.folder().resolve("node.conf")).stream()
                    .filter(line -> line.startsWith("http="))
                    .mapToInt(line -> Integer.parseInt(line.substring("http=".length())))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return node;
    }

    /** A node that did not become ready is left running by the launcher: not by us. */
    private void startOrClose() {
        try {
            start();
        } catch (RuntimeException e) {
            try {
                close();
            } catch (RuntimeException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    /** Starts the node again on the same data, on the same port. */
    public void start() {
        List<String> command = new ArrayList<>(List.of("start", "--http", String.valueOf(http), "--json"));
        command.addAll(options);
        JsonNode started = json(launcher(command.toArray(String[]::new)));
        http = started.get("http").asInt();
        pid = started.get("pid").asLong();
    }

    /** Starts the node, which is stopped, with another distribution on the same data. @param archive as the build makes them */
    public void startFrom(Path archive) {
        environment.put("TOCSIN_ARCHIVE", archive.toString());
        start();
    }

    /** @throws AssertionError when an alert of the node's own database breaks the law of conservation; it is stopped all the same */
    public void stop() {
        try {
            if (ProcessHandle.of(pid).isPresent()) {
                checkConservation();
            }
        } finally {
            launcher("stop", "--node", name, "--json");
        }
    }

    /**
     * Checks the law of conservation for every alert in the node's own database, which must be answering. A database given
     * by {@code --db} is checked by whoever gave it.
     *
     * @throws AssertionError naming each alert that breaks it
     */
    public void checkConservation() {
        if (setting("url").isPresent()) {
            return;
        }
        try (Connection connection = database()) {
            Conservation.checkAll(connection);
        } catch (SQLException e) {
            throw new IllegalStateException("the ledger cannot be read, so it cannot be checked", e);
        }
    }

    /** A connection to the node's own database, as its superuser: to look at, or to get in the way. */
    public Connection database() throws SQLException {
        try {
            return new Postgres(setting("folder").map(Path::of).orElse(data().resolve("postgres"))).connect();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A setting of the node's database, if one is given. */
    private Optional<String> setting(String key) {
        Path file = folder().resolve("etc/io.tocsin.persistence.cfg");
        try (Stream<String> lines = Files.lines(file)) {
            return lines.map(line -> line.split("=", 2))
                    .filter(pair -> pair.length == 2 && pair[0].strip().equals(key))
                    .map(pair -> pair[1].strip())
                    .filter(value -> !value.isEmpty())
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the node as a power cut would: kill -9, nothing flushed, nobody told. */
    public void kill() {
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        process.destroyForcibly();
        process.onExit().join();
    }

    public long pid() {
        return pid;
    }

    public int http() {
        return http;
    }

    public Path tenants() {
        return home.resolve("tenants");
    }

    public Path home() {
        return home;
    }

    /** The node's own folder: {@code etc} and {@code data} are in it. */
    public Path folder() {
        return home.resolve("nodes").resolve(name);
    }

    public Path data() {
        return folder().resolve("data");
    }

    /** A secret of the node, as the launcher made it. */
    public String secret(String secret) {
        try {
            return Files.readString(folder().resolve("etc/secrets").resolve(secret))
                    .strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Api api() {
        return new Api(place.host(), http);
    }

    /** What the console answers to a command. */
    public String console(String command) {
        return launcher("console", "--node", name, command);
    }

    public String launcher(String... arguments) {
        try {
            List<String> command = new ArrayList<>(place.before());
            command.add(ROOT.resolve("tocsin").toString());
            command.addAll(List.of(arguments));
            ProcessBuilder builder = new ProcessBuilder(command).directory(ROOT.toFile());
            builder.environment().putAll(environment);
            Path errors = home.resolve("launcher.err");
            builder.redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()));
            builder.redirectInput(
                    ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
            Process process = builder.start();
            String out = new String(process.getInputStream().readAllBytes());
            if (!process.waitFor(5, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new IllegalStateException("./tocsin " + String.join(" ", arguments) + " ended with "
                        + (process.isAlive() ? "nothing" : process.exitValue()) + ":\n" + out
                        + Files.readString(errors));
            }
            return out;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode json(String out) {
        try {
            String[] lines = out.strip().split("\n");
            return new ObjectMapper().readTree(lines[lines.length - 1]);
        } catch (IOException e) {
            throw new UncheckedIOException(out, e);
        }
    }

    public static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files.sorted((a, b) -> b.compareTo(a))::iterator) {
                Files.deleteIfExists(file);
            }
        }
    }

    private void abandon() {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
    }

    /** Nothing is left to be ended with this JVM. */
    private void released() {
        try {
            Runtime.getRuntime().removeShutdownHook(abandoned);
        } catch (IllegalStateException ending) {
            // It runs already.
        }
    }

    @Override
    public void close() {
        try {
            stop();
        } finally {
            released();
            if (!Boolean.getBoolean("tocsin.keep")) {
                try {
                    delete(home);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }
}
