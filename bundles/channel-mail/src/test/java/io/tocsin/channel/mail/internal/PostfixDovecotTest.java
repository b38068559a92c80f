package io.tocsin.channel.mail.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.Receipt;
import io.tocsin.channel.api.Receipt.State;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.api.SendOutcome.Accepted;
import io.tocsin.channel.api.SendOutcome.Fault;
import io.tocsin.channel.api.SendOutcome.Rejected;
import io.tocsin.channel.api.SendOutcome.Retry;
import io.tocsin.channel.testkit.CapturedLog;
import io.tocsin.channel.testkit.RecordingEvents;
import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The channel against mail servers it was not written with: Postfix and Dovecot, STARTTLS, login, DSN, IMAP. Needs root
 * and the packages {@code postfix dovecot-imapd dovecot-lmtpd openssl}; fails without them.
 */
@Tag("peers")
class PostfixDovecotTest {
    private static final String HABITANT = "habitant@commune.example";

    private static PostfixDovecot peers;

    private final RecordingEvents events = new RecordingEvents();
    private Channel channel;

    @BeforeAll
    static void startPeers() throws Exception {
        peers = PostfixDovecot.start();
    }

    @AfterAll
    static void stopPeers() throws Exception {
        if (peers != null) {
            peers.close();
        }
    }

    @AfterEach
    void close() {
        if (channel != null) {
            channel.close();
        }
    }

    @Test
    void deliveredReportFindsItsMessage() throws Exception {
        channel = Mails.up(peers.settings(), events);
        assertThat(Mails.sent(channel, Mails.message("p1.delivered", HABITANT)))
                .isEqualTo(new Accepted("p1.delivered@commune.example"));
        Receipt receipt = receipt("p1.delivered");
        assertThat(receipt.state()).isEqualTo(State.DELIVERED);
        assertThat(receipt.address()).contains(HABITANT);
        assertThat(receipt.code()).isEqualTo("delivered-2.0.0");
    }

    @Test
    void relayedReportIsNewsAndNoEnd() throws Exception {
        channel = Mails.up(peers.settings(), events);
        Mails.sent(channel, Mails.message("p2.relayed", "relayed@commune.example"));
        assertThat(receipt("p2.relayed").state()).isEqualTo(State.BUFFERED);
    }

    @Test
    void unknownUserIsRefusedAtOnceWhereTheServerKnows() throws Exception {
        channel = Mails.up(peers.settings(), events);
        assertThat(Mails.sent(channel, Mails.message("p3.unknown", "personne@commune.example")))
                .isEqualTo(new Rejected("smtp-550-5.1.1", Fault.ADDRESS));
    }

    @Test
    void unknownUserBouncesWhereOnlyTheNextServerKnows() throws Exception {
        channel = Mails.up(peers.settings(), events);
        assertThat(Mails.sent(channel, Mails.message("p4.bounced", "parti@bounce.example")))
                .isInstanceOf(Accepted.class);
        Receipt receipt = receipt("p4.bounced");
        assertThat(receipt.state()).isEqualTo(State.FAILED);
        assertThat(receipt.address()).contains("parti@bounce.example");
        assertThat(receipt.code()).isEqualTo("failed-5.1.1");
    }

    @Test
    void replyFromThePersonsOwnMailboxFindsItsMessage() throws Exception {
        Map<String, String> deleting = new HashMap<>(peers.settings());
        deleting.put("imap-after", "delete");
        channel = Mails.up(deleting, events);
        Mails.sent(channel, Mails.message("p5.answered", HABITANT));
        MimeMessage original = read("habitant", "p5.answered");
        MimeMessage reply = (MimeMessage) original.reply(false);
        reply.setFrom(new InternetAddress(HABITANT));
        reply.setText("1\n\nOn Friday the commune wrote:\n> Montée des eaux.\n", "utf-8");
        reply.saveChanges();
        append("bounces", reply);
        await().atMost(Mails.LIMIT).until(() -> !events.inbound().isEmpty());
        assertThat(events.inbound()).singleElement().satisfies(answer -> {
            assertThat(answer.text()).isEqualTo("1");
            assertThat(answer.reference()).contains("p5.answered");
            assertThat(answer.from()).isEqualTo(HABITANT);
        });
    }

