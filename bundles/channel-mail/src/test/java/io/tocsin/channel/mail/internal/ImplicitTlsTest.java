package io.tocsin.channel.mail.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.Receipt;
import io.tocsin.channel.api.SendOutcome.Accepted;
import io.tocsin.channel.api.SendOutcome.Retry;
import io.tocsin.channel.testkit.RecordingEvents;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** TLS from the first byte (RFC 8314 §3), to Postfix and Dovecot. Needs what {@link PostfixDovecotTest} needs. */
@Tag("peers")
class ImplicitTlsTest {
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
    void aMailLeavesAndItsReportComesBack() throws Exception {
        channel = Mails.up(peers.settingsWithImplicitTls(), events);
        assertThat(Mails.sent(channel, Mails.message("t1.implicit", HABITANT)))
                .isEqualTo(new Accepted("t1.implicit@commune.example"));
        await().atMost(Mails.LIMIT).until(() -> !events.receipts().isEmpty());
        assertThat(events.receipts()).singleElement().satisfies(receipt -> {
            assertThat(receipt.reference()).contains("t1.implicit");
            assertThat(receipt.state()).isEqualTo(Receipt.State.DELIVERED);
        });
    }

    @Test
    void anAuthorityNobodyTrustsIsNotSpokenTo() throws Exception {
        Map<String, String> system = new HashMap<>(peers.settingsWithImplicitTls());
        system.remove("trust");
        system.remove("imap-host");
        down(system);
    }

    @Test
    void aCertificateOfAnotherHostIsNotSpokenTo() throws Exception {
        Map<String, String> other = new HashMap<>(peers.settingsWithImplicitTls());
        // This machine too, but the certificate names localhost and 127.0.0.1 only.
        other.put("host", "127.0.0.2");
        other.remove("imap-host");
        down(other);
    }

    @Test
    void aServerThatSpeaksInTheClearFirstIsNotTakenForOneThatEncrypts() throws Exception {
        Map<String, String> clear = new HashMap<>(peers.settingsWithImplicitTls());
        clear.put("port", peers.settings().get("port"));
        clear.remove("imap-host");
        down(clear);
    }

    private void down(Map<String, String> settings) throws Exception {
        channel = new MailChannelProvider().open(new ChannelAccount("inconnu", settings), events);
        await().atMost(Mails.LIMIT).until(() -> channel.health().detail().equals("tls-failed"));
        assertThat(channel.health().state()).isEqualTo(ChannelHealth.State.DOWN);
        assertThat(Mails.sent(channel, Mails.message("t2.untrusted", HABITANT))).isInstanceOf(Retry.class);
    }
}
