package io.tocsin.persistence.internal.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.stream.Stream;

/**
 * The folder of one embedded server, held by one node at a time:
 *
 * <pre>
 * data/                 the cluster, mode 0700, of the server's account
 * log/                  a week of server logs, of the server's account
 * superuser-password    0600, of the node's account
 * owner-password        0600, of the node's account; another node on this machine refers to it
 * port                  the loopback port, kept from start to start
 * node.lock             locked while a node uses this folder
 * </pre>
 */
final class ServerHome implements AutoCloseable {
    private static final int SECRET_BYTES = 24;

    private final Path folder;
    private final FileChannel lock;

    private ServerHome(Path folder, FileChannel lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /**
     * Opens the folder, made when missing. When the server's account cannot reach it (a clone under {@code /root}),
     * the folder is made under {@code reachable} instead and a symbolic link put in its place.
     */
    static ServerHome open(Path wanted, Path reachable, ServerAccount account) {
        try {
            Path folder = reachableFolder(wanted.toAbsolutePath().normalize(), reachable, account);
            FileChannel channel =
                    FileChannel.open(folder.resolve("node.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!locked(channel)) {
                throw new EmbeddedPostgresException("another node uses the embedded database in " + folder
                        + ": give this node a folder of its own ('folder' in io.tocsin.persistence.cfg) or the URL of"
                        + " that node's database ('url')");
            }
            return new ServerHome(folder, channel);
        } catch (IOException e) {
            throw EmbeddedPostgresException.of("cannot use " + wanted + " for the embedded database", e);
        }
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            boolean locked = channel.tryLock() != null;
            if (!locked) {
                channel.close();
            }
            return locked;
        } catch (OverlappingFileLockException e) {
            // Held by this very process. The channel stays open: closing it would release that lock too (POSIX).
            return false;
        }
    }

    private static Path reachableFolder(Path wanted, Path reachable, ServerAccount account) throws IOException {
        if (!Files.isSymbolicLink(wanted)) {
            boolean made = !Files.exists(wanted);
            Folders.create(wanted, "rwxr-xr-x");
            if (account.reaches(wanted)) {
                return wanted.toRealPath();
            }
            if (!made && !isEmpty(wanted)) {
                throw new EmbeddedPostgresException(
                        "the account " + account.name().orElseThrow()
                                + " cannot reach the embedded database in " + wanted
                                + ": let it through (chmod o+x on each folder above) or move that folder and set 'folder' in"
                                + " io.tocsin.persistence.cfg");
            }
            Files.delete(wanted);
            Files.createSymbolicLink(wanted, newFolder(reachable));
        }
        Path target = Files.readSymbolicLink(wanted);
        Path folder = wanted.resolveSibling(target);
        Folders.create(folder, "rwxr-xr-x");
        if (!account.reaches(folder)) {
            throw new EmbeddedPostgresException("the account " + account.name().orElseThrow() + " can reach neither "
                    + wanted + " nor " + folder + ": let it through (chmod o+x on each folder above)");
        }
        return folder.toRealPath();
    }

    private static Path newFolder(Path reachable) throws IOException {
        Folders.create(reachable, "rwxr-xr-x");
        return Files.createTempDirectory(reachable, "postgres-").toAbsolutePath();
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> content = Files.list(folder)) {
            return content.findAny().isEmpty();
        }
    }

    Path folder() {
        return folder;
    }

    Path data() {
        return folder.resolve("data");
    }

    Path log() {
        return folder.resolve("log");
    }

    boolean initialised() {
        return Files.exists(data().resolve("PG_VERSION"), LinkOption.NOFOLLOW_LINKS);
    }

    String superuserPassword() throws IOException {
        return secret("superuser-password");
    }

    String ownerPassword() throws IOException {
        return secret("owner-password");
    }

    private String secret(String name) throws IOException {
        Path file = folder.resolve(name);
        if (!Files.exists(file)) {
            byte[] random = new byte[SECRET_BYTES];
            new SecureRandom().nextBytes(random);
            Folders.write(file, HexFormat.of().formatHex(random), "rw-------");
        }
        return Files.readString(file).strip();
    }

    /** The port of the last start, 0 when there was none. */
    int port() throws IOException {
        Path file = folder.resolve("port");
        return Files.exists(file) ? Integer.parseInt(Files.readString(file).strip()) : 0;
    }

    void port(int port) throws IOException {
        Folders.write(folder.resolve("port"), port + "\n", "rw-r--r--");
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
