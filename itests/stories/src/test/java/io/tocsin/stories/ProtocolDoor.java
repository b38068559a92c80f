package io.tocsin.stories;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tocsin.stories.Doors.Reply;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Bodies, versions and paths: whatever is malformed is refused with its place, and every operation described is there. */
abstract class ProtocolDoor {
    private final Doors doors;

    ProtocolDoor(Doors doors) {
        this.doors = doors;
    }

    @Test
    void malformedJsonIsRefusedWithItsPlace() throws Exception {
        doors.json("POST", "/api/v1/sessions", null, "{\"login\": ").problem(400, "line 1");
        doors.json("POST", Doors.TOWN + "/alerts/preview", doors.mayor, "[1, 2").problem(400, "cannot be read");
        doors.json(
                        "POST",
                        Doors.TOWN + "/alerts/preview",
                        doors.mayor,
                        "{\"scenario\":\"inondation\",\"drill\":\"peut-être\"}")
                .problem(400, "drill", "true or false");
        doors.json(
                        "POST",
                        Doors.TOWN + "/alerts/preview",
                        doors.mayor,
                        "{\"scenario\":\"inondation\",\"drill\":true,\"lists\":\"toutes\"}")
                .problem(400, "lists", "a list");
        doors.json(
                        "POST",
                        Doors.TOWN + "/alerts/preview",
                        doors.mayor,
                        "{\"scenario\":\"inondation\",\"drill\":true,\"patience\":\"5 min\"}")
                .problem(400, "patience", "5 min", "PT10M");
        doors.json("POST", Doors.TOWN + "/alerts/preview", doors.mayor, "{\"scenario\":\"inondation\",\"dril\":true}")
                .problem(400, "dril", "known: drill, lists, patience, scenario, variables");
        doors.json("POST", Doors.TOWN + "/alerts/preview", doors.mayor, "").problem(422, "body");
        doors.json("POST", Doors.TOWN + "/alerts/preview", doors.mayor, "null").problem(422, "body");
        doors.json("PUT", Doors.TOWN + "/scenarios/x", doors.mayor, "[".repeat(5000))
                .problem(400, "cannot be read");
        doors.send("POST", Doors.TOWN + "/alerts/preview", doors.mayor, "<a/>".getBytes(), "Content-Type", "text/xml")
                .problem(415, "application/json");
    }

    @Test
    void anEditSaysWhichVersionItIsBasedOn() throws Exception {
        Reply contact = doors.json(
                        "POST",
                        Doors.TOWN + "/contacts",
                        doors.mayor,
                        """
                        {"externalId":"DOOR-1","firstName":"Ada","lastName":"Un","legalBasis":"essai","addresses":["06 39 98 20 01"]}
                        """)
                .ok(201);
        assertThat(contact.json().at("/endpoints/0/address").asText()).isEqualTo("+33639982001");
        String etag = contact.raw().headers().firstValue("ETag").orElseThrow();
        String path = Doors.TOWN + "/contacts/" + contact.json().get("id").asLong();
        String edit =
                """
                {"externalId":"DOOR-1","firstName":"Ada","lastName":"Deux","legalBasis":"essai","addresses":["06 39 98 20 01"]}
                """;
        doors.json("PUT", path, doors.mayor, edit).problem(428, "If-Match");
        doors.json("PUT", path, doors.mayor, edit, "If-Match", "\"hier\"").problem(428, "If-Match");
        Reply saved =
                doors.json("PUT", path, doors.mayor, edit, "If-Match", etag).ok(200);
        assertThat(saved.raw().headers().firstValue("ETag")).isPresent().get().isNotEqualTo(etag);
        doors.json("PUT", path, doors.mayor, edit, "If-Match", etag).problem(412);
        doors.json("POST", Doors.TOWN + "/contacts", doors.mayor, edit.replace("06 39 98 20 01", "12"))
                .problem(422, "addresses");
        doors.json("POST", Doors.TOWN + "/contacts", doors.mayor, "{\"externalId\":\"DOOR-2\"}")
                .problem(422, "legalBasis");
        doors.send("DELETE", path, doors.mayor, Doors.NOTHING).ok(204);
        doors.send("DELETE", path, doors.mayor, Doors.NOTHING).problem(404);
        doors.get(Doors.TOWN + "/contacts?after=abc", doors.mayor).problem(422, "after");
    }

