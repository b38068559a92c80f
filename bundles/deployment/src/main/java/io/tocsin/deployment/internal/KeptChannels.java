package io.tocsin.deployment.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;

/**
 * Copies of the channels that operators installed, so that their files may go, and so that the channels are there again when the
 * container's cache was made anew. A file beside the jar marks a version that was stopped and is kept to roll back to.
 */
final class KeptChannels {
    private static final String JAR = ".jar";
    private static final String STOPPED = ".stopped";

    private final NodeFolders folders;

    KeptChannels(NodeFolders folders) {
        this.folders = folders;
    }

    /** Copies a file; whole, or not at all. */
    Path keep(ChannelJar jar) throws IOException {
        Files.createDirectories(folders.kept());
        Path to = folders.kept().resolve(jar.symbolicName() + '_' + jar.version() + JAR);
        Path half = Files.createTempFile(folders.kept(), "half-", ".part");
        try {
            Files.copy(jar.file(), half, StandardCopyOption.REPLACE_EXISTING);
            Files.deleteIfExists(mark(to));
            Files.move(half, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(half);
        }
        return to;
    }

    static String location(Path jar) {
        return jar.toUri().toString();
    }

    List<Path> all() throws IOException {
        if (!Files.isDirectory(folders.kept())) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folders.kept())) {
            return files.filter(file -> file.toString().endsWith(JAR)).sorted().toList();
        }
    }

    boolean stopped(Path jar) {
        return Files.exists(mark(jar));
    }

    /** Whether a bundle starts by itself when the container's cache was made anew. Nothing for one that is not kept here. */
    void mark(Bundle bundle, boolean stopped) throws IOException {
        Path jar = jar(bundle);
        if (jar == null) {
            return;
        }
        Files.deleteIfExists(mark(jar));
        if (stopped) {
            Files.createFile(mark(jar));
        }
    }

    /** The copy of a bundle that was uninstalled goes, and so does its file in {@code deploy/}: it would come back by itself. */
    void forget(Bundle bundle) throws IOException {
        Path jar = jar(bundle);
        if (jar != null) {
            Files.deleteIfExists(mark(jar));
            Files.deleteIfExists(jar);
        }
        for (Path dropped : dropped()) {
            if (bundle.getLocation().equals(dropped.toUri().toString())) {
                Files.deleteIfExists(dropped);
            }
        }
    }

    private List<Path> dropped() throws IOException {
        if (!Files.isDirectory(folders.dropped())) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folders.dropped())) {
            return files.toList();
        }
    }

    private Path jar(Bundle bundle) throws IOException {
        return all().stream()
                .filter(jar -> location(jar).equals(bundle.getLocation()))
                .findFirst()
                .orElse(null);
    }

    private static Path mark(Path jar) {
        return jar.resolveSibling(jar.getFileName() + STOPPED);
    }
}
