package io.tocsin.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/** A node of its own for one measurement, with the bench's tenants and as many contacts as asked. */
final class BenchNode {
    static final String PASSWORD = "bench-password-for-one-run";

    /** Until a node has taken in the tenants that are written to its folder. */
    private static final Duration TAKING_IN = Duration.ofMinutes(2);

    private BenchNode() {}

    /** A node with one tenant and its own accounts. */
    static RunningNode start(int smscPort, String smscPassword, int recipients, int accounts, int binds, int window) {
        return start(smscPort, smscPassword, folder -> BenchTenant.only(recipients)
                .write(folder, BenchTenant.carriers(accounts, binds, window, 0)));
    }

    static RunningNode start(int smscPort, String smscPassword, RunningNode.Folders tenants) {
        return start(
                Map.of("TOCSIN_LAB_SMS_PORT", String.valueOf(smscPort), "TOCSIN_SECRET_LAB_SMS", smscPassword),
                tenants);
    }

    /** @param carriers environment that says where the simulated carriers are, and their passwords */
    static RunningNode start(Map<String, String> carriers, RunningNode.Folders tenants) {
        Map<String, String> environment = new TreeMap<>(carriers);
        environment.put("TOCSIN_HEAP", "1g");
        environment.put("TOCSIN_SECRET_BENCH_USER", PASSWORD);
        return RunningNode.start(environment, List.of(), tenants);
    }

    /** Waits for the tenants, then makes their contacts in place, each with a number of their own. */
    static Postgres populate(RunningNode node, BenchTenant... tenants)
            throws IOException, InterruptedException, SQLException {
        Api api = new Api(node.http());
        long limit = System.nanoTime() + TAKING_IN.toNanos();
        for (BenchTenant tenant : tenants) {
            while (api.post("/api/v1/sessions", Map.of("login", tenant.login(), "password", PASSWORD))
                            .status()
                    != 200) {
                pause(limit, "nobody can sign in at the tenant " + tenant.slug(), node);
            }
        }
        Postgres postgres = new Postgres(node.data().resolve("postgres"));
        int before = 0;
        for (BenchTenant tenant : tenants) {
            postgres.populate(tenant.slug(), before, tenant.recipients());
            before += tenant.recipients();
        }
        postgres.run("vacuum analyze contact, endpoint");
        postgres.run("checkpoint");
        awaitAccounts(node);
        return postgres;
    }

    static void awaitAccounts(RunningNode node) throws IOException, InterruptedException {
        Api api = new Api(node.http());
        long limit = System.nanoTime() + TAKING_IN.toNanos();
        while (true) {
            JsonNode report = api.get("/health/ready").json();
            boolean up = false;
            for (JsonNode check : report.path("checks")) {
                up |= check.get("name").asText().startsWith("account ")
                        && check.get("state").asText().equals("up");
            }
            if (up) {
                return;
            }
            pause(limit, "no account is up", node);
        }
    }

    private static void pause(long limit, String what, RunningNode node) throws IOException {
        if (System.nanoTime() > limit) {
            throw new IOException(what + "; the node said:\n"
                    + Files.readAllLines(node.data().resolve("log/tocsin.log")).stream()
                            .filter(line -> line.contains("\"WARN\"") || line.contains("\"ERROR\""))
                            .collect(Collectors.joining("\n")));
        }
        Progress.pause(Duration.ofMillis(300));
    }

    static Api signIn(RunningNode node, BenchTenant tenant) throws IOException, InterruptedException {
        return new Api(node.http()).signIn(tenant.login(), PASSWORD);
    }

    /** Launches the tenant's scenario. @return the alert's id */
    static long launch(Api api, BenchTenant tenant) throws IOException, InterruptedException {
        return api.launch(
                        tenant.slug(),
                        UUID.randomUUID().toString(),
                        Map.of("scenario", BenchTenant.SCENARIO, "drill", false))
                .expect(201)
                .get("alertId")
                .asLong();
    }

    /** Heap in use now, as the node's own metrics say. */
    static long heapMiB(RunningNode node) throws IOException, InterruptedException {
        String metrics = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.http() + "/metrics"))
                                .build(),
                        BodyHandlers.ofString())
                .body();
        double bytes = metrics.lines()
                .filter(l -> l.startsWith("jvm_memory_used_bytes{") && l.contains("area=\"heap\""))
                .mapToDouble(l -> Double.parseDouble(l.substring(l.lastIndexOf(' ') + 1)))
                .sum();
        return Math.round(bytes / (1024 * 1024));
    }
}
