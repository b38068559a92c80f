package io.tocsin.channel.mail.internal;

import static org.awaitility.Awaitility.await;

import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.OutboundMessage.Category;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.testkit.RecordingEvents;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/** Messages, and channels that are up, for the tests of this room. */
final class Mails {
    /** Only stops a hung test. */
    static final Duration LIMIT = Duration.ofMinutes(2);

    private Mails() {}

    static OutboundMessage message(String reference, String address) {
        return message(reference, address, "Vigilance crue", "Montée des eaux.", Optional.empty());
    }

    static OutboundMessage message(
            String reference, String address, String subject, String text, Optional<String> answerUrl) {
        return new OutboundMessage(
                reference,
                address,
                Optional.empty(),
                "fr",
                subject,
                text,
                Optional.empty(),
                answerUrl,
                Category.OPERATIONAL,
                false,
                false);
    }

    static Channel up(Map<String, String> settings, RecordingEvents events) throws Exception {
        Channel channel = new MailChannelProvider().open(new ChannelAccount("essai", settings), events);
        await().atMost(LIMIT).until(() -> channel.health().state() == ChannelHealth.State.UP);
        return channel;
    }

    static SendOutcome sent(Channel channel, OutboundMessage message) throws Exception {
        return channel.send(message).toCompletableFuture().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    /** A mail from its source with plain line ends. */
    static MimeMessage mail(String source) throws MessagingException {
        return new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(bytes(source)));
    }

    static byte[] bytes(String source) {
        return source.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
    }
}
