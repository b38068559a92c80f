package io.tocsin.stories;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tocsin.bench.Api;
import io.tocsin.bench.RunningNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A town's panels, reached by webhooks: each fails the first post it reads, and does what it is told once all the same. */
class WebhookStory {
    private static final int PANELS = 8;
    private static final String SECRET = "whsec_"
            + Base64.getEncoder().encodeToString("a key that only panels know".getBytes(StandardCharsets.US_ASCII));
    private static final String PANEL = "panneaux";

    private static Panels panels;
    private static RunningNode node;
    private static Api api;

    @BeforeAll
    static void start() throws Exception {
        panels = new Panels();
        node = Combe.of(PANELS)
                .webhook(
                        "panels",
                        10,
                        "urls: " + panels.url(),
                        "secret: secret:panels",
                        "network: node",
                        "response-timeout: 5s")
                .webhooks(panels.url() + "/panel-%04d")
                .scenario(PANEL, "life-safety", "webhook", "webhook: {text: \"CRUE : montez a l'ecole.\"}")
                .setting("io.tocsin.routing", "retryBaseSeconds", "1")
                .setting("io.tocsin.routing", "inDoubtGraceSeconds", "2")
                .start(Map.of("TOCSIN_SECRET_PANELS", SECRET));
        api = Watched.signIn(node);
        Watched.awaitAccounts(node);
    }

    @AfterAll
    static void stop() {
        if (node != null) {
            node.close();
        }
        if (panels != null) {
            panels.close();
        }
    }

    @Test
    void whatIsPostedAgainHasTheSameIdAndIsDeliveredOnce() throws Exception {
        JsonNode cost = api.post(
                        "/api/v1/tenants/" + Combe.SLUG + "/alerts/preview",
                        Map.of("scenario", PANEL, "drill", false, "lists", List.of(Combe.ALL)))
                .expect(200)
                .at("/costs/webhook");
        assertThat(cost.get("messages").asInt()).isEqualTo(PANELS);
        assertThat(cost.get("unknown").asText()).contains("does not say what its messages cost");

        Watched alert = Watched.launch(api, PANEL, Combe.ALL);
        alert.await("every panel has shown it", t -> t.delivered() == PANELS);

        assertThat(panels.posts)
                .allSatisfy(post -> assertThat(post.genuine).as("signature").isTrue());
        Map<String, List<Post>> byPanel = panels.posts.stream().collect(Collectors.groupingBy(Post::path));
        assertThat(byPanel).hasSize(PANELS);
        assertThat(byPanel.values()).allSatisfy(posts -> {
            assertThat(posts).hasSizeGreaterThanOrEqualTo(2);
            assertThat(posts).extracting(Post::id).as("one message").containsOnly(posts.get(0).id);
            assertThat(posts).extracting(Post::attempt).as("each of its tries").doesNotHaveDuplicates();
        });
        assertThat(panels.shown).as("every message once").hasSize(PANELS);
        assertThat(panels.posts.stream().filter(Post::possibleDuplicate).map(Post::path))
                .as("only those that hung up may be duplicates")
                .allMatch(path -> Panels.hangsUp(path))
                .isNotEmpty();

        Watched again = Watched.launch(api, PANEL, Combe.ALL);
        again.await("another alert is another message", t -> t.delivered() == PANELS);
        assertThat(panels.shown).hasSize(2 * PANELS);
        assertThat(Metrics.of(node, "tocsin_account_messages_total")).isGreaterThanOrEqualTo(4 * PANELS);
    }

    /** @param genuine whether it was signed as docs/webhook.md says */
    private record Post(String path, String id, String attempt, boolean possibleDuplicate, boolean genuine) {}

    /** One server for all panels: it hangs up on the first post of every message to an even one, and fails that to an odd one. */
    private static final class Panels implements AutoCloseable {
        private final ObjectMapper mapper = new ObjectMapper();
        private final ExecutorService threads = Executors.newCachedThreadPool();
        private final HttpServer server;
        private final Set<String> failed = new HashSet<>();
        private final Set<String> shown = ConcurrentHashMap.newKeySet();
        final List<Post> posts = new CopyOnWriteArrayList<>();

        Panels() throws IOException {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 50);
            server.setExecutor(threads);
            server.createContext("/", this::handle);
            server.start();
        }

        String url() {
            return "http://127.0.0.1:" + server.getAddress().getPort();
        }

        static boolean hangsUp(String path) {
            return (path.charAt(path.length() - 1) - '0') % 2 == 0;
        }

        private void handle(HttpExchange exchange) throws IOException {
            try (exchange) {
                byte[] body = exchange.getRequestBody().readAllBytes();
                JsonNode json = mapper.readTree(body);
                String id = exchange.getRequestHeaders().getFirst("webhook-id");
                String path = exchange.getRequestURI().getPath();
                assertThat(json.get("id").asText()).isEqualTo(id);
                posts.add(new Post(
                        path,
                        id,
                        json.get("attempt").asText(),
                        json.get("possibleDuplicate").asBoolean(),
                        genuine(exchange, id, body)));
                boolean first;
                synchronized (this) {
                    first = failed.add(id);
                    shown.add(id);
                }
                if (first && hangsUp(path)) {
                    return;
                }
                if (first) {
                    exchange.sendResponseHeaders(500, -1);
                    return;
                }
                byte[] said = "{\"delivered\": true}".getBytes(StandardCharsets.US_ASCII);
                exchange.sendResponseHeaders(200, said.length);
                exchange.getResponseBody().write(said);
            }
        }

        private static boolean genuine(HttpExchange exchange, String id, byte[] body) {
            String stamp = exchange.getRequestHeaders().getFirst("webhook-timestamp");
            String signature = exchange.getRequestHeaders().getFirst("webhook-signature");
            Duration age = Duration.between(Instant.ofEpochSecond(Long.parseLong(stamp)), Instant.now());
            try {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(
                        Base64.getDecoder().decode(SECRET.substring("whsec_".length())), "HmacSHA256"));
                mac.update((id + "." + stamp + ".").getBytes(StandardCharsets.US_ASCII));
                String ours = "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
                return age.abs().compareTo(Duration.ofMinutes(5)) < 0
                        && MessageDigest.isEqual(
                                ours.getBytes(StandardCharsets.US_ASCII),
                                signature.getBytes(StandardCharsets.US_ASCII));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {
            server.stop(0);
            threads.shutdownNow();
        }
    }
}
