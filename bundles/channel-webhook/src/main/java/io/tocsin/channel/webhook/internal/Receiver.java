package io.tocsin.channel.webhook.internal;

import java.util.Map;

/**
 * One of the URLs beneath which an account may send, and what goes with every message to it.
 *
 * @param headers name to value; secrets may be among them
 */
record Receiver(WebhookUrl url, SigningKeys keys, Map<String, String> headers) {

    Receiver {
        headers = Map.copyOf(headers);
    }

    @Override
    public String toString() {
        return url.origin();
    }
}
