package io.tocsin.portal.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.annotation.Annotation;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a browser, and whoever is none, is given by a node's own server. */
class PortalTest {
    private static final String PAGE = "<!doctype html><title>Tocsin</title>";
    private static final String SCRIPT = "console.log('launch')";
    private static final String BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8";

    private final HttpClient client = HttpClient.newHttpClient();
    private PortalFiles files;
    private Server server;
    private int port;

    @BeforeEach
    void start() throws Exception {
        Map<String, byte[]> files = new HashMap<>();
        files.put("index.html", bytes(PAGE));
        files.put("assets/index-Ab1.js", bytes(SCRIPT));
        files.put("assets/index-Ab1.js.gz", bytes("gzipped"));
        files.put("assets/index-Ab1.js.br", bytes("brotlied"));
        files.put("assets/worker-Cd2.mjs", bytes("export {}"));
        files.put("favicon.svg", bytes("<svg/>"));
        files.put("secret.pem", bytes("never"));
        this.files = new PortalFiles(files);
        open(settings("", 19));
    }

    private void restart(PortalSettings settings) throws Exception {
        server.stop();
        open(settings);
    }

    private void open(PortalSettings settings) throws Exception {
        server = new Server();
        ServerConnector connector = new ServerConnector(server, 1, 1);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler();
        ServletHolder portal = new ServletHolder(new Portal(files, MapSource.of(settings)));
        context.addServlet(portal, "");
        context.addServlet(portal, "/");
        server.setHandler(context);
        server.start();
        port = connector.getLocalPort();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    @Test
    void thePageIsAskedForEachTime() throws Exception {
        HttpResponse<String> page = get("/", "Accept", BROWSER);
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).isEqualTo(PAGE);
        assertThat(header(page, "Content-Type")).isEqualTo("text/html;charset=utf-8");
        assertThat(header(page, "Cache-Control")).isEqualTo("no-cache");

        HttpResponse<String> again = get("/", "If-None-Match", "\"other\", W/" + header(page, "ETag"));
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(header(again, "ETag")).isEqualTo(header(page, "ETag"));
        assertThat(get("/", "If-None-Match", "\"other\"").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "gzip, deflate, br, zstd | br | brotlied",
                "gzip | gzip | gzipped",
                "gzip;q=0.5, br;q=0 | gzip | gzipped",
                "gzip;q=0, br;q=0.000 | none | console.log('launch')",
                "GZIP ; q=1.0 | gzip | gzipped",
                "identity | none | console.log('launch')",
                "xbr, gzipx | none | console.log('launch')",
                "* | none | console.log('launch')",
            })
    void anAssetComesAsTheBrowserTakesIt(String accepted, String coding, String body) throws Exception {
        HttpResponse<String> script = get("/assets/index-Ab1.js", "Accept-Encoding", accepted);
        assertThat(script.headers().firstValue("Content-Encoding").orElse(null)).isEqualTo(coding);
        assertThat(script.body()).isEqualTo(body);
        assertThat(header(script, "Content-Type")).isEqualTo("text/javascript;charset=utf-8");
        assertThat(header(script, "Cache-Control")).isEqualTo("public, max-age=31536000, immutable");
        assertThat(header(script, "Vary")).isEqualTo("Accept-Encoding");
    }

    @Test
    void eachCodingHasATagOfItsOwn() throws Exception {
        assertThat(header(get("/assets/index-Ab1.js", "Accept-Encoding", "br"), "ETag"))
                .isNotEqualTo(header(get("/assets/index-Ab1.js", "Accept-Encoding", "gzip"), "ETag"));
    }

    @Test
    void everythingIsSafeToShow() throws Exception {
        for (String path : new String[] {"/", "/assets/index-Ab1.js", "/assets/none.js", "/t/some-town/launch"}) {
            HttpResponse<String> answer = get(path, "Accept", BROWSER);
            assertThat(header(answer, "Content-Security-Policy"))
                    .as(path)
                    .contains("default-src 'none'", "script-src 'self'", "connect-src 'self'", "frame-ancestors 'none'")
                    .doesNotContain("unsafe", "http:", "https:", "*");
            assertThat(header(answer, "X-Content-Type-Options")).as(path).isEqualTo("nosniff");
            assertThat(header(answer, "Referrer-Policy")).as(path).isEqualTo("no-referrer");
            assertThat(header(answer, "Permissions-Policy")).as(path).contains("microphone=(self)", "camera=()");
            assertThat(answer.headers().firstValue("Set-Cookie")).as(path).isEmpty();
        }
    }

