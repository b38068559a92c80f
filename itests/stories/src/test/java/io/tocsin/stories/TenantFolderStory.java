package io.tocsin.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.tocsin.bench.Api;
import io.tocsin.bench.RunningNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** An agency onboards a village by dropping a folder into a running node, edits it, breaks it, takes it away and puts it back. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TenantFolderStory {
    private static final String TENANT = "val-mignon";
    private static final String LOGIN = "mairie@val-mignon";
    private static final String AGENCY_PASSWORD = "l'agence au téléphone";
    private static final Duration LIMIT = Desk.LIMIT;

    private Carriers carriers;
    private RunningNode node;
    private Path village;
    private Api agency;

    @BeforeAll
    void start() {
        carriers = Carriers.start(sms -> sms, mail -> mail);
        Map<String, String> environment = new HashMap<>(carriers.environment());
        environment.put("TOCSIN_SECRET_AGENCE_TEST", AGENCY_PASSWORD);
        node = RunningNode.start(environment, List.of(), tenants -> {
            Files.createDirectories(tenants.resolve("_agencies"));
            Files.writeString(
                    tenants.resolve("_agencies/agence-test.yaml"),
                    """
                    name: Agence de test
                    users:
                      - {login: support@agence-test, name: Support, roles: [agency-admin, activator], password: "secret:agence-test"}
                    """);
        });
        village = node.tenants().resolve(TENANT);
    }

    @AfterAll
    void stop() {
        if (node != null) {
            node.close();
        }
        carriers.close();
    }

    @Test
    @Order(1)
    void aFolderDroppedIntoTheRunningNodeIsATenant() throws Exception {
        agency = node.api();
        await("the agency signs in")
                .atMost(LIMIT)
                .until(() -> agency.post(
                                        "/api/v1/sessions",
                                        Map.of("login", "support@agence-test", "password", AGENCY_PASSWORD))
                                .status()
                        == 200);
        agency.signIn("support@agence-test", AGENCY_PASSWORD);
        assertThat(agency.get("/api/v1/tenants").expect(200).get("items")).isEmpty();

        Path prepared = Files.createDirectory(node.home().resolve("prepared"));
        write(prepared, "tenant.yaml", "name: Val-Mignon\nkind: commune\nagency: agence-test\nsms-sender: \"38999\"\n");
        write(
                prepared,
                "users.yaml",
                "- {login: " + LOGIN
                        + ", name: Mairie, roles: [tenant-admin, activator], password: \"secret:val-mignon\"}\n");
        write(
                prepared,
                "accounts.yaml",
                """
                - slug: sms
                  channel: sms
                  settings: {host: 127.0.0.1, port: "${lab.sms.port:2775}", system-id: tocsin, password: "secret:lab-sms"}
                """);
        lists(prepared, "habitant");
        scenario(prepared, "Orage", "Orage : rentrez chez vous.");
        contacts(prepared, "A1;Un;Anne;06 39 98 10 01", "A2;Deux;Bob;06 39 98 10 02", "A3;Trois;Cléa;pas de numéro");
        write(
                prepared,
                "contacts/contacts.yaml",
                "- {file: gens.csv, source: gens, legal-basis: mission de service public, tags: [habitant],"
                        + " remove-missing: true}\n");
        Files.move(prepared, village);

        JsonNode folder = folder("applied", f -> true);
        assertThat(folder.get("problems").toString())
                .contains("contacts/gens.csv: 1 of 3 rows refused")
                .contains(LOGIN, "TOCSIN_SECRET_VAL_MIGNON");
        assertThat(count("tous")).isEqualTo(2);
    }

    @Test
    @Order(2)
    void aPasswordThatComesLaterIsTakenInWithoutTouchingTheFolder() throws Exception {
        assertThat(signIn("la première phrase")).isEqualTo(401);
        secret("la première phrase");
        await("the password is taken in").atMost(LIMIT).until(() -> signIn("la première phrase") == 200);
        assertThat(folder("applied", f -> true).get("problems").toString()).doesNotContain(LOGIN);

        secret("une tout autre phrase");
        await("the new password is taken in").atMost(LIMIT).until(() -> signIn("une tout autre phrase") == 200);
        assertThat(signIn("la première phrase")).isEqualTo(401);
    }

    @Test
    @Order(3)
    void anEditIsFollowed() throws Exception {
        contacts(village, "A1;Un;Anne;06 39 98 10 01", "A4;Quatre;Dora;06 39 98 10 04", "A5;Cinq;Eva;06 39 98 10 05");
        await("one came, one left").atMost(LIMIT).until(() -> count("tous") == 3);
        lists(village, "personne");
        await("the list follows").atMost(LIMIT).until(() -> count("tous") == 0);
        lists(village, "habitant");
        scenario(village, "Orage violent", "Orage : rentrez et fermez les volets.");
        await("the scenario follows")
                .atMost(LIMIT)
                .until(() -> get("/scenarios/orage").get("name").asText().equals("Orage violent"));
        folder("applied", f -> f.get("problems").isEmpty());
        assertThat(count("tous")).isEqualTo(3);
    }

    @Test
    @Order(4)
    void aBrokenFolderKeepsTheTenantsLastGoodStateAndIsShown() throws Exception {
        write(village, "lists.yaml", "- {slug: tous, name: Tous, kind: étiquettes, all-tags: [personne]}\n");
        scenario(village, "Orage de trop", "Ne doit pas paraître.");
        JsonNode broken = folder("broken", f -> true);
        assertThat(broken.get("problems").get(0).asText())
                .contains("lists.yaml:1", "kind", "static, tags, area or nested");
        assertThat(count("tous")).isEqualTo(3);
        assertThat(get("/scenarios/orage").get("name").asText()).isEqualTo("Orage violent");
        HttpResponse<String> ready = ready();
        assertThat(ready.statusCode())
                .as("one tenant's mistake does not stop the node")
                .isEqualTo(200);
        assertThat(ready.body()).contains("ready-with-warnings", "tenant folder " + TENANT, "lists.yaml:1");
        assertThat(node.console("tocsin:tenants")).contains(TENANT, "broken", "lists.yaml:1");

        lists(village, "habitant");
        folder("applied", f -> f.get("problems").isEmpty());
        assertThat(get("/scenarios/orage").get("name").asText()).isEqualTo("Orage de trop");
        assertThat(ready().body()).doesNotContain("tenant folder " + TENANT);
    }

    @Test
    @Order(5)
    void aFolderTakenAwaySuspendsAndItsReturnReinstates() throws Exception {
        Api mayor = node.api().signIn(LOGIN, "une tout autre phrase");
        Path away = node.home().resolve("away");
        Files.move(village, away);
        await("the tenant is suspended")
                .atMost(LIMIT)
                .until(() -> get("").get("state").asText().equals("suspended"));
        assertThat(signIn("une tout autre phrase")).isEqualTo(401);
        assertThat(mayor.get("/api/v1/me").status()).as("a token from before").isEqualTo(401);
        Api.Answer refused = launch("pendant");
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.raw().body()).contains("suspended");
        assertThat(node.console("tocsin:tenants")).contains("suspended");
        assertThat(carriers.smsc.counters().submits()).isZero();

        Files.move(away, village);
        await("the tenant is back")
                .atMost(LIMIT)
                .until(() -> get("").get("state").asText().equals("active"));
        assertThat(signIn("une tout autre phrase")).isEqualTo(200);
        assertThat(count("tous")).isEqualTo(3);
        assertThat(launch("sans-accord").raw().body())
                .as("the agency in the commune's name, unasked")
                .contains("consent");
        node.api()
                .signIn(LOGIN, "une tout autre phrase")
                .put("/api/v1/tenants/" + TENANT + "/consent", Map.of("lasting", "PT1H"), Map.of())
                .expect(200);
        launch("apres").expect(201);
        await("the storm is announced")
                .atMost(LIMIT)
                .until(() -> carriers.smsc.counters().messages() == 3);
        assertThat(carriers.smsc.messages())
                .allSatisfy(m -> assertThat(m.text()).isEqualTo("Ne doit pas paraître."));
        node.checkConservation();
    }

    private Api.Answer launch(String key) throws Exception {
        return agency.launch(TENANT, key, Map.of("scenario", "orage", "drill", false));
    }

    private int signIn(String password) throws Exception {
        return node.api()
                .post("/api/v1/sessions", Map.of("login", LOGIN, "password", password))
                .status();
    }

    private JsonNode get(String rest) throws Exception {
        return agency.get("/api/v1/tenants/" + TENANT + rest).expect(200);
    }

    private int count(String list) throws Exception {
        return agency.post("/api/v1/tenants/" + TENANT + "/head-count", Map.of("lists", List.of(list)))
                .expect(200)
                .get("people")
                .asInt();
    }

    private JsonNode folder(String state, Predicate<JsonNode> enough) {
        JsonNode[] last = new JsonNode[1];
        await("the folder is " + state).atMost(LIMIT).until(() -> {
            Api.Answer answer = agency.get("/api/v1/tenants/" + TENANT + "/folder");
            last[0] = answer.json();
            return answer.status() == 200 && last[0].get("state").asText().equals(state) && enough.test(last[0]);
        });
        return last[0];
    }

    private HttpResponse<String> ready() throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.http() + "/health/ready"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private void secret(String value) throws IOException {
        Path secrets = Files.createDirectories(node.home().resolve("nodes/node1/etc/secrets"));
        Files.writeString(secrets.resolve("val-mignon"), value + "\n");
    }

    private static void lists(Path folder, String tag) throws IOException {
        write(folder, "lists.yaml", "- {slug: tous, name: Tous, kind: tags, all-tags: [" + tag + "]}\n");
    }

    private static void scenario(Path folder, String name, String text) throws IOException {
        write(
                folder,
                "scenarios/orage.yaml",
                """
                name: %s
                category: operational
                lists: [tous]
                cascade: [{channel: sms, patience: PT5M}]
                fallback-language: fr
                messages: {fr: {sms: {text: "%s"}}}
                """
                        .formatted(name, text));
    }

    private static void contacts(Path folder, String... rows) throws IOException {
        write(folder, "contacts/gens.csv", "Réf;Nom;Prénom;Mobile\n" + String.join("\n", rows) + "\n");
    }

    private static void write(Path folder, String file, String text) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
