package io.tocsin.channel.api;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What a carrier says of a message it accepted, or may have accepted.
 *
 * @param carrierId the carrier's id of the message or segment, as the carrier wrote it; may be empty if it gave none
 * @param reference our reference, if the carrier echoed it
 * @param address the recipient's address, if the carrier gave it
 * @param state what happened; never null
 * @param code the carrier's own code, at most 64 characters; never null, may be empty
 * @param at when it happened by the carrier's clock, or when the receipt came
 */
public record Receipt(
        String carrierId, Optional<String> reference, Optional<String> address, State state, String code, Instant at) {

    /** {@code BUFFERED} is news, not an end; the three others end the message. */
    public enum State {
        BUFFERED,
        DELIVERED,
        FAILED,
        EXPIRED
    }

    public Receipt {
        Objects.requireNonNull(carrierId, "carrierId");
        Objects.requireNonNull(reference, "reference");
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(at, "at");
    }
}
