package io.tocsin.channel.api;

import java.util.Objects;

/**
 * Whether a channel can send now.
 *
 * @param state the state; never null
 * @param detail one line for an operator, without secrets or personal data; never null, may be empty
 */
public record ChannelHealth(State state, String detail) {

    /** {@code UP} sends; {@code DEGRADED} sends on part of its binds; {@code DOWN} cannot send and is reconnecting. */
    public enum State {
        UP,
        DEGRADED,
        DOWN
    }

    public ChannelHealth {
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(detail, "detail");
    }

    public static ChannelHealth up() {
        return new ChannelHealth(State.UP, "");
    }

    public static ChannelHealth down(String detail) {
        return new ChannelHealth(State.DOWN, detail);
    }
}
