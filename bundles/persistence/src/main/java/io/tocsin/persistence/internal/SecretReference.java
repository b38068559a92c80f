package io.tocsin.persistence.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Reads a secret from where a setting points: {@code file:PATH} (surrounding blanks dropped) or {@code env:NAME}. */
final class SecretReference {

    private SecretReference() {}

    /**
     * @param setting the setting's name, for the error
     * @throws SchemaRefusedException when it is no reference, or leads nowhere; never quotes a secret
     */
    static String resolve(String setting, String reference, Map<String, String> environment) {
        String secret;
        if (reference.startsWith("file:")) {
            Path file = Path.of(reference.substring("file:".length()));
            try {
                secret = Files.readString(file).strip();
            } catch (IOException e) {
                throw new SchemaRefusedException("the secret of '" + setting + "' cannot be read from " + file + ": "
                        + e.getClass().getSimpleName());
            }
        } else if (reference.startsWith("env:")) {
            secret = environment.getOrDefault(reference.substring("env:".length()), "");
        } else {
            throw new SchemaRefusedException(
                    "'" + setting + "' must say where the secret is, not the secret: file:PATH or env:NAME");
        }
        if (secret.isEmpty()) {
            throw new SchemaRefusedException("the secret of '" + setting + "' is empty at " + reference);
        }
        return secret;
    }
}
