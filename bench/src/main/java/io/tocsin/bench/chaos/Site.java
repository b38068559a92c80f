package io.tocsin.bench.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import io.tocsin.bench.Api;
import io.tocsin.bench.RunningNode;
import io.tocsin.bench.SmscProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/**
 * What faults strike: one node of the distribution as shipped, with its own database, a tenant with so many people, and a
 * carrier that is a process of its own. Closing stops the node, which checks every alert it had, and the carrier.
 */
final class Site implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

    private final RunningNode node;
    private final SmscProcess smsc;
    private final Optional<SmallDisk> disk;
    private final int people;
    private final Thread interrupted = new Thread(this::abandon, "chaos-interrupted");
    private Api api;

    /**
     * What is asked of a site.
     *
     * @param people how many the tenant has
     * @param perSecond the account's throttle; 0: as fast as node and carrier can
     * @param settings of the node, by PID, beyond those it is shipped with
     */
    record Ask(int people, int perSecond, Map<String, Map<String, String>> settings) {}

    private Site(RunningNode node, SmscProcess smsc, Optional<SmallDisk> disk, int people) {
        this.node = node;
        this.smsc = smsc;
        this.disk = disk;
        this.people = people;
    }

    /** @param disk where the node's database is to be, if not with the rest of the node; the caller's to let go */
    static Site start(Ask ask, Optional<SmallDisk> disk) throws IOException, InterruptedException, SQLException {
        // A round trip that keeps the window full of messages: what a fault leaves in doubt.
        SmscProcess smsc = SmscProcess.start("latency-ms=20", "receipt-delay-ms=200");
        RunningNode node = null;
        try {
            Map<String, Map<String, String>> settings = new TreeMap<>(ask.settings());
            disk.ifPresent(d -> settings.put(
                    "io.tocsin.persistence", Map.of("folder", d.database().toString())));
            node = RunningNode.start(
                    Map.of(
                            "TOCSIN_HEAP",
                            "1g",
                            "TOCSIN_LAB_SMS_PORT",
                            String.valueOf(smsc.port()),
                            "TOCSIN_SECRET_LAB_SMS",
                            SmscProcess.PASSWORD,
                            "TOCSIN_SECRET_CHAOS_USER",
                            ChaosTenant.PASSWORD),
                    List.of(),
                    tenants -> write(tenants, ask, settings));
            Site site = new Site(node, smsc, disk, ask.people());
            Runtime.getRuntime().addShutdownHook(site.interrupted);
            site.awaitTenant();
            try (Connection connection = node.database()) {
                ChaosTenant.populate(connection, ask.people());
            }
            site.awaitAccount();
            return site;
        } catch (IOException | InterruptedException | SQLException | RuntimeException e) {
            if (node != null) {
                node.close();
            }
            smsc.close();
            throw e;
        }
    }

    RunningNode node() {
        return node;
    }

    SmscProcess smsc() {
        return smsc;
    }

    int people() {
        return people;
    }

    /** @throws IllegalStateException when the database lies where the rest of the node does */
    SmallDisk disk() {
        return disk.orElseThrow(() -> new IllegalStateException("the database has no disk of its own"));
    }

    Api api() {
        return api;
    }

    private void signIn() throws IOException, InterruptedException {
        api = node.api().signIn(ChaosTenant.LOGIN, ChaosTenant.PASSWORD);
    }

    long launch() throws IOException, InterruptedException {
        return api.launch(
                        ChaosTenant.TENANT,
                        UUID.randomUUID().toString(),
                        Map.of("scenario", ChaosTenant.SCENARIO, "drill", false))
                .expect(201)
                .get("alertId")
                .asLong();
    }

    static String path(long alert) {
        return "/api/v1/tenants/" + ChaosTenant.TENANT + "/alerts/" + alert;
    }

    /** What the node shows of an alert; empty while it cannot say. */
    Optional<JsonNode> totals(long alert) throws InterruptedException {
        try {
            Api.Answer answer = api.get(path(alert));
            if (answer.status() == 401) {
                signIn();
                answer = api.get(path(alert));
            }
            return answer.status() == 200 ? Optional.of(answer.json().get("totals")) : Optional.empty();
        } catch (IOException | IllegalStateException e) {
            // The node, or its database, is away: that is what is being looked into.
            return Optional.empty();
        }
    }

    int tenantId() throws SQLException {
        try (Connection connection = node.database();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select tenant_id from tenant where slug = '" + ChaosTenant.TENANT + "'")) {
            row.next();
            return row.getInt(1);
        }
    }

    /** The database server's first process, whose end is the server's. */
    ProcessHandle server() throws IOException, SQLException {
        Path data;
        try (Connection connection = node.database();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("show data_directory")) {
            row.next();
            data = Path.of(row.getString(1));
        }
        return ProcessHandle.of(Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid"))
                        .get(0)
                        .strip()))
                .orElseThrow();
    }

    boolean ready() throws InterruptedException {
        try {
            return node.api().get("/health/ready").status() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    static void pause(Duration time) {
        LockSupport.parkNanos(time.toNanos());
    }

    private void awaitTenant() throws IOException, InterruptedException {
        long limit = System.nanoTime() + LIMIT.toNanos();
        api = node.api();
        // Users come with the accounts: who signs in before is a stranger, and strangers are locked out for a while.
        while (!health().contains("account " + ChaosTenant.TENANT) && System.nanoTime() < limit) {
            pause(BETWEEN_LOOKS);
        }
        signIn();
        String folder = "/api/v1/tenants/" + ChaosTenant.TENANT + "/folder";
        while (!api.get(folder).json().path("state").asText().equals("applied")) {
            if (System.nanoTime() > limit) {
                throw new IOException("the tenant is not there after " + LIMIT + ": "
                        + api.get(folder).raw().body());
            }
            pause(BETWEEN_LOOKS);
        }
    }

    private void awaitAccount() throws IOException, InterruptedException {
        long limit = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            for (JsonNode check : node.api().get("/health/ready").json().path("checks")) {
                if (check.get("name").asText().startsWith("account " + ChaosTenant.TENANT)
                        && check.get("state").asText().equals("up")) {
                    return;
                }
            }
            if (System.nanoTime() > limit) {
                throw new IOException("the account is not up after " + LIMIT + ": " + health());
            }
            pause(BETWEEN_LOOKS);
        }
    }

    private String health() throws IOException, InterruptedException {
        return node.api().get("/health/ready").raw().body();
    }

    private static void write(Path tenants, Ask ask, Map<String, Map<String, String>> settings) throws IOException {
        Path etc = Files.createDirectories(tenants.resolveSibling("nodes/node1/etc"));
        for (Map.Entry<String, Map<String, String>> each : settings.entrySet()) {
            StringBuilder lines = new StringBuilder();
            each.getValue().forEach((key, value) -> lines.append(key + " = " + value + "\n"));
            Files.writeString(etc.resolve(each.getKey() + ".cfg"), lines);
        }
        ChaosTenant.write(tenants, ask.people(), ask.perSecond(), "127.0.0.1", "${lab.sms.port:2775}");
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(interrupted);
        try (smsc) {
            node.close();
        }
    }

    /** Somebody pressed Ctrl-C: nothing is left running, nothing mounted; nothing is checked either. */
    private void abandon() {
        try (smsc) {
            try {
                ProcessHandle server = server();
                node.kill();
                server.destroyForcibly();
                server.onExit().join();
            } catch (IOException | SQLException | NoSuchElementException e) {
                // The fault of the moment had been there before: what is still there is stopped in order.
            }
            node.close();
        } finally {
            disk.ifPresent(SmallDisk::letGo);
        }
    }
}
