package io.tocsin.channel.publish.internal;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tocsin.channel.testkit.CarrierPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of Mastodon's API that posts, on the JDK's HTTP server: statuses are made once a key, changed, and may be gone. Whose
 * account a status is on it reads from the status's text, where tests write it.
 */
final class MastodonPeer implements CarrierPeer {
    static final String TOKEN = "Sesame-9c41-ZbkWq7";
    private static final Pattern HANDLE = Pattern.compile("@page-\\d+@127\\.0\\.0\\.1");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> accepted = new CopyOnWriteArrayList<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Map<String, String> idOfKey = new ConcurrentHashMap<>();
    private final Map<String, String> statuses = new ConcurrentHashMap<>();
    private final AtomicInteger read = new AtomicInteger();
    private final AtomicInteger ids = new AtomicInteger(100);
    private Answer answer = Answer.ACCEPT;
    private volatile int refusal;
    private volatile Map<String, String> refusalHeaders = Map.of();

    /** What came, header names in lower case. */
    record Request(String method, String path, Map<String, String> headers, String body) {}

    MastodonPeer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 50);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    static String handle(int n) {
        return "@page-" + n + "@127.0.0.1";
    }

    List<Request> requests() {
        return requests;
    }

    /** Id to body, as they are now. */
    Map<String, String> statuses() {
        return statuses;
    }

    /** Every write is answered with this status from now on. */
    void refusing(int status, Map<String, String> headers) {
        refusalHeaders = headers;
        refusal = status;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String path = exchange.getRequestURI().toString();
            boolean known =
                    ("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"));
            if (exchange.getRequestMethod().equals("GET")) {
                say(exchange, known ? 200 : 401, "{\"id\":\"1\"}");
                return;
            }
            read.incrementAndGet();
            if (!known) {
                say(exchange, 401, "{\"error\":\"The access token is invalid\"}");
                return;
            }
            switch (next()) {
                case ACCEPT -> take(exchange, path, body);
                case THROTTLE -> {
                    exchange.getResponseHeaders().set("X-RateLimit-Remaining", "0");
                    exchange.getResponseHeaders().set("X-RateLimit-Reset", "2099-01-01T00:00:00.000000Z");
                    say(exchange, 429, "{\"error\":\"Too many requests\"}");
                }
                case REFUSE_ADDRESS -> say(exchange, 404, "{\"error\":\"Record not found\"}");
                default -> {
                    // hangs up
                }
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private void take(HttpExchange exchange, String path, String body) throws IOException {
        Map<String, String> headers = new HashMap<>();
        exchange.getRequestHeaders().forEach((name, values) -> headers.put(name.toLowerCase(), values.get(0)));
        requests.add(new Request(exchange.getRequestMethod(), path, headers, body));
        if (refusal > 0) {
            refusalHeaders.forEach(exchange.getResponseHeaders()::set);
            say(exchange, refusal, "{\"error\":\"no\"}");
            return;
        }
        String id;
        if (exchange.getRequestMethod().equals("PUT")) {
            id = path.substring(path.lastIndexOf('/') + 1);
            if (!statuses.containsKey(id)) {
                say(exchange, 404, "{\"error\":\"Record not found\"}");
                return;
            }
        } else {
            id = idOfKey.computeIfAbsent(
                    headers.get("idempotency-key"), key -> Integer.toString(ids.incrementAndGet()));
        }
        statuses.put(id, body);
        String handle = "";
        for (Matcher found = HANDLE.matcher(body); found.find(); ) {
            handle = found.group();
        }
        accepted.add(handle);
        say(exchange, 200, "{\"account\":{\"id\":\"7\"},\"id\":\"" + id + "\",\"url\":null}");
    }

    /** In chunks, as Mastodon's own server does behind its proxy. */
    private static void say(HttpExchange exchange, int status, String json) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
        exchange.sendResponseHeaders(status, 0);
        exchange.getResponseBody().write(json.getBytes(StandardCharsets.UTF_8));
    }

    private synchronized Answer next() throws InterruptedException {
        while (answer == Answer.STALL) {
            wait();
        }
        return answer;
    }

    @Override
    public Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        settings.put(
                "mastodon",
                String.join(", ", handle(1), handle(2), handle(3), handle(4), handle(7), handle(66), handle(99)));
        settings.put("mastodon-url", "http://127.0.0.1:" + server.getAddress().getPort());
        settings.put("mastodon-token", TOKEN);
        settings.put("network", "node");
        settings.put("drills", "true");
        settings.put("response-timeout", "20s");
        settings.put("retry-interval", "100ms");
        return settings;
    }

    @Override
    public List<String> secretSettings() {
        return List.of("mastodon-token");
    }

    @Override
    public synchronized void answer(Answer next) {
        answer = next;
        notifyAll();
    }

    @Override
    public List<String> accepted() {
        return accepted;
    }

    @Override
    public int read() {
        return read.get();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
