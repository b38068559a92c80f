package io.tocsin.channel.publish.internal;

import io.tocsin.channel.api.OutboundMessage;
import java.util.Optional;

/** Messages as the core makes them; a reference names tenant, alert, wave and position. */
final class Messages {
    private Messages() {}

    static OutboundMessage drill(String reference, String address, String subject, String text) {
        return message(reference, address, subject, text, "fr", OutboundMessage.Category.OPERATIONAL, true);
    }

    static OutboundMessage alert(String reference, String address, String subject, String text) {
        return message(reference, address, subject, text, "fr", OutboundMessage.Category.LIFE_SAFETY, false);
    }

    static OutboundMessage message(
            String reference,
            String address,
            String subject,
            String text,
            String language,
            OutboundMessage.Category category,
            boolean drill) {
        return new OutboundMessage(
                reference,
                address,
                Optional.empty(),
                language,
                subject,
                text,
                Optional.of("<p>" + text + "</p>"),
                Optional.of("https://alertes.commune.example/a/SECRET-LINK"),
                category,
                drill,
                false);
    }
}
