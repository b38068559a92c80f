package io.tocsin.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tocsin.bench.RunningNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
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
import java.util.function.Function;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What comes to the HTTP doors that should not, and that each time the answer names what is wrong and the cure. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DoorsStory {
    private static final String TOWN = "/api/v1/tenants/saint-aurel-sur-loue";
    private static final String PLANT = "/api/v1/tenants/valchimie-montferrou";
    private static final String PASSWORD = "porte ouverte à tous";
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final byte[] NOTHING = new byte[0];

    private final HttpClient http = HttpClient.newHttpClient();
    private Carriers carriers;
    private RunningNode node;
    private String mayor;
    private String auditor;
    private String agency;
    private String operator;

    private record Reply(int status, String type, HttpResponse<String> raw) {
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

    @BeforeAll
    void start() throws Exception {
        carriers = Carriers.start(sms -> sms, mail -> mail);
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

    @AfterAll
    void stop() {
        if (node != null) {
            node.close();
        }
        carriers.close();
    }

    private String token(String login, String password) throws Exception {
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

    private Reply send(String method, String path, String token, byte[] body, String... headers) throws Exception {
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

    private Reply json(String method, String path, String token, String body, String... headers) throws Exception {
        List<String> all = new ArrayList<>(List.of("Content-Type", "application/json"));
        all.addAll(List.of(headers));
        return send(method, path, token, body.getBytes(StandardCharsets.UTF_8), all.toArray(String[]::new));
    }

    private Reply get(String path, String token) throws Exception {
        return send("GET", path, token, NOTHING);
    }

    private Reply launch(String body) throws Exception {
        return json("POST", TOWN + "/alerts", mayor, body, "Idempotency-Key", "k" + System.nanoTime());
    }

    @Test
    void malformedJsonIsRefusedWithItsPlace() throws Exception {
        json("POST", "/api/v1/sessions", null, "{\"login\": ").problem(400, "line 1");
        json("POST", TOWN + "/alerts/preview", mayor, "[1, 2").problem(400, "cannot be read");
        json("POST", TOWN + "/alerts/preview", mayor, "{\"scenario\":\"inondation\",\"drill\":\"peut-être\"}")
                .problem(400, "drill", "true or false");
        json(
                        "POST",
                        TOWN + "/alerts/preview",
                        mayor,
                        "{\"scenario\":\"inondation\",\"drill\":true,\"lists\":\"toutes\"}")
                .problem(400, "lists", "a list");
        json(
                        "POST",
                        TOWN + "/alerts/preview",
                        mayor,
                        "{\"scenario\":\"inondation\",\"drill\":true,\"patience\":\"5 min\"}")
                .problem(400, "patience", "5 min", "PT10M");
        json("POST", TOWN + "/alerts/preview", mayor, "{\"scenario\":\"inondation\",\"dril\":true}")
                .problem(400, "dril", "known: drill, lists, patience, scenario, variables");
        json("POST", TOWN + "/alerts/preview", mayor, "").problem(422, "body");
        json("POST", TOWN + "/alerts/preview", mayor, "null").problem(422, "body");
        json("PUT", TOWN + "/scenarios/x", mayor, "[".repeat(5000)).problem(400, "cannot be read");
        send("POST", TOWN + "/alerts/preview", mayor, "<a/>".getBytes(), "Content-Type", "text/xml")
                .problem(415, "application/json");
    }

    @Test
    void withoutATokenOrWithoutTheRoleNothingPasses() throws Exception {
        get(TOWN + "/alerts", null).problem(401, "Bearer");
        assertThat(get(TOWN + "/alerts", null).raw().headers().firstValue("WWW-Authenticate"))
                .hasValue("Bearer");
        get(TOWN + "/alerts", "tsk_0123456789abcdef_" + "x".repeat(40)).problem(401);
        get(TOWN + "/alerts", "é".repeat(3).replace('é', 'e')).problem(401);
        get("/api/v1/streams/tenants/saint-aurel-sur-loue/alerts/1", null).problem(401);
        get(TOWN + "/journal", auditor).ok(200);
        json("POST", TOWN + "/alerts", auditor, "{\"scenario\":\"inondation\",\"drill\":true}", "Idempotency-Key", "a")
                .problem(403, "role");
        get(TOWN + "/contacts", auditor).problem(403);
        json("POST", "/api/v1/agencies", mayor, "{\"slug\":\"a\",\"name\":\"A\"}")
                .problem(403);
        json("POST", "/api/v1/tenants", mayor, "{}").problem(403);
        json("POST", TOWN + "/users", mayor, user("chef@saint-aurel", "operator"))
                .problem(422, "roles", "tenant-admin");
        json("POST", TOWN + "/keys", mayor, "{\"label\":\"k\",\"roles\":[\"roi\"]}")
                .problem(422, "roles");
    }

    private static String user(String login, String role) {
        return "{\"login\":\"" + login + "\",\"name\":\"N\",\"roles\":[\"" + role + "\"],\"password\":\"" + PASSWORD
                + "\"}";
    }

    @Test
    void anotherTenantsThingsDoNotExist() throws Exception {
        long contact = get(TOWN + "/contacts?limit=1", mayor)
                .ok(200)
                .json()
                .at("/items/0/id")
                .asLong();
        long run =
                get(TOWN + "/imports", mayor).ok(200).json().at("/items/0/id").asLong();
        String director = token("directeur@valchimie", PASSWORD);
        for (String path : List.of(
                "",
                "/contacts",
                "/contacts/" + contact,
                "/alerts",
                "/alerts/1",
                "/imports/" + run,
                "/journal",
                "/users",
                "/accounts",
                "/folder",
                "/scenarios/inondation",
                "/lists/population")) {
            get(TOWN + path, director).problem(404, "does not exist, or is not yours");
        }
        get("/api/v1/streams/tenants/saint-aurel-sur-loue/alerts/1", director).problem(404);
        get(PLANT + "/contacts/" + contact, director).problem(404);
        get(PLANT + "/imports/" + run, director).problem(404);
        get(PLANT + "/imports/" + run + "/errors", director).problem(404);
        get(PLANT + "/scenarios/inondation", director).problem(404);
        get(PLANT + "/alerts/987654/evidence", director).problem(404);
        json(
                        "PUT",
                        PLANT + "/lists/x",
                        director,
                        "{\"name\":\"X\",\"kind\":\"nested\",\"includes\":[\"quartier-bas\"]}")
                .problem(422, "quartier-bas");
        assertThat(get("/api/v1/tenants", director).ok(200).json().get("items")).hasSize(1);
        get("/api/v1/tenants/nulle-part", operator).problem(404);
    }

    @Test
    void aLaunchNeedsAKeyAndEverythingItNames() throws Exception {
        json("POST", TOWN + "/alerts", mayor, "{\"scenario\":\"inondation\",\"drill\":true}")
                .problem(428, "Idempotency-Key");
        json(
                        "POST",
                        TOWN + "/alerts",
                        mayor,
                        "{\"scenario\":\"inondation\",\"drill\":true}",
                        "Idempotency-Key",
                        "x".repeat(200))
                .problem(428, "1 to 128");
        launch("{\"drill\":true}").problem(422, "scenario", "missing");
        launch("{\"scenario\":\"tempete\",\"drill\":true}").problem(422, "scenario", "tempete");
        launch("{\"scenario\":\"inondation\",\"drill\":true,\"lists\":[\"quartier-haut\"]}")
                .problem(422, "quartier-haut");
        launch("{\"scenario\":\"inondation\",\"drill\":true,\"lists\":[]}").problem(422, "lists", "at least one");
        launch("{\"scenario\":\"inondation\",\"drill\":true,\"variables\":{\"couleur\":\"rouge\"}}")
                .problem(422, "variables.couleur", "point_rassemblement");
        launch("{\"scenario\":\"inondation\",\"drill\":true,\"variables\":{\"answer_url\":\"http://x\"}}")
                .problem(422, "variables.answer_url", "leave it out");
        launch("{\"scenario\":\"inondation\",\"drill\":true,\"patience\":\"PT0S\"}")
                .problem(422, "patience");
        json(
                        "PUT",
                        TOWN + "/lists/personne",
                        mayor,
                        "{\"name\":\"Personne\",\"kind\":\"tags\",\"allTags\":[\"licorne\"]}")
                .ok(200);
        launch("{\"scenario\":\"inondation\",\"drill\":true,\"lists\":[\"personne\"]}")
                .problem(422, "lists", "nobody is in", "choose others");
        assertThat(get(TOWN + "/alerts", mayor).ok(200).json().get("items"))
                .as("nothing was launched")
                .isEmpty();
    }

    @Test
    void aMissingVariableNamesTheContactsThatLackIt() throws Exception {
        json(
                        "PUT",
                        TOWN + "/scenarios/porte-a-porte",
                        mayor,
                        """
                        {"name":"Porte à porte","category":"operational","lists":["tous-les-agents"],
                         "cascade":[{"channel":"sms","patience":"PT5M"}],"fallback-language":"fr",
                         "messages":{"fr":{"sms":{"text":"Sonnez chez {{first_name}}, code {{code}}."}}}}
                        """)
                .ok(200);
        launch("{\"scenario\":\"porte-a-porte\",\"drill\":true}")
                .problem(422, "variables.code", "AG-0", "complete the contacts");
        JsonNode preview = json(
                        "POST", TOWN + "/alerts/preview", mayor, "{\"scenario\":\"porte-a-porte\",\"drill\":true}")
                .ok(200)
                .json();
        assertThat(preview.get("problems").toString()).contains("variables.code", "AG-0");
        json("PUT", TOWN + "/scenarios/porte-a-porte", mayor, "{\"name\":\"P\",\"cascade\":[]}")
                .problem(422, "category", "messages", "fallback-language");
    }

    @Test
    void anEditSaysWhichVersionItIsBasedOn() throws Exception {
        Reply contact = json(
                        "POST",
                        TOWN + "/contacts",
                        mayor,
                        """
                        {"externalId":"DOOR-1","firstName":"Ada","lastName":"Un","legalBasis":"essai","addresses":["06 39 98 20 01"]}
                        """)
                .ok(201);
        assertThat(contact.json().at("/endpoints/0/address").asText()).isEqualTo("+33639982001");
        String etag = contact.raw().headers().firstValue("ETag").orElseThrow();
        String path = TOWN + "/contacts/" + contact.json().get("id").asLong();
        String edit =
                """
                {"externalId":"DOOR-1","firstName":"Ada","lastName":"Deux","legalBasis":"essai","addresses":["06 39 98 20 01"]}
                """;
        json("PUT", path, mayor, edit).problem(428, "If-Match");
        json("PUT", path, mayor, edit, "If-Match", "\"hier\"").problem(428, "If-Match");
        Reply saved = json("PUT", path, mayor, edit, "If-Match", etag).ok(200);
        assertThat(saved.raw().headers().firstValue("ETag")).isPresent().get().isNotEqualTo(etag);
        json("PUT", path, mayor, edit, "If-Match", etag).problem(412);
        json("POST", TOWN + "/contacts", mayor, edit.replace("06 39 98 20 01", "12"))
                .problem(422, "addresses");
        json("POST", TOWN + "/contacts", mayor, "{\"externalId\":\"DOOR-2\"}").problem(422, "legalBasis");
        send("DELETE", path, mayor, NOTHING).ok(204);
        send("DELETE", path, mayor, NOTHING).problem(404);
        get(TOWN + "/contacts?after=abc", mayor).problem(422, "after");
    }

    @Test
    void aContactFileThatIsNoneIsRefusedWithTheReason() throws Exception {
        assertThat(importing("nom;prénom\nUn;Anne\n".getBytes(StandardCharsets.UTF_8), "gens.csv"))
                .containsAnyOf("telephone", "mobile");
        assertThat(importing("x;y\n1;2\n".getBytes(StandardCharsets.UTF_8), "gens.csv"))
                .contains("column titles");
        assertThat(importing("Nom;Mobile\n".getBytes(StandardCharsets.UTF_8), "gens.csv"))
                .isNotBlank();
        assertThat(importing("Nom;Mobile\nUn;0\n".getBytes(StandardCharsets.UTF_8), "gens.csv"))
                .contains("row errors");
        byte[] binary = new byte[5000];
        new java.util.Random(1).nextBytes(binary);
        binary[100] = 0;
        assertThat(importing(binary, "photo.csv")).contains("not text");
        assertThat(importing("%PDF-1.7 etc".getBytes(StandardCharsets.US_ASCII), "liste.csv"))
                .contains("PDF");
        assertThat(importing(
                        ("Nom;Mobile\n" + "x".repeat(10 << 20) + "\n").getBytes(StandardCharsets.US_ASCII), "long.csv"))
                .contains("characters");
        assertThat(importing(workbook(out -> out.write(" ".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII)), 300), "bombe.xlsx"))
                .contains("unpack");
        assertThat(importing(workbook(out -> out.write("<sheetData".getBytes(StandardCharsets.UTF_8)), 1), "faux.xlsx"))
                .isNotBlank();
        send("POST", imports("gens.csv"), mayor, NOTHING, "Content-Type", "text/csv")
                .problem(422, "body", "empty");
        send("POST", TOWN + "/imports?source=x&legalBasis=x", mayor, "a".getBytes(), "Content-Type", "text/csv")
                .problem(422, "fileName");
        send("POST", imports("gens.csv") + "&mapping=%7B", mayor, "a".getBytes(), "Content-Type", "text/csv")
                .problem(400);
        get(TOWN + "/imports/987654", mayor).problem(404);
    }

    @Test
    void aFormulaWithoutAValueIsARowErrorThatNamesTheCell() throws Exception {
        byte[] file = workbook(
                out -> out.write(
                        """
                        <?xml version="1.0" encoding="UTF-8"?>
                        <worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
                        <row r="1"><c r="A1" t="inlineStr"><is><t>Réf</t></is></c><c r="B1" t="inlineStr"><is><t>Nom</t></is></c><c r="C1" t="inlineStr"><is><t>Mobile</t></is></c></row>
                        <row r="2"><c r="A2" t="inlineStr"><is><t>F1</t></is></c><c r="B2" t="inlineStr"><is><t>Un</t></is></c><c r="C2"><f>"0639982002"</f></c></row>
                        <row r="3"><c r="A3" t="inlineStr"><is><t>F2</t></is></c><c r="B3" t="inlineStr"><is><t>Deux</t></is></c><c r="C3" t="str"><f>A1</f><v>06 39 98 20 03</v></c></row>
                        </sheetData></worksheet>"""
                                .getBytes(StandardCharsets.UTF_8)),
                1);
        JsonNode run = ended(send("POST", imports("formules.xlsx"), mayor, file).ok(202));
        assertThat(run.get("state").asText()).as(run.toString()).isEqualTo("done");
        assertThat(run.get("added").asInt()).isEqualTo(1);
        String errors = get(TOWN + "/imports/" + run.get("id").asLong() + "/errors", mayor)
                .ok(200)
                .raw()
                .body();
        assertThat(errors).contains("\"row\":2", "Mobile", "formula without a stored value");
    }

    private static String imports(String fileName) {
        return TOWN + "/imports?fileName=" + fileName + "&source=portes&legalBasis=essai&dryRun=false";
    }

    /** Imports a bad file. @return why it was refused, at once or at the end of the import */
    private String importing(byte[] file, String name) throws Exception {
        Reply reply = send("POST", imports(name), mayor, file, "Content-Type", "application/octet-stream");
        if (reply.status() != 202) {
            return reply.problem(422).raw().body();
        }
        JsonNode run = ended(reply);
        assertThat(run.get("state").asText()).as(run.toString()).isEqualTo("failed");
        return run.get("problem").asText();
    }

    private JsonNode ended(Reply started) {
        String path = TOWN + "/imports/" + started.json().get("id").asLong();
        JsonNode[] run = new JsonNode[1];
        await("the import ends").atMost(Desk.LIMIT).until(() -> {
            run[0] = get(path, mayor).ok(200).json();
            return !List.of("queued", "running").contains(run[0].get("state").asText());
        });
        return run[0];
    }

    @FunctionalInterface
    private interface Sheet {
        void write(java.io.OutputStream out) throws IOException;
    }

    private static byte[] workbook(Sheet sheet, int times) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            part(
                    zip,
                    "[Content_Types].xml",
                    "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>");
            part(
                    zip,
                    "xl/workbook.xml",
                    "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\""
                            + " xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets>"
                            + "<sheet name=\"F\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>");
            part(
                    zip,
                    "xl/_rels/workbook.xml.rels",
                    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship"
                            + " Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\""
                            + " Target=\"worksheets/sheet1.xml\"/></Relationships>");
            zip.putNextEntry(new ZipEntry("xl/worksheets/sheet1.xml"));
            for (int i = 0; i < times; i++) {
                sheet.write(zip);
            }
            zip.closeEntry();
        }
        return bytes.toByteArray();
    }

    private static void part(ZipOutputStream zip, String name, String text) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(text.getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
    }

    @Test
    void aFileOverTheLimitIsRefused() throws Exception {
        long limit = 100L << 20;
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + node.http() + imports("gros.csv")))
                .header("Authorization", "Bearer " + mayor)
                .POST(BodyPublishers.ofInputStream(() -> new Endless(limit + 1)))
                .build();
        HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(413);
        assertThat(response.body()).contains("100 MiB", "split");
    }

    private static final class Endless extends InputStream {
        private long left;

        Endless(long bytes) {
            left = bytes;
        }

        @Override
        public int read() {
            return left-- > 0 ? 'x' : -1;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            if (left <= 0) {
                return -1;
            }
            int n = (int) Math.min(length, left);
            java.util.Arrays.fill(buffer, offset, offset + n, (byte) 'x');
            left -= n;
            return n;
        }
    }

    @Test
    void everyOperationDescribedIsThere() throws Exception {
        JsonNode description = get("/api/v1/openapi.json", null).ok(200).json();
        int operations = 0;
        for (Map.Entry<String, JsonNode> path :
                (Iterable<Map.Entry<String, JsonNode>>) description.get("paths")::fields) {
            String concrete = "/api/v1"
                    + path.getKey()
                            .replace("{tenant}", "saint-aurel-sur-loue")
                            .replace("{agency}", "agence-franc-comtoise")
                            .replaceAll("\\{(scenario|list|key)}", "personne-ici")
                            .replaceAll("\\{[a-z]+}", "987654");
            for (String method : (Iterable<String>) path.getValue()::fieldNames) {
                if (!List.of("get", "put", "post", "delete").contains(method)
                        || concrete.endsWith("/sessions/current")) {
                    continue;
                }
                operations++;
                Reply reply = method.equals("get")
                                || method.equals("delete")
                                || path.getKey().contains("/imports")
                        ? send(method.toUpperCase(), concrete, agency, NOTHING)
                        : json(method.toUpperCase(), concrete, agency, "{}");
                assertThat(reply.status())
                        .as(method + " " + concrete + " " + reply.raw().body())
                        .isNotIn(405, 500);
                if (reply.status() >= 400) {
                    reply.problem(reply.status());
                    assertThat(reply.json().get("type").asText())
                            .as(method + " " + concrete)
                            .isNotEqualTo("urn:tocsin:problem:http-404");
                }
                if (!List.of("/openapi.json", "/sessions").contains(path.getKey())) {
                    send(method.toUpperCase(), concrete, null, NOTHING).problem(401);
                }
            }
        }
        assertThat(operations).isGreaterThan(50);
        get("/api/v1/nulle-part", agency).problem(404, "openapi.json");
        send("DELETE", "/api/v1/me", agency, NOTHING).problem(405, "openapi.json");
    }

    @Test
    void anAgencyOnboardsATenantWhollyByTheApiAndAlertsWithIt() throws Exception {
        String path = "/api/v1/tenants/clinique-des-sources";
        json(
                        "POST",
                        "/api/v1/tenants",
                        agency,
                        "{\"slug\":\"clinique-des-sources\",\"name\":\"Clinique des Sources\",\"kind\":\"hopital\",\"smsSender\":\"38999\"}")
                .ok(201);
        json("POST", "/api/v1/tenants", agency, "{\"slug\":\"Clinique !\",\"name\":\"C\",\"kind\":\"hopital\"}")
                .problem(422, "slug");
        json(
                        "POST",
                        "/api/v1/tenants",
                        agency,
                        "{\"slug\":\"autre\",\"name\":\"C\",\"kind\":\"hopital\",\"agency\":\"ailleurs\"}")
                .problem(422, "agency");
        json(
                        "POST",
                        "/api/v1/tenants",
                        agency,
                        "{\"slug\":\"autre\",\"name\":\"C\",\"kind\":\"hopital\",\"smsSender\":\"alert\",\"maxContacts\":-1}")
                .problem(422, "\"smsSender\"", "\"maxContacts\"");
        int unit = json("POST", path + "/units", agency, "{\"slug\":\"garde\",\"name\":\"Garde\"}")
                .ok(201)
                .json()
                .get("id")
                .asInt();
        json(
                        "POST",
                        path + "/users",
                        agency,
                        user("garde@sources", "activator").replace("}", ",\"unitId\":" + unit + "}"))
                .ok(201);
        json("POST", path + "/users", agency, user("garde@sources", "activator"))
                .problem(422, "login");
        json("POST", path + "/users", agency, user("autre@sources", "activator").replace(PASSWORD, "court"))
                .problem(422, "password");
        String mail =
                """
                {"slug":"mail","channel":"mail","settings":{"host":"127.0.0.1","port":"%d","security":"none","user":"tocsin",
                 "password":"%s","from":"garde@sources.example"}}
                """;
        json("POST", path + "/accounts", agency, mail.formatted(carriers.mail.smtpPort(), "en clair"))
                .problem(422, "password", "secret:");
        json("POST", path + "/accounts", agency, mail.formatted(carriers.mail.smtpPort(), "secret:lab-mail"))
                .ok(201);
        Reply started = send(
                        "POST",
                        path + "/imports?fileName=equipe.csv&source=equipe&legalBasis=contrat&tag=equipe",
                        agency,
                        "Matricule;Nom;Prénom;Mobile\nC1;Un;Anne;06 39 98 30 01\nC2;Deux;Bob;06.39.98.30.02\n"
                                .getBytes(java.nio.charset.Charset.forName("windows-1252")),
                        "Content-Type",
                        "text/csv")
                .ok(202);
        await("the team is there").atMost(Desk.LIMIT).until(() -> get(
                        path + "/imports/" + started.json().get("id").asLong(), agency)
                .json()
                .get("state")
                .asText()
                .equals("done"));
        json("PUT", path + "/lists/equipe", agency, "{\"name\":\"Équipe\",\"kind\":\"tags\",\"allTags\":[\"equipe\"]}")
                .ok(200);
        json(
                        "PUT",
                        path + "/scenarios/plan-blanc",
                        agency,
                        """
                        {"name":"Plan blanc","category":"life-safety","lists":["equipe"],
                         "cascade":[{"channel":"sms","patience":"PT5M"}],"fallback-language":"fr",
                         "messages":{"fr":{"sms":{"text":"Plan blanc : {{first_name}}, rejoignez la clinique."}}}}
                        """)
                .ok(200);
        String guard = token("garde@sources", PASSWORD);
        await("its own account is up, and the one its agency shares")
                .atMost(Desk.LIMIT)
                .untilAsserted(() -> assertThat(
                                get(path + "/accounts", agency).ok(200).json().get("items"))
                        .hasSize(2)
                        .allSatisfy(account -> assertThat(
                                        account.at("/status/health/state").asText())
                                .isEqualTo("UP")));
        json("POST", path + "/alerts", guard, "{\"scenario\":\"plan-blanc\",\"drill\":false}", "Idempotency-Key", "pb")
                .ok(201);
        await("both have it").atMost(Desk.LIMIT).until(() -> carriers.smsc.messages().stream()
                .filter(m -> m.text().startsWith("Plan blanc : "))
                .map(m -> m.destination())
                .sorted()
                .toList()
                .equals(List.of("+33639983001", "+33639983002")));
        json("POST", path + "/suspension", agency, "{\"reason\":\"essai\"}").ok(200);
        get("/api/v1/me", guard).problem(401);
        send("DELETE", path + "/suspension", agency, NOTHING).ok(200);
        json("POST", "/api/v1/agencies", operator, "{\"slug\":\"agence-du-nord\",\"name\":\"Agence du Nord\"}")
                .ok(201);
        json("POST", "/api/v1/agencies", operator, "{\"slug\":\"agence-du-nord\",\"name\":\"Encore\"}")
                .problem(422, "slug");
    }

    @Test
    void guessingAPasswordLocksTheLogin() throws Exception {
        Function<String, String> credentials =
                password -> "{\"login\":\"dga@saint-aurel\",\"password\":\"" + password + "\"}";
        json("POST", "/api/v1/sessions", null, credentials.apply(PASSWORD)).ok(200);
        for (int i = 0; i < 5; i++) {
            json("POST", "/api/v1/sessions", null, credentials.apply("essai numéro " + i))
                    .problem(401, "wait a minute");
        }
        json("POST", "/api/v1/sessions", null, credentials.apply(PASSWORD)).problem(401, "wait a minute");
        json("POST", "/api/v1/sessions", null, "{\"login\":\"personne@nulle-part\",\"password\":\"x\"}")
                .problem(401);
        json("POST", "/api/v1/sessions", null, "{\"login\":\"maire@saint-aurel\"}")
                .problem(422, "password");
    }

    @Test
    void healthMetricsAndHeaders() throws Exception {
        assertThat(get("/health/live", null).ok(200).raw().body()).contains("live");
        assertThat(get("/health/ready", null).ok(200).json().get("checks").toString())
                .contains("database", "up");
        assertThat(get("/health/autre", null).status()).isEqualTo(404);
        String metrics = get("/metrics", null).ok(200).raw().body();
        assertThat(metrics).contains("jvm_memory_used_bytes", "tocsin_account_up{");
        for (String path : List.of("/api/v1/openapi.json", "/api/v1/me", "/health/ready", "/metrics", "/a/inconnu")) {
            Reply reply = get(path, null);
            Function<String, String> header =
                    name -> reply.raw().headers().firstValue(name).orElse("");
            assertThat(header.apply("X-Content-Type-Options")).as(path).isEqualTo("nosniff");
            assertThat(header.apply("Cache-Control")).as(path).isEqualTo("no-store");
            assertThat(header.apply("Content-Security-Policy")).as(path).contains("default-src 'none'");
            assertThat(header.apply("Referrer-Policy")).as(path).isEqualTo("no-referrer");
            assertThat(reply.raw().headers().firstValue("Server")).as(path).isEmpty();
            assertThat(reply.raw().headers().firstValue("X-Powered-By"))
                    .as(path)
                    .isEmpty();
        }
        get("/a/inconnu", null).ok(404);
        send("POST", "/a/inconnu", null, "answer=1".getBytes(), "Content-Type", "application/x-www-form-urlencoded")
                .ok(404);
        assertThat(get("/nulle-part", null).raw().body()).doesNotContain("Jetty", "at org.");
    }
}
