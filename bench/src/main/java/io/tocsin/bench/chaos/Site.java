package io.tocsin.bench.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import io.tocsin.bench.Api;
import io.tocsin.bench.RunningNode;
import io.tocsin.bench.SmscProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
    static final String TENANT = "chaos";

    private static final String LOGIN = "astreinte@chaos";
    private static final String PASSWORD = "chaos-password-for-one-run";
    private static final String SCENARIO = "crue";
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
                            PASSWORD),
                    List.of(),
                    tenants -> write(tenants, ask, settings));
            Site site = new Site(node, smsc, disk, ask.people());
            Runtime.getRuntime().addShutdownHook(site.interrupted);
            site.awaitTenant();
            site.populate();
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
        api = node.api().signIn(LOGIN, PASSWORD);
    }

    long launch() throws IOException, InterruptedException {
        return api.launch(TENANT, UUID.randomUUID().toString(), Map.of("scenario", SCENARIO, "drill", false))
                .expect(201)
                .get("alertId")
                .asLong();
    }

    static String path(long alert) {
        return "/api/v1/tenants/" + TENANT + "/alerts/" + alert;
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
                ResultSet row = statement.executeQuery("select tenant_id from tenant where slug = '" + TENANT + "'")) {
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
        while (!health().contains("account " + TENANT) && System.nanoTime() < limit) {
            pause(BETWEEN_LOOKS);
        }
        signIn();
        String folder = "/api/v1/tenants/" + TENANT + "/folder";
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
                if (check.get("name").asText().startsWith("account " + TENANT)
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

    /** Each with a number of their own that cannot ring: 14 digits under a range kept for fiction. In no order. */
    private void populate() throws SQLException {
        try (Connection connection = node.database();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    """
                    insert into contact (tenant_id, external_id, first_name, last_name, language, tags, variables, origin,
                        legal_basis, reach)
                    select t.tenant_id, 'c' || i, 'Prénom', 'Nom' || i, 'fr', '{chaos}', '{}', 'chaos', 'chaos',
                           jsonb_build_array(jsonb_build_object('kind', 'mobile', 'address', '+33639980'
                               || lpad((i::bigint * 7368787 %% 10000000)::text, 7, '0')))
                    from tenant t, generate_series(1, %d) i where t.slug = '%s'
                    """
                            .formatted(people, TENANT));
            statement.execute(
                    """
                    insert into endpoint (tenant_id, contact_id, rank, kind, address, written_as, origin, legal_basis)
                    select c.tenant_id, c.contact_id, 1, 'mobile', c.reach -> 0 ->> 'address', '', 'chaos', 'chaos'
                    from contact c join tenant t using (tenant_id) where t.slug = '%s'
                    """
                            .formatted(TENANT));
            statement.execute("vacuum analyze contact, endpoint");
            statement.execute("checkpoint");
        }
    }

    private static void write(Path tenants, Ask ask, Map<String, Map<String, String>> settings) throws IOException {
        Path etc = Files.createDirectories(tenants.resolveSibling("nodes/node1/etc"));
        for (Map.Entry<String, Map<String, String>> each : settings.entrySet()) {
            StringBuilder lines = new StringBuilder();
            each.getValue().forEach((key, value) -> lines.append(key + " = " + value + "\n"));
            Files.writeString(etc.resolve(each.getKey() + ".cfg"), lines);
        }
        Path folder = Files.createDirectories(tenants.resolve(TENANT).resolve("scenarios"))
                .getParent();
        Files.writeString(
                folder.resolve("tenant.yaml"),
                """
                name: Chaos
                kind: bench
                agency: {slug: agence-chaos, name: Agence chaos}
                language: fr
                time-zone: Europe/Paris
                sms-sender: Tocsin
                quotas: {contacts: %d, recipients: %d, running-alerts: 50}
                """
                        .formatted(Math.max(10, ask.people() * 2), Math.max(10, ask.people() * 2)));
        Files.writeString(
                folder.resolve("users.yaml"),
                """
                - login: %s
                  name: Astreinte
                  roles: [tenant-admin, activator, auditor]
                  password: secret:chaos-user
                """
                        .formatted(LOGIN));
        Files.writeString(
                folder.resolve("accounts.yaml"),
                """
                - slug: sms
                  channel: sms
                  rank: 10%s
                  settings:
                    host: 127.0.0.1
                    port: ${lab.sms.port:2775}
                    system-id: tocsin
                    password: secret:lab-sms
                    transmit-binds: "4"
                    receive-binds: "2"
                    window: "200"
                    reference-tag: "0x1400"
                """
                        .formatted(ask.perSecond() > 0 ? "\n  messages-per-second: " + ask.perSecond() : ""));
        Files.writeString(
                folder.resolve("scenarios").resolve(SCENARIO + ".yaml"),
                """
                name: Crue
                category: life-safety
                lists: [tous]
                cascade:
                  - {channel: sms, patience: PT30M, attempts: 5, until: delivered}
                fallback-language: fr
                messages:
                  fr:
                    sms: {text: "CRUE : montez a l'ecole, {{last_name}}. Ceci est un essai."}
                """);
        Files.write(
                folder.resolve("lists.yaml"),
                "- {slug: tous, name: Tous, kind: tags, all-tags: [chaos]}\n".getBytes(StandardCharsets.UTF_8));
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
