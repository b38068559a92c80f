package io.tocsin.channel.webhook.internal;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tocsin.channel.testkit.CarrierPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The JDK's HTTP server as a receiver that checks who writes, as docs/webhook.md tells receivers to. */
final class HttpPeer implements CarrierPeer {
    static final String AUTHORIZATION = "Bearer Sesame-9c41";
    static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> accepted = new CopyOnWriteArrayList<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger read = new AtomicInteger();
    private Answer answer = Answer.ACCEPT;
    private volatile String response = "";

    /** What came, header names in lower case. */
    record Request(String target, Map<String, String> headers, String body) {}

    HttpPeer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 50);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The body of every 2xx from now on. */
    void responding(String body) {
        response = body;
    }

    List<Request> requests() {
        return requests;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            read.incrementAndGet();
            if (!AUTHORIZATION.equals(exchange.getRequestHeaders().getFirst("Authorization"))
                    || !signed(exchange, body)) {
                exchange.sendResponseHeaders(401, -1);
                return;
            }
            switch (next()) {
                case ACCEPT -> {
                    Map<String, String> headers = new HashMap<>();
                    exchange.getRequestHeaders()
                            .forEach((name, values) -> headers.put(name.toLowerCase(), values.get(0)));
                    String target = exchange.getRequestURI().toString();
                    requests.add(new Request(target, headers, new String(body, StandardCharsets.UTF_8)));
                    accepted.add(url() + target);
                    byte[] said = response.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(said.length == 0 ? 204 : 200, said.length == 0 ? -1 : said.length);
                    exchange.getResponseBody().write(said);
                }
                case THROTTLE -> {
                    exchange.getResponseHeaders().set("Retry-After", "7");
                    exchange.sendResponseHeaders(429, -1);
                }
                case REFUSE_ADDRESS -> exchange.sendResponseHeaders(404, -1);
                default -> {
                    // hangs up
                }
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean signed(HttpExchange exchange, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(SECRET.substring(6)), "HmacSHA256"));
            mac.update((exchange.getRequestHeaders().getFirst("webhook-id") + "."
                            + exchange.getRequestHeaders().getFirst("webhook-timestamp") + ".")
                    .getBytes(StandardCharsets.UTF_8));
            return ("v1," + Base64.getEncoder().encodeToString(mac.doFinal(body)))
                    .equals(exchange.getRequestHeaders().getFirst("webhook-signature"));
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
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
        settings.put("urls", url() + "/hooks");
        settings.put("authorization", AUTHORIZATION);
        settings.put("secret", SECRET);
        settings.put("network", "node");
        settings.put("response-timeout", "20s");
        settings.put("retry-interval", "100ms");
        return settings;
    }

    @Override
    public List<String> secretSettings() {
        return List.of("authorization", "secret");
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
