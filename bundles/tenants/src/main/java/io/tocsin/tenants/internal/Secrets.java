package io.tocsin.tenants.internal;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

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

    /** Where a secret was looked for, and the cure. */
    public String missing(SecretReference reference) {
        return "secret \"" + reference.name() + "\" is not on this node: write it in the file "
                + directory.resolve(reference.name()).toAbsolutePath()
                + " (readable by the node, UTF-8, one line) or in"
                + " the variable " + reference.variable();
    }
}
