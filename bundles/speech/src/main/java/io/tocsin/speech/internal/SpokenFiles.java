package io.tocsin.speech.internal;

import io.tocsin.speech.api.Sound;
import io.tocsin.speech.api.SpeechException;
import io.tocsin.speech.api.SpeechException.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * What was spoken, as files: {@code FOLDER/TENANT/KEY.alaw}. A file is complete from the moment it has its name, also
 * after a power cut. The folder has a bound; beyond it those not asked for longest go, but none before its time.
 *
 * <p>Nodes may share the folder: each counts what it writes and looks again before it deletes anything.
 */
final class SpokenFiles {

    private static final String ENDING = ".alaw";
    private static final String PART = ".part";
    private static final Duration PART_LEFT_BEHIND = Duration.ofHours(1);

    /** The owner writes, the group (a switch on the same machine) reads: texts may name people. */
    private static final FileAttribute<?> FOLDER_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---"));

    private static final FileAttribute<?> FILE_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----"));

    private final Path root;
    private final long mostBytes;
    private final Duration keep;
    private final Clock clock;

    /** About; negative when nobody counted yet. Guarded by this. */
    private long bytes = -1;

    private record Kept(Path file, long size, Instant used) {}

    SpokenFiles(Path root, long mostBytes, Duration keep, Clock clock) {
        this.root = root.toAbsolutePath();
        this.mostBytes = mostBytes;
        this.keep = keep;
        this.clock = clock;
    }

    /** @return the file, from now on used now */
    Optional<Path> find(int tenantId, String key) throws SpeechException {
        Path file = file(tenantId, key);
        try {
            if (!Files.isRegularFile(file) || Files.size(file) == 0) {
                return Optional.empty();
            }
            Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
            return Optional.of(file);
        } catch (NoSuchFileException deletedMeanwhile) {
            return Optional.empty();
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    Path keep(int tenantId, String key, Sound sound) throws SpeechException {
        byte[] alaw = sound.alaw();
        try {
            makeRoom(alaw.length);
            Path file = file(tenantId, key);
            folder(file.getParent());
            Path part = file.resolveSibling("." + UUID.randomUUID() + PART);
            try {
                write(part, alaw);
                Files.setLastModifiedTime(part, FileTime.from(clock.instant()));
                Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(part);
            }
            return file;
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    synchronized void forget(int tenantId) throws SpeechException {
        Path folder = root.resolve(String.valueOf(tenantId));
        try {
            for (Path file : files(folder)) {
                Files.deleteIfExists(file);
            }
            bytes = -1;
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private Path file(int tenantId, String key) {
        return root.resolve(String.valueOf(tenantId)).resolve(key + ENDING);
    }

    /** The mode is given at the making and never changed after: a group bit that an operator set on the root is inherited. */
    private static void folder(Path folder) throws IOException {
        Files.createDirectories(folder.getParent().getParent());
        for (Path each : List.of(folder.getParent(), folder)) {
            try {
                Files.createDirectory(each, FOLDER_MODE);
            } catch (FileAlreadyExistsException made) {
                if (!Files.isDirectory(each)) {
                    throw made;
                }
            }
        }
    }

    private static void write(Path part, byte[] bytes) throws IOException {
        try (FileChannel channel =
                FileChannel.open(part, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), FILE_MODE)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    private synchronized void makeRoom(long size) throws IOException, SpeechException {
        if (bytes < 0 || bytes + size > mostBytes) {
            bytes = swept(size);
        }
        bytes += size;
    }

    /** @return bytes that are left; nothing is deleted while there is room */
    private long swept(long size) throws IOException, SpeechException {
        List<Kept> kept = kept();
        long left = kept.stream().mapToLong(Kept::size).sum();
        if (left + size <= mostBytes) {
            return left;
        }
        Instant free = clock.instant().minus(keep);
        // A tenth more than needed, so that the next does not sweep again.
        long goal = mostBytes - size - mostBytes / 10;
        for (Kept each : kept) {
            if (left <= goal || each.used().isAfter(free)) {
                break;
            }
            Files.deleteIfExists(each.file());
            left -= each.size();
        }
        if (left + size > mostBytes) {
            throw new SpeechException(
                    Reason.STORAGE,
                    "the folder of what was spoken is full of what was used in the last " + keep.toHours()
                            + " h: raise mebibytes of " + CachedSpeech.PID + " or lower keepHours");
        }
        return left;
    }

    /** Least recently used first. Parts that a crash left behind are deleted on the way. */
    private List<Kept> kept() throws IOException {
        List<Kept> kept = new ArrayList<>();
        for (Path folder : files(root)) {
            for (Path file : files(folder)) {
                try {
                    Instant used = Files.getLastModifiedTime(file).toInstant();
                    String name = file.getFileName().toString();
                    if (name.endsWith(ENDING)) {
                        kept.add(new Kept(file, Files.size(file), used));
                    } else if (name.endsWith(PART)
                            && used.isBefore(clock.instant().minus(PART_LEFT_BEHIND))) {
                        Files.deleteIfExists(file);
                    }
                } catch (NoSuchFileException deletedMeanwhile) {
                    continue;
                }
            }
        }
        kept.sort(Comparator.comparing(Kept::used));
        return kept;
    }

    private static List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private SpeechException unusable(IOException e) {
        return new SpeechException(
                Reason.STORAGE,
                "the folder of what was spoken cannot be used: check " + root + " (folder of " + CachedSpeech.PID + ")",
                e);
    }
}
