package io.tocsin.channel.api;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Somebody calls.
 *
 * @param id the call's, unique on the switch; never null
 * @param from the caller's number in E.164 where it can be told; empty if it is withheld. A stranger chose it: it proves nothing
 * @param to the number that was called, E.164 where it can be told; never null
 * @param at when
 * @since 1.4
 */
public record InboundCall(String id, Optional<String> from, String to, Instant at) {

    public InboundCall {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(to, "to");
        Objects.requireNonNull(at, "at");
    }

    /** Without numbers. */
    @Override
    public String toString() {
        return "InboundCall[" + id + "]";
    }
}
