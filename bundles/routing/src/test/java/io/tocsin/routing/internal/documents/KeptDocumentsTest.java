package io.tocsin.routing.internal.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tocsin.persistence.api.DatabaseException;
import io.tocsin.persistence.testing.TestDatabase;
import io.tocsin.routing.api.AlertDocuments;
import io.tocsin.routing.testing.MovableClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Documents from the database to files, and what is done when they are not what they should be. */
class KeptDocumentsTest {
    private static TestDatabase db;

    @TempDir
    Path folder;

    private final MovableClock clock = new MovableClock();
    private AlertDocuments documents;
    private int tenant;

    @BeforeAll
    static void start() {
        db = TestDatabase.start();
    }

    @AfterAll
    static void stop() {
        db.close();
    }

    @BeforeEach
    void empty() {
        db.clear();
        tenant = db.tenant("commune");
        documents = kept(8);
    }

    private AlertDocuments kept(int mebibytes) {
        return new KeptDocuments(settings(Map.of("mebibytes", mebibytes)), folder, db.database(), clock);
    }

    private static KeptDocuments.Settings settings(Map<String, Object> different) {
        return (KeptDocuments.Settings) Proxy.newProxyInstance(
                KeptDocuments.Settings.class.getClassLoader(),
                new Class<?>[] {KeptDocuments.Settings.class},
                (proxy, method, arguments) -> different.getOrDefault(method.getName(), method.getDefaultValue()));
    }

    private static byte[] bytes(int seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private String stored(byte[] bytes) throws Exception {
        return stored(bytes, MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private String stored(byte[] bytes, byte[] name) {
        db.database().inTenant(tenant, connection -> {
            try (var insert = connection.prepareStatement(
                    "insert into document_content (tenant_id, sha256, pdf, pages) values (?, ?, ?, 1)")) {
                insert.setInt(1, tenant);
                insert.setBytes(2, name);
                insert.setBytes(3, bytes);
                return insert.executeUpdate();
            }
        });
        return HexFormat.of().formatHex(name);
    }

    @Test
    void itIsFetchedOnceAndWhole() throws Exception {
        byte[] bytes = bytes(1, (2 << 20) + 17);
        String sha256 = stored(bytes);

        Path file = documents.file(tenant, sha256);
        assertThat(file).isAbsolute().hasBinaryContent(bytes).hasFileName(sha256 + ".pdf");
        var written = Files.getLastModifiedTime(file);
        db.database().inTenant(tenant, connection -> {
            try (var delete = connection.createStatement()) {
                return delete.executeUpdate("delete from document_content");
            }
        });
        clock.plus(Duration.ofMinutes(5));
        assertThat(documents.file(tenant, sha256)).isEqualTo(file);
        assertThat(kept(8).file(tenant, sha256)).as("after a restart").isEqualTo(file);
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(written);
        assertThat(files()).hasSize(1);
    }

    @Test
    void anotherTenantsIsNotThere() throws Exception {
        String sha256 = stored(bytes(1, 100));
        int neighbour = db.tenant("voisine");
        assertThatThrownBy(() -> documents.file(neighbour, sha256))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("upload it again");
        assertThat(documents.copy(neighbour, sha256, new ByteArrayOutputStream()))
                .isFalse();
        assertThat(files()).isEmpty();
    }

    @Test
    void itIsWrittenOutWithoutAFile() throws Exception {
        byte[] bytes = bytes(2, (1 << 20) + 1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(documents.copy(tenant, stored(bytes), out)).isTrue();
        assertThat(out.toByteArray()).isEqualTo(bytes);
        assertThat(files()).isEmpty();
    }

    @Test
    void aFileThatIsNotWhatItsNameSaysIsFetchedAnew() throws Exception {
        byte[] bytes = bytes(3, 5_000);
        String sha256 = stored(bytes);
        Path file = documents.file(tenant, sha256);

        Files.write(file, bytes(4, 4_000));
        assertThat(documents.file(tenant, sha256)).hasBinaryContent(bytes);
        Files.write(file, new byte[0]);
        assertThat(kept(8).file(tenant, sha256)).hasBinaryContent(bytes);
        Files.delete(file);
        assertThat(documents.file(tenant, sha256)).hasBinaryContent(bytes);
    }

    @Test
    void whatTheDatabaseHoldsMustBeWhatItIsCalled() {
        String sha256 = stored(bytes(5, 100), bytes(6, 32));
        assertThatThrownBy(() -> documents.file(tenant, sha256))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("is something else");
    }

    @Test
    void theFolderHasABoundAndKeepsWhatIsInUse() throws Exception {
        documents = kept(1);
        String first = stored(bytes(1, 400_000));
        String second = stored(bytes(2, 400_000));
        String third = stored(bytes(3, 400_000));
        Path oldest = documents.file(tenant, first);
        clock.plus(Duration.ofHours(1));
        documents.file(tenant, second);
        assertThatThrownBy(() -> documents.file(tenant, third))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("raise mebibytes of io.tocsin.routing.documents");
        clock.plus(Duration.ofHours(4).minusMinutes(30));
        assertThat(documents.file(tenant, third)).exists();
        assertThat(oldest).doesNotExist();
        assertThat(documents.file(tenant, second)).exists();
    }

    @Test
    void aFolderThatCannotBeUsedIsNamed() throws Exception {
        folder = Files.createFile(folder.resolve("no-folder"));
        String sha256 = stored(bytes(1, 100));
        assertThatThrownBy(() -> kept(1).file(tenant, sha256))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(folder + " (folder of io.tocsin.routing.documents)");
    }

    @Test
    void namesAreHashesAndNoWayOut() {
        for (String name : List.of("../../etc/passwd", "A".repeat(64), "")) {
            assertThatThrownBy(() -> documents.file(tenant, name)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void theDatabasesAbsenceIsSaidAsSuch() throws Exception {
        String sha256 = stored(bytes(1, 100));
        db.stop();
        try {
            assertThatThrownBy(() -> documents.file(tenant, sha256)).isInstanceOf(DatabaseException.class);
        } finally {
            db.restart();
        }
        // connections of before end at their first use
        await().atMost(Duration.ofMinutes(2))
                .ignoreExceptionsInstanceOf(DatabaseException.class)
                .untilAsserted(() -> assertThat(documents.file(tenant, sha256)).exists());
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
