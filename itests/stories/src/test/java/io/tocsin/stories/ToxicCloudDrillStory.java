package io.tocsin.stories;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tocsin.bench.Api;
import io.tocsin.bench.RunningNode;
import io.tocsin.lab.mail.ReceivedMail;
import io.tocsin.lab.smsc.ReceivedMessage;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The plant rehearses its toxic cloud with the neighbours within 500 m and the shift teams: nobody may take it for the real one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ToxicCloudDrillStory {
    private static final String TENANT = "valchimie-montferrou";
    private static final String PASSWORD = "une sirène par mercredi";
    private static final List<String> AUDIENCE = List.of("voisins-500m", "personnel-poste");
    private static final Map<String, String> WORDS = Map.of("fr", "EXERCICE", "en", "EXERCISE");

    @TempDir
    Path folder;

    private Carriers carriers;
    private RunningNode node;
    private Desk desk;
    private long drill;
    private final Set<String> audience = new HashSet<>();

    @BeforeAll
    void start() {
        carriers = Carriers.start(sms -> sms, mail -> mail.reports(true, Duration.ofMillis(50)));
        Map<String, String> environment = new HashMap<>(carriers.environment());
        environment.put("TOCSIN_SECRET_VALCHIMIE_HSE", PASSWORD);
        environment.put("TOCSIN_SECRET_VALCHIMIE_DIRECTEUR", PASSWORD);
        node = RunningNode.start(List.of(TENANT), environment);
        desk = Desk.open(node, TENANT, "hse@valchimie", PASSWORD);
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
    void whetherItIsADrillMustBeSaid() throws Exception {
        var request = desk.request("nuage-toxique", true, Duration.ofSeconds(8));
        request.remove("drill");
        var answer = desk.api().launch(TENANT, "sans-drill", request);
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.raw().body()).contains("drill", "true for an exercise");
    }

    @Test
    @Order(2)
    void theDrillIsShownAsOneEverywhere() throws Exception {
        var request = desk.request("nuage-toxique", true, Duration.ofSeconds(15));
        AUDIENCE.forEach(request.putArray("lists")::add);
        JsonNode preview = desk.post("/alerts/preview", request).expect(200);
        assertThat(preview.at("/sampleTexts/fr.sms").asText()).startsWith("EXERCICE");
        drill = desk.launch("exercice-1", request);
        JsonNode status = desk.status(drill);
        assertThat(status.at("/alert/drill").asBoolean()).isTrue();
        assertThat(status.at("/alert/title").asText()).startsWith("EXERCICE");
        assertThat(node.console("tocsin:alerts " + TENANT)).contains("drill").doesNotContain("LIVE");
        Set<Long> contacts = desk.people(drill, "").stream()
                .map(person -> person.get("contactId").asLong())
                .collect(Collectors.toSet());
        for (JsonNode contact : desk.all("/contacts?")) {
            if (contacts.contains(contact.get("id").asLong())) {
                contact.get("endpoints")
                        .forEach(e -> audience.add(e.get("address").asText()));
            }
        }
        assertThat(Desk.count(status, "recipients")).isEqualTo(contacts.size());
        assertThat(desk.get("/contacts?limit=1000").expect(200).get("items").size())
                .isGreaterThan(contacts.size());
    }

    @Test
    @Order(3)
    void everyTextBeginsWithTheMarkAndReachesTheFrozenAudienceOnly() throws Exception {
        desk.await(
                drill,
                "every step has been tried",
                status -> mails(status).isObject()
                        && mails(status).at("/observations/accepted").asLong()
                                >= mails(status).get("targets").asLong());
        assertThat(carriers.plant.placed())
                .as("telephones of the frozen audience rang, and no others")
                .hasSizeGreaterThan(50)
                .allSatisfy(call ->
                        assertThat(audience).contains("+33" + call.telephone().substring(1)));
        List<ReceivedMessage> texts = carriers.smsc.messages();
        assertThat(texts).hasSizeGreaterThan(100).allSatisfy(message -> {
            assertThat(message.text()).startsWith("EXERC");
            assertThat(message.text().split(" ")[0]).isIn(WORDS.values());
            assertThat(message.text()).contains("VALCHIMIE");
            assertThat(audience).contains(message.destination());
            assertThat(message.segments()).isEqualTo(Texts.segments(message.text()));
        });
        List<ReceivedMail> mails = carriers.mail.lastMails();
        assertThat(mails).isNotEmpty().allSatisfy(mail -> {
            assertThat(Texts.subject(mail).split(" ")[0]).isIn(WORDS.values());
            assertThat(Texts.body(mail).strip()).startsWith("EXERC");
            assertThat(audience).contains(mail.recipient());
        });
        assertThat(mails.stream().map(Texts::body).filter(body -> body.contains("<strong>")))
                .as("the page of the mail has its banner, before anything else is read")
                .isNotEmpty()
                .allSatisfy(body -> assertThat(body.substring(0, body.indexOf("<strong>")))
                        .contains("ceci n’est pas une alerte réelle"));
        assertThat(carriers.smsc.messages().stream()
                        .map(ReceivedMessage::destination)
                        .distinct()
                        .count())
                .isEqualTo(carriers.smsc.counters().destinations());
    }

    private static JsonNode mails(JsonNode status) {
        for (JsonNode wave : status.get("waves")) {
            if (wave.get("channel").asText().equals("mail")) {
                return wave;
            }
        }
        return status.path("no mail yet");
    }

    @Test
    @Order(4)
    void theAnswerPageSaysSoToo() throws Exception {
        URI link = URI.create(Texts.link(carriers.smsc.messages().get(0).text()));
        String page = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(link).build(), HttpResponse.BodyHandlers.ofString())
                .body();
        assertThat(page).contains("class=\"drill\"").containsAnyOf("EXERCICE", "EXERCISE");
        assertThat(page.indexOf("class=\"drill\"")).isLessThan(page.indexOf("<h1 "));
    }

    @Test
    @Order(5)
    void aRelaunchAndTheEvidenceKeepTheMark() throws Exception {
        carriers.smsc.reset();
        desk.post(
                        "/alerts/" + drill + "/relaunches",
                        Map.of("states", List.of("delivered"), "channel", "sms", "patience", "PT30S"))
                .expect(201);
        desk.await(
                drill,
                "somebody is reached again",
                status -> carriers.smsc.counters().messages() > 50);
        assertThat(carriers.smsc.messages()).allSatisfy(message -> {
            assertThat(message.text()).startsWith("EXERC");
            assertThat(audience).contains(message.destination());
        });
        desk.end(drill);
        Path evidence = folder.resolve("exercice.zip");
        desk.api().download(desk.path("/alerts/" + drill + "/evidence"), evidence);
        assertThat(node.launcher("verify", evidence.toString(), "--json")).contains("\"intact\":true");
        String secondPair = node.api()
                .signIn("directeur@valchimie", PASSWORD)
                .post(desk.path("/keys"), Map.of("label", "second pair", "roles", List.of("approver")))
                .expect(201)
                .get("secret")
                .asText();
        Api approver = node.api().bearer(secondPair);
        String path = desk.path("/alerts/" + drill + "/evidence");
        assertThat(approver.get(path).status()).as("who may not see people").isEqualTo(403);
        assertThat(approver.get(path + "?variant=full").raw().body()).contains("variant=masked");
        assertThat(approver.get(path + "?variant=nue").raw().body()).contains("variants are full, masked");
        Path masked = folder.resolve("masked.zip");
        approver.download(path + "?variant=masked", masked);
        assertThat(node.launcher("verify", masked.toString(), "--json"))
                .contains("\"intact\":true", "\"variant\":\"masked\"");
        try (var zip = new java.util.zip.ZipFile(evidence.toFile())) {
            String all = zip.stream()
                    .filter(entry -> entry.getName().endsWith(".json"))
                    .map(entry -> {
                        try {
                            return new String(
                                    zip.getInputStream(entry).readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
                        } catch (java.io.IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    })
                    .collect(Collectors.joining());
            assertThat(all).contains("\"drill\":true").doesNotContain("\"drill\":false");
        }
    }
}
