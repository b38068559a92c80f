package io.tocsin.stories;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** An agency with one tenant that has one of everything, made through the API; nothing is ever sent. */
final class Borders {
    static final String PASSWORD = "chacun chez soi pour de bon";
    static final ObjectMapper MAPPER = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    final String agency;
    final String tenant;
    /** The token of the agency's own people. */
    final String agent;
    /** The token of somebody who has every role in the tenant. */
    final String person;
    /** An API key with every role in the tenant. */
    final String key;
    /** What the tenant has, by the name its paths give it. */
    final Map<String, String> things = new TreeMap<>();

    private final int http;

    record Reply(int status, JsonNode json, HttpResponse<String> raw) {
        Reply is(int expected) {
            assertThat(status)
                    .as(raw.request().method() + " " + raw.uri() + " " + raw.body())
                    .isEqualTo(expected);
            return this;
        }
    }

    private Borders(int http, String operator, String agency, String tenant) throws Exception {
        this.http = http;
        this.agency = agency;
        this.tenant = tenant;
        things.put("agency", agency);
        things.put("tenant", tenant);
        post(operator, "/agencies", Map.of("slug", agency, "name", agency)).is(201);
        post(
                        operator,
                        "/agencies/" + agency + "/users",
                        Map.of("login", "agent@" + agency, "name", "Agent", "password", PASSWORD))
                .is(201);
        agent = signIn("agent@" + agency);
        post(agent, "/tenants", Map.of("slug", tenant, "name", tenant, "kind", "commune"))
                .is(201);
        things.put(
                "user", made(agent, "/users", user("tous@" + tenant)).get("id").asText());
        person = signIn("tous@" + tenant);
        things.put(
                "unit",
                made(person, "/units", Map.of("slug", "voirie", "name", "Voirie"))
                        .get("id")
                        .asText());
        things.put("account", made(person, "/accounts", account()).get("id").asText());
        things.put(
                "contact", made(person, "/contacts", contact("P-1")).get("id").asText());
        JsonNode made = made(person, "/keys", Map.of("label", "machine", "roles", ROLES));
        things.put("key", made.get("keyId").asText());
        key = made.get("secret").asText();
        things.put("list", "tous");
        send("PUT", person, own("/lists/tous"), MAPPER.writeValueAsBytes(list()), "If-Match", "")
                .is(200);
        things.put("scenario", "crue");
        send("PUT", person, own("/scenarios/crue"), MAPPER.writeValueAsBytes(scenario()))
                .is(200);
        things.put("import", imported());
        send(
                        "PUT",
                        person,
                        own("/lists/tous/members"),
                        MAPPER.writeValueAsBytes(Map.of("externalIds", List.of("P-1", "P-2"))))
                .is(200);
        Awaitility.await("channels are known").atMost(Desk.LIMIT).until(() -> post(
                        person, own("/alerts/preview"), launch())
                .is(200)
                .json()
                .get("problems")
                .isEmpty());
        things.put("alert", made(person, "/alerts", launch()).get("alertId").asText());
        things.put("recipient", "1");
    }

    static final List<String> ROLES = List.of("tenant-admin", "activator", "approver", "supervisor", "auditor");

    static Borders open(int http, String operator, String agency, String tenant) throws Exception {
        return new Borders(http, operator, agency, tenant);
    }

    private String imported() throws Exception {
        String path = own("/imports?fileName=gens.csv&source=fichier&legalBasis=essai&dryRun=false");
        String id = send("POST", person, path, "Id;Nom;Mobile\nP-2;Deux;06 39 98 00 02\n".getBytes())
                .is(202)
                .json()
                .get("id")
                .asText();
        Awaitility.await("the import ends").atMost(Desk.LIMIT).until(() -> send(
                        "GET", person, own("/imports/" + id), new byte[0])
                .is(200)
                .json()
                .get("state")
                .asText()
                .equals("done"));
        return id;
    }

    String own(String rest) {
        return "/tenants/" + tenant + rest;
    }

    private JsonNode made(String token, String rest, Object body) throws Exception {
        return post(token, own(rest), body).is(201).json();
    }

    String signIn(String login, String... headers) throws Exception {
        byte[] body = MAPPER.writeValueAsBytes(Map.of("login", login, "password", PASSWORD));
        return send("POST", null, "/sessions", body, headers)
                .is(200)
                .json()
                .get("token")
                .asText();
    }

    Reply post(String token, String path, Object body, String... headers) throws Exception {
        return send("POST", token, path, MAPPER.writeValueAsBytes(body), headers);
    }

