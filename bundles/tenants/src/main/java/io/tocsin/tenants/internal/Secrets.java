package io.tocsin.tenants.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The secrets of this node: one file a secret in one directory, or the environment ({@code TOCSIN_SECRET_<NAME>}). Read
 * each time, so that a rotated secret is seen; never kept, logged or written.
 */
public final class Secrets {
    private static final int MAX_BYTES = 65_536;

    private final Path directory;
    private final Function<String, String> environment;

    public Secrets(Path directory, Function<String, String> environment) {
        this.directory = directory;
        this.environment = environment;
    }

    public static Secrets of(TenantSettings settings) {
        return new Secrets(
                settings.secrets().isBlank()
                        ? Path.of(System.getProperty("karaf.etc", "etc"), "secrets")
                        : Path.of(settings.secrets()),
                System::getenv);
    }

    /** The secret, without the line end a file usually ends with; empty if this node has none of that name. */
    public Optional<String> find(SecretReference reference) {
        Path file = directory.resolve(reference.name());
        try {
            if (Files.isRegularFile(file) && Files.size(file) <= MAX_BYTES) {
                String text = Files.readString(file, StandardCharsets.UTF_8);
                String secret = text.replaceFirst("\\r?\\n$", "");
                return secret.isEmpty() ? Optional.empty() : Optional.of(secret);
            }
        } catch (CharacterCodingException e) {
            return Optional.empty();
        } catch (IOException e) {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                return Optional.empty();
            }
        }
        return Optional.ofNullable(environment.apply(reference.variable())).filter(value -> !value.isEmpty());
    }

    /** When the file of a secret was last written or put in its place; empty for one that comes from the environment. */
    public Optional<Instant> changedAt(SecretReference reference) {
        Path file = directory.resolve(reference.name());
        try {
            return Files.isRegularFile(file) ? Optional.of(times(file).changed()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Names, sizes and times of the files in the directory: differs when a secret came, went or changed. */
    public String fingerprint() {
        try (Stream<Path> files = Files.list(directory)) {
            StringBuilder seen = new StringBuilder();
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile).sorted()::iterator) {
                Times times = times(file);
                seen.append(file.getFileName()).append(' ').append(times.size()).append(' ');
                seen.append(times.changed()).append('\n');
            }
            return seen.toString();
        } catch (IOException | UncheckedIOException e) {
            // No directory, or a file that went away in between: the next look sees what is there then.
            return "none";
        }
    }

    /** The inode's change time sees a file that was moved here with its old modification time. */
    private static Times times(Path file) throws IOException {
        Map<String, Object> found = Files.readAttributes(file, "unix:size,lastModifiedTime,ctime");
        Instant modified = ((FileTime) found.get("lastModifiedTime")).toInstant();
        Instant placed = ((FileTime) found.get("ctime")).toInstant();
        return new Times((Long) found.get("size"), placed.isAfter(modified) ? placed : modified);
    }

    private record Times(long size, Instant changed) {}

    /** Where a secret was looked for, and the cure. */
    public String missing(SecretReference reference) {
        return "secret \"" + reference.name() + "\" is not on this node: write it in the file "
                + directory.resolve(reference.name()).toAbsolutePath()
                + " (readable by the node, UTF-8, one line) or in"
                + " the variable " + reference.variable();
    }
}