    @Test
    void everyOperationDescribedIsThere() throws Exception {
        JsonNode description = doors.get("/api/v1/openapi.json", null).ok(200).json();
        int operations = 0;
        for (Map.Entry<String, JsonNode> path :
                (Iterable<Map.Entry<String, JsonNode>>) description.get("paths")::fields) {
            String concrete = "/api/v1"
                    + path.getKey()
                            .replace("{tenant}", "saint-aurel-sur-loue")
                            .replace("{agency}", "agence-franc-comtoise")
                            .replaceAll("\\{(scenario|list|key)}", "personne-ici")
                            .replaceAll("\\{[a-z]+}", "987654");
            for (String method : (Iterable<String>) path.getValue()::fieldNames) {
                if (!List.of("get", "put", "post", "delete").contains(method)
                        || concrete.endsWith("/sessions/current")) {
                    continue;
                }
                operations++;
                Reply reply = method.equals("get")
                                || method.equals("delete")
                                || path.getKey().contains("/imports")
                        ? doors.send(method.toUpperCase(), concrete, doors.agency, Doors.NOTHING)
                        : doors.json(method.toUpperCase(), concrete, doors.agency, "{}");
                assertThat(reply.status())
                        .as(method + " " + concrete + " " + reply.raw().body())
                        .isNotIn(405, 500);
                if (reply.status() >= 400) {
                    reply.problem(reply.status());
                    assertThat(reply.json().get("type").asText())
                            .as(method + " " + concrete)
                            .isNotEqualTo("urn:tocsin:problem:http-404");
                }
                if (!List.of("/openapi.json", "/sessions", "/state").contains(path.getKey())) {
                    doors.send(method.toUpperCase(), concrete, null, Doors.NOTHING)
                            .problem(401);
                }
            }
        }
        assertThat(operations).isGreaterThan(50);
        doors.get("/api/v1/nulle-part", doors.agency).problem(404, "openapi.json");
        doors.send("DELETE", "/api/v1/me", doors.agency, Doors.NOTHING).problem(405, "openapi.json");
    }

    @Test
    void healthMetricsAndHeaders() throws Exception {
        assertThat(doors.get("/health/live", null).ok(200).raw().body()).contains("live");
        assertThat(doors.get("/health/ready", null).ok(200).json().get("checks").toString())
                .contains("database", "up");
        assertThat(doors.get("/health/autre", null).status()).isEqualTo(404);
        String metrics = doors.get("/metrics", null).ok(200).raw().body();
        assertThat(metrics).contains("jvm_memory_used_bytes", "tocsin_account_up{");
        for (String path : List.of("/api/v1/openapi.json", "/api/v1/me", "/health/ready", "/metrics", "/a/inconnu")) {
            Reply reply = doors.get(path, null);
            Function<String, String> header =
                    name -> reply.raw().headers().firstValue(name).orElse("");
            assertThat(header.apply("X-Content-Type-Options")).as(path).isEqualTo("nosniff");
            assertThat(header.apply("Cache-Control")).as(path).isEqualTo("no-store");
            assertThat(header.apply("Content-Security-Policy")).as(path).contains("default-src 'none'");
            assertThat(header.apply("Referrer-Policy")).as(path).isEqualTo("no-referrer");
            assertThat(reply.raw().headers().firstValue("Server")).as(path).isEmpty();
            assertThat(reply.raw().headers().firstValue("X-Powered-By"))
                    .as(path)
                    .isEmpty();
        }
        doors.get("/a/inconnu", null).ok(404);
        doors.send(
                        "POST",
                        "/a/inconnu",
                        null,
                        "answer=1".getBytes(),
                        "Content-Type",
                        "application/x-www-form-urlencoded")
                .ok(404);
        assertThat(doors.get("/nulle-part", null).raw().body()).doesNotContain("Jetty", "at org.");
    }
}
