package io.tocsin.persistence.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsReaderTest {
    private static final Map<String, String> ENVIRONMENT = Map.of("DB_PASSWORD", "s3cret", "EMPTY", "");

    @Test
    void readsTheOwnersSecretAndDerivesTheRest() {
        DatabaseAddress address = read(Map.of(
                "url", "jdbc:postgresql://a,b:5433/tocsin?targetServerType=primary", "password", "env:DB_PASSWORD"));
        assertThat(address.url()).isEqualTo("jdbc:postgresql://a,b:5433/tocsin?targetServerType=primary");
        assertThat(address.owner()).isEqualTo("tocsin_owner");
        assertThat(address.password("tocsin_owner")).isEqualTo("s3cret");
        assertThat(address.password("tocsin_app"))
                .isNotEqualTo("s3cret")
                .isNotEqualTo(address.password("tocsin_engine"))
                .isEqualTo(read(Map.of("url", "jdbc:postgresql:x", "password", "env:DB_PASSWORD"))
                        .password("tocsin_app"));
        assertThat(address.toString()).doesNotContain("s3cret");
    }

    @Test
    void takesCredentialsOutOfTheUrl(@TempDir Path folder) throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "from-a-file\n");
        DatabaseAddress address = read(Map.of(
                "url",
                "jdbc:postgresql://127.0.0.1/tocsin?user=chef&ssl=true&password=file:" + secret,
                "appPassword",
                "env:DB_PASSWORD"));
        assertThat(address.url()).isEqualTo("jdbc:postgresql://127.0.0.1/tocsin?ssl=true");
        assertThat(address.owner()).isEqualTo("chef");
        assertThat(address.password("chef")).isEqualTo("from-a-file");
        assertThat(address.password("tocsin_app")).isEqualTo("s3cret");
    }

    @Test
    void ofSeveralServersThePrimaryIsWorkedOn() {
        DatabaseAddress address =
                read(Map.of("url", "jdbc:postgresql://a:1,b:2,c/tocsin?ssl=true", "password", "env:DB_PASSWORD"));
        assertThat(address.url()).isEqualTo("jdbc:postgresql://a:1,b:2,c/tocsin?ssl=true&targetServerType=primary");
        assertThat(address.servers()).isEqualTo(3);
        assertThat(read(Map.of("url", "jdbc:postgresql://a/tocsin?options=-c,x", "password", "env:DB_PASSWORD"))
                        .servers())
                .isEqualTo(1);
        refused(
                Map.of(
                        "url",
                        "jdbc:postgresql://a,b/y?targetServerType=preferSecondary",
                        "password",
                        "env:DB_PASSWORD"),
                "'url'",
                "targetServerType=primary");
        refused(
                Map.of("url", "jdbc:postgresql://a,b/y?loadBalanceHosts=true", "password", "env:DB_PASSWORD"),
                "'url'",
                "loadBalanceHosts");
    }

    @Test
    void refusesWhatItCannotUseNamingTheSettingAndTheCure(@TempDir Path folder) {
        refused(Map.of("url", "jdbc:mysql://x/y"), "'url'", "jdbc:postgresql://HOST:5432/DATABASE");
        refused(Map.of("url", "jdbc:postgresql://x/y"), "'password'", "file:PATH or env:NAME");
        refused(Map.of("url", "jdbc:postgresql://x/y", "password", "env:EMPTY"), "'password'", "env:EMPTY");
        refused(Map.of("url", "jdbc:postgresql://x/y", "password", "env:MISSING"), "'password'", "env:MISSING");
        refused(
                Map.of("url", "jdbc:postgresql://x/y", "password", "file:" + folder.resolve("none")),
                "'password'",
                "NoSuchFileException");
        refused(
                Map.of("url", "jdbc:postgresql://x/y", "password", "env:DB_PASSWORD", "enginePassword", "hunter2"),
                "'enginePassword'",
                "not the secret");
    }

    private static void refused(Map<String, Object> settings, String setting, String cure) {
        assertThatThrownBy(() -> read(settings))
                .isInstanceOf(SchemaRefusedException.class)
                .hasMessageContaining(setting)
                .hasMessageContaining(cure)
                .hasMessageNotContaining("hunter2");
    }

    private static DatabaseAddress read(Map<String, ?> settings) {
        return SettingsReader.address(SettingsOf.map(settings), ENVIRONMENT);
    }
}
