package io.tocsin.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tocsin.bench.Api;
import io.tocsin.bench.RunningNode;
import io.tocsin.lab.mail.MailOptions;
import io.tocsin.lab.mail.MailScript;
import io.tocsin.lab.mail.SimulatedMail;
import io.tocsin.lab.smsc.SimulatedSmsc;
import io.tocsin.lab.smsc.SmscOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** What carriers do to a node: refuse it, cut it off, slow it down, put it off; and the second one that takes over. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CarrierFaultsStory {
    private static final int PEOPLE = 1000;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private static SimulatedSmsc first;
    private static SimulatedSmsc second;
    private static SimulatedMail mail;
    private static RunningNode node;
    private static Api api;

    @BeforeAll
    static void start() throws Exception {
        first = SimulatedSmsc.start(carrier("first-sm"));
        second = SimulatedSmsc.start(carrier("other-sm"));
        second.refuseConnections(true);
        mail = SimulatedMail.start(MailOptions.builder()
                .login("tocsin", "faults-mail-password")
                .mailbox("bounces", "faults-mail-password")
                .reports(true, Duration.ofMillis(100))
                .build());
        node = Combe.of(PEOPLE)
                .sms("premier", 10, first.port(), 400, "reference-tag: \"0x1400\"", "reconnect-delay: 500ms")
                .sms("second", 20, second.port(), 400, "reference-tag: \"0x1400\"", "reconnect-delay: 500ms")
                .mail(
                        "mail",
                        10,
                        "host: 127.0.0.1",
                        "port: \"" + mail.smtpPort() + "\"",
                        "security: none",
                        "user: tocsin",
                        "password: secret:mail",
                        "from: alerte@combe.example",
                        "return-path: bounces@combe.example",
                        "retry-interval: 500ms",
                        "imap-host: 127.0.0.1",
                        "imap-port: \"" + mail.imapPort() + "\"",
                        "imap-security: none",
                        "imap-user: bounces",
                        "imap-password: secret:mail",
                        "poll-interval: 500ms")
                .setting("io.tocsin.routing", "inDoubtGraceSeconds", "3")
                .setting("io.tocsin.routing", "retryBaseSeconds", "1")
                .start(Map.of(
                        "TOCSIN_SECRET_PREMIER", "wrong-sm",
                        "TOCSIN_SECRET_SECOND", "other-sm",
                        "TOCSIN_SECRET_MAIL", "faults-mail-password"));
        api = Watched.signIn(node);
    }

    private static SmscOptions carrier(String password) {
        return SmscOptions.builder()
                .account("tocsin", password)
                .latency(Duration.ofMillis(40))
                .receiptDelay(Duration.ofMillis(100))
                .build();
    }

    @AfterEach
    void nobodyIsLostNorCountedTwice() {
        node.checkConservation();
    }

    @AfterAll
    static void stop() {
        if (node != null) {
            node.close();
        }
        for (AutoCloseable carrier : new AutoCloseable[] {first, second, mail}) {
            closeQuietly(carrier);
        }
    }

    private static void closeQuietly(AutoCloseable carrier) {
        if (carrier instanceof SimulatedSmsc smsc) {
            smsc.close();
        } else if (carrier instanceof SimulatedMail server) {
            server.close();
        }
    }

    @Test
    @Order(1)
    void refusedBindIsNamedAndCostsNobody() throws Exception {
        await("the reason is shown").atMost(LIMIT).until(() -> account("premier")
                .contains("invalid password"));
        assertThat(account("premier")).startsWith("down");
        assertThat(account("second")).startsWith("down");
        assertThat(node.console("tocsin:accounts")).contains("premier").contains("invalid password");
        assertThat(node.api().get("/health/ready").status())
                .as("alerts can be launched all the same")
                .isEqualTo(200);
        Watched alert = Watched.launch(api, Combe.FLOOD, Combe.ALL);
        assertThat(alert.totals().pending()).isEqualTo(PEOPLE);

        Path secret =
                Files.createDirectories(node.folder().resolve("etc/secrets")).resolve("premier");
        Files.writeString(secret, "first-sm\n");
        alert.await("everybody is delivered once the secret is right", t -> t.delivered() == PEOPLE);
        exactlyOnce(alert, n -> first.messagesTo(Combe.number(n)));
        assertThat(Files.readString(node.data().resolve("log/tocsin.log")))
                .doesNotContain("wrong-sm")
                .doesNotContain("first-sm");
    }

    @Test
    @Order(2)
    void droppedConnectionsLoseNobody() throws Exception {
        first.reset();
        first.behave(b -> b.dropRate(0.004));
        Watched alert = Watched.launch(api, Combe.FLOOD, Combe.ALL);
        for (int part = 1; part <= 3; part++) {
            int so = PEOPLE * part / 5;
            alert.await("a part has left", () -> first.counters().submits() > so);
            first.dropConnections();
        }
        alert.await("everybody is delivered", t -> t.delivered() == PEOPLE);
        first.behave(b -> b.dropRate(0));
        assertThat(first.counters().drops()).isGreaterThanOrEqualTo(3);
        onceOrFlagged(alert, n -> first.messagesTo(Combe.number(n)));
        assertThat(first.counters().duplicates())
                .as("messages that left twice under one reference")
                .isZero();
    }

    @Test
    @Order(3)
    void throttlingCarrierIsObeyed() throws Exception {
        first.reset();
        first.behave(b -> b.maxPerSecond(100));
        Watched alert = Watched.launch(api, Combe.FLOOD, Combe.ALL);
        alert.await("everybody is delivered", t -> t.delivered() == PEOPLE);
        first.behave(b -> b.maxPerSecond(0));
        assertThat(first.counters().throttled()).isPositive();
        exactlyOnce(alert, n -> first.messagesTo(Combe.number(n)));
    }

    @Test
    @Order(4)
    void secondAccountTakesOver() throws Exception {
        first.reset();
        second.reset();
        second.refuseConnections(false);
        await("the second account is up").atMost(LIMIT).until(() -> account("second")
                .startsWith("up"));
        Watched alert = firstDropsDead(Combe.FLOOD);
        alert.await("everybody has it", () -> reached() == PEOPLE);
        assertThat(second.counters().messages()).isPositive();
        first.refuseConnections(false);
        alert.await("everybody is delivered", t -> t.delivered() == PEOPLE);
        onceOrFlagged(alert, CarrierFaultsStory::copies);
        second.refuseConnections(true);
        second.dropConnections();
    }

    /** Which message of those that were on their way when it died arrived, nobody knows: information is never sent twice. */
    @Test
    @Order(5)
    void secondAccountTakesOverOnlyWhatCertainlyDidNotLeaveOfInformation() throws Exception {
        first.reset();
        second.reset();
        second.refuseConnections(false);
        await("the accounts are up")
                .atMost(LIMIT)
                .until(() ->
                        account("premier").startsWith("up") && account("second").startsWith("up"));
        Watched alert = firstDropsDead(Combe.ROADWORKS);
        alert.await("the rest leaves by the second", () -> second.counters().messages() > 0);
        alert.await("everybody was sent to or is in doubt", () -> alert.people().values().stream()
                .allMatch(p -> p.state().equals("delivered")
                        || p.code().equals("accepted")
                        || p.code().equals("connection-lost")));
        first.refuseConnections(false);
        alert.await("the receipts that waited settle what they can", t -> t.delivered() == reached());
        Set<Integer> doubtful = doubtful(alert);
        assertThat(doubtful).hasSize(PEOPLE - reached());
        assertThat(alert.totals().flagged()).isZero();
        alert.people().forEach((n, person) -> assertThat(copies(n))
                .as("copies of person %s, %s", n, person)
                .isEqualTo(doubtful.contains(n) ? 0 : 1));
        alert.close();
        assertThat(alert.totals().unknown()).isEqualTo(doubtful.size());
        second.refuseConnections(true);
        second.dropConnections();
    }

    /** The first carrier dies with the alert on its way; until then the second had nothing to do. */
    private static Watched firstDropsDead(String scenario) throws Exception {
        Watched alert = Watched.launch(api, scenario, Combe.ALL);
        alert.await("a part has left", () -> first.counters().submits() > PEOPLE / 4);
        assertThat(second.counters().submits())
                .as("the second is for when the first is down")
                .isZero();
        first.refuseConnections(true);
        first.dropConnections();
        return alert;
    }

    private static int copies(int person) {
        return first.messagesTo(Combe.number(person)) + second.messagesTo(Combe.number(person));
    }

    private static int reached() {
        int reached = 0;
        for (int n = 1; n <= PEOPLE; n++) {
            reached += copies(n) > 0 ? 1 : 0;
        }
        return reached;
    }

    private static Set<Integer> doubtful(Watched alert) throws Exception {
        return alert.people().entrySet().stream()
                .filter(p -> p.getValue().code().equals("connection-lost"))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    @Test
    @Order(6)
    void mailServerThatIsAwayThenPutsOffIsOutlasted() throws Exception {
        mail.refuseConnections(true);
        mail.dropConnections();
        Watched alert = Watched.launch(api, Combe.MAIL, Combe.ALL);
        await("the reason is shown").atMost(LIMIT).until(() -> account("mail").startsWith("down"));
        assertThat(alert.totals().pending()).isEqualTo(PEOPLE);
        mail.follow(new Greylisting());
        mail.behave(b -> b.reply("habitant00*", "550 5.1.1 No such user"));
        mail.refuseConnections(false);
        alert.await("all but the unknown are delivered", t -> t.delivered() == PEOPLE - 100 && t.failed() == 100);
        alert.people().forEach((n, person) -> {
            assertThat(person.state()).as("person %s", n).isEqualTo(n <= 100 ? "failed" : "delivered");
            if (n <= 100) {
                assertThat(person.code()).contains("550");
            }
        });
        assertThat(mail.counters().duplicates()).isZero();
    }

    /** Puts everybody off once, as servers do with strangers. */
    private static final class Greylisting implements MailScript {
        private final Set<String> seen = ConcurrentHashMap.newKeySet();

        @Override
        public CompletionStage<Move> atRecipient(String recipient) {
            return CompletableFuture.completedFuture(
                    seen.add(recipient) ? new Move.Say("451 4.7.1 Greylisted, come again") : new Move.GoOn());
        }
    }

    private static String account(String slug) throws Exception {
        return Watched.accounts(node).entrySet().stream()
                .filter(a -> a.getKey().endsWith(slug))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("none");
    }

    private static void exactlyOnce(Watched alert, IntUnaryOperator copies) throws Exception {
        alert.people().forEach((n, person) -> assertThat(copies.applyAsInt(n))
                .as("copies of person %s, %s", n, person)
                .isEqualTo(1));
    }

    private static void onceOrFlagged(Watched alert, IntUnaryOperator copies) throws Exception {
        alert.people().forEach((n, person) -> assertThat(copies.applyAsInt(n))
                .as("copies of person %s, %s", n, person)
                .isBetween(1, person.possibleDuplicate() ? 4 : 1));
    }
}
