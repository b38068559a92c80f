package io.tocsin.routing.internal.documents;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Documents as files: {@code FOLDER/TENANT/SHA256.pdf}. A file is complete from the moment it has its name, and is compared with it when
 * this process meets it first and whenever it changed. The folder has a bound; beyond it those not asked for longest go, but none before its
 * time.
 *
 * <p>Files are not touched when they are asked for: a channel that draws one takes a file of another time for another document.
 */
final class DocumentFolder {
    private static final Logger LOG = LoggerFactory.getLogger(DocumentFolder.class);
    private static final String ENDING = ".pdf";
    private static final String PART = ".part";
    private static final Duration PART_LEFT_BEHIND = Duration.ofHours(1);

    private static final FileAttribute<?> FOLDER_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<?> FILE_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /** Writes a document. */
    interface Source {
        void writeTo(OutputStream out) throws IOException;
    }

    /** A file as it was when it was compared with its name. */
    private record Seen(long size, FileTime changed, Instant used) {}

    private record Kept(Path file, long size, Instant used) {}

    private final Path root;
    private final long mostBytes;
    private final Duration keep;
    private final Clock clock;
    private final Map<Path, Seen> seen = new ConcurrentHashMap<>();

    DocumentFolder(Path root, long mostBytes, Duration keep, Clock clock) {
        this.root = root.toAbsolutePath();
        this.mostBytes = mostBytes;
        this.keep = keep;
        this.clock = clock;
    }

    /** @return the file, from now on used now; empty when there is none that is what its name says */
    Optional<Path> find(int tenantId, String sha256) throws IOException {
        Path file = file(tenantId, sha256);
        try {
            Seen now = new Seen(Files.size(file), Files.getLastModifiedTime(file), clock.instant());
            Seen before = seen.get(file);
            boolean same = before != null
                    && before.size() == now.size()
                    && before.changed().equals(now.changed());
            if (!same && !sha256.equals(hash(file))) {
                LOG.warn("document.damaged tenant={} sha256={}", tenantId, sha256);
                seen.remove(file);
                Files.deleteIfExists(file);
                return Optional.empty();
            }
            seen.put(file, now);
            return Optional.of(file);
        } catch (NoSuchFileException none) {
            seen.remove(file);
            return Optional.empty();
        }
    }

    /** @throws IOException when there is no room, or what came is not what its name says */
    Path keep(int tenantId, String sha256, long size, Source source) throws IOException {
        makeRoom(size);
        Path file = file(tenantId, sha256);
        Files.createDirectories(file.getParent(), FOLDER_MODE);
        Path part = file.resolveSibling("." + UUID.randomUUID() + PART);
        try {
            String came = write(part, source);
            if (!came.equals(sha256)) {
                throw new IOException("what the database holds as document " + sha256
                        + " is something else: restore document_content");
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
        seen.put(file, new Seen(Files.size(file), Files.getLastModifiedTime(file), clock.instant()));
        return file;
    }

    @Override
    public String toString() {
        return root.toString();
    }

    private Path file(int tenantId, String sha256) {
        return root.resolve(String.valueOf(tenantId)).resolve(sha256 + ENDING);
    }

    private static String write(Path part, Source source) throws IOException {
        MessageDigest digest = sha256();
        try (FileChannel channel = FileChannel.open(
                        part, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), FILE_MODE);
                OutputStream out = new BufferedOutputStream(
                        new DigestOutputStream(Channels.newOutputStream(channel), digest), 1 << 16)) {
            source.writeTo(out);
            out.flush();
            channel.force(true);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static String hash(Path file) throws IOException {
        MessageDigest digest = sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** One at a time; documents come rarely, so that the folder is counted for each. */
    private synchronized void makeRoom(long size) throws IOException {
        List<Kept> kept = kept();
        long left = kept.stream().mapToLong(Kept::size).sum();
        Instant free = clock.instant().minus(keep);
        for (Kept each : kept) {
            if (left + size <= mostBytes || each.used().isAfter(free)) {
                break;
            }
            Files.deleteIfExists(each.file());
            seen.remove(each.file());
            left -= each.size();
        }
        if (left + size > mostBytes) {
            throw new IOException("it is full of what was used in the last " + keep.toHours()
                    + " h: raise mebibytes of " + KeptDocuments.PID + " or lower keepHours");
        }
    }

    /** Least recently used first. Parts that a crash left behind are deleted on the way. */
    private List<Kept> kept() throws IOException {
        List<Kept> kept = new ArrayList<>();
        for (Path file : files()) {
            try {
                Instant written = Files.getLastModifiedTime(file).toInstant();
                String name = file.getFileName().toString();
                if (name.endsWith(ENDING)) {
                    Seen known = seen.get(file);
                    kept.add(new Kept(file, Files.size(file), known == null ? written : known.used()));
                } else if (name.endsWith(PART)
                        && written.isBefore(clock.instant().minus(PART_LEFT_BEHIND))) {
                    Files.deleteIfExists(file);
                }
            } catch (NoSuchFileException deletedMeanwhile) {
                continue;
            }
        }
        kept.sort(Comparator.comparing(Kept::used));
        return kept;
    }

    private List<Path> files() throws IOException {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(root, 2)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
