package io.tocsin.channel.publish.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.OutboundMessage.Category;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.api.SendOutcome.Accepted;
import io.tocsin.channel.api.SendOutcome.Fault;
import io.tocsin.channel.api.SendOutcome.Rejected;
import io.tocsin.channel.api.SendOutcome.Retry;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Pages and feeds, from a message to what a browser is given by a node's own server. */
class PublicPagesTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String VILLE = "saint-aurel/ville";

    @TempDir
    private Path folder;

    private final Hand clock = new Hand(Instant.parse("2026-11-22T18:30:00Z"));
    private final HttpClient browser = HttpClient.newHttpClient();
    private Server server;
    private String url;
    private Account account;

    /** A clock set by hand. */
    private static final class Hand extends Clock {
        private volatile Instant now;

        Hand(Instant now) {
            this.now = now;
        }

        void plus(Duration more) {
            now = now.plus(more);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @BeforeEach
    void start() throws Exception {
        server = new Server();
        ServerConnector connector = new ServerConnector(server, 1, 1);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler();
        context.addServlet(
                new ServletHolder(new PublicPages(new PublicFolder(folder), clock)), PublicPages.ROOT + "/*");
        server.setHandler(context);
        server.start();
        url = "http://127.0.0.1:" + connector.getLocalPort() + "/public/";
    }

    @AfterEach
    void stop() throws Exception {
        if (account != null) {
            account.close();
        }
        server.stop();
    }

    private void open(String... settings) throws Exception {
        Map<String, String> more = new java.util.HashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            more.put(settings[i], settings[i + 1]);
        }
        account = new Account(folder, clock, more);
        await().atMost(LIMIT).until(() -> account.channel.health().state() == ChannelHealth.State.UP);
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return browser.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static Document xml(String text) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        return factory.newDocumentBuilder().parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String text(Element of, String name) {
        return of.getElementsByTagNameNS("*", name).item(0).getTextContent();
    }

    private static List<Element> all(Document document, String name) {
        NodeList found = document.getElementsByTagNameNS("*", name);
        List<Element> all = new ArrayList<>();
        for (int i = 0; i < found.getLength(); i++) {
            all.add((Element) found.item(i));
        }
        return all;
    }

    @Test
    void aPageIsThereBeforeAnythingIsPublished() throws Exception {
        open();
        HttpResponse<String> page = get("saint-aurel/ville/");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body())
                .contains("<html lang=\"fr\"", "Alertes de Saint-Aurel", "Aucune alerte en cours.")
                .contains("href=\"atom.xml\"")
                .doesNotContain("<script", "http-equiv", "src=");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'none'; style-src 'sha256-")
                .doesNotContain("unsafe");
        assertThat(get("saint-aurel/").body()).contains("href=\"ville/\"", "Alertes aux écoles");
        assertThat(all(xml(get("saint-aurel/ville/atom.xml").body()), "entry")).isEmpty();
        assertThat(all(xml(get("saint-aurel/ville/rss.xml").body()), "item")).isEmpty();
    }

    @Test
    void anAlertIsOnItsPageAndInItsFeeds() throws Exception {
        open();
        SendOutcome outcome =
                account.send(Messages.alert("1.a.1.0", VILLE, "Crue de la Loue", "Rejoignez l’école.\nPas la cave."));
        assertThat(outcome).isInstanceOf(Accepted.class);
        String id = ((Accepted) outcome).carrierIds().get(0);

        String page = get("saint-aurel/ville/").body();
        assertThat(page)
                .contains(
                        "<article id=\"a-" + id + "\" class=\"life-safety\"",
                        "Danger pour la vie",
                        "Crue de la Loue</h3>",
                        "Rejoignez l’école.\nPas la cave.",
                        "<time datetime=\"2026-11-22T18:30:00Z\">22 novembre 2026 à 19 h 30</time>")
                .doesNotContain("SECRET-LINK", "EXERCICE", "Corrigé");
        assertThat(get("saint-aurel/ecoles/").body()).doesNotContain("Crue");

        Element entry =
                all(xml(get("saint-aurel/ville/atom.xml").body()), "entry").get(0);
        assertThat(text(entry, "id")).isEqualTo("urn:uuid:" + id);
        assertThat(text(entry, "title")).isEqualTo("Crue de la Loue");
        assertThat(text(entry, "published")).isEqualTo("2026-11-22T18:30:00Z");
        assertThat(text(entry, "content")).isEqualTo("Rejoignez l’école.\nPas la cave.");
        assertThat(((Element) entry.getElementsByTagNameNS("*", "link").item(0)).getAttribute("href"))
                .isEqualTo("https://alertes.commune.example/public/saint-aurel/ville/#a-" + id);

        Element item = all(xml(get("saint-aurel/ville/rss.xml").body()), "item").get(0);
        assertThat(text(item, "description")).isEqualTo("Rejoignez l’école.<br>Pas la cave.");
        assertThat(text(item, "pubDate")).isEqualTo("Sun, 22 Nov 2026 18:30:00 GMT");
    }

    @Test
    void anAlertThatIsSentAgainStaysOneEntryAndOtherWordsCorrectIt() throws Exception {
        open();
        Accepted first = (Accepted) account.send(Messages.alert("1.a.1.0", VILLE, "Crue", "Montez à l’étage."));
        clock.plus(Duration.ofMinutes(5));
        assertThat(account.send(Messages.alert("1.a.2.7", VILLE, "Crue", "Montez à l’étage.")))
                .isEqualTo(first);
        assertThat(get("saint-aurel/ville/").body()).doesNotContain("Corrigé");
        clock.plus(Duration.ofMinutes(5));
        assertThat(account.send(Messages.alert("1.a.3.0", VILLE, "Crue", "Rejoignez l’école.")))
                .isEqualTo(first);
        assertThat(account.send(Messages.alert("1.b.1.0", VILLE, "Eau", "Ne la buvez pas.")))
                .isNotEqualTo(first);

        String page = get("saint-aurel/ville/").body();
        assertThat(page)
                .contains("Corrigé le <time datetime=\"2026-11-22T18:40:00Z\">")
                .doesNotContain("étage");
        List<Element> entries = all(xml(get("saint-aurel/ville/atom.xml").body()), "entry");
        assertThat(entries).hasSize(2);
        Element corrected = entries.stream()
                .filter(entry -> text(entry, "title").equals("Crue"))
                .findFirst()
                .orElseThrow();
        assertThat(text(corrected, "published")).isEqualTo("2026-11-22T18:30:00Z");
        assertThat(text(corrected, "updated")).isEqualTo("2026-11-22T18:40:00Z");
    }

    @Test
    void whatIsNoLongerCurrentIsSaidToBePast() throws Exception {
        open("current-for", "2h", "language", "en");
        account.send(Messages.message("1.a.1.0", VILLE, "Flood", "Go up.", "en", Category.LIFE_SAFETY, false));
        HttpResponse<String> current = get("saint-aurel/ville/");
        assertThat(current.body()).contains("<h2>Current</h2>").doesNotContain("<h2>Past</h2>");
        String tag = current.headers().firstValue("ETag").orElseThrow();
        clock.plus(Duration.ofHours(2));
        HttpResponse<String> past = get("saint-aurel/ville/", "If-None-Match", tag);
        assertThat(past.statusCode()).isEqualTo(200);
        assertThat(past.body()).contains("No current alert.", "<h2>Past</h2>", "22 November 2026, 19:30");
    }

    @Test
    void anExerciseIsRefusedUnlessTheAccountPublishesThem() throws Exception {
        open();
        assertThat(account.send(Messages.drill("1.a.1.0", VILLE, "", "Évacuez.")))
                .isEqualTo(new Rejected("drill-not-published", Fault.ACCOUNT));
        assertThat(get("saint-aurel/ville/").body()).doesNotContain("Évacuez");
    }

    @Test
    void anExerciseCannotBeMistaken() throws Exception {
        open("drills", "true");
        account.send(Messages.drill("1.a.1.0", VILLE, "", "Évacuez."));
        assertThat(get("saint-aurel/ville/").body())
                .contains("<p class=\"drill\">EXERCICE — ceci n’est pas une alerte réelle</p>")
                .contains("EXERCICE — Évacuez.</h3>");
        Element entry =
                all(xml(get("saint-aurel/ville/atom.xml").body()), "entry").get(0);
        assertThat(text(entry, "title")).isEqualTo("EXERCICE — Évacuez.");
        assertThat(text(entry, "content")).startsWith("EXERCICE — ceci n’est pas une alerte réelle\n");
        Element item = all(xml(get("saint-aurel/ville/rss.xml").body()), "item").get(0);
        assertThat(text(item, "title")).startsWith("EXERCICE — ");
        assertThat(text(item, "description")).startsWith("EXERCICE — ");
    }

    @Test
    void noTextBecomesMarkup() throws Exception {
        open("drills", "true", "title", "A & B <i>", "pages", "ville=Ville \"<b>\" & 'c'");
        String wicked =
                "</p><script>alert(1)</script>&lt; ]]> <!-- \u0000\u0007\u001b[2J\ud800 \ufffe \u202e \u2028 é\r\nB";
        account.send(Messages.message(
                "1.a.1.0", VILLE, "</title><img src=x>\r\nBcc: a", wicked, "fr\"><b>", Category.INFORMATION, true));
        String page = get("saint-aurel/ville/").body();
        assertThat(page)
                .doesNotContain("<script", "<img", "<b>", "<i>", "\u0007", "\u001b", "\ufffe", "fr\"><")
                .contains("&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;lt; ]]&gt; &lt;!--");
        Element entry =
                all(xml(get("saint-aurel/ville/atom.xml").body()), "entry").get(0);
        assertThat(text(entry, "title")).contains("</title><img src=x> Bcc: a");
        assertThat(text(entry, "content")).contains("</p><script>alert(1)</script>&lt; ]]> <!-- ", "é\nB");
        Element item = all(xml(get("saint-aurel/ville/rss.xml").body()), "item").get(0);
        assertThat(text(item, "description")).contains("&lt;script&gt;").doesNotContain("<script>");
        assertThat(get("saint-aurel/").body()).doesNotContain("<i>", "<b>");
    }

    @Test
    void whatWasFetchedIsNotSentAgain() throws Exception {
        open();
        for (String path : List.of("saint-aurel/ville/", "saint-aurel/ville/atom.xml", "saint-aurel/ville/rss.xml")) {
            HttpResponse<String> first = get(path);
            assertThat(first.headers().firstValue("Cache-Control")).hasValue("public, max-age=15");
            String tag = first.headers().firstValue("ETag").orElseThrow();
            String changed = first.headers().firstValue("Last-Modified").orElseThrow();
            for (HttpResponse<String> again : List.of(
                    get(path, "If-None-Match", tag),
                    get(path, "If-None-Match", "\"other\", W/" + tag),
                    get(path, "If-Modified-Since", changed))) {
                assertThat(again.statusCode()).isEqualTo(304);
                assertThat(again.body()).isEmpty();
            }
            assertThat(get(path, "If-None-Match", "\"other\"", "If-Modified-Since", changed)
                            .statusCode())
                    .isEqualTo(200);
            assertThat(get(path, "If-Modified-Since", "yesterday").statusCode()).isEqualTo(200);
        }
        String tag = get("saint-aurel/ville/").headers().firstValue("ETag").orElseThrow();
        account.send(Messages.alert("1.a.1.0", VILLE, "Crue", "Montez."));
        assertThat(get("saint-aurel/ville/", "If-None-Match", tag).body()).contains("Montez.");
    }

    @Test
    void whatWasPublishedOutlivesTheNode() throws Exception {
        open();
        account.send(Messages.alert("1.a.1.0", VILLE, "Crue", "Montez."));
        account.close();
        assertThat(get("saint-aurel/ville/").body())
                .as("while nobody has it open")
                .contains("Montez.");
        stop();
        start();
        assertThat(get("saint-aurel/ville/").body())
                .as("served by another servlet")
                .contains("Montez.");
        open();
        clock.plus(Duration.ofMinutes(1));
        account.send(Messages.alert("1.a.2.0", VILLE, "Crue", "Redescendez."));
        assertThat(all(xml(get("saint-aurel/ville/atom.xml").body()), "entry")).hasSize(1);
    }

    @Test
    void twoNodesOnOneFolderShowWhatEitherPublished() throws Exception {
        open();
        try (Account other = new Account(folder, clock, Map.of())) {
            List<CompletionStage<SendOutcome>> sent = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                Account by = i % 2 == 0 ? account : other;
                sent.add(publish(by, "1.b" + i + ".1.0"));
            }
            for (CompletionStage<SendOutcome> each : sent) {
                assertThat(each.toCompletableFuture().get()).isInstanceOf(Accepted.class);
            }
        }
        assertThat(all(xml(get("saint-aurel/ville/atom.xml").body()), "entry")).hasSize(10);
    }

    /** In one process the file's lock is nobody's: told to be busy, the core tries again. */
    private static CompletionStage<SendOutcome> publish(Account by, String reference) {
        return by.channel
                .send(Messages.alert(reference, VILLE, "Crue", "Montez."))
                .thenCompose(outcome ->
                        outcome instanceof Retry retry && retry.code().equals("page-busy")
                                ? publish(by, reference)
                                : java.util.concurrent.CompletableFuture.completedFuture(outcome));
    }

    @Test
    void aPageStaysBoundedWhateverIsPublished() throws Exception {
        open("entries", "20", "window", "32");
        List<CompletionStage<SendOutcome>> sent = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            sent.add(account.channel.send(Messages.alert("1." + i + ".1.0", VILLE, "Crue " + i, "x".repeat(500))));
        }
        for (CompletionStage<SendOutcome> each : sent) {
            assertThat(each.toCompletableFuture().get()).isInstanceOf(Accepted.class);
        }
        assertThat(all(xml(get("saint-aurel/ville/atom.xml").body()), "entry")).hasSize(20);
        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile)
                            .mapToLong(file -> file.toFile().length())
                            .sum())
                    .isLessThan(50_000);
        }
    }

    @Test
    void aFolderThatCannotBeWrittenToIsSaidAndTriedAgain() throws Exception {
        Files.writeString(folder.resolve("sites"), "a file where a folder belongs");
        account = new Account(folder, clock, Map.of("retry-interval", "50ms"));
        await().atMost(LIMIT).until(() -> account.channel.health().detail().contains("cannot be written to"));
        assertThat(account.send(Messages.alert("1.a.1.0", VILLE, "Crue", "Montez.")))
                .isEqualTo(new Retry("not-written", Duration.ofMillis(50), SendOutcome.Scope.ACCOUNT));
        Files.delete(folder.resolve("sites"));
        await().atMost(LIMIT).until(() -> account.channel.health().state() == ChannelHealth.State.UP);
        assertThat(account.send(Messages.alert("1.a.1.0", VILLE, "Crue", "Montez.")))
                .isInstanceOf(Accepted.class);
        assertThat(get("saint-aurel/ville/").body()).contains("Montez.");
    }

    @Test
    void aBrokenPageIsPutAsideAndTheAlertPublished() throws Exception {
        open();
        Path page = new PublicFolder(folder).pageFile("saint-aurel", "ville");
        Files.writeString(page, "[{\"id\": \"half");
        assertThat(get("saint-aurel/ville/").statusCode()).isEqualTo(503);
        assertThat(account.send(Messages.alert("1.a.1.0", VILLE, "Crue", "Montez.")))
                .isInstanceOf(Accepted.class);
        assertThat(get("saint-aurel/ville/").body()).contains("Montez.");
        assertThat(page.resolveSibling("ville.page.unreadable")).exists();
    }

    @Test
    void aSiteThatChangesHandsShowsNothingOfItsFormerAccount() throws Exception {
        open();
        account.send(Messages.alert("1.a.1.0", VILLE, "Crue", "Montez."));
        account.close();
        account = new Account("publish-2", folder, clock, Map.of("title", "Alertes d’une autre ville"));
        await().atMost(LIMIT).until(() -> account.channel.health().state() == ChannelHealth.State.UP);
        assertThat(get("saint-aurel/ville/").body()).contains("autre ville").doesNotContain("Montez.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "saint-aurel/mairie/",
                "saint-aurel/ville/site.json",
                "saint-aurel/site.json",
                "saint-aurel/ville.page",
                "saint-aurel/ville/x",
                "valchimie/ville/",
                "saint-aurel//ville/",
                "SAINT-AUREL/ville/",
                "saint-aurel/%2e%2e/site/",
                "saint-aurel/ville/atom.xml/",
                "saint-aurel/%00/"
            })
    void nothingElseIsServed(String path) throws Exception {
        open();
        assertThat(get(path).statusCode()).isBetween(400, 404);
    }

    @Test
    void whatIsSwitchedOffIsNotServed() throws Exception {
        open("html", "false");
        assertThat(get("saint-aurel/ville/").statusCode()).isEqualTo(404);
        assertThat(get("saint-aurel/").statusCode()).isEqualTo(404);
        assertThat(get("saint-aurel/ville/atom.xml").body()).doesNotContain("text/html");
        account.close();
        open("feeds", "false");
        assertThat(get("saint-aurel/ville/atom.xml").statusCode()).isEqualTo(404);
        assertThat(get("saint-aurel/ville/").body()).doesNotContain("atom.xml");
    }

    @Test
    void aPageWithoutItsSlashLeadsToIt() throws Exception {
        open();
        HttpResponse<String> moved = get("saint-aurel/ville");
        assertThat(moved.statusCode()).isEqualTo(301);
        assertThat(moved.headers().firstValue("Location").orElseThrow()).isEqualTo("ville/");
    }

    @Test
    void onlyReadingIsAllowed() throws Exception {
        open();
        for (String method : List.of("POST", "PUT", "DELETE")) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url + "saint-aurel/ville/"))
                    .method(method, HttpRequest.BodyPublishers.ofString("x"))
                    .build();
            assertThat(browser.send(request, HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(405);
        }
        HttpRequest head = HttpRequest.newBuilder(URI.create(url + "saint-aurel/ville/"))
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .build();
        HttpResponse<String> answer = browser.send(head, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void badMessagesAreRefusedByName() throws Exception {
        open();
        assertThat(account.send(Messages.alert("1.a.1.0", "0639980000", "", "x")))
                .isEqualTo(new Rejected("address-invalid", Fault.ADDRESS));
        assertThat(account.send(Messages.alert("1.a.1.0", "saint-aurel/mairie", "", "x")))
                .isEqualTo(new Rejected("outlet-unknown", Fault.ADDRESS));
        assertThat(account.send(Messages.alert("1.a.1.0", "@alertes@social.example", "", "x")))
                .isEqualTo(new Rejected("outlet-unknown", Fault.ADDRESS));
        assertThat(account.send(Messages.alert("1.a.1.0", VILLE, "", " \u0000\n")))
                .isEqualTo(new Rejected("text-empty", Fault.CONTENT));
        assertThat(account.send(Messages.alert("1.a.1.0", VILLE, "", "x".repeat(20_001))))
                .isEqualTo(new Rejected("text-too-long", Fault.CONTENT));
    }
}