    @Test
    void wrongPasswordIsSaidAndNotShown() throws Exception {
        Map<String, String> wrong = new HashMap<>(peers.settings());
        wrong.put("password", "Wrong-4f1c");
        wrong.remove("imap-host");
        try (var log = new CapturedLog()) {
            channel = new MailChannelProvider().open(new ChannelAccount("faux", wrong), events);
            await().atMost(Mails.LIMIT).until(() -> channel.health().detail().contains("535"));
            assertThat(channel.health().state()).isEqualTo(ChannelHealth.State.DOWN);
            SendOutcome outcome = Mails.sent(channel, Mails.message("p6.wrong", HABITANT));
            assertThat(outcome).isInstanceOf(Retry.class);
            assertThat(((Retry) outcome).scope()).isEqualTo(SendOutcome.Scope.ACCOUNT);
            assertThat(log.text() + channel.health() + outcome).doesNotContain("Wrong-4f1c");
        }
    }

    @Test
    void certificateOfAnUnknownAuthorityIsNotTrusted() throws Exception {
        Map<String, String> system = new HashMap<>(peers.settings());
        system.remove("trust");
        system.remove("imap-host");
        channel = new MailChannelProvider().open(new ChannelAccount("inconnu", system), events);
        await().atMost(Mails.LIMIT).until(() -> channel.health().detail().equals("tls-failed"));
        assertThat(Mails.sent(channel, Mails.message("p7.untrusted", HABITANT))).isInstanceOf(Retry.class);
    }

    @Test
    void serverRestartedMidRunLosesNothingAndIsGivenNothingTwice() throws Exception {
        channel = Mails.up(peers.settings(), events);
        List<String> all = IntStream.range(0, 60).mapToObj(n -> "p8." + n).toList();
        Set<String> doubtful = new HashSet<>();
        for (int n = 0; n < all.size(); n++) {
            CompletionStage<SendOutcome> sent = channel.send(Mails.message(all.get(n), HABITANT));
            if (n == 20) {
                peers.stopSmtp();
                peers.startSmtp();
            }
            SendOutcome outcome = sent.toCompletableFuture().get(60, TimeUnit.SECONDS);
            if (outcome instanceof Retry) {
                String reference = all.get(n);
                outcome = await().atMost(Mails.LIMIT)
                        .until(
                                () -> Mails.sent(channel, Mails.message(reference, HABITANT)),
                                again -> !(again instanceof Retry));
            }
            if (!(outcome instanceof Accepted)) {
                doubtful.add(all.get(n));
            }
        }
        Set<String> expected = new HashSet<>(all);
        expected.removeAll(doubtful);
        await().atMost(Mails.LIMIT).until(() -> references().containsAll(expected));
        for (String reference : expected) { // not receipts: a server stopped while it writes one may write it again
            assertThat(peers.timesTaken(reference + "@commune.example"))
                    .as("submissions of %s that Postfix took", reference)
                    .isEqualTo(1);
        }
    }

    private Set<String> references() {
        return events.receipts().stream()
                .map(receipt -> receipt.reference().orElse("?"))
                .collect(Collectors.toSet());
    }

    private Receipt receipt(String reference) {
        await().atMost(Mails.LIMIT).until(() -> references().contains(reference));
        return events.receipts().stream()
                .filter(receipt -> receipt.reference().filter(reference::equals).isPresent())
                .findFirst()
                .orElseThrow();
    }

    private static MimeMessage read(String user, String reference) throws MessagingException {
        try (var store = imap().getStore("imap")) {
            store.connect("localhost", peers.imapPort(), user, user + "-secret");
            Folder inbox = store.getFolder("INBOX");
            return await().atMost(Mails.LIMIT)
                    .until(
                            () -> {
                                inbox.open(Folder.READ_ONLY);
                                MimeMessage found = null;
                                for (Message mail : inbox.getMessages()) {
                                    if (((MimeMessage) mail).getMessageID().startsWith("<" + reference + "@")) {
                                        found = new MimeMessage((MimeMessage) mail);
                                    }
                                }
                                inbox.close(false);
                                return found;
                            },
                            found -> found != null);
        }
    }

    private static void append(String user, MimeMessage mail) throws MessagingException {
        try (var store = imap().getStore("imap")) {
            store.connect("localhost", peers.imapPort(), user, user + "-secret");
            mail.setFlags(new Flags(), true);
            store.getFolder("INBOX").appendMessages(new Message[] {mail});
        }
    }

    private static Session imap() {
        var properties = new Properties();
        properties.setProperty("mail.imap.starttls.required", "true");
        properties.setProperty("mail.imap.ssl.trust", "localhost");
        properties.setProperty("mail.imap.ssl.checkserveridentity", "false");
        return Session.getInstance(properties);
    }
}
