package io.tocsin.channel.publish.internal;

import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.testkit.RecordingEvents;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** An open account of Saint-Aurel in a test. */
final class Account implements AutoCloseable {
    final Channel channel;

    Account(Path folder, Clock clock, Map<String, String> more) throws Exception {
        this("publish-1", folder, clock, more);
    }

    Account(String id, Path folder, Clock clock, Map<String, String> more) throws Exception {
        Map<String, String> settings = new HashMap<>(Map.of(
                "site", "saint-aurel",
                "pages", "ville, ecoles=Alertes aux écoles",
                "title", "Alertes de Saint-Aurel",
                "base-url", "https://alertes.commune.example/"));
        settings.putAll(more);
        settings.values().removeIf(String::isEmpty);
        channel = new PublishChannelProvider(new PublicFolder(folder), clock)
                .open(new ChannelAccount(id, settings), new RecordingEvents());
    }

    SendOutcome send(OutboundMessage message) throws Exception {
        return channel.send(message).toCompletableFuture().get(2, TimeUnit.MINUTES);
    }

    @Override
    public void close() {
        channel.close();
    }
}
