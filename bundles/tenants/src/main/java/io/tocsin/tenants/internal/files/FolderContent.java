package io.tocsin.tenants.internal.files;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The content of a folder (or of one file) as a digest, and a private copy of it: what is applied is the copy whose digest
 * was seen twice, never files that somebody is still writing.
 */
final class FolderContent {
    static final int MOST_FILES = 2_000;
    static final long MOST_BYTES = 1L << 30;

    /** Below this, a file is read at every look: no clock or file system can hide a change. */
    private static final long SMALL = 262_144;

    private final Map<Path, Known> large = new HashMap<>();

    private record Known(Object key, long size, FileTime modified, byte[] digest) {}

    /** Files of editors, of copies under way and of version control are not content. */
    static boolean ignored(Path file) {
        String name = file.getFileName().toString();
        return name.startsWith(".")
                || name.endsWith("~")
                || name.endsWith(".swp")
                || name.endsWith(".part")
                || name.endsWith(".tmp")
                || name.startsWith("~$");
    }

    /**
     * The digest of every name and every byte. Large files are read again only when their inode, size or time changed.
     *
     * @throws IOException also when the content is too large, or holds a link
     */
    String digest(Path root) throws IOException {
        MessageDigest whole = sha256();
        List<Path> files = list(root);
        for (Path file : files) {
            add(whole, root, file, fileDigest(file));
        }
        large.keySet().removeIf(file -> file.startsWith(root) && !files.contains(file));
        return HexFormat.of().formatHex(whole.digest());
    }

    private byte[] fileDigest(Path file) throws IOException {
        BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
        Known known = large.get(file);
        if (known != null
                && known.size == now.size()
                && known.modified.equals(now.lastModifiedTime())
                && Objects.equals(known.key, now.fileKey())) {
            return known.digest;
        }
        MessageDigest digest = sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        byte[] bytes = digest.digest();
        if (now.size() > SMALL) {
            large.put(file, new Known(now.fileKey(), now.size(), now.lastModifiedTime(), bytes));
        }
        return bytes;
    }

    /** Copies into {@code target}, which must not exist, and returns the digest of what was copied. */
    String copy(Path root, Path target) throws IOException {
        MessageDigest whole = sha256();
        for (Path file : list(root)) {
            MessageDigest digest = sha256();
            Path copy = file.equals(root)
                    ? target
                    : target.resolve(root.relativize(file).toString());
            Files.createDirectories(copy.getParent());
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest);
                    OutputStream out = Files.newOutputStream(copy)) {
                in.transferTo(out);
            }
            add(whole, root, file, digest.digest());
        }
        return HexFormat.of().formatHex(whole.digest());
    }

    private static void add(MessageDigest whole, Path root, Path file, byte[] digest) {
        whole.update((root.relativize(file) + "\0").getBytes(StandardCharsets.UTF_8));
        whole.update(digest);
    }

    static void delete(Path root) throws IOException {
        if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> walk = Files.walk(root)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static List<Path> list(Path root) throws IOException {
        List<Path> files = new ArrayList<>();
        long[] bytes = {0};
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return !folder.equals(root) && ignored(folder)
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (ignored(file) && !file.equals(root)) {
                    return FileVisitResult.CONTINUE;
                }
                if (!attributes.isRegularFile()) {
                    throw new IOException(root.relativize(file) + " is a link or no file; copy the file itself there");
                }
                bytes[0] += attributes.size();
                files.add(file);
                if (files.size() > MOST_FILES || bytes[0] > MOST_BYTES) {
                    throw new IOException("holds more than " + MOST_FILES + " files or 1 GiB; take away what is not"
                            + " the tenant's");
                }
                return FileVisitResult.CONTINUE;
            }
        });
        files.sort(Comparator.comparing(file -> root.relativize(file).toString()));
        return files;
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }
}
