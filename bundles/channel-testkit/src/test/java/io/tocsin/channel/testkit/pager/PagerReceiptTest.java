package io.tocsin.channel.testkit.pager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.Receipt;
import io.tocsin.channel.testkit.RecordingEvents;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What this channel does beyond the contract: a receipt is acknowledged when it is stored, and not before. */
class PagerReceiptTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final RecordingEvents events = new RecordingEvents();

    @Test
    void aReceiptThatCouldNotBeStoredIsToldAgain() throws Exception {
        try (PagerPeer gateway = PagerPeer.start();
                Channel channel =
                        new PagerProvider().open(new ChannelAccount("receipts", gateway.settings()), events)) {
            await().atMost(LIMIT).until(() -> channel.health().state() == ChannelHealth.State.UP);
            events.refuseNext(1);
            channel.send(message("first")).toCompletableFuture().join();
            channel.send(message("second")).toCompletableFuture().join();
            await("the first was refused, the second stored").atMost(LIMIT).until(() -> gateway.unheard() == 1);
            gateway.hangUp();
            await("told again").atMost(LIMIT).until(() -> gateway.unheard() == 0);
            assertThat(events.receipts())
                    .allMatch(receipt -> receipt.state() == Receipt.State.DELIVERED)
                    .extracting(receipt -> receipt.reference().orElseThrow())
                    .containsExactly("second", "first");
        }
    }

    private static OutboundMessage message(String reference) {
        return new OutboundMessage(
                reference,
                "+33639980001",
                Optional.empty(),
                "fr",
                "",
                "Ceci est un exercice.",
                Optional.empty(),
                Optional.empty(),
                OutboundMessage.Category.OPERATIONAL,
                true,
                false);
    }
}
