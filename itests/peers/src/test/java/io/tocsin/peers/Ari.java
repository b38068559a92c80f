package io.tocsin.peers;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** ARI over one WebSocket of the JDK: requests and events in it, as Asterisk 22 has it. */
final class Ari implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<JsonNode> events = new CopyOnWriteArrayList<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final WebSocket socket;

    private Ari(URI base, String app, String user, String password) {
        socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .subprotocols("ari")
                .connectTimeout(Duration.ofSeconds(20))
                .buildAsync(
                        URI.create(base.toString().replace("http:", "ws:") + "/events?app=" + app + "&api_key=" + user
                                + ":" + password),
                        new WebSocket.Listener() {
                            private final StringBuilder text = new StringBuilder();

                            @Override
                            public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
                                text.append(data);
                                if (last) {
                                    events.add(read(text.toString()));
                                    text.setLength(0);
                                }
                                from.request(1);
                                return CompletableFuture.completedFuture(null);
                            }
                        })
                .join();
    }

    static Ari connect(Asterisk asterisk, String app) {
        return new Ari(asterisk.ari(), app, "tester", "tester-secret");
    }

    static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new IllegalArgumentException(json, e);
        }
    }

    /** The response to a request in the socket. */
    JsonNode ask(String method, String uri, Map<String, Object> body) throws Exception {
        String id = "t" + requests.incrementAndGet();
        var request = JSON.createObjectNode()
                .put("type", "RESTRequest")
                .put("transaction_id", id)
                .put("request_id", id)
                .put("method", method)
                .put("uri", uri);
        if (!body.isEmpty()) {
            request.put("content_type", "application/json").put("message_body", JSON.writeValueAsString(body));
        }
        synchronized (this) {
            socket.sendText(request.toString(), true).get(20, TimeUnit.SECONDS);
        }
        return event(
                "RESTResponse",
                response -> response.path("transaction_id").asText().equals(id));
    }

    JsonNode originate(String channel, String endpoint, int timeout) throws Exception {
        return ask(
                "POST",
                "channels",
                Map.of(
                        "endpoint",
                        endpoint,
                        "app",
                        "alerts",
                        "channelId",
                        channel,
                        "timeout",
                        timeout,
                        "callerId",
                        "\"Mairie\" <0199001234>"));
    }

    /** The first event of that type that fits, waited for. */
    JsonNode event(String type, Predicate<JsonNode> fits) {
        return await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(10))
                .alias(type)
                .until(() -> seen(type, fits), Optional::isPresent)
                .get();
    }

    JsonNode event(String type, String channel) {
        return event(type, event -> event.path("channel").path("id").asText().equals(channel));
    }

    Optional<JsonNode> seen(String type, Predicate<JsonNode> fits) {
        return events.stream()
                .filter(event -> event.path("type").asText().equals(type) && fits.test(event))
                .findFirst();
    }

    List<JsonNode> events() {
        return events;
    }

    @Override
    public void close() {
        socket.abort();
    }
}
