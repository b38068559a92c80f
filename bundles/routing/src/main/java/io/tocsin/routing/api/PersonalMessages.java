package io.tocsin.routing.api;

import io.tocsin.channel.api.OutboundMessage;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What an alert says to one person, word for word and sound for sound as dispatch sends it: for whoever missed it and asks.
 *
 * @since 1.6
 */
@ProviderType
public interface PersonalMessages {

    /**
     * Renders anew; nothing is sent or recorded. Blocks (database; and speech, if something is not spoken yet).
     *
     * @return empty if there is no such recipient, or nothing to say by this channel
     */
    Optional<OutboundMessage> message(int tenantId, long alertId, int recipientNo, String channel);
}
