package io.tocsin.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.tocsin.bench.Api;
import io.tocsin.bench.RunningNode;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Alerts by SMS through an SMPP server that is not of our family: the smpp package of Node.js. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ForeignSmppStory {
    private static final int PEOPLE = 600;
    private static final String SENDER = "38999";

    /** One segment of GSM-7, its extension table included. */
    private static final String GSM = "Barème [Combe] à 10 €, {{last_name}} : répondez 1.";

    /** Several segments of GSM-7. */
    private static final String LONG =
            ("Combe-aux-Loups, {{last_name}} : la Loue déborde, quittez la rive. ").repeat(5);

    /** Several segments of UCS-2: ê and ç are not in GSM-7, the ideographs nowhere near. */
    private static final String WIDE = ("La forêt brûle, {{last_name}}, ça se rapproche : 請立即撤離. ").repeat(3);

    private static SmppPeer peer;
    private static RunningNode node;
    private static Api api;

    @BeforeAll
    static void start() throws Exception {
        peer = SmppPeer.start("tocsin", "autre-sm", 20);
        node = Combe.of(PEOPLE)
                .sms(
                        "sms",
                        10,
                        peer.port(),
                        200,
                        "window: \"20\"",
                        "transmit-binds: \"2\"",
                        "receive-binds: \"1\"",
                        "message-id-format: hex-then-decimal")
                .scenario("court", asking(GSM))
                .scenario("long", asking(LONG))
                .scenario("large", asking(WIDE))
                .start(Map.of("TOCSIN_SECRET_SMS", "autre-sm"));
        api = Watched.signIn(node);
        Watched.awaitAccounts(node);
    }

    @AfterAll
    static void stop() {
        if (node != null) {
            node.close();
        }
        if (peer != null) {
            peer.close();
        }
    }

    @Test
    @Order(1)
    void transmittersAndReceiversBindApart() {
        assertThat(peer.state().get("transmitters").asInt()).isEqualTo(2);
        assertThat(peer.state().get("receivers").asInt()).isEqualTo(1);
    }

    @Test
    @Order(2)
    void gsm7TextArrivesWholeAndIsDelivered() throws Exception {
        everybodyReads("court", GSM, 1, 0);
    }

    @Test
    @Order(3)
    void longTextArrivesInOrderedSegments() throws Exception {
        everybodyReads("long", LONG, 3, 0);
    }

    @Test
    @Order(4)
    void textOutsideGsm7ArrivesAsUcs2() throws Exception {
        everybodyReads("large", WIDE, 3, 8);
    }

    @Test
    @Order(5)
    void replyBecomesAnAnswer() throws Exception {
        Watched alert = Watched.launch(api, "court", Combe.LEFT_BANK);
        alert.await("everybody is delivered", t -> t.delivered() == t.recipients());
        peer.write(Combe.number(7).substring(1), SENDER, "1");
        peer.write(Combe.number(8).substring(1), SENDER, "2 s'il vous plaît");
        alert.await("both answers count", t -> t.answered() == 2);
        assertThat(alert.people().get(7).state()).isEqualTo("answered");
        assertThat(alert.status().get("answers").toString()).contains("\"1\":1").contains("\"2\":1");
        alert.close();
    }

    @Test
    @Order(6)
    void peerThatRestartsMidAlertCostsNothing() throws Exception {
        int before = peer.state().get("messages").size();
        Watched alert = Watched.launch(api, Combe.FLOOD, Combe.ALL);
        alert.await("a part has left", () -> peer.state().get("messages").size() > before + PEOPLE / 5);
        peer.restart();
        assertThat(peer.state().get("messages").size())
                .as("some are still to leave")
                .isLessThan(before + PEOPLE);
        alert.await("everybody is delivered", t -> t.delivered() == t.recipients());
        Map<String, Integer> copies = new HashMap<>();
        JsonNode messages = peer.state().get("messages");
        for (int i = before; i < messages.size(); i++) {
            copies.merge("+" + messages.get(i).get("to").asText(), 1, Integer::sum);
        }
        alert.people().forEach((n, person) -> assertThat(copies.get(Combe.number(n)))
                .as("copies of person %s, %s", n, person)
                .isBetween(1, person.possibleDuplicate() ? 2 : 1));
        assertThat(Watched.accounts(node).values()).allMatch(a -> a.startsWith("up"));
    }

    private static void everybodyReads(String scenario, String template, int segments, int coding) throws Exception {
        int before = peer.state().get("messages").size();
        Watched alert = Watched.launch(api, scenario, Combe.LEFT_BANK);
        alert.await("everybody is delivered", t -> t.delivered() == t.recipients());
        await("no receipt waits")
                .atMost(Duration.ofMinutes(1))
                .until(() -> peer.state().get("waiting").asInt() == 0);
        JsonNode messages = peer.state().get("messages");
        assertThat(messages.size() - before).isEqualTo(PEOPLE / 2);
        for (int i = before; i < messages.size(); i++) {
            JsonNode message = messages.get(i);
            int person = Integer.parseInt(message.get("to").asText().substring(7)) + 1;
            assertThat(message.get("text").asText().strip())
                    .isEqualTo(template.replace("{{last_name}}", "Habitant%04d".formatted(person - 1))
                            .strip());
            assertThat(message.get("segments").asInt()).isEqualTo(segments);
            assertThat(message.get("coding").asInt()).isEqualTo(coding);
            assertThat(message.get("from").asText()).isEqualTo(SENDER);
        }
        JsonNode history = api.get(alert.path() + "/people/1").expect(200).get("items");
        assertThat(List.copyOf(history.findValuesAsText("kind")))
                .as("every segment has its acceptance and its receipt")
                .filteredOn("delivered"::equals)
                .hasSize(segments);
        alert.close();
    }

    private static String asking(String text) {
        return """
                name: Crue
                category: life-safety
                lists: [tous]
                cascade:
                  - {channel: sms, patience: PT10M, attempts: 5, until: answered}
                question:
                  choices: {"1": Je suis en sécurité, "2": J'ai besoin d'aide}
                fallback-language: fr
                messages:
                  fr:
                    sms: {text: "%s"}
                """
                .formatted(text);
    }
}
