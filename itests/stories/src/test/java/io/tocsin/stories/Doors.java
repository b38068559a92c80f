package io.tocsin.stories;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tocsin.bench.RunningNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A node with both sample tenants and simulated carriers, and those who knock at its HTTP doors: one for all stories of them. */
final class Doors implements AutoCloseable {
    static final String TOWN = "/api/v1/tenants/saint-aurel-sur-loue";
    static final String PLANT = "/api/v1/tenants/valchimie-montferrou";
    static final String PASSWORD = "porte ouverte à tous";
    static final byte[] NOTHING = new byte[0];
    private static final ObjectMapper MAPPER = new ObjectMapper();

    final HttpClient http = HttpClient.newHttpClient();
    final Carriers carriers;
    RunningNode node;
    String mayor;
    String auditor;
    String agency;
    String operator;

    record Reply(int status, String type, HttpResponse<String> raw) {
        JsonNode json() {
            try {
                return MAPPER.readTree(raw.body());
            } catch (IOException e) {
                throw new AssertionError("no JSON: " + raw.body(), e);
            }
        }

        /** A problem of this status whose text holds all of these words. */
        Reply problem(int expected, String... words) {
            assertThat(status).as(raw.uri() + " " + raw.body()).isEqualTo(expected);
            assertThat(type).as(raw.body()).isEqualTo("application/problem+json");
            assertThat(json().get("status").asInt()).isEqualTo(expected);
            assertThat(json().get("type").asText()).startsWith("urn:tocsin:problem:");
            assertThat(json().get("title").asText()).isNotBlank();
            assertThat(raw.body()).doesNotContain("Exception", "java.", "io.tocsin");
            for (String word : words) {
                assertThat(raw.body()).contains(word);
            }
            return this;
        }

        Reply ok(int expected) {
            assertThat(status).as(raw.uri() + " " + raw.body()).isEqualTo(expected);
            return this;
        }
    }

    private Doors(Carriers carriers) {
        this.carriers = carriers;
    }

    static Doors open() throws Exception {
        Doors doors = new Doors(Carriers.start(sms -> sms, mail -> mail));
        try {
            doors.start();
            return doors;
        } catch (Exception | AssertionError e) {
            doors.close();
            throw e;
        }
    }

    private void start() throws Exception {
        Map<String, String> environment = new HashMap<>(carriers.environment());
        for (String name : List.of("SAINT_AUREL_MAIRE", "SAINT_AUREL_DGA", "VALCHIMIE_DIRECTEUR", "AGENCE_SUPPORT")) {
            environment.put("TOCSIN_SECRET_" + name, PASSWORD);
        }
        node = RunningNode.start(List.of("saint-aurel-sur-loue", "valchimie-montferrou"), environment);
        Desk.open(node, "saint-aurel-sur-loue", "maire@saint-aurel", PASSWORD);
        Desk.open(node, "valchimie-montferrou", "directeur@valchimie", PASSWORD);
        mayor = token("maire@saint-aurel", PASSWORD);
        agency = token("support@agence-franc-comtoise", PASSWORD);
        operator = token(
                "operator",
                Files.readString(node.data().resolve("operator-password")).strip());
        auditor = json("POST", TOWN + "/keys", mayor, "{\"label\":\"audit\",\"roles\":[\"auditor\"]}")
                .ok(201)
                .json()
                .get("secret")
                .asText();
    }

    @Override
    public void close() {
        if (node != null) {
            node.close();
        }
        carriers.close();
    }

    String token(String login, String password) throws Exception {
        return json(
                        "POST",
                        "/api/v1/sessions",
                        null,
                        MAPPER.writeValueAsString(Map.of("login", login, "password", password)))
                .ok(200)
                .json()
                .get("token")
                .asText();
    }

    Reply send(String method, String path, String token, byte[] body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.http() + path))
                .method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
        String type = response.headers().firstValue("Content-Type").orElse("").replaceFirst(";.*", "");
        return new Reply(response.statusCode(), type, response);
    }

    Reply json(String method, String path, String token, String body, String... headers) throws Exception {
        List<String> all = new ArrayList<>(List.of("Content-Type", "application/json"));
        all.addAll(List.of(headers));
        return send(method, path, token, body.getBytes(StandardCharsets.UTF_8), all.toArray(String[]::new));
    }

    Reply get(String path, String token) throws Exception {
        return send("GET", path, token, NOTHING);
    }

    Reply launch(String body) throws Exception {
        return json("POST", TOWN + "/alerts", mayor, body, "Idempotency-Key", "k" + System.nanoTime());
    }

    static String user(String login, String role) {
        return "{\"login\":\"" + login + "\",\"name\":\"N\",\"roles\":[\"" + role + "\"],\"password\":\"" + PASSWORD
                + "\"}";
    }
}
