package io.tocsin.channel.mail.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.InboundMessage;
import io.tocsin.channel.api.Receipt;
import io.tocsin.channel.api.Receipt.State;
import io.tocsin.channel.api.SendOutcome.Accepted;
import io.tocsin.channel.testkit.RecordingEvents;
import io.tocsin.lab.mail.MailOptions;
import io.tocsin.lab.mail.SimulatedMail;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sending and hearing back, through real SMTP and IMAP. */
class MailboxTest {
    private final RecordingEvents events = new RecordingEvents();
    private SimulatedMail lab;
    private Channel channel;

    @BeforeEach
    void start() throws IOException {
        lab = SimulatedMail.start(MailOptions.builder()
                .login("tocsin", "Sesame-7f3b")
                .reports(true, Duration.ofMillis(20))
                .think(Duration.ZERO, Duration.ofMillis(20))
                .build());
    }

    @AfterEach
    void stop() {
        if (channel != null) {
            channel.close();
        }
        lab.close();
    }

    private void open(String... more) throws Exception {
        Map<String, String> settings = new HashMap<>(LabPeer.settings(lab));
        settings.put("imap-host", "127.0.0.1");
        settings.put("imap-port", Integer.toString(lab.imapPort()));
        settings.put("imap-security", "none");
        settings.put("imap-user", "bounces");
        settings.put("imap-password", "bounces");
        settings.put("poll-interval", "50ms");
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        channel = Mails.up(settings, events);
    }

    @Test
    void deliveryIsReported() throws Exception {
        open();
        Mails.sent(channel, Mails.message("r1", "habitant@commune.example"));
        Receipt receipt = oneReceipt();
        assertThat(receipt.state()).isEqualTo(State.DELIVERED);
        assertThat(receipt.reference()).contains("r1");
        assertThat(receipt.carrierId()).isEqualTo("r1@commune.example");
        assertThat(receipt.address()).contains("habitant@commune.example");
        assertThat(receipt.code()).isEqualTo("delivered-2.1.5");
        await().atMost(Mails.LIMIT).until(() -> lab.unread() == 0);
    }

    @Test
    void bounceIsReported() throws Exception {
        open();
        Mails.sent(channel, Mails.message("r2", "parti@bounce.example"));
        Receipt receipt = oneReceipt();
        assertThat(receipt.state()).isEqualTo(State.FAILED);
        assertThat(receipt.reference()).contains("r2");
        assertThat(receipt.code()).isEqualTo("failed-5.1.1");
    }

    @Test
    void replyIsReportedWithTheWordsAboveTheQuotation() throws Exception {
        lab.behave(options -> options.people(0, 1).answers(List.of("2")));
        open();
        Mails.sent(channel, Mails.message("r3", "habitant@commune.example"));
        await().atMost(Mails.LIMIT).until(() -> events.inbound().size() == 1);
        InboundMessage reply = events.inbound().get(0);
        assertThat(reply.text()).isEqualTo("2");
        assertThat(reply.reference()).contains("r3");
        assertThat(reply.from()).isEqualTo("habitant@commune.example");
        assertThat(reply.to()).isEqualTo("bounces@commune.example");
        assertThat(reply.id()).isNotBlank();
    }

    @Test
    void mailIsFlaggedOnlyOnceItsEventIsStored() throws Exception {
        open("imap-after", "delete");
        events.refuseNext(2);
        Mails.sent(channel, Mails.message("r4", "habitant@commune.example"));
        assertThat(oneReceipt().reference()).as("read again until it is stored").contains("r4");
        await().atMost(Mails.LIMIT).until(() -> lab.unread() == 0);
        assertThat(events.receipts()).hasSize(1);
    }

    @Test
    void robotsAndRubbishAreNoAnswers() throws Exception {
        open();
        lab.deliver(
                Mails.bytes(
                        """
                From: habitant@commune.example
                To: alertes@commune.example
                Subject: Absent
                Auto-Submitted: auto-replied
                In-Reply-To: <r5@commune.example>

                Je suis absent, 1 semaine.
                """));
        lab.deliver(
                Mails.bytes("""
                Subject: nobody wrote this

                Hello
                """));
        lab.deliver(
                Mails.bytes(
                        """
                From: habitant@commune.example
                To: alertes@commune.example
                Content-Type: multipart/mixed; boundary=absent

                no part at all
                """));
        lab.deliver(
                Mails.bytes(
                        """
                From: habitant@commune.example
                To: alertes@commune.example
                In-Reply-To: <r6@commune.example>
                CamelMailSubject: evil
                mail.smtp.host: evil.example
                Content-Type: text/plain; charset=no-such-charset

                1
                """));
        await().atMost(Mails.LIMIT).until(() -> lab.unread() == 0);
        assertThat(events.inbound())
                .extracting(InboundMessage::text)
                .contains("1")
                .doesNotContain("Hello");
        assertThat(events.inbound())
                .extracting(InboundMessage::reference)
                .contains(Optional.of("r6"))
                .doesNotContain(Optional.of("r5"));
    }

    @Test
    void hundredsOfReportsComeInWithoutLoss() throws Exception {
        open("window", "300", "imap-after", "delete");
        var sent = new ArrayList<CompletionStage<?>>();
        for (int n = 0; n < 300; n++) {
            sent.add(channel.send(Mails.message("s" + n, "habitant." + n + "@commune.example")));
        }
        await().atMost(Mails.LIMIT).until(() -> events.receipts().size() >= 300);
        assertThat(events.receipts())
                .extracting(Receipt::reference)
                .doesNotHaveDuplicates()
                .hasSize(300);
        await().atMost(Mails.LIMIT).until(() -> lab.unread() == 0);
    }

    @Test
    void mailboxThatIsAwayLeavesTheChannelSending() throws Exception {
        Map<String, String> settings = new HashMap<>(LabPeer.settings(lab));
        settings.put("imap-host", "127.0.0.1");
        settings.put("imap-port", Integer.toString(lab.imapPort()));
        settings.put("imap-security", "none");
        settings.put("imap-user", "bounces");
        settings.put("imap-password", "Wrong-9k2");
        settings.put("poll-interval", "50ms");
        channel = new MailChannelProvider().open(new ChannelAccount("essai", settings), events);
        await().atMost(Mails.LIMIT).until(() -> channel.health().state() == ChannelHealth.State.DEGRADED);
        assertThat(channel.health().detail()).contains("imap-password").doesNotContain("Wrong-9k2");
        assertThat(Mails.sent(channel, Mails.message("r7", "habitant@commune.example")))
                .isInstanceOf(Accepted.class);
    }

    private Receipt oneReceipt() {
        await().atMost(Mails.LIMIT).until(() -> !events.receipts().isEmpty());
        assertThat(events.receipts()).hasSize(1);
        return events.receipts().get(0);
    }
}
