package io.tocsin.persistence.internal.embedded;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.tukaani.xz.XZInputStream;

/**
 * Unpacks the PostgreSQL server from the archive shipped with this bundle. Reads the archive itself, because a bare
 * machine has no {@code xz}.
 */
final class PostgresBinaries {
    private static final String ARCHIVE = "postgres-linux-x86_64.txz";
    private static final int BLOCK = 512;

    /** Marks a complete unpacking; a folder without it was interrupted and is made again. */
    private static final String COMPLETE = ".complete";

    private PostgresBinaries() {}

    /**
     * Makes sure the server's programs are in a folder, readable by every account of the machine.
     *
     * @param folder made when missing; its parent must exist
     * @throws EmbeddedPostgresException when this machine cannot run them, or they cannot be written
     */
    static void unpackInto(Path folder) {
        try (InputStream archive = PostgresBinaries.class.getClassLoader().getResourceAsStream(ARCHIVE)) {
            String machine = System.getProperty("os.name") + " " + System.getProperty("os.arch");
            if (archive == null || !machine.equals("Linux amd64")) {
                throw new EmbeddedPostgresException("the embedded PostgreSQL is built for Linux amd64, this machine is "
                        + machine + ": set 'url' in io.tocsin.persistence.cfg to a PostgreSQL 15 or later of your own");
            }
            unpackInto(folder, archive);
        } catch (IOException e) {
            throw EmbeddedPostgresException.of("cannot unpack the embedded PostgreSQL into " + folder, e);
        }
    }

    static void unpackInto(Path folder, InputStream archive) throws IOException {
        if (Files.exists(folder.resolve(COMPLETE))) {
            return;
        }
        Path making = folder.resolveSibling(folder.getFileName() + ".unpacking");
        Folders.delete(making);
        Folders.delete(folder);
        Folders.create(making, "rwxr-xr-x");
        unpack(new XZInputStream(archive), making);
        Files.createFile(making.resolve(COMPLETE));
        Files.move(making, folder, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Reads POSIX ustar: files, folders and symbolic links, the only kinds in the archive. */
    private static void unpack(InputStream tar, Path into) throws IOException {
        byte[] header = new byte[BLOCK];
        while (tar.readNBytes(header, 0, BLOCK) == BLOCK && header[0] != 0) {
            String name = text(header, 345, 155);
            name = (name.isEmpty() ? "" : name + "/") + text(header, 0, 100);
            long size = number(header, 124, 12);
            Path path = into.resolve(name).normalize();
            if (!path.startsWith(into)) {
                throw new IOException("the archive holds a path outside itself: " + name);
            }
            Files.createDirectories(path.getParent());
            switch (header[156]) {
                case '5' -> Folders.create(path, "rwxr-xr-x");
                case '2' -> Files.createSymbolicLink(path, Path.of(text(header, 157, 100)));
                case '0', 0 -> writeFile(tar, path, size, (number(header, 100, 8) & 0111) != 0);
                default -> throw new IOException("the archive holds an entry of unknown kind: " + name);
            }
        }
    }

    private static void writeFile(InputStream tar, Path path, long size, boolean program) throws IOException {
        try (var out = Files.newOutputStream(path)) {
            byte[] buffer = new byte[1 << 16];
            for (long left = size; left > 0; ) {
                int read = tar.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (read < 0) {
                    throw new EOFException("the archive ends inside " + path.getFileName());
                }
                out.write(buffer, 0, read);
                left -= read;
            }
        }
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
        tar.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
    }

    private static String text(byte[] header, int offset, int length) {
        int end = offset;
        while (end < offset + length && header[end] != 0) {
            end++;
        }
        return new String(header, offset, end - offset, StandardCharsets.UTF_8);
    }

    private static long number(byte[] header, int offset, int length) {
        String octal = text(header, offset, length).strip();
        return octal.isEmpty() ? 0 : Long.parseLong(octal, 8);
    }
}
