package io.tocsin.platform.asterisk.ari;

import java.time.Duration;
import java.util.Optional;

/**
 * @param name ours
 * @param channelId what is recorded, if that is a channel
 * @param duration known when it is done
 */
public record AriRecording(String name, Optional<String> channelId, State state, Optional<Duration> duration) {
    public enum State {
        QUEUED,
        RECORDING,
        PAUSED,
        DONE,
        FAILED,
        CANCELED,
        OTHER
    }
}