    @Test
    void mapsHaveNoTilesUntilAnOperatorNamesASource() throws Exception {
        HttpResponse<String> map = get("/map.json");
        assertThat(map.body()).isEqualTo("{}");
        assertThat(header(map, "Content-Type")).isEqualTo("application/json");
        assertThat(header(map, "Cache-Control")).isEqualTo("no-cache");
        assertThat(header(get("/assets/worker-Cd2.mjs"), "Content-Type")).isEqualTo("text/javascript;charset=utf-8");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "https://tiles.example:8443/osm/{z}/{x}/{y}.png?key=a-b | https://tiles.example:8443",
                "http://192.0.2.7/{z}/{x}/{y}@2x.png | http://192.0.2.7",
                "https://[2001:db8::7]/{z}/{y}/{x} | https://[2001:db8::7]",
                "/tiles/{z}/{x}/{y}.png | none",
            })
    void aSourceOfTilesIsTheOneHostThePageMayAsk(String tiles, String origin) throws Exception {
        restart(settings(tiles, 17));
        assertThat(new ObjectMapper().readValue(get("/map.json").body(), Map.class))
                .isEqualTo(Map.of("tiles", tiles, "attribution", "© \"Plan\" \\ IGN", "maxZoom", 17));
        assertThat(header(get("/", "Accept", BROWSER), "Content-Security-Policy")
                        .split("; "))
                .contains(
                        "img-src 'self' data: blob:" + (origin == null ? "" : " " + origin),
                        "connect-src 'self'" + (origin == null ? "" : " " + origin),
                        "script-src 'self'",
                        "worker-src 'self' blob:");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tiles.example/{z}/{x}/{y}.png",
                "https://tiles.example; script-src *//{z}/{x}/{y}.png",
                "https://tiles.example/{z}/{x}/{y}.png https://other.example/",
                "https://*/{z}/{x}/{y}.png",
                "https://user:word@tiles.example/{z}/{x}/{y}.png",
                "https://tiles.example/{z}/{x}.png",
                "javascript:alert(1)//{z}/{x}/{y}",
                "data:image/png,{z}{x}{y}",
            })
    void whatIsNoSourceOfTilesOpensNothing(String tiles) throws Exception {
        restart(settings(tiles, 19));
        assertThat(get("/map.json").body()).isEqualTo("{}");
        assertThat(header(get("/", "Accept", BROWSER), "Content-Security-Policy"))
                .contains("connect-src 'self';")
                .doesNotContain("example", "*", "javascript");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/t/saint-aurel/launch/inondation",
                "/t/x/alerts/12",
                "/sign-in",
                "/nowhere/at/all",
                "/t/caf%C3%A9"
            })
    void anAddressOfAScreenIsAnsweredWithThePage(String path) throws Exception {
        HttpResponse<String> page = get(path, "Accept", BROWSER);
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).isEqualTo(PAGE);
        assertThat(header(page, "Cache-Control")).isEqualTo("no-cache");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/assets/index-0ld.js",
                "/assets/",
                "/api/v2/tenants",
                "/api",
                "/health",
                "/metrics/x",
                "/wp-login.php",
                "/.env",
                "/t/../.git/config",
                "/secret.pem",
                "/index.html.gz",
                "/assets/index-Ab1.js.br",
                "/assets/../secret.pem",
                "/META-INF/MANIFEST.MF",
                "/OSGI-INF/io.tocsin.portal.internal.Portal.xml",
            })
    void whatIsNoScreenIsNotFound(String path) throws Exception {
        HttpResponse<String> answer = get(path, "Accept", BROWSER);
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).isEqualTo("There is nothing here.\n");
        assertThat(header(answer, "Cache-Control")).isEqualTo("no-store");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "DELETE"})
    void anApiThatIsNotOpenYetIsNoPageAndNotNowhere(String method) throws IOException {
        assertThat(raw(method + " /api/v1/sessions/renewal HTTP/1.1"))
                .startsWith("HTTP/1.1 503 ")
                .contains("Retry-After: 2", "The API is not open yet.");
    }

    @Test
    void whoAsksForNoPageIsGivenNone() throws Exception {
        assertThat(get("/t/x/alerts/12", "Accept", "application/json").statusCode())
                .isEqualTo(404);
        assertThat(get("/t/x/alerts/12", "Accept", "*/*").statusCode()).isEqualTo(404);
    }

    /** Sent as they are: a client library would tidy them up first. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/..%2f..%2fetc/passwd",
                "/assets/..%2f..%2fsecret.pem",
                "/%2e%2e/%2e%2e/secret.pem",
                "/assets/%2e%2e/secret.pem",
                "//secret.pem",
                "/assets//..//secret.pem",
                "/secret.pem;x=1",
                "/assets/..;/secret.pem",
                "/assets\\..\\secret.pem",
                "/secret.pem%00.js",
                "/assets/%u002e%u002e/secret.pem",
                "/%c0%ae%c0%ae/secret.pem",
                "file:///etc/passwd",
                "http://127.0.0.1/../../secret.pem",
            })
    void hostilePathsLeadNowhere(String target) throws IOException {
        String answer = raw("GET " + target + " HTTP/1.1");
        assertThat(answer.lines().findFirst().orElse("")).matches("HTTP/1.1 (400|404) .*");
        assertThat(answer).doesNotContain("never", "root:", "\tat ");
    }

    @Test
    void headTellsWhatGetWould() throws Exception {
        HttpResponse<String> head = client.send(
                request("/assets/index-Ab1.js")
                        .method("HEAD", HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(header(head, "Content-Length")).isEqualTo(String.valueOf(SCRIPT.length()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "TRACE", "OPTIONS", "PROPFIND"})
    void aPageIsReadOnly(String method) throws IOException {
        String answer = raw(method + " / HTTP/1.1");
        assertThat(answer).startsWith("HTTP/1.1 405 ").contains("Allow: GET, HEAD");
    }

    @Test
    void aBundlePackedWithoutItsScreensSaysSo() {
        assertThatThrownBy(() -> new PortalFiles(Map.of("assets/a.js", bytes("x"))))
                .hasMessageContaining("index.html");
    }

    private static PortalSettings settings(String tiles, int maxZoom) {
        return new PortalSettings() {
            @Override
            public String map_tiles() {
                return tiles;
            }

            @Override
            public String map_attribution() {
                return "© \"Plan\" \\ IGN";
            }

            @Override
            public int map_max_zoom() {
                return maxZoom;
            }

            @Override
            public Class<? extends Annotation> annotationType() {
                return PortalSettings.class;
            }
        };
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = request(path);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private String raw(String line) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream()
                    .write(bytes(line + "\r\nHost: localhost\r\nAccept: " + BROWSER
                            + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
            StringBuilder answer = new StringBuilder();
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            in.lines().forEach(each -> answer.append(each).append('\n'));
            return answer.toString();
        }
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
