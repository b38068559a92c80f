package io.tocsin.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tocsin.bench.Api;
import io.tocsin.bench.RunningNode;
import io.tocsin.lab.people.SmsPeople;
import io.tocsin.lab.smsc.Fate;
import io.tocsin.lab.smsc.ReceivedMessage;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The Loue rises at night: the mayor alerts the flood zone, for real, and proves it afterwards. Told in order, on one node. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FloodStory {
    private static final String TENANT = "saint-aurel-sur-loue";
    private static final String PASSWORD = "la mairie au bord de la Loue";
    private static final Set<String> LANGUAGES = Set.of("fr", "en", "pt");

    @TempDir
    Path folder;

    private final HttpClient browser = HttpClient.newHttpClient();
    private Carriers carriers;
    private RunningNode node;
    private Desk desk;
    private long alert;
    private int people;

    /** Contact id to telephone and to mailbox, as the directory has them. */
    private final Map<Long, String> mobiles = new HashMap<>();

    /** Mobiles and others. */
    private final Map<Long, Set<String>> telephones = new HashMap<>();

    private final Map<Long, String> mailboxes = new HashMap<>();
    /** Contact id to number in the alert, of those who had answered before the mails were looked at. */
    private final Map<Long, Integer> answeredEarly = new HashMap<>();

    @BeforeAll
    void start() {
        carriers = Carriers.start(
                sms -> sms.receiptDelay(Duration.ofMillis(50))
                        .fateBySuffix(Map.of("7", Fate.UNDELIVERABLE))
                        .people(FloodStory::answer),
                mail -> mail.people(0.5, 0)
                        .think(Duration.ZERO, Duration.ofMillis(500))
                        .reports(true, Duration.ofMillis(50)));
        Map<String, String> environment = new HashMap<>(carriers.environment());
        environment.put("TOCSIN_SECRET_SAINT_AUREL_MAIRE", PASSWORD);
        node = RunningNode.start(List.of(TENANT), environment);
        desk = Desk.open(node, TENANT, "maire@saint-aurel", PASSWORD);
    }

    /** One in five answers the first text, of those one in two that they need help; everybody else is silent. */
    private static Optional<SmsPeople.Reply> answer(SmsPeople.Arrival arrival) {
        String text =
                switch (arrival.telephone().charAt(arrival.telephone().length() - 1)) {
                    case '1' -> " 1 ";
                    case '2' -> "2";
                    case '3' -> "Je ne comprends pas";
                    default -> "";
                };
        return text.isEmpty() ? Optional.empty() : Optional.of(new SmsPeople.Reply(text, Duration.ofMillis(100)));
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
    void theTownIsThereAndWrongNumbersAreNamedWithTheirCure() throws Exception {
        JsonNode folder = desk.get("/folder").expect(200);
        assertThat(folder.get("problems").toString()).contains("contacts/habitants.csv", "rows refused");
        JsonNode run = run("habitants");
        assertThat(run.get("state").asText()).isEqualTo("done");
        assertThat(run.get("rowsRead").asInt()).isEqualTo(5000);
        assertThat(run.get("added").asInt() + run.get("rejected").asInt()).isEqualTo(5000);
        List<JsonNode> errors = desk.all("/imports/" + run.get("id").asLong() + "/errors?");
        assertThat(errors.stream()
                        .filter(e -> e.get("outcome").asText().equals("rejected"))
                        .map(e -> e.get("row").asInt())
                        .distinct())
                .hasSize(run.get("rejected").asInt());
        assertThat(errors).allSatisfy(error -> {
            assertThat(error.get("row").asInt()).isBetween(2, 5001);
            assertThat(error.get("field").asText()).isNotBlank();
            assertThat(error.get("problem").asText()).isNotBlank();
        });
        for (JsonNode contact : desk.all("/contacts?")) {
            contact.get("endpoints").forEach(endpoint -> telephones
                    .computeIfAbsent(contact.get("id").asLong(), none -> new HashSet<>())
                    .add(endpoint.get("address").asText()));
            contact.get("endpoints").forEach(endpoint -> (endpoint.get("kind")
                                    .asText()
                                    .equals("mobile")
                            ? mobiles
                            : endpoint.get("kind").asText().equals("email") ? mailboxes : new HashMap<Long, String>())
                    .putIfAbsent(
                            contact.get("id").asLong(), endpoint.get("address").asText()));
        }
    }

    private JsonNode run(String source) throws Exception {
        for (JsonNode run : desk.get("/imports").expect(200).get("items")) {
            if (run.get("source").asText().equals(source)) {
                return run;
            }
        }
        throw new AssertionError("no import of " + source);
    }

    @Test
    @Order(2)
    void theMayorSeesTheHeadCountThenLaunchesOnceHoweverOftenTheRequestIsRepeated() throws Exception {
        ObjectNode request = desk.request("inondation", false, Duration.ofSeconds(30));
        JsonNode preview = desk.post("/alerts/preview", request).expect(200);
        people = preview.get("people").asInt();
        assertThat(people).isGreaterThan(1000);
        assertThat(preview.get("problems")).isEmpty();
        assertThat(preview.at("/reachableByChannel/sms").asInt()).isBetween(1000, people);
        assertThat(preview.at("/reachableByChannel/mail").asInt()).isBetween(500, people);
        assertThat(preview.at("/sampleTexts/fr.sms").asText())
                .startsWith("INONDATION")
                .contains("le gymnase, rue du Stade")
                .doesNotContain("{{");
        assertThat(carriers.smsc.counters().submits())
                .as("a preview sends nothing")
                .isZero();

        alert = desk.launch("crue-1", request);
        assertThat(desk.launch("crue-1", request)).isEqualTo(alert);
        Api.Answer other =
                desk.api().launch(TENANT, "crue-1", desk.request("inondation", true, Duration.ofSeconds(30)));
        assertThat(other.status()).as(other.raw().body()).isEqualTo(422);
        assertThat(other.raw().body()).containsIgnoringCase("idempotency-key").contains("another request");
        assertThat(desk.get("/alerts").expect(200).get("items")).hasSize(1);
        assertThat(Desk.count(desk.status(alert), "recipients")).isEqualTo(people);
    }

    @Test
    @Order(3)
    void everyTelephoneGetsTheTextOfItsLanguageInAsFewSegmentsAsPossible() throws Exception {
        desk.await(
                alert,
                "texts have left", // accepted are segments, two of each text: they say little of how many texts
                status -> carriers.smsc.messages().size() > 1000
                        && Desk.wave(status, 1).at("/observations/accepted").asLong()
                                >= Desk.wave(status, 1).get("targets").asLong());
        List<ReceivedMessage> messages = carriers.smsc.messages();
        assertThat(messages).hasSizeGreaterThan(1000).allSatisfy(message -> {
            assertThat(message.sender()).isEqualTo("38999");
            assertThat(message.destination()).startsWith("+3363998");
            assertThat(message.text())
                    .containsAnyOf("INONDATION Saint-Aurel", "FLOOD Saint-Aurel", "INUNDACAO Saint-Aurel")
                    .contains("le gymnase, rue du Stade", "http://127.0.0.1:" + node.http() + "/a/")
                    .doesNotContain("{{", "}}");
            assertThat(message.segments()).as(message.text()).isEqualTo(Texts.segments(message.text()));
        });
        // Those whose telephone did not take it are tried again, with the same link.
        Map<String, Set<String>> owners = messages.stream()
                .collect(Collectors.groupingBy(
                        m -> Texts.link(m.text()),
                        Collectors.mapping(ReceivedMessage::destination, Collectors.toSet())));
        assertThat(owners.values())
                .allSatisfy(telephones -> assertThat(telephones).hasSize(1));
        Map<String, String> languages = new HashMap<>();
        desk.people(alert, "")
                .forEach(p -> languages.put(
                        mobiles.getOrDefault(p.get("contactId").asLong(), ""),
                        p.get("language").asText()));
        assertThat(messages).allSatisfy(message -> {
            String language = languages.get(message.destination());
            assertThat(message.text())
                    .as("in " + language)
                    .startsWith(Map.of("en", "FLOOD", "pt", "INUNDACAO").getOrDefault(language, "INONDATION"));
        });
        assertThat(languages.values()).contains("ar").containsAll(LANGUAGES);
        assertThat(messages.stream().filter(m -> m.text().startsWith("INONDATION")))
                .allSatisfy(message -> assertThat(Texts.gsm(message.text())).isTrue());
    }

    @Test
    @Order(4)
    void lookingAtTheAnswerPageAnswersNothingButItsFormDoes() throws Exception {
        Map<String, Integer> french = new HashMap<>();
        desk.people(alert, "").stream()
                .filter(p -> p.get("language").asText().equals("fr"))
                .forEach(p -> french.put(
                        mobiles.getOrDefault(p.get("contactId").asLong(), ""),
                        p.get("recipientNo").asInt()));
        ReceivedMessage silent = carriers.smsc.messages().stream()
                .filter(m -> m.destination().endsWith("5") && french.containsKey(m.destination()))
                .findFirst()
                .orElseThrow();
        int person = french.get(silent.destination());
        URI link = URI.create(Texts.link(silent.text()));
        HttpResponse<String> page = browse(HttpRequest.newBuilder(link).GET());
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("Je suis en sécurité", "J&#39;ai besoin d&#39;aide");
        assertThat(page.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
        assertThat(state(person).get("state").asText()).isNotEqualTo("ANSWERED");

        assertThat(browse(form(link, "answer=9")).statusCode()).isEqualTo(422);
        assertThat(state(person).get("state").asText()).isNotEqualTo("ANSWERED");
        assertThat(browse(form(URI.create(link + "x"), "answer=1")).statusCode())
                .isEqualTo(404);

        assertThat(browse(form(link, "answer=1")).body()).contains("Votre réponse est enregistrée");
        assertThat(state(person).get("state").asText()).isEqualTo("ANSWERED");
        assertThat(browse(form(link, "answer=2")).body()).contains("Vous avez déjà répondu", "Je suis en sécurité");
        assertThat(state(person).get("choice").asText()).isEqualTo("1");
    }

    private JsonNode state(int recipientNo) throws Exception {
        return desk.get("/alerts/" + alert + "/people?limit=1&after=" + (recipientNo - 1))
                .expect(200)
                .at("/items/0");
    }

    private HttpResponse<String> browse(HttpRequest.Builder request) throws Exception {
        return browser.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest.Builder form(URI link, String form) {
        return HttpRequest.newBuilder(link)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form));
    }

    @Test
    @Order(5)
    void whoRepliedIsCountedWithTheirChoiceAndWhoWasNotReachedIsNotCalledDelivered() throws Exception {
        Set<String> wrote = carriers.smsc.messages().stream()
                .map(ReceivedMessage::destination)
                .filter(d -> d.endsWith("1") || d.endsWith("2"))
                .collect(Collectors.toSet());
        desk.await(alert, "every reply is an answer", s -> Desk.count(s, "answered") > wrote.size());
        List<JsonNode> answered = desk.people(alert, "answered");
        answered.forEach(p -> answeredEarly.put(
                p.get("contactId").asLong(), p.get("recipientNo").asInt()));
        Map<String, String> choices = new TreeMap<>();
        answered.forEach(p -> choices.put(
                mobiles.get(p.get("contactId").asLong()), p.get("choice").asText()));
        wrote.forEach(
                telephone -> assertThat(choices).containsEntry(telephone, telephone.substring(telephone.length() - 1)));
        JsonNode status = desk.status(alert);
        assertThat(status.at("/answers/2").asLong())
                .isEqualTo(choices.values().stream().filter("2"::equals).count());
    }

    /** The telephones' own account of what was pressed, against ours of who answered what. */
    private void whatIsPressedIsAnswered() throws Exception {
        await("a hundred people pressed a key, and heard the message first")
                .atMost(Desk.LIMIT)
                .until(() -> carriers.plant.counters().pressed() > 100
                        && carriers.plant.counters().messages() > 100);
        Map<String, String> pressed = carriers.plant.placed().stream()
                .filter(call -> !call.keys().isEmpty())
                .collect(Collectors.toMap(
                        call -> "+33" + call.telephone().substring(1),
                        call -> call.keys().substring(0, 1),
                        (first, later) -> first));
        assertThat(pressed).hasSizeGreaterThan(50);
        Map<String, Set<String>> said = new HashMap<>();
        await("each of them has answered").atMost(Desk.LIMIT).untilAsserted(() -> {
            for (JsonNode person : desk.people(alert, "answered")) {
                telephones
                        .getOrDefault(person.get("contactId").asLong(), Set.of())
                        .forEach(telephone -> said.computeIfAbsent(telephone, none -> new HashSet<>())
                                .add(person.get("choice").asText()));
            }
            assertThat(said.keySet()).containsAll(pressed.keySet());
        });
        pressed.forEach((telephone, key) -> assertThat(said.get(telephone))
                .as("a telephone may be several people's")
                .contains(key));
    }

    @Test
    @Order(6)
    void theCascadeWritesToTheSilentAndNotToThoseWhoAnswered() throws Exception {
        JsonNode seen = desk.api().follow(TENANT, alert, status -> waveOf(Desk.conserved(status), "mail") > 0);
        assertThat(seen.at("/alert/alertId").asLong())
                .as("the stream tells of the alert")
                .isEqualTo(alert);
        assertThat(waveOf(seen, "voice")).as("telephones rang before").isEqualTo(2);
        whatIsPressedIsAnswered();
        long mailWave = waveOf(seen, "mail");
        assertThat(mailWave).isPositive();
        desk.await(alert, "everybody written to by mail has an end", status -> {
            JsonNode wave = Desk.wave(status, (int) mailWave);
            return carriers.mail.counters().accepted() > 0
                    && (wave.get("closed").asBoolean()
                            || wave.at("/observations/accepted").asLong()
                                            + wave.at("/observations/rejected").asLong()
                                    >= wave.get("targets").asLong());
        });
        Instant mailsBegan =
                Instant.parse(Desk.wave(seen, (int) mailWave).get("openedAt").asText());
        int spared = 0;
        for (Map.Entry<Long, Integer> person : answeredEarly.entrySet()) {
            String mailbox = mailboxes.get(person.getKey());
            if (mailbox != null && carriers.mail.mailsTo(mailbox) == 0) {
                spared++;
            } else if (mailbox != null) {
                assertThat(answeredAt(person.getValue()))
                        .as("somebody who got a mail had not answered when the mails began")
                        .isAfter(mailsBegan);
            }
        }
        assertThat(spared).isGreaterThan(50);
        assertThat(carriers.mail.lastMails()).allSatisfy(mail -> {
            assertThat(Texts.subject(mail)).containsAnyOf("INONDATION", "FLOOD", "INUNDAÇÃO");
            assertThat(Texts.body(mail)).contains("03 53 01 00 10", "/a/").doesNotContain("{{");
        });
        await("answers given on the page behind the mail's link")
                .atMost(Desk.LIMIT)
                .until(() -> carriers.mail.counters().webAnswers() > 50);
        assertThat(carriers.mail.counters().webFailures()).isZero();
        assertThat(Desk.count(desk.status(alert), "answered")).isGreaterThan(answeredEarly.size());
    }

    private Instant answeredAt(int recipientNo) throws Exception {
        for (JsonNode observation : desk.get("/alerts/" + alert + "/people/" + recipientNo)
                .expect(200)
                .get("items")) {
            if (observation.get("kind").asText().equals("answered")) {
                return Instant.parse(observation.get("at").asText());
            }
        }
        throw new AssertionError("no answer of recipient " + recipientNo);
    }

    private static long waveOf(JsonNode status, String channel) {
        for (JsonNode wave : status.get("waves")) {
            if (wave.get("channel").asText().equals(channel)) {
                return wave.get("waveNo").asLong();
            }
        }
        return 0;
    }

    @Test
    @Order(7)
    void theSilentAreReachedAgainAndNobodyElse() throws Exception {
        Set<String> silent = new HashSet<>();
        Set<String> done = new HashSet<>();
        carriers.smsc.reset();
        JsonNode opened = desk.post(
                        "/alerts/" + alert + "/relaunches",
                        Map.of(
                                "states",
                                List.of("delivered", "failed", "unknown", "pending"),
                                "channel",
                                "sms",
                                "patience",
                                "PT10S"))
                .expect(201);
        int wave = opened.get("waveNo").asInt();
        assertThat(opened.get("targets").asInt()).isPositive();
        for (JsonNode person : desk.people(alert, "")) {
            String telephone = mobiles.get(person.get("contactId").asLong());
            if (telephone != null) {
                (answeredEarly.containsKey(person.get("contactId").asLong()) ? done : silent).add(telephone);
            }
        }
        desk.await(
                alert,
                "the relaunch has ended",
                status -> Desk.wave(status, wave).path("closed").asBoolean() || Desk.count(status, "pending") == 0);
        Set<String> reached = carriers.smsc.messages().stream()
                .map(ReceivedMessage::destination)
                .collect(Collectors.toSet());
        assertThat(reached).isNotEmpty().isSubsetOf(silent).doesNotContainAnyElementsOf(done);
    }

    @Test
    @Order(8)
    void theAlertIsClosedAndItsEvidenceConvincesSomebodyWithoutThePlatform() throws Exception {
        JsonNode end = desk.end(alert);
        assertThat(end.at("/alert/state").asText()).isEqualTo("CLOSED");
        assertThat(Desk.count(end, "pending")).isZero();
        for (String state : List.of("answered", "delivered", "failed", "unknown")) {
            assertThat(desk.people(alert, state)).as(state).hasSize((int) Desk.count(end, state));
        }
        Path evidence = folder.resolve("evidence.zip");
        desk.api().download(desk.path("/alerts/" + alert + "/evidence"), evidence);
        assertThat(node.launcher("verify", evidence.toString(), "--json")).contains("\"intact\":true");

        byte[] whole = Files.readAllBytes(evidence);
        Path touched = folder.resolve("touched.zip");
        byte[] other = whole.clone();
        other[whole.length / 3] ^= 1;
        Files.write(touched, other);
        assertThatThrownBy(() -> node.launcher("verify", touched.toString(), "--json"))
                .hasMessageContaining("ended with 1")
                .hasMessageContaining("\"intact\":false")
                .hasMessageMatching("(?s).*\"firstBad\":\"[^\"]+.*");
        Path letter = Files.writeString(folder.resolve("letter.txt"), "Monsieur le Préfet,\n");
        assertThatThrownBy(() -> node.launcher("verify", letter.toString())).hasMessageContaining("ended with 2");

        assertThat(desk.get("/journal/integrity").expect(200).get("whole").asBoolean())
                .isTrue();
        assertThat(desk.all("/journal?").stream().map(e -> e.get("action").asText()))
                .contains("alert.launched", "alert.relaunched", "alert.closed")
                .filteredOn("alert.launched"::equals)
                .hasSize(1);
    }

    @Test
    @Order(9)
    void aSecondAlertIsPausedResumedAndCancelledAndSaysWhoWasReached() throws Exception {
        carriers.smsc.reset();
        carriers.smsc.behave(sms -> sms.people(SmsPeople.silent()).maxPerSecond(150));
        ObjectNode request = desk.request("inondation", false, Duration.ofMinutes(10));
        request.putObject("variables").put("point_rassemblement", "la salle des fêtes");
        long second = desk.launch("crue-2", request);
        desk.await(second, "some have been reached", status -> Desk.count(status, "delivered") > 20);
        JsonNode paused = Desk.conserved(
                desk.post("/alerts/" + second + "/pause", Map.of()).expect(200));
        assertThat(paused.at("/alert/state").asText()).isEqualTo("PAUSED");
        long atRest = atRest();
        assertThat(atRest).isLessThan(Desk.count(paused, "recipients"));

        desk.post("/alerts/" + second + "/resume", Map.of()).expect(200);
        await("it goes on")
                .atMost(Desk.LIMIT)
                .until(() -> carriers.smsc.counters().messages() > atRest + 20);
        JsonNode cancelled = Desk.conserved(
                desk.post("/alerts/" + second + "/cancellation", Map.of()).expect(200));
        assertThat(cancelled.at("/alert/state").asText()).isEqualTo("CANCELLED");
        assertThat(Desk.count(cancelled, "delivered"))
                .as("who was reached is stated")
                .isGreaterThan(20);
        long left = atRest();
        JsonNode end = desk.await(second, "every receipt is in", status -> Desk.count(status, "pending") == 0);
        assertThat(carriers.smsc.counters().messages())
                .as("nothing leaves after a cancellation")
                .isEqualTo(left);
        assertThat(Desk.count(end, "failed")).as("those never tried").isPositive();
        Set<String> got = carriers.smsc.messages().stream()
                .map(ReceivedMessage::destination)
                .collect(Collectors.toSet());
        assertThat(desk.people(second, "delivered")).allSatisfy(person -> assertThat(got)
                .contains(mobiles.get(person.get("contactId").asLong())));
        assertThat(carriers.smsc.messages()).allSatisfy(message -> {
            assertThat(Texts.gsm(message.text()))
                    .as("ê is not in the GSM alphabet")
                    .isFalse();
            assertThat(message.text()).contains("la salle des fêtes");
            assertThat(message.segments()).isEqualTo(Texts.segments(message.text()));
        });
        Api.Answer again = desk.post("/alerts/" + second + "/resume", Map.of());
        assertThat(again.status()).as(again.raw().body()).isEqualTo(422);
        assertThat(desk.api().get("/metrics").raw().body())
                .contains("tocsin_dispatch_inbound_answered_total", "tocsin_account_up{");
    }

    /** Waits until no message has come for a while, so that what was under way has ended. @return how many came */
    private long atRest() {
        long[] before = {-1, 0};
        await("nothing comes any more")
                .atMost(Desk.LIMIT)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> {
                    long now = carriers.smsc.counters().messages();
                    before[1] = now == before[0] ? before[1] + 1 : 0;
                    before[0] = now;
                    return before[1] >= 4;
                });
        return before[0];
    }
}
