package io.tocsin.tenants.internal.sealing;

import io.tocsin.tenants.internal.TenantSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys of this node that seal secrets: one file a key, named by the key's id, outside of the database. Of those that can be used the
 * greatest id seals, compared as text; all of them open. Read each time, so that a key that is put there is seen; never kept, logged
 * or put into the database.
 */
public final class SealingKeys {
    private static final int KEY_BYTES = 32;
    private static final int MOST_BYTES = 256;
    private static final Pattern ID = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?");
    private static final DateTimeFormatter DAY_AND_TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd't'HHmmss'z'").withZone(ZoneOffset.UTC);
    private static final Set<PosixFilePermission> OWNERS = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private final Path directory;

    public SealingKeys(Path directory) {
        this.directory = directory;
    }

    public static SealingKeys of(TenantSettings settings) {
        return settings.sealing_keys().isBlank()
                ? ofThisContainer()
                : new SealingKeys(Path.of(settings.sealing_keys()));
    }

    /** {@code sealing-keys} under the configuration directory. */
    public static SealingKeys ofThisContainer() {
        return new SealingKeys(Path.of(System.getProperty("karaf.etc", "etc"), "sealing-keys"));
    }

    /** Where they are, for people. */
    public Path directory() {
        return directory.toAbsolutePath();
    }

    /** Every key there is a file of, usable or not, least first. */
    public List<String> ids() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> ID.matcher(name).matches())
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            // no directory: no key
            return List.of();
        }
    }

    /** The one that seals. */
    public Optional<String> sealing() {
        return ids().stream().filter(id -> problem(id).isEmpty()).reduce((one, greater) -> greater);
    }

    /** Why a key cannot be used on this node, and the cure; empty: it can. */
    public Optional<String> problem(String id) {
        try {
            key(id);
            return Optional.empty();
        } catch (UnusableKeyException e) {
            return Optional.of(e.getMessage());
        }
    }

    SecretKey key(String id) throws UnusableKeyException {
        Path file = directory().resolve(id);
        if (!ID.matcher(id).matches() || !Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new UnusableKeyException("is not on this node: copy the file " + file
                    + " from a node that has it (mode 0600, the node's own)");
        }
        byte[] written = new byte[0];
        byte[] key = new byte[0];
        try {
            if (!OWNERS.containsAll(Files.getPosixFilePermissions(file))) {
                throw new UnusableKeyException("may be read by others than the node: chmod 600 " + file);
            }
            if (Files.size(file) > MOST_BYTES) {
                throw noKey(file);
            }
            written = Files.readAllBytes(file);
            key = Base64.getDecoder().decode(stripped(written));
            if (key.length != KEY_BYTES) {
                throw noKey(file);
            }
            return new SecretKeySpec(key, "AES");
        } catch (IOException e) {
            throw new UnusableKeyException("cannot be read by the node: make it the owner of " + file + ", mode 0600");
        } catch (IllegalArgumentException e) {
            throw noKey(file);
        } finally {
            Arrays.fill(written, (byte) 0);
            Arrays.fill(key, (byte) 0);
        }
    }

    private static UnusableKeyException noKey(Path file) {
        return new UnusableKeyException("is no key: " + file
                + " must hold 32 random bytes in base64, one line, as openssl rand -base64 32 writes them");
    }

    private static byte[] stripped(byte[] line) {
        int end = line.length;
        while (end > 0 && (line[end - 1] == '\n' || line[end - 1] == '\r')) {
            end--;
        }
        return Arrays.copyOf(line, end);
    }

    /**
     * Makes a key, on disk before this returns.
     *
     * @return its id: greater than that of any made before it
     * @throws IOException if the directory cannot be written
     */
    String make(Instant now, SecureRandom random) throws IOException {
        Files.createDirectories(
                directory,
                PosixFilePermissions.asFileAttribute(EnumSet.of(
                        PosixFilePermission.OWNER_READ,
                        PosixFilePermission.OWNER_WRITE,
                        PosixFilePermission.OWNER_EXECUTE)));
        byte[] suffix = new byte[3];
        byte[] key = new byte[KEY_BYTES];
        random.nextBytes(suffix);
        random.nextBytes(key);
        String id = DAY_AND_TIME.format(now) + "-" + HexFormat.of().formatHex(suffix);
        Path written = directory.resolve("." + id);
        byte[] line = (Base64.getEncoder().encodeToString(key) + "\n").getBytes(StandardCharsets.US_ASCII);
        try (FileChannel file = FileChannel.open(
                written,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(
                        EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE)))) {
            ByteBuffer rest = ByteBuffer.wrap(line);
            while (rest.hasRemaining()) {
                file.write(rest);
            }
            file.force(true);
        } finally {
            Arrays.fill(key, (byte) 0);
            Arrays.fill(line, (byte) 0);
        }
        Files.move(written, directory.resolve(id), StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
            entries.force(true);
        }
        return id;
    }

    /** A key cannot be used; the message says why, and the cure, after the key's name. */
    static final class UnusableKeyException extends Exception {
        private static final long serialVersionUID = 1L;

        UnusableKeyException(String message) {
            super(message);
        }
    }
}
