package io.tocsin.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.bench.Api;
import io.tocsin.bench.RunningNode;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Alerts by mail through Postfix to mailboxes of Dovecot, and what comes back: reports, bounces, replies. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ForeignMailStory {
    private static final int PEOPLE = 60;
    private static final int UNKNOWN = 1;
    private static final int GONE = 2;
    private static final Pattern LINK = Pattern.compile("http://127\\.0\\.0\\.1:\\d+/a/\\S+");

    private static MailPeers peers;
    private static RunningNode node;
    private static Api api;
    private static Watched alert;

    @BeforeAll
    static void start() throws Exception {
        peers = MailPeers.start();
        node = Combe.of(PEOPLE)
                .mailboxes("habitant+%04d@commune.example")
                .mailbox(UNKNOWN, "personne@commune.example")
                .mailbox(GONE, "parti@bounce.example")
                .mail("mail", 10, peers.settings("secret:mail"))
                .start(Map.of("TOCSIN_SECRET_MAIL", "bounces-secret"));
        api = Watched.signIn(node);
        Watched.awaitAccounts(node);
        alert = Watched.launch(api, Combe.MAIL, Combe.ALL);
    }

    @AfterAll
    static void stop() throws Exception {
        if (node != null) {
            node.close();
        }
        if (peers != null) {
            peers.close();
        }
    }

    @Test
    @Order(1)
    void everyMailboxHasItOnceAndItsReportSaysDelivered() throws Exception {
        alert.await("all but two are delivered", t -> t.delivered() == PEOPLE - 2 && t.failed() == 2);
        Map<String, Integer> copies = new HashMap<>();
        for (MimeMessage mail : peers.mailsOf("habitant")) {
            copies.merge(mail.getAllRecipients()[0].toString(), 1, Integer::sum);
            assertThat(mail.getSubject()).isEqualTo("CRUE à Combe-aux-Loups");
            assertThat(text(mail)).contains("montez à l'école").containsPattern(LINK);
        }
        assertThat(copies).hasSize(PEOPLE - 2).allSatisfy((address, n) -> assertThat(n)
                .isEqualTo(1));
    }

    @Test
    @Order(2)
    void unknownPeopleFailWithTheServersReason() throws Exception {
        Map<Integer, Watched.Person> people = alert.people();
        assertThat(people.get(UNKNOWN).state()).isEqualTo("failed");
        assertThat(people.get(UNKNOWN).code()).contains("550").contains("5.1.1");
        assertThat(people.get(GONE).state()).as("refused by the server behind").isEqualTo("failed");
        assertThat(people.get(GONE).code()).contains("5.1.1");
    }

    @Test
    @Order(3)
    void replyByMailIsAnAnswer() throws Exception {
        peers.reply("habitant", mailTo(10), "1\n\nLa commune a écrit :\n> Choisissez 1 ou 2.\n");
        alert.await("the answer counts", t -> t.answered() == 1);
        assertThat(alert.people().get(10).state()).isEqualTo("answered");
    }

    @Test
    @Order(4)
    void linkInTheMailShowsTheQuestionAndOnlyTheButtonAnswers() throws Exception {
        Matcher link = LINK.matcher(text(mailTo(11)));
        assertThat(link.find()).isTrue();
        HttpRequest.Builder page = HttpRequest.newBuilder(URI.create(link.group()));
        assertThat(send(page.GET()).body()).contains("en sécurité");
        assertThat(alert.totals().answered()).as("looking is not answering").isEqualTo(1);
        send(page.POST(HttpRequest.BodyPublishers.ofString("answer=2")));
        alert.await("the answer counts", t -> t.answered() == 2);
        assertThat(alert.people().get(11).state()).isEqualTo("answered");
    }

    @Test
    @Order(5)
    void postfixRestartedMidAlertCostsNothing() throws Exception {
        alert.close();
        int before = peers.mailsOf("habitant").size();
        Watched second = Watched.launch(api, Combe.MAIL, Combe.RIGHT_BANK);
        peers.stopSmtp();
        peers.startSmtp();
        second.await("everybody is delivered", t -> t.delivered() == PEOPLE / 2);
        List<MimeMessage> mails = peers.mailsOf("habitant");
        Map<Integer, Watched.Person> people = second.people();
        Map<String, Integer> copies = new HashMap<>();
        for (MimeMessage mail : mails.subList(before, mails.size())) {
            copies.merge(mail.getAllRecipients()[0].toString(), 1, Integer::sum);
        }
        people.forEach((n, person) -> assertThat(copies.get("habitant+%04d@commune.example".formatted(n - 1)))
                .as("copies of person %s, %s", n, person)
                .isBetween(1, person.possibleDuplicate() ? 2 : 1));
    }

    private static MimeMessage mailTo(int person) throws MessagingException {
        String address = "habitant+%04d@commune.example".formatted(person - 1);
        for (MimeMessage mail : peers.mailsOf("habitant")) {
            if (mail.getAllRecipients()[0].toString().equals(address)) {
                return mail;
            }
        }
        throw new AssertionError("no mail to " + address);
    }

    private static String text(Part part) throws MessagingException, IOException {
        if (part.isMimeType("text/plain")) {
            return (String) part.getContent();
        }
        StringBuilder text = new StringBuilder();
        if (part.getContent() instanceof Multipart parts) {
            for (int i = 0; i < parts.getCount(); i++) {
                text.append(text(parts.getBodyPart(i)));
            }
        }
        return text.toString();
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response =
                HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response;
    }
}
