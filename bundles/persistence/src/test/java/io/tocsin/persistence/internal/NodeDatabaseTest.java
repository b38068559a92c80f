package io.tocsin.persistence.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tocsin.persistence.api.AdministrativeModel;
import io.tocsin.persistence.api.Database;
import io.tocsin.persistence.testing.TestDatabase;
import io.tocsin.persistence.testing.TestFolders;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

class NodeDatabaseTest {
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final Map<Class<?>, Object> services = new ConcurrentHashMap<>();

    @Test
    void offersTheServicesOfItsOwnServerAndStartsItAgainWhenItIsKilled() throws Exception {
        try (TestFolders.Run run = TestFolders.ofThisMachine().emptyRun()) {
            NodeDatabase node = new NodeDatabase(
                    context(run.folder()),
                    SettingsOf.map(
                            Map.of("folder", run.folder().resolve("postgres").toString())));
            node.start();
            Path data;
            try {
                Database database = awaitDatabase();
                assertThat(services).containsKey(AdministrativeModel.class);
                data = run.folder().resolve("postgres").toRealPath().resolve("data");
                ProcessHandle server = server(data);
                server.destroyForcibly();
                await().atMost(PATIENCE).until(() -> !server.isAlive());
                await().atMost(PATIENCE)
                        .ignoreExceptions()
                        .until(() -> database.asEngine(connection -> connection.isValid(1)));
                assertThat(services.get(Database.class)).isSameAs(database);
            } finally {
                node.stop();
            }
            assertThat(services).isEmpty();
            assertThat(data.resolve("postmaster.pid")).doesNotExist();
        }
    }

    @Test
    void waitsForADatabaseThatIsAwayAndServesOnceItIsThere(@TempDir Path folder) throws Exception {
        try (TestDatabase db = TestDatabase.start()) {
            Path secret =
                    Files.writeString(folder.resolve("owner"), db.address().ownerPassword());
            db.stop();
            NodeDatabase node = new NodeDatabase(
                    context(folder), SettingsOf.map(Map.of("url", db.address().url(), "password", "file:" + secret)));
            node.start();
            try {
                assertThat(services).isEmpty();
                db.restart();
                assertThat(awaitDatabase().available()).isTrue();
            } finally {
                node.stop();
            }
            assertThat(services).isEmpty();
        }
    }

    @Test
    void stopsWhileItStillTries(@TempDir Path folder) throws Exception {
        NodeDatabase node = new NodeDatabase(context(folder), SettingsOf.map(Map.of("url", "jdbc:mysql://x/y")));
        node.start();
        node.stop();
        assertThat(services).isEmpty();
    }

    private Database awaitDatabase() {
        await().atMost(PATIENCE).until(() -> services.containsKey(Database.class));
        return (Database) services.get(Database.class);
    }

    private static ProcessHandle server(Path data) throws Exception {
        long pid = Long.parseLong(
                Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip());
        return ProcessHandle.of(pid).orElseThrow();
    }

    /** Keeps what is registered. */
    private BundleContext context(Path data) {
        return proxy(BundleContext.class, (name, arguments) -> switch (name) {
            case "getProperty" -> arguments[0].equals("karaf.data") ? data.toString() : null;
            case "registerService" -> {
                Class<?> type = (Class<?>) arguments[0];
                services.put(type, arguments[1]);
                yield proxy(ServiceRegistration.class, (method, none) -> services.remove(type));
            }
            default -> throw new UnsupportedOperationException(name);
        });
    }

    private interface Answer {
        Object to(String method, Object[] arguments);
    }

    private static <T> T proxy(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                NodeDatabaseTest.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    Object result = answer.to(method.getName(), arguments);
                    return method.getReturnType() == void.class ? null : result;
                }));
    }
}
