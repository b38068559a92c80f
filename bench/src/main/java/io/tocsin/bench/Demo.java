package io.tocsin.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * The platform's main job, told as a clerk of the commune would do it, through the public API of a running node: see
 * the head-count, launch the flood alert, watch, reach the silent ones again, close, keep the proof.
 */
public final class Demo {
    private static final List<String> SILENT = List.of("delivered", "failed", "unknown", "pending");

    private final Api api;
    private final String tenant;
    private final Progress progress = new Progress(System.err);

    private Demo(Api api, String tenant) {
        this.api = api;
        this.tenant = tenant;
    }

    public static void main(String[] args) throws Exception {
        Options options = new Options(
                args, Set.of("http", "tenant", "scenario", "login", "password-file", "recipients", "evidence", "json"));
        Api api = new Api(options.number("http", 8181));
        String password =
                Files.readString(Path.of(options.required("password-file"))).strip();
        Demo demo = new Demo(api, options.required("tenant"));
        demo.awaitTenant(options.required("login"), password);
        ObjectNode result = demo.run(
                options.required("scenario"), options.number("recipients", 0), Path.of(options.required("evidence")));
        if (options.json()) {
            System.out.println(api.mapper().writeValueAsString(result));
        }
    }

    /**
     * Waits until the node has taken in the tenant's folder. Its accounts and users come first, together: only then is
     * signing in worth a try, for a login that fails five times is locked.
     */
    private void awaitTenant(String login, String password) throws IOException, InterruptedException {
        Instant limit = Instant.now().plus(Duration.ofMinutes(3));
        JsonNode health = api.mapper().nullNode();
        boolean signedIn = false;
        while (Instant.now().isBefore(limit)) {
            health = api.get("/health/ready").json();
            if (!signedIn && accountsKnown(health)) {
                api.signIn(login, password);
                signedIn = true;
            }
            String state = signedIn
                    ? api.get("/api/v1/tenants/" + tenant + "/folder")
                            .json()
                            .path("state")
                            .asText()
                    : "";
            if (state.equals("applied")) {
                return;
            }
            Progress.pause(Duration.ofMillis(500));
        }
        throw new IllegalStateException(
                "tenant " + tenant + " is not there after three minutes; the node says " + health);
    }

    private boolean accountsKnown(JsonNode health) {
        for (JsonNode check : health.path("checks")) {
            if (check.path("name").asText().startsWith("account " + tenant + ".")) {
                return true;
            }
        }
        return false;
    }

    private ObjectNode run(String scenario, int recipients, Path evidence) throws IOException, InterruptedException {
        ObjectNode launch = api.mapper().createObjectNode();
        launch.put("scenario", scenario).put("drill", false).put("patience", "PT30S");
        if (recipients > 0) {
            launch.putArray("lists").add(Crowd.enlist(api, tenant, recipients));
        }
        JsonNode preview = api.post("/api/v1/tenants/" + tenant + "/alerts/preview", launch)
                .expect(200);
        progress.line("head-count " + preview.get("people").asInt() + " people; reachable by "
                + preview.get("reachableByChannel"));
        long from = System.nanoTime();
        JsonNode alert =
                api.launch(tenant, UUID.randomUUID().toString(), launch).expect(201);
        long alertId = alert.get("alertId").asLong();
        progress.line("launched alert " + alertId + ": " + alert.get("title").asText());

        // SMS, then telephones, then mail: each step opens by itself; the silent ones get one more message after them.
        follow(alertId, status -> opened(status, "mail") || ended(status));
        follow(alertId, status -> status.at("/totals/pending").asLong() == 0 || stepsDone(status) || ended(status));
        // An alert that ended by itself meanwhile is opened again by a relaunch.
        Api.Answer again = api.post(
                "/api/v1/tenants/" + tenant + "/alerts/" + alertId + "/relaunches",
                Map.of("states", SILENT, "channel", "sms", "patience", "PT15S"));
        if (again.status() == 201) {
            int wave = again.json().get("waveNo").asInt();
            progress.line("relaunched " + again.json().get("targets").asInt() + " silent people by SMS");
            follow(alertId, status -> settled(status, wave) || ended(status));
        } else {
            progress.line("nobody left to relaunch: " + again.raw().body());
        }
        api.post("/api/v1/tenants/" + tenant + "/alerts/" + alertId + "/closing", Map.of());
        JsonNode end =
                api.get("/api/v1/tenants/" + tenant + "/alerts/" + alertId).expect(200);
        double seconds = (System.nanoTime() - from) / 1e9;
        progress.last(end);
        telephones(end);
        api.download("/api/v1/tenants/" + tenant + "/alerts/" + alertId + "/evidence", evidence);
        return result(alertId, end.get("totals"), seconds, evidence);
    }

    /** By telephone something is asked, so that whoever it reached has pressed a key. */
    private void telephones(JsonNode end) {
        long calls = 0;
        long keys = 0;
        for (JsonNode wave : end.path("waves")) {
            if (wave.path("channel").asText().equals("voice")) {
                JsonNode seen = wave.path("observations");
                for (String kind : List.of("accepted", "retry", "rejected", "in-doubt")) {
                    calls += seen.path(kind).asLong();
                }
                keys += seen.path("delivered").asLong();
            }
        }
        progress.line("by telephone: " + calls + " calls, " + keys + " people pressed a key");
    }

    private JsonNode follow(long alertId, java.util.function.Predicate<JsonNode> enough)
            throws IOException, InterruptedException {
        return api.follow(tenant, alertId, status -> {
            progress.show(status);
            return enough.test(status);
        });
    }

    private static boolean opened(JsonNode status, String channel) {
        for (JsonNode wave : status.path("waves")) {
            if (wave.path("channel").asText().equals(channel)) {
                return true;
            }
        }
        return false;
    }

    /** The last step has had its time. Tries that belong to a step before it may still be to come: somebody's voicemail, minutes later. */
    private static boolean stepsDone(JsonNode status) {
        for (JsonNode wave : status.path("waves")) {
            if (wave.path("channel").asText().equals("mail")
                    && wave.get("kind").asText().equalsIgnoreCase("cascade")) {
                return wave.get("closed").asBoolean();
            }
        }
        return false;
    }

    private static boolean settled(JsonNode status, int waveNo) {
        for (JsonNode wave : status.path("waves")) {
            if (wave.get("waveNo").asInt() == waveNo) {
                return wave.get("closed").asBoolean();
            }
        }
        return false;
    }

    private static boolean ended(JsonNode status) {
        String state = status.at("/alert/state").asText("");
        return state.equals("CLOSED") || state.equals("CANCELLED");
    }

    private ObjectNode result(long alertId, JsonNode totals, double seconds, Path evidence) {
        ObjectNode result = api.mapper().createObjectNode().put("alert", alertId);
        for (String count : List.of("recipients", "answered", "delivered", "failed", "unknown", "pending")) {
            result.put(count, totals.get(count).asLong());
        }
        return result.put("seconds", Math.round(seconds * 10) / 10.0)
                .put("portal", api.base() + "/")
                .put("evidence", evidence.toString());
    }
}
