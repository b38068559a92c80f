package io.tocsin.tenants.internal.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tocsin.persistence.api.AdministrativeModel.Tenant;
import io.tocsin.tenants.api.TenantFolders.Folder;
import io.tocsin.tenants.internal.TenantSettings;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The component as the container makes it: its own thread, typed settings, and a database that goes away and returns. */
class FolderWatchThreadTest {
    @TempDir
    Path root;

    @Test
    void itWatchesByItselfAndOutlivesTheDatabasesAbsence() throws Exception {
        try (Rooms rooms = new Rooms()) {
            FolderWatch watch = new FolderWatch(
                    rooms.database,
                    rooms.db.model(),
                    rooms.journal,
                    rooms.imports,
                    rooms.lists,
                    rooms.scenarios,
                    rooms.recordings,
                    rooms.documents,
                    rooms.lexicons,
                    rooms.logins,
                    rooms.accountSettings,
                    settings());
            try {
                write("name: Avant\nkind: commune\nagency: {slug: agence, name: Agence}\n");
                awaitName(rooms, "Avant");
                rooms.db.stop();
                write("name: Pendant\nkind: commune\nagency: {slug: agence, name: Agence}\n");
                await().atMost(Duration.ofMinutes(2)).until(() -> !rooms.database.available());
                rooms.db.restart();
                awaitName(rooms, "Pendant");
                await().atMost(Duration.ofMinutes(2))
                        .until(() -> watch.folders().stream().map(Folder::state).allMatch("applied"::equals));
            } finally {
                watch.close();
            }
            // An executor is terminated a moment before its thread is gone.
            await().atMost(Duration.ofMinutes(2))
                    .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                            .noneMatch(thread -> thread.getName().equals("tenants-folder-watch")));
        }
    }

    private void write(String tenant) throws Exception {
        Files.createDirectories(root.resolve("commune"));
        Files.writeString(root.resolve("commune/tenant.yaml"), tenant);
    }

    private static void awaitName(Rooms rooms, String name) {
        await().atMost(Duration.ofMinutes(2)).ignoreExceptions().until(() -> rooms.database
                .<Optional<Tenant>>asEngine(c -> rooms.db.model().tenant(c, "commune"))
                .filter(tenant -> tenant.name().equals(name))
                .isPresent());
    }

    private TenantSettings settings() {
        return (TenantSettings) Proxy.newProxyInstance(
                TenantSettings.class.getClassLoader(),
                new Class<?>[] {TenantSettings.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "folder" -> root.toString();
                    case "scan_milliseconds" -> 100L;
                    default -> method.getDefaultValue();
                });
    }
}
