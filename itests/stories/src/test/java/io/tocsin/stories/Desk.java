package io.tocsin.stories;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tocsin.bench.Api;
import io.tocsin.bench.RunningNode;
import io.tocsin.persistence.testing.Conservation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** Somebody of a tenant at their desk: signed in, and doing everything through the public API. Conservation is checked at each look. */
final class Desk {
    static final Duration LIMIT = Duration.ofMinutes(3);

    private final Api api;
    private final String tenant;

    private Desk(Api api, String tenant) {
        this.api = api;
        this.tenant = tenant;
    }

    /** Waits until the tenant's folder is applied and the user can sign in. */
    static Desk open(RunningNode node, String tenant, String login, String password) {
        Api api = node.api();
        Awaitility.await("the folder of " + tenant + " is applied and " + login + " signs in")
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(500))
                .ignoreExceptions()
                .until(() -> {
                    api.signIn(login, password);
                    JsonNode folder =
                            api.get("/api/v1/tenants/" + tenant + "/folder").expect(200);
                    assertThat(folder.get("state").asText())
                            .as(folder.toString())
                            .isNotEqualTo("broken");
                    return folder.get("state").asText().equals("applied");
                });
        return new Desk(api, tenant);
    }

    Api api() {
        return api;
    }

    ObjectMapper mapper() {
        return api.mapper();
    }

    String path(String rest) {
        return "/api/v1/tenants/" + tenant + rest;
    }

    Api.Answer get(String rest) throws Exception {
        return api.get(path(rest));
    }

    Api.Answer post(String rest, Object body) throws Exception {
        return api.post(path(rest), body);
    }

    ObjectNode request(String scenario, boolean drill, Duration patience) {
        return mapper().createObjectNode()
                .put("scenario", scenario)
                .put("drill", drill)
                .put("patience", patience.toString());
    }

    long launch(String key, ObjectNode request) throws Exception {
        return api.launch(tenant, key, request).expect(201).get("alertId").asLong();
    }

    /** The alert as it stands; every look checks that nobody is lost and nobody counted twice. */
    JsonNode status(long alert) throws Exception {
        return conserved(get("/alerts/" + alert).expect(200));
    }

    static JsonNode conserved(JsonNode status) {
        Conservation.checkShown(
                count(status, "recipients"),
                count(status, "answered"),
                count(status, "delivered"),
                count(status, "failed"),
                count(status, "unknown"),
                count(status, "pending"));
        return status;
    }

    JsonNode await(long alert, String what, Predicate<JsonNode> enough) {
        JsonNode[] last = new JsonNode[1];
        Awaitility.await(what)
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> {
                    last[0] = status(alert);
                    return enough.test(last[0]);
                });
        return last[0];
    }

    static long count(JsonNode status, String state) {
        return status.at("/totals/" + state).asLong();
    }

    static JsonNode wave(JsonNode status, int waveNo) {
        for (JsonNode wave : status.path("waves")) {
            if (wave.get("waveNo").asInt() == waveNo) {
                return wave;
            }
        }
        return MissingNode.getInstance();
    }

    /** Everybody of an alert in a state; empty state: everybody. */
    List<JsonNode> people(long alert, String state) throws Exception {
        return all("/alerts/" + alert + "/people?" + (state.isEmpty() ? "" : "state=" + state + "&"));
    }

    /** Every page of a list. @param query ends with ? or &amp; */
    List<JsonNode> all(String query) throws Exception {
        List<JsonNode> all = new ArrayList<>();
        String after = "";
        do {
            JsonNode page = get(query + "limit=1000" + after).expect(200);
            page.get("items").forEach(all::add);
            after = page.path("next").isTextual() ? "&after=" + page.get("next").asText() : null;
        } while (after != null);
        return all;
    }

    JsonNode end(long alert) throws Exception {
        return conserved(post("/alerts/" + alert + "/closing", Map.of()).expect(200));
    }
}
