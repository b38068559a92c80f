package io.tocsin.persistence.testing;

import io.tocsin.persistence.internal.DatabaseAddress;
import io.tocsin.persistence.internal.Schema;
import io.tocsin.persistence.internal.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What test databases share on a machine: the unpacked server and a migrated template, prepared once under a lock; and
 * a folder per running database, swept by the next test if its JVM was killed.
 */
public final class TestFolders {
    private static final Object ONE_THREAD = new Object();
    private static final int TEMPLATES_KEPT = 8;
    private static final Map<String, String> FAST = Map.of(
            "fsync", "off",
            "full_page_writes", "off",
            "shared_buffers", "64MB",
            "min_wal_size", "64MB",
            "logging_collector", "off");

    private final Path base;

    private TestFolders(Path base) {
        this.base = base;
    }

    public static TestFolders ofThisMachine() throws IOException {
        Path base = Path.of(System.getProperty("java.io.tmpdir"), "tocsin-test-" + System.getProperty("user.name"));
        for (Path folder : List.of(base, base.resolve("runs"))) {
            Files.createDirectories(folder);
            // The server of a root node runs as somebody else, whatever the umask.
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        return new TestFolders(base);
    }

    public EmbeddedPostgres.Place place(Path folder) {
        return new EmbeddedPostgres.Place(folder, base.resolve("binaries"), base.resolve("reachable"), "", FAST);
    }

    /** A new folder holding a copy of the template: a migrated database. */
    public Run run() throws IOException {
        return run(true);
    }

    /** A new folder with nothing in it, for tests of the server itself. */
    public Run emptyRun() throws IOException {
        return run(false);
    }

    /** The folder all of this is in. */
    public Path base() {
        return base;
    }

    private Run run(boolean migrated) throws IOException {
        synchronized (ONE_THREAD) {
            try (FileChannel channel = FileChannel.open(
                            base.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                sweep();
                Path folder = Files.createTempDirectory(base.resolve("runs"), "db-");
                Run run = new Run(folder);
                if (migrated) {
                    copy(template(), folder);
                }
                return run;
            }
        }
    }

    private Path template() throws IOException {
        Path template = base.resolve("template-" + fingerprint());
        if (!Files.exists(template.resolve("data/PG_VERSION"))) {
            Path making = base.resolve("template.making");
            stopServerIn(making);
            delete(making);
            try (EmbeddedPostgres server = EmbeddedPostgres.start(place(making))) {
                new Schema(new DatabaseAddress(server.url(), EmbeddedPostgres.OWNER, server.ownerPassword()))
                        .bringUpToDate("template");
            }
            Files.delete(making.resolve("port"));
            // Made without fsync; a template half on the disk after a power cut would fail every test from then on.
            execute("sync");
            Files.move(making, template);
        }
        Files.setLastModifiedTime(template, FileTime.fromMillis(System.currentTimeMillis()));
        return template;
    }

    /** Of the migrations: an edited one needs another template. */
    private static String fingerprint() throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            var source = Schema.class.getClassLoader().getResource("db/migration");
            if (source.getProtocol().equals("file")) {
                digestAll(digest, Path.of(source.getPath()));
            } else {
                Path jar = Path.of(Schema.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath());
                try (var content = FileSystems.newFileSystem(jar)) {
                    digestAll(digest, content.getPath("db/migration"));
                }
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void digestAll(MessageDigest digest, Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted(
                            Comparator.comparing(path -> path.getFileName().toString()))
                    .toList()) {
                digest.update(file.getFileName().toString().getBytes());
                digest.update(Files.readAllBytes(file));
            }
        }
    }

    private void sweep() throws IOException {
        List<Path> old;
        try (Stream<Path> runs = Files.list(base.resolve("runs"))) {
            old = runs.filter(Files::isDirectory).toList();
        }
        for (Path folder : old) {
            if (Run.abandoned(folder)) {
                stopServerIn(folder);
                delete(folder);
                Files.deleteIfExists(Run.lockOf(folder));
            }
        }
        try (Stream<Path> templates = Files.list(base)) {
            List<Path> rest = templates
                    .filter(path -> path.getFileName().toString().startsWith("template-"))
                    .sorted(Comparator.comparing(TestFolders::modified).reversed())
                    .skip(TEMPLATES_KEPT)
                    .toList();
            for (Path template : rest) {
                delete(template);
            }
        }
    }

    private static FileTime modified(Path path) {
        try {
            return Files.getLastModifiedTime(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A server that outlived its killed JVM: of any version, and perhaps of a machine that has started again since. It
     * is to be thrown away, so it is told to end at once (SIGQUIT), not to be tidy.
     */
    private static void stopServerIn(Path folder) throws IOException {
        Path data = folder.resolve("data").toAbsolutePath();
        Path file = data.resolve("postmaster.pid");
        if (!Files.exists(file)) {
            return;
        }
        String first = Files.readAllLines(file).stream().findFirst().orElse("").strip();
        Optional<ProcessHandle> server = first.isEmpty()
                ? Optional.empty()
                : ProcessHandle.of(Long.parseLong(first)).filter(process -> runsIn(process, data));
        if (server.isPresent()) {
            execute("/bin/sh", "-c", "kill -QUIT " + first);
            server.get()
                    .onExit()
                    .completeOnTimeout(null, 1, TimeUnit.MINUTES)
                    .thenRun(server.get()::destroyForcibly)
                    .join();
            server.get().onExit().join();
        }
    }

    /** The pid may have been given to another program since. */
    private static boolean runsIn(ProcessHandle process, Path folder) {
        try {
            return Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "cwd"))
                    .equals(folder);
        } catch (IOException e) {
            return false;
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        execute("cp", "-a", "--reflink=auto", from + "/.", to.toString());
    }

    private static void delete(Path folder) throws IOException {
        execute("rm", "-rf", folder.toString());
    }

    private static void execute(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + ": " + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** A running database's folder, locked while its JVM lives. */
    public static final class Run implements AutoCloseable {
        /**
         * Of this JVM. Its lock files are never opened twice: closing the second channel would release the lock of the
         * first (POSIX), and another JVM would sweep a database in use.
         */
        private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

        private final Path folder;
        private final FileChannel channel;

        private Run(Path folder) throws IOException {
            this.folder = folder;
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            HELD.add(folder);
            this.channel = FileChannel.open(lockOf(folder), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                throw new IOException("a new folder is locked already: " + folder);
            }
        }

        static Path lockOf(Path folder) {
            return folder.resolveSibling(folder.getFileName() + ".lock");
        }

        static boolean abandoned(Path folder) throws IOException {
            if (HELD.contains(folder)) {
                return false;
            }
            try (FileChannel channel =
                    FileChannel.open(lockOf(folder), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                return channel.tryLock() != null;
            }
        }

        public Path folder() {
            return folder;
        }

        @Override
        public void close() throws IOException {
            delete(folder);
            channel.close();
            Files.deleteIfExists(lockOf(folder));
            HELD.remove(folder);
        }
    }
}
