package io.tocsin.stories;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tocsin.bench.RunningNode;
import io.tocsin.stories.Borders.Reply;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Two agencies on one node: for each, what is the other's does not exist, at any door the description names. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BordersStory {
    private static final byte[] NOTHING = new byte[0];
    private static final Pattern PLACE = Pattern.compile("\\{(\\w+)}");
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

    private RunningNode node;
    private String operator;
    private Borders theirs;
    private Borders ours;

    @BeforeAll
    void start() throws Exception {
        node = RunningNode.start(Map.of(), List.of(), tenants -> {
            Path etc = Files.createDirectories(tenants.resolveSibling("nodes/node1/etc"));
            Files.writeString(etc.resolve("io.tocsin.rest.cfg"), "trustedProxies = 127.0.0.1\n");
        });
        operator = node.api()
                .post(
                        "/api/v1/sessions",
                        Map.of(
                                "login",
                                "operator",
                                "password",
                                Files.readString(node.data().resolve("operator-password"))
                                        .strip()))
                .expect(200)
                .get("token")
                .asText();
        theirs = Borders.open(node.http(), operator, "agence-de-la-rive", "val-de-rive");
        ours = Borders.open(node.http(), operator, "agence-du-mont", "mont-dessus");
    }

    @AfterAll
    void stop() {
        if (node != null) {
            node.close();
        }
    }

    /** Every operation of the description, by method and path. */
    private Map<String, List<String>> described() throws Exception {
        JsonNode paths =
                ours.send("GET", null, "/openapi.json", NOTHING).is(200).json().get("paths");
        Map<String, List<String>> described = new TreeMap<>();
        paths.fieldNames().forEachRemaining(path -> paths.get(path).fieldNames().forEachRemaining(method -> {
            if (METHODS.contains(method)) {
                described.computeIfAbsent(path, p -> new ArrayList<>()).add(method.toUpperCase());
            }
        }));
        return described;
    }

    private static String filled(String path, Map<String, String> things) {
        return PLACE.matcher(path)
                .replaceAll(place -> Matcher.quoteReplacement(things.getOrDefault(place.group(1), "1")));
    }

    /** What the path would take: if it were let in, it would change something. */
    private static byte[] body(String method, String path) throws Exception {
        if (method.equals("GET") || method.equals("DELETE")) {
            return NOTHING;
        }
        if (Borders.takesAFile(path)) {
            return "Id;Nom;Mobile\nX-1;Intrus;06 39 98 09 99\n".getBytes();
        }
        if (path.contains("/follow-ups")) {
            return Borders.MAPPER.writeValueAsBytes(Map.of("kind", "all-clear"));
        }
        String last = path.replaceAll("/\\{\\w+}$", "").replaceAll(".*/", "");
        Object body =
                switch (last) {
                    case "contacts" -> Borders.contact("X-2");
                    case "lists" -> Borders.list();
                    case "members" -> Map.of("externalIds", List.of());
                    case "scenarios", "check" -> Borders.scenario();
                    case "trials" -> Map.of("variables", Map.of());
                    case "trial-contact" -> Map.of("contactId", 1);
                    case "accounts" -> Borders.account();
                    case "alerts", "preview", "unreachable" -> Borders.launch();
                    case "relaunches" -> Map.of("states", List.of("pending"), "channel", "sms");
                    case "head-count" -> Map.of("lists", List.of("tous"));
                    case "keys" -> Map.of("label", "intrus", "roles", List.of("auditor"));
                    case "suspension" -> Map.of("reason", "intrusion");
                    case "units" -> Map.of("slug", "intrus", "name", "Intrus");
                    case "users" -> Borders.user("intrus@ailleurs");
                    case "tenants" ->
                        Map.of(
                                "name",
                                "Pris",
                                "kind",
                                "commune",
                                "language",
                                "fr",
                                "timeZone",
                                "Europe/Paris",
                                "maxContacts",
                                1,
                                "maxRecipients",
                                1,
                                "maxRunningAlerts",
                                1);
                    default -> Map.of();
                };
        return Borders.MAPPER.writeValueAsBytes(body);
    }

    private static String query(String path) {
        return Borders.takesAFile(path) ? "?fileName=x.csv&source=fichier&legalBasis=essai&dryRun=false" : "";
    }

    private static void unknown(Reply reply) {
        reply.is(404);
        assertThat(reply.raw().headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(reply.raw().body()).contains("urn:tocsin:problem:not-found").doesNotContain("Exception", "java.");
    }

    @Test
    void whatIsAnothersDoesNotExistAtAnyDoor() throws Exception {
        Map<String, String> before = theirs.everything();
        int tried = 0;
        for (Map.Entry<String, List<String>> each : described().entrySet()) {
            String path = each.getKey();
            if (!path.contains("{tenant}") && !path.contains("{agency}")) {
                continue;
            }
            for (String method : each.getValue()) {
                for (String intruder : List.of(ours.agent, ours.person, ours.key)) {
                    unknown(ours.send(method, intruder, filled(path, theirs.things) + query(path), body(method, path)));
                    tried++;
                }
            }
        }
        assertThat(tried).isGreaterThan(120);
        assertThat(theirs.everything()).isEqualTo(before);
    }

    @Test
    void anothersNumbersLeadNowhereInOnesOwnTenant() throws Exception {
        Map<String, String> before = theirs.everything();
        Map<String, String> mixed = new TreeMap<>(theirs.things);
        mixed.put("tenant", ours.tenant);
        mixed.put("agency", ours.agency);
        Set<String> numbered = Set.of("{contact}", "{import}", "{user}", "{account}", "{alert}", "{key}");
        int tried = 0;
        for (Map.Entry<String, List<String>> each : described().entrySet()) {
            String path = each.getKey();
            if (!path.contains("{tenant}") || numbered.stream().noneMatch(path::contains)) {
                continue;
            }
            for (String method : each.getValue()) {
                unknown(ours.send(method, ours.person, filled(path, mixed) + query(path), body(method, path)));
                unknown(ours.send(method, ours.agent, filled(path, mixed) + query(path), body(method, path)));
                tried++;
            }
        }
        assertThat(tried).isGreaterThan(15);
        ours.post(ours.person, ours.own("/units"), Map.of("slug", "sous", "name", "Sous", "parentId", unit()))
                .is(422);
        Map<String, Object> user = new TreeMap<>(Borders.user("autre@" + ours.tenant));
        user.put("unitId", unit());
        ours.post(ours.person, ours.own("/users"), user).is(422);
        assertThat(theirs.everything()).isEqualTo(before);
    }

    private int unit() {
        return Integer.parseInt(theirs.things.get("unit"));
    }

    @Test
    void nobodySeesMoreThanTheirOwnInAList() throws Exception {
        for (String token : List.of(ours.agent, ours.person, ours.key)) {
            assertThat(ours.send("GET", token, "/tenants", NOTHING)
                            .is(200)
                            .raw()
                            .body())
                    .contains(ours.tenant)
                    .doesNotContain(theirs.tenant);
        }
        assertThat(ours.send("GET", ours.agent, "/agencies", NOTHING)
                        .is(200)
                        .raw()
                        .body())
                .contains(ours.agency)
                .doesNotContain(theirs.agency);
        ours.post(
                        ours.agent,
                        "/tenants",
                        Map.of("agency", theirs.agency, "slug", "pris", "name", "P", "kind", "commune"))
                .is(422);
        assertThat(ours.send("GET", operator, "/tenants", NOTHING).is(200).raw().body())
                .contains(ours.tenant, theirs.tenant)
                .doesNotContain("\"pris\"");
    }

    @Test
    void whatIsTheOperatorsIsClosedToAllOthers() throws Exception {
        for (Map.Entry<String, List<String>> each : described().entrySet()) {
            if (each.getKey().startsWith("/operators")) {
                for (String method : each.getValue()) {
                    for (String other : List.of(ours.agent, ours.person, ours.key)) {
                        String path = filled(each.getKey(), ours.things);
                        ours.send(method, other, path, body(method, each.getKey()))
                                .is(403);
                    }
                }
            }
        }
    }

    @Test
    void aStreamLetsInWhomItsAlertLetsInAndEndsWithTheirToken() throws Exception {
        String alert = ours.own("/alerts/" + ours.things.get("alert"));
        ours.send("GET", operator, alert, NOTHING).is(403);
        ours.send("GET", operator, "/streams" + alert, NOTHING).is(403);
        ours.send("GET", ours.person, "/streams" + ours.own("/alerts/" + theirs.things.get("alert")), NOTHING)
                .is(404);
        ours.send("GET", null, "/streams" + alert, NOTHING).is(401);

        String token = ours.signIn("tous@" + ours.tenant);
        List<String> seen = new CopyOnWriteArrayList<>();
        CompletableFuture<List<String>> stream = ours.follow(token, "/streams" + alert, seen);
        Awaitility.await("the first look").atMost(Desk.LIMIT).until(() -> seen.contains("event: status"));
        ours.send("DELETE", token, "/sessions/current", NOTHING).is(204);
        assertThat(stream.get(2, TimeUnit.MINUTES)).contains("event: refused").doesNotContain("event: end");
        assertThat(String.join("\n", seen)).contains("urn:tocsin:problem:unauthenticated");

        JsonNode key = ours.post(
                        ours.person, ours.own("/keys"), Map.of("label", "écran", "roles", List.of("supervisor")))
                .is(201)
                .json();
        List<String> screen = new CopyOnWriteArrayList<>();
        stream = ours.follow(key.get("secret").asText(), "/streams" + alert, screen);
        Awaitility.await("the screen's first look").atMost(Desk.LIMIT).until(() -> screen.contains("event: status"));
        ours.send("DELETE", ours.person, ours.own("/keys/" + key.get("keyId").asText()), NOTHING)
                .is(204);
        assertThat(stream.get(2, TimeUnit.MINUTES)).contains("event: refused");
    }

    @Test
    void whatSendsIsDoneOnceForOneKey() throws Exception {
        JsonNode launched = ours.post(ours.person, ours.own("/alerts"), Borders.launch())
                .is(201)
                .json();
        String alert = ours.own("/alerts/" + launched.get("alertId").asText());
        Map<String, Object> pending = Map.of("states", List.of("pending"), "channel", "sms");
        ours.post(ours.person, alert + "/relaunches", pending, "Idempotency-Key", "")
                .is(428);
        JsonNode wave = ours.post(ours.person, alert + "/relaunches", pending, "Idempotency-Key", "encore-1")
                .is(201)
                .json();
        assertThat(ours.post(ours.person, alert + "/relaunches", pending, "Idempotency-Key", "encore-1")
                        .is(201)
                        .json())
                .isEqualTo(wave);
        assertThat(ours.send("GET", ours.person, alert, NOTHING).is(200).json().get("waves"))
                .hasSize(2);
        Map<String, Object> other = Map.of("states", List.of("pending", "failed"), "channel", "sms");
        Reply refused = ours.post(ours.person, alert + "/relaunches", other, "Idempotency-Key", "encore-1")
                .is(422);
        assertThat(refused.raw().body()).contains("idempotency-key", "another request");

        ours.post(ours.person, alert + "/pause", Map.of()).is(200);
        ours.post(ours.person, alert + "/resume", Map.of(), "Idempotency-Key", "")
                .is(428);
        assertThat(state(alert, "/resume", "va-1")).isEqualTo("RUNNING");
        ours.post(ours.person, alert + "/pause", Map.of()).is(200);
        assertThat(state(alert, "/resume", "va-1")).as("a late repetition").isEqualTo("PAUSED");
        ours.post(ours.person, alert + "/cancellation", Map.of()).is(200);
    }

    private String state(String alert, String action, String key) throws Exception {
        return ours.post(ours.person, alert + action, Map.of(), "Idempotency-Key", key)
                .is(200)
                .json()
                .at("/alert/state")
                .asText()
                .toUpperCase();
    }

    @Test
    void theJournalSaysFromWhere() throws Exception {
        String caller = "203.0.113.9";
        String token = ours.signIn("tous@" + ours.tenant, "X-Forwarded-For", "198.51.100.1, " + caller);
        ours.post(token, ours.own("/units"), Map.of("slug", "par-relais", "name", "R"), "X-Forwarded-For", caller)
                .is(201);
        ours.post(token, ours.own("/units"), Map.of("slug", "directe", "name", "D"))
                .is(201);
        ours.send("DELETE", token, "/sessions/current", NOTHING, "X-Forwarded-For", caller)
                .is(204);
        String alert = ours.post(ours.person, ours.own("/alerts"), Borders.launch())
                .is(201)
                .json()
                .get("alertId")
                .asText();
        node.console("tocsin:alert-control cancel " + ours.tenant + " " + alert);

        assertThat(from("signin.accepted")).contains(caller);
        assertThat(from("signin.ended")).contains(caller);
        assertThat(ours.journaled("unit.created"))
                .anySatisfy(entry -> {
                    assertThat(entry.at("/objectId").asText()).isEqualTo("par-relais");
                    assertThat(entry.at("/actor/origin").asText()).isEqualTo(caller);
                })
                .anySatisfy(entry -> {
                    assertThat(entry.at("/objectId").asText()).isEqualTo("directe");
                    assertThat(entry.at("/actor/origin").asText()).isEqualTo("127.0.0.1");
                });
        assertThat(ours.journaled("alert.cancelled")).anySatisfy(entry -> {
            assertThat(entry.at("/objectId").asText()).isEqualTo(alert);
            assertThat(entry.at("/actor/door").asText()).isEqualTo("console");
            assertThat(entry.at("/actor/origin").asText()).isEqualTo("console");
        });
    }

    private List<String> from(String action) throws Exception {
        return ours.journaled(action).stream()
                .map(entry -> entry.at("/actor/origin").asText())
                .toList();
    }
}
