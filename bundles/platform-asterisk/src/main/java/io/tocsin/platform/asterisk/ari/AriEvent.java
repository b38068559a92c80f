package io.tocsin.platform.asterisk.ari;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An event of ARI (Asterisk 20 to 22), as far as calls need it; any other is {@link Unrecognised}. {@code at} is the switch's
 * time. Texts a stranger could have chosen are free of control characters. {@code toString} tells kind and channel only: events
 * pass through places that log what passes.
 *
 * <p>Events of one channel come in the order in which the switch sent them. That is not always the order in which things
 * happened, and the same event may come again: a call decides by its own state.
 */
public sealed interface AriEvent {
    Instant at();

    /** The channel it is about. */
    Optional<String> channelId();

    /** An event of exactly one channel. */
    sealed interface OfChannel extends AriEvent {
        AriChannel channel();

        @Override
        default Optional<String> channelId() {
            return Optional.of(channel().id());
        }
    }

    /** A channel is in our hands: it called in, or was answered. */
    record StasisStart(Instant at, AriChannel channel, List<String> arguments) implements OfChannel {
        @Override
        public String toString() {
            return told(this);
        }
    }

    /** A channel is no longer in our hands; of one that called in, the last that is heard. */
    record StasisEnd(Instant at, AriChannel channel) implements OfChannel {
        @Override
        public String toString() {
            return told(this);
        }
    }

    /** @param status empty when dialling begins; {@code RINGING}, {@code ANSWER}, {@code BUSY}, … */
    record Dial(Instant at, AriChannel channel, String status) implements OfChannel {
        @Override
        public String toString() {
            return told(this);
        }
    }

    record ChannelStateChange(Instant at, AriChannel channel) implements OfChannel {
        @Override
        public String toString() {
            return told(this);
        }
    }

    /**
     * @param cause Q.850
     * @param techCause the SIP status, if one came
     */
    record ChannelHangupRequest(Instant at, AriChannel channel, OptionalInt cause, OptionalInt techCause)
            implements OfChannel {
        @Override
        public String toString() {
            return told(this);
        }
    }

    /**
     * The end of a call of ours.
     *
     * @param cause Q.850; 0 after an answer is no error: the other side gave no reason
     * @param techCause the SIP status, if one came
     */
    record ChannelDestroyed(Instant at, AriChannel channel, int cause, OptionalInt techCause) implements OfChannel {
        @Override
        public String toString() {
            return told(this);
        }
    }

    /** @param digit {@code 0}–{@code 9}, {@code *}, {@code #}, {@code A}–{@code D} */
    record ChannelDtmfReceived(Instant at, AriChannel channel, char digit, Duration held) implements OfChannel {
        @Override
        public String toString() {
            return told(this);
        }
    }

    /**
     * Somebody begins to speak, or has stopped ({@code TALK_DETECT}).
     *
     * @param spoke for how long, known when it is over
     */
    record ChannelTalking(Instant at, AriChannel channel, boolean started, Duration spoke) implements OfChannel {
        @Override
        public String toString() {
            return told(this);
        }
    }

    record ChannelEnteredBridge(Instant at, AriChannel channel, String bridgeId) implements OfChannel {
        @Override
        public String toString() {
            return told(this);
        }
    }

    record ChannelLeftBridge(Instant at, AriChannel channel, String bridgeId) implements OfChannel {
        @Override
        public String toString() {
            return told(this);
        }
    }

    /** Also of no channel: a global variable. */
    record ChannelVarset(Instant at, Optional<String> channelId, String variable, String value) implements AriEvent {
        @Override
        public String toString() {
            return told(this);
        }
    }

    record PlaybackStarted(Instant at, AriPlayback playback) implements AriEvent {
        @Override
        public Optional<String> channelId() {
            return playback.channelId();
        }

        @Override
        public String toString() {
            return told(this);
        }
    }

    /** Its state is {@code failed} also when the person hung up, or a key cut it off. */
    record PlaybackFinished(Instant at, AriPlayback playback) implements AriEvent {
        @Override
        public Optional<String> channelId() {
            return playback.channelId();
        }

        @Override
        public String toString() {
            return told(this);
        }
    }

    /** Started, finished and failed in one: the recording's state says which. */
    record RecordingChanged(Instant at, AriRecording recording) implements AriEvent {
        @Override
        public Optional<String> channelId() {
            return recording.channelId();
        }

        @Override
        public String toString() {
            return told(this);
        }
    }

    record BridgeDestroyed(Instant at, String bridgeId) implements AriEvent {
        @Override
        public Optional<String> channelId() {
            return Optional.empty();
        }
    }

    record ApplicationRegistered(Instant at, String application) implements AriEvent {
        @Override
        public Optional<String> channelId() {
            return Optional.empty();
        }
    }

    /** Another connection has the application now; nothing more comes on this one. */
    record ApplicationReplaced(Instant at, String application) implements AriEvent {
        @Override
        public Optional<String> channelId() {
            return Optional.empty();
        }
    }

    /**
     * @param known a type of ARI, of which calls need nothing
     * @param body as it came; may hold numbers and names
     */
    record Unrecognised(Instant at, String type, boolean known, Optional<String> channelId, JsonNode body)
            implements AriEvent {
        @Override
        public String toString() {
            return type + channelId.map(id -> "[" + id + "]").orElse("");
        }
    }

    private static String told(AriEvent event) {
        return event.getClass().getSimpleName()
                + event.channelId().map(id -> "[" + id + "]").orElse("");
    }
}
