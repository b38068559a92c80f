package io.tocsin.channel.webhook.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.tocsin.channel.api.OutboundMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Locale;

/**
 * One message as a receiver gets it: {@code docs/webhook.md} has the table of its body. Signed when it is written, so that the
 * time in it is the time it leaves.
 *
 * @param reference of this try
 * @param id of the message, the same whenever it is tried again: Standard Webhooks' receivers drop repeats by it
 */
record Post(String reference, String id, WebhookUrl url, Receiver receiver, byte[] body) {
    private static final JsonFactory JSON = new JsonFactory();

    static Post of(OutboundMessage message, WebhookUrl url, Receiver receiver) {
        return new Post(message.reference(), message.repeatKey(), url, receiver, json(message));
    }

    private static byte[] json(OutboundMessage message) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("id", message.repeatKey());
            json.writeStringField("attempt", message.reference());
            json.writeStringField("text", message.text());
            if (!message.subject().isEmpty()) {
                json.writeStringField("subject", message.subject());
            }
            json.writeStringField("language", message.language());
            json.writeStringField(
                    "category",
                    message.category().name().toLowerCase(Locale.ROOT).replace('_', '-'));
            json.writeBooleanField("drill", message.drill());
            json.writeBooleanField("possibleDuplicate", message.possibleDuplicate());
            if (message.answerUrl().isPresent()) {
                json.writeStringField("answerUrl", message.answerUrl().get());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written to", e);
        }
        return out.toByteArray();
    }

    FullHttpRequest request(Instant now) {
        FullHttpRequest request = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1, HttpMethod.POST, url.path() + url.query(), Unpooled.wrappedBuffer(body));
        HttpHeaders headers = request.headers();
        headers.set(HttpHeaderNames.HOST, url.authority());
        headers.set(HttpHeaderNames.USER_AGENT, "Tocsin");
        headers.set(HttpHeaderNames.ACCEPT, "application/json");
        receiver.headers().forEach(headers::set);
        headers.set(HttpHeaderNames.CONNECTION, "close");
        headers.set(HttpHeaderNames.CONTENT_TYPE, "application/json");
        headers.set(HttpHeaderNames.CONTENT_LENGTH, body.length);
        headers.set("webhook-id", id);
        headers.set("webhook-timestamp", Long.toString(now.getEpochSecond()));
        headers.set("webhook-signature", receiver.keys().sign(id, now, body));
        return request;
    }

    @Override
    public String toString() {
        return "Post[" + reference + "]";
    }
}
