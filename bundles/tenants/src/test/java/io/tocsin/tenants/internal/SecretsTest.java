package io.tocsin.tenants.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {
    private final SecretReference reference = SecretReference.of("secret:lab-sms");

    @TempDir
    Path directory;

    @Test
    void aFileIsASecretWithoutItsLastLineEnd() throws Exception {
        Files.writeString(directory.resolve("lab-sms"), " s3cret \r\n");
        assertThat(new Secrets(directory, name -> "other").find(reference)).contains(" s3cret ");
    }

    @Test
    void theEnvironmentServesWhereThereIsNoFile() {
        assertThat(new Secrets(directory, Map.of("TOCSIN_SECRET_LAB_SMS", "fromenv")::get).find(reference))
                .contains("fromenv");
    }

    @Test
    void whatIsMissingIsNamedWithItsCure() throws Exception {
        Secrets secrets = new Secrets(directory, name -> null);
        assertThat(secrets.find(reference)).isEmpty();
        Files.writeString(directory.resolve("lab-sms"), "\n");
        assertThat(secrets.find(reference)).isEmpty();
        assertThat(secrets.missing(reference)).contains("lab-sms", "TOCSIN_SECRET_LAB_SMS", directory.toString());
    }

    @Test
    void passwordsAreHashedWithArgon2id() {
        PasswordHash passwords = new PasswordHash();
        String hash = passwords.hash("correct horse battery");
        assertThat(hash).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
        assertThat(passwords.verify("correct horse battery", hash)).isTrue();
        assertThat(passwords.verify("correct horse batterz", hash)).isFalse();
        assertThat(passwords.verify("anything", "plain")).isFalse();
        assertThat(passwords.verify(
                        "anything", "$argon2id$v=19$m=9999999,t=2,p=1$AAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA"))
                .isFalse();
    }

    /** RFC 9106 gives vectors with a secret and associated data; this one is of the reference program, argon2 -id. */
    @Test
    void hashesOfTheReferenceProgramAreVerified() {
        assertThat(
                        new PasswordHash()
                                .verify(
                                        "password",
                                        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"))
                .isTrue();
    }
}
