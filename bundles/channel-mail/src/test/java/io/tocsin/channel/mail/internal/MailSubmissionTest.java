package io.tocsin.channel.mail.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.OutboundMessage.Category;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.api.SendOutcome.Accepted;
import io.tocsin.channel.api.SendOutcome.Fault;
import io.tocsin.channel.api.SendOutcome.InDoubt;
import io.tocsin.channel.api.SendOutcome.Rejected;
import io.tocsin.channel.api.SendOutcome.Retry;
import io.tocsin.channel.testkit.RecordingEvents;
import io.tocsin.lab.mail.MailScript;
import io.tocsin.lab.mail.MailScript.Move;
import io.tocsin.lab.mail.ReceivedMail;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailSubmissionTest {
    private static final String TO = "habitant@commune.example";

    private final RecordingEvents events = new RecordingEvents();
    private LabPeer peer;
    private Channel channel;

    @BeforeEach
    void start() throws IOException {
        peer = new LabPeer();
    }

    @AfterEach
    void stop() {
        if (channel != null) {
            channel.close();
        }
        peer.close();
    }

    private void open(String... more) throws Exception {
        Map<String, String> settings = new HashMap<>(peer.settings());
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        channel = Mails.up(settings, events);
    }

    private ReceivedMail received() {
        List<ReceivedMail> mails = peer.mail().lastMails();
        assertThat(mails).hasSize(1);
        return mails.get(0);
    }

    private MimeMessage parsed() throws Exception {
        return Mails.mail(received().source().replace("\r\n", "\n"));
    }

    @Test
    void mailCarriesItsReferenceEverywhereAReceiptMayLook() throws Exception {
        open("verp", "true");
        assertThat(Mails.sent(channel, Mails.message("a1.w1.7", TO)))
                .isEqualTo(new Accepted("a1.w1.7@commune.example"));
        assertThat(received().sender()).isEqualTo("bounces+a1.w1.7@commune.example");
        assertThat(received().parameters())
                .containsEntry("ENVID", "a1.w1.7")
                .containsEntry("RET", "HDRS")
                .containsEntry("NOTIFY", "SUCCESS,FAILURE,DELAY")
                .containsEntry("ORCPT", "rfc822;" + TO);
        assertThat(parsed().getMessageID()).isEqualTo("<a1.w1.7@commune.example>");
        assertThat(parsed().getHeader("Auto-Submitted")).containsExactly("auto-generated");
        assertThat(parsed().getHeader("Content-Language")).containsExactly("fr");
        assertThat(parsed().getHeader("Precedence")).isNull();
    }

    @Test
    void dsnIsNotAskedForWhenSwitchedOff() throws Exception {
        open("dsn", "false");
        Mails.sent(channel, Mails.message("a1", TO));
        assertThat(received().parameters()).isEmpty();
        assertThat(received().sender()).isEqualTo("bounces@commune.example");
    }

    @Test
    void lifeSafetyHtmlMailReadsInAllItsParts() throws Exception {
        open("from-name", "Mairie d’Été");
        Mails.sent(
                channel,
                new OutboundMessage(
                        "a2",
                        TO,
                        Optional.of("Préfecture"),
                        "fr",
                        "Évacuez – œuvre",
                        "Évacuez.",
                        Optional.of("<html><body><p>Évacuez.</p></body></html>"),
                        Optional.of("http://127.0.0.1/a/x?y=1&z=2"),
                        Category.LIFE_SAFETY,
                        false,
                        false));
        MimeMessage mail = parsed();
        assertThat(mail.getSubject()).isEqualTo("Évacuez – œuvre");
        assertThat(mail.getFrom()[0].toString()).contains("alertes@commune.example");
        assertThat(((InternetAddress) mail.getFrom()[0]).getPersonal()).isEqualTo("Préfecture");
        assertThat(mail.getHeader("Importance")).containsExactly("high");
        var parts = (MimeMultipart) mail.getContent();
        assertThat(mail.getContentType()).startsWith("multipart/alternative");
        assertThat((String) parts.getBodyPart(0).getContent())
                .startsWith("Évacuez.")
                .contains("Pour répondre : http://127.0.0.1/a/x?y=1&z=2");
        assertThat((String) parts.getBodyPart(1).getContent())
                .contains("<a href=\"http://127.0.0.1/a/x?y=1&amp;z=2\">")
                .endsWith("</body></html>");
    }

    @Test
    void answerLinkAlreadyInTheTextIsNotRepeated() throws Exception {
        open();
        Mails.sent(
                channel,
                Mails.message(
                        "a3", TO, "Objet", "Répondez : http://127.0.0.1/a/x", Optional.of("http://127.0.0.1/a/x")));
        assertThat((String) parsed().getContent()).isEqualToIgnoringNewLines("Répondez : http://127.0.0.1/a/x");
    }

    @Test
    void lineBreaksInSubjectAndSenderWriteNoHeader() throws Exception {
        open();
        OutboundMessage message = new OutboundMessage(
                "a4",
                TO,
                Optional.of("Mairie\r\nBcc: autre@commune.example"),
                "fr\r\nX-Evil: 1",
                "Alerte\r\nBcc: autre@commune.example\r\n\r\nFaux corps",
                "Texte\r\n.\r\nMAIL FROM:<x@y.example>",
                Optional.empty(),
                Optional.empty(),
                Category.OPERATIONAL,
                false,
                false);
        assertThat(Mails.sent(channel, message)).isInstanceOf(Accepted.class);
        MimeMessage mail = parsed();
        assertThat(mail.getHeader("Bcc")).isNull();
        assertThat(mail.getHeader("X-Evil")).isNull();
        assertThat(mail.getSubject()).isEqualTo("Alerte Bcc: autre@commune.example Faux corps");
        assertThat((String) mail.getContent()).isEqualToIgnoringNewLines("Texte\r\n.\r\nMAIL FROM:<x@y.example>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "habitant@commune.example\r\nRCPT TO:<autre@commune.example>",
                "habitant@commune.example\nBcc: autre@commune.example",
                "habitant",
                "@commune.example",
                "a@b@commune.example",
                "a b@commune.example",
                "a@commune.example,b@commune.example",
                "<habitant@commune.example>",
                "Habitant <habitant@commune.example>",
                "é@commune.example",
                ""
            })
    void whatIsNoMailboxIsTheAddressFault(String address) throws Exception {
        open();
        assertThat(Mails.sent(channel, Mails.message("a5", address)))
                .isEqualTo(new Rejected("address-invalid", Fault.ADDRESS));
        assertThat(peer.mail().lastMails()).isEmpty();
    }

    @Test
    void internationalDomainTravelsInAscii() throws Exception {
        open();
        Mails.sent(channel, Mails.message("a6", "habitant@été.example"));
        assertThat(received().recipient()).isEqualTo("habitant@xn--t-9fab.example");
    }

    @Test
    void connectionIsCutBeforeTheDotIsReadSoTheMessageIsCertainlyNotSent() throws Exception {
        open();
        peer.mail().follow(atRecipient(new Move.HangUp()));
        assertThat(Mails.sent(channel, Mails.message("b1", TO))).isInstanceOf(Retry.class);
        peer.mail().follow(MailScript.none());
        assertThat(Mails.sent(channel, Mails.message("b2", TO))).isInstanceOf(Accepted.class);
    }

    @Test
    void silenceAfterTheDotIsDoubt() throws Exception {
        open("response-timeout", "200ms");
        peer.mail().follow(new MailScript() {
            @Override
            public CompletionStage<Move> atEnd(String recipient) {
                return new CompletableFuture<>();
            }
        });
        assertThat(Mails.sent(channel, Mails.message("b3", TO))).isEqualTo(new InDoubt("response-timeout-after-data"));
    }

    @Test
    void silenceBeforeTheDataIsNoDoubt() throws Exception {
        open("response-timeout", "200ms");
        peer.mail().follow(new MailScript() {
            @Override
            public CompletionStage<Move> atRecipient(String recipient) {
                return new CompletableFuture<>();
            }
        });
        SendOutcome outcome = Mails.sent(channel, Mails.message("b4", TO));
        assertThat(outcome).isInstanceOf(Retry.class);
        assertThat(((Retry) outcome).code()).isEqualTo("response-timeout");
    }

    @Test
    void refusalWithFarewellIsStillARefusal() throws Exception {
        open();
        peer.mail().follow(atRecipient(new Move.Say("421 4.7.0 Too fast, good bye")));
        SendOutcome outcome = Mails.sent(channel, Mails.message("b5", TO));
        assertThat(outcome).isInstanceOf(Retry.class);
        assertThat(((Retry) outcome).code()).isEqualTo("smtp-421-4.7.0");
    }

    @Test
    void connectionsAreKeptAndOutliveTheServersRestart() throws Exception {
        open("connections", "2");
        for (int n = 0; n < 20; n++) {
            assertThat(Mails.sent(channel, Mails.message("c" + n, TO))).isInstanceOf(Accepted.class);
        }
        assertThat(peer.mail().counters().connections()).isLessThanOrEqualTo(2);
        peer.mail().dropConnections();
        assertThat(Mails.sent(channel, Mails.message("c20", TO)))
                .as("a kept connection that died meanwhile is no reason to fail")
                .isInstanceOf(Accepted.class);
        assertThat(peer.mail().counters().duplicates()).isZero();
    }

    @Test
    void serverThatGrantsFewerConnectionsStillGetsEverything() throws Exception {
        peer.mail().behave(options -> options.maxConnections(1));
        open("connections", "4", "window", "40");
        List<CompletableFuture<SendOutcome>> sent = new ArrayList<>();
        for (int n = 0; n < 40; n++) {
            sent.add(channel.send(Mails.message("d" + n, TO)).toCompletableFuture());
        }
        for (CompletableFuture<SendOutcome> one : sent) {
            assertThat(one.get(30, TimeUnit.SECONDS)).isInstanceOf(Accepted.class);
        }
        assertThat(peer.mail().mailsTo(TO)).isEqualTo(40);
    }

    @Test
    void channelComesBackByItselfWhenTheServerDoes() throws Exception {
        peer.mail().refuseConnections(true);
        channel = new MailChannelProvider().open(new ChannelAccount("essai", peer.settings()), events);
        await().atMost(Mails.LIMIT).until(() -> Mails.sent(channel, Mails.message("e1", TO)) instanceof Retry);
        assertThat(channel.health().state()).isEqualTo(ChannelHealth.State.DOWN);
        peer.mail().refuseConnections(false);
        await().atMost(Mails.LIMIT).until(() -> channel.health().state() == ChannelHealth.State.UP);
        assertThat(Mails.sent(channel, Mails.message("e2", TO))).isInstanceOf(Accepted.class);
    }

    private static MailScript atRecipient(Move move) {
        return new MailScript() {
            @Override
            public CompletionStage<Move> atRecipient(String recipient) {
                return CompletableFuture.completedFuture(move);
            }
        };
    }
}
