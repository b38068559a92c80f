package io.tocsin.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A client of a node's HTTP API, as an agency's script would be: only what the API documents. Blocks. */
public final class Api {
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final ObjectMapper mapper = new ObjectMapper();
    private final URI base;
    private Optional<String> token = Optional.empty();

    /** @param port the node's HTTP port on loopback */
    public Api(int port) {
        this("127.0.0.1", port);
    }

    public Api(String host, int port) {
        this.base = URI.create("http://" + host + ":" + port);
    }

    public URI base() {
        return base;
    }

    public ObjectMapper mapper() {
        return mapper;
    }

    /** An answer: its status and its JSON (null node when there is none). */
    public record Answer(int status, JsonNode json, HttpResponse<String> raw) {

        /** The JSON of a success. @throws IllegalStateException with the problem otherwise */
        public JsonNode expect(int wanted) {
            if (status != wanted) {
                throw new IllegalStateException("HTTP " + status + " instead of " + wanted + ": " + raw.body());
            }
            return json;
        }
    }

    public Api signIn(String login, String password) throws IOException, InterruptedException {
        JsonNode session = post("/api/v1/sessions", Map.of("login", login, "password", password))
                .expect(200);
        token = Optional.of(session.get("token").asText());
        return this;
    }

    /** Uses an API key, or a token had before. */
    public Api bearer(String bearer) {
        token = Optional.of(bearer);
        return this;
    }

    public Answer get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    /** Every call is meant: it carries an Idempotency-Key of its own, for those that send. */
    public Answer post(String path, Object body) throws IOException, InterruptedException {
        return send(request(path)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .POST(json(body)));
    }

    public Answer put(String path, Object body, Map<String, String> headers) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                request(path).header("Content-Type", "application/json").PUT(json(body));
        headers.forEach(request::header);
        return send(request);
    }

    public Answer delete(String path) throws IOException, InterruptedException {
        return send(request(path).DELETE());
    }

    /** Launches with an idempotency key. */
    public Answer launch(String tenant, String idempotencyKey, Object body) throws IOException, InterruptedException {
        return send(request("/api/v1/tenants/" + tenant + "/alerts")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", idempotencyKey)
                .POST(json(body)));
    }

    /** Sends a file as a request's body. */
    public Answer upload(String path, Path file) throws IOException, InterruptedException {
        return send(request(path)
                .timeout(Duration.ofMinutes(10))
                .header("Content-Type", "application/octet-stream")
                .POST(BodyPublishers.ofFile(file)));
    }

    /** Sends a file to be kept at that path. */
    public Answer store(String path, Path file) throws IOException, InterruptedException {
        return send(
                request(path).header("Content-Type", "application/octet-stream").PUT(BodyPublishers.ofFile(file)));
    }

    /** Saves a response's body to a file. */
    public void download(String path, Path to) throws IOException, InterruptedException {
        HttpResponse<Path> response =
                http.send(request(path).timeout(Duration.ofMinutes(10)).GET().build(), BodyHandlers.ofFile(to));
        if (response.statusCode() != 200) {
            throw new IllegalStateException("HTTP " + response.statusCode() + " for " + path);
        }
    }

    /** Follows an alert's events until the predicate is satisfied or the stream ends. @return the last status seen */
    public JsonNode follow(String tenant, long alertId, Predicate<JsonNode> enough)
            throws IOException, InterruptedException {
        HttpResponse<Stream<String>> response = http.send(
                request("/api/v1/streams/tenants/" + tenant + "/alerts/" + alertId)
                        .timeout(Duration.ofHours(1))
                        .GET()
                        .build(),
                BodyHandlers.ofLines());
        if (response.statusCode() != 200) {
            throw new IllegalStateException("HTTP " + response.statusCode() + " for the stream of alert " + alertId);
        }
        JsonNode last = mapper.nullNode();
        try (Stream<String> lines = response.body()) {
            for (String line : (Iterable<String>) lines::iterator) {
                if (line.startsWith("data: ")) {
                    last = mapper.readTree(line.substring("data: ".length()));
                    if (enough.test(last)) {
                        break;
                    }
                }
            }
        }
        return last;
    }

    public static String query(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** A request to a path, with what was signed in with. */
    HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path)).timeout(Duration.ofMinutes(2));
        token.ifPresent(t -> request.header("Authorization", "Bearer " + t));
        return request;
    }

    private HttpRequest.BodyPublisher json(Object body) throws IOException {
        return BodyPublishers.ofString(body instanceof String raw ? raw : mapper.writeValueAsString(body));
    }

    private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
        String body = response.body();
        boolean isJson =
                response.headers().firstValue("Content-Type").orElse("").contains("json");
        return new Answer(
                response.statusCode(), isJson && !body.isBlank() ? mapper.readTree(body) : mapper.nullNode(), response);
    }
}
