package io.tocsin.channel.publish.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The entries of one page, the latest first, in one file that is replaced as a whole: whoever reads it sees all of a change or
 * nothing of it, also after a power cut. Written under a lock on a file beside it, so that nodes may share a folder.
 */
final class PageFile {
    private static final Logger LOG = LoggerFactory.getLogger(PageFile.class);
    /** What is longer was not written by us. */
    static final long MOST_BYTES = 64L << 20;

    private final Path file;

    PageFile(Path file) {
        this.file = file;
    }

    /** Somebody else writes just now, in this process. */
    static final class BusyException extends IOException {
        private static final long serialVersionUID = 1L;

        BusyException() {
            super("another version of this channel writes just now");
        }
    }

    /**
     * None if nothing was published yet.
     *
     * @throws IOException if it cannot be read, or is not what we write
     */
    List<Entry> read() throws IOException {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new FileSystemException(file.toString(), null, "is longer than any page");
            }
            return PageJson.entries(Files.readAllBytes(file));
        } catch (NoSuchFileException nothingYet) {
            return List.of();
        }
    }

    Optional<Entry> find(String id) throws IOException {
        return read().stream().filter(entry -> entry.id().equals(id)).findFirst();
    }

    /**
     * Puts an entry first, in place of the one with its id if there is one. Durable when it returns.
     *
     * @param most how many are kept
     * @return as it stands there now
     * @throws IOException if it cannot be written: nothing was changed then
     */
    Entry put(Entry entry, int most) throws IOException {
        Files.createDirectories(file.getParent());
        Path beside = file.resolveSibling(file.getFileName() + ".lock");
        try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            List<Entry> entries = new ArrayList<>(readOrPutAside());
            Entry now = entries.stream()
                    .filter(before -> before.id().equals(entry.id()))
                    .findFirst()
                    .map(entry::after)
                    .orElse(entry);
            entries.removeIf(before -> before.id().equals(entry.id()));
            entries.add(now);
            entries.sort(Comparator.comparing(Entry::said).reversed());
            replace(file, PageJson.bytes(entries.subList(0, Math.min(most, entries.size()))));
            return now;
        } catch (OverlappingFileLockException e) {
            throw new BusyException();
        }
    }

    /** What cannot be read must not keep an alert from being published. */
    private List<Entry> readOrPutAside() throws IOException {
        try {
            return read();
        } catch (IOException unreadable) {
            Path aside = file.resolveSibling(file.getFileName() + ".unreadable");
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
            LOG.warn(
                    "publish.page-put-aside file={} problem=\"{}\"",
                    aside,
                    unreadable.getClass().getSimpleName());
            return List.of();
        }
    }

    /** Replaces a file as a whole, durably; leaves nothing beside it when that fails. */
    static void replace(Path file, byte[] content) throws IOException {
        Path coming = file.resolveSibling(file.getFileName() + ".new");
        try {
            try (FileChannel out = FileChannel.open(
                    coming,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                ByteBuffer rest = ByteBuffer.wrap(content);
                while (rest.hasRemaining()) {
                    out.write(rest);
                }
                out.force(true);
            }
            Files.move(coming, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Files.deleteIfExists(coming);
            throw e;
        }
        try (FileChannel folder = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }
}
