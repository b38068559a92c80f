package io.tocsin.channel.api;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A message a person sent us: an SMS reply, an e-mail reply.
 *
 * @param id the carrier's or the protocol's id, the same when the carrier delivers it twice; never null
 * @param from the person's address, E.164 or mailbox; never null
 * @param to the address it came to; never null
 * @param reference the reference of our message it answers, if the protocol tells
 * @param text the text as plain characters; never null
 * @param at when it came
 */
public record InboundMessage(String id, String from, String to, Optional<String> reference, String text, Instant at) {

    public InboundMessage {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(to, "to");
        Objects.requireNonNull(reference, "reference");
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(at, "at");
    }

    /** Names the message without its text or addresses. */
    @Override
    public String toString() {
        return "InboundMessage[" + id + "]";
    }
}
