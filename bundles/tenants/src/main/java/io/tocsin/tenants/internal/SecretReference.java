package io.tocsin.tenants.internal;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** How a secret is named where it is needed: {@code secret:NAME}. The name is no secret. */
public record SecretReference(String name) {
    private static final String PREFIX = "secret:";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?");

    public static boolean isReference(String value) {
        return value.startsWith(PREFIX);
    }

    /** What is wrong with a reference, without repeating it: somebody may have written the secret itself. */
    public static Optional<String> problem(String value) {
        return isReference(value)
                        && NAME.matcher(value.substring(PREFIX.length())).matches()
                ? Optional.empty()
                : Optional.of("is not a reference to a secret; write secret:<NAME>, NAME being 1 to 64 of letters,"
                        + " digits, inner dots, dashes and underscores, and put the secret itself in the secrets"
                        + " directory");
    }

    public static SecretReference of(String value) {
        problem(value).ifPresent(problem -> {
            throw new IllegalArgumentException(problem);
        });
        return new SecretReference(value.substring(PREFIX.length()));
    }

    /** The environment variable that may hold the secret. */
    String variable() {
        return "TOCSIN_SECRET_" + name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }
}