    /** Any request at all; a key of its own and a version are sent along unless given. */
    Reply send(String method, String token, String path, byte[] body, String... headers) throws Exception {
        Map<String, String> all =
                new HashMap<>(Map.of("Idempotency-Key", UUID.randomUUID().toString(), "If-Match", "\"0\""));
        all.put("Content-Type", kind(path));
        for (int i = 0; i < headers.length; i += 2) {
            all.put(headers[i], headers[i + 1]);
        }
        all.values().removeIf(String::isEmpty);
        HttpRequest.Builder request = request(token, path)
                .method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        all.forEach(request::header);
        HttpResponse<String> response = HTTP.send(request.build(), BodyHandlers.ofString());
        return new Reply(response.statusCode(), json(response), response);
    }

    private static String kind(String path) {
        if (path.matches(".*/documents/[^/]+")) {
            return "application/pdf";
        }
        return takesAFile(path) ? "application/octet-stream" : "application/json";
    }

    /** Whether the body of a request to this path is a contact file. */
    static boolean takesAFile(String path) {
        return path.matches(".*/imports(/inspection)?(\\?.*)?");
    }

    private static JsonNode json(HttpResponse<String> response) throws IOException {
        boolean json = response.headers().firstValue("Content-Type").orElse("").contains("json");
        return json ? MAPPER.readTree(response.body()) : MAPPER.nullNode();
    }

    private HttpRequest.Builder request(String token, String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http + "/api/v1" + path))
                .timeout(Duration.ofMinutes(2));
        return token == null ? request : request.header("Authorization", "Bearer " + token);
    }

    /** The lines of a stream as they come; completes when it ends. */
    CompletableFuture<List<String>> follow(String token, String path, List<String> lines) throws Exception {
        HttpResponse<Stream<String>> response = HTTP.send(request(token, path).build(), BodyHandlers.ofLines());
        assertThat(response.statusCode()).isEqualTo(200);
        return CompletableFuture.supplyAsync(() -> {
            try (Stream<String> body = response.body()) {
                body.forEach(lines::add);
            }
            return lines;
        });
    }

    /** Everything of the tenant that somebody of its own can read, as text. */
    Map<String, String> everything() throws Exception {
        Map<String, String> all = new TreeMap<>();
        for (String rest : List.of(
                "",
                "/units",
                "/users",
                "/accounts",
                "/contacts",
                "/contacts/" + things.get("contact"),
                "/lists",
                "/lists/tous",
                "/scenarios",
                "/scenarios/crue",
                "/imports",
                "/alerts",
                "/journal?limit=1000",
                "/alerts/" + things.get("alert"),
                "/alerts/" + things.get("alert") + "/people",
                "/alerts/" + things.get("alert") + "/people/1",
                "/journal/integrity")) {
            JsonNode json = send("GET", person, own(rest), new byte[0]).is(200).json();
            if (json instanceof ObjectNode object) {
                object.remove("at"); // of the look
            }
            all.put(rest, json.toString());
        }
        all.put(
                "key",
                send("GET", key, own("/alerts"), new byte[0]).is(200).raw().body());
        return all;
    }

    List<JsonNode> journaled(String action) throws Exception {
        JsonNode page = send("GET", person, own("/journal?limit=1000"), new byte[0])
                .is(200)
                .json();
        return Stream.iterate(0, i -> i < page.get("items").size(), i -> i + 1)
                .map(page.get("items")::get)
                .filter(entry -> entry.get("action").asText().equals(action))
                .toList();
    }

    static Map<String, Object> user(String login) {
        return Map.of("login", login, "name", "Tous", "roles", ROLES, "password", PASSWORD);
    }

    static Map<String, Object> account() {
        return Map.of(
                "slug",
                "operateur",
                "channel",
                "sms",
                "enabled",
                false,
                "settings",
                Map.of("host", "127.0.0.1", "port", "1", "system-id", "x"));
    }

    static Map<String, Object> contact(String externalId) {
        return Map.of(
                "externalId",
                externalId,
                "firstName",
                "Ada",
                "lastName",
                "Un",
                "legalBasis",
                "essai",
                "addresses",
                List.of("06 39 98 00 01"));
    }

    static Map<String, Object> list() {
        return Map.of("name", "Tous", "kind", "static");
    }

    static Map<String, Object> scenario() {
        return Map.of(
                "name",
                "Crue",
                "category",
                "operational",
                "lists",
                List.of("tous"),
                "fallback-language",
                "fr",
                "cascade",
                List.of(Map.of("channel", "sms", "patience", "PT12H", "until", "delivered")),
                "messages",
                Map.of("fr", Map.of("sms", Map.of("text", "Crue, {{last_name}}."))));
    }

    static Map<String, Object> launch() {
        return Map.of("scenario", "crue", "drill", true);
    }
}
