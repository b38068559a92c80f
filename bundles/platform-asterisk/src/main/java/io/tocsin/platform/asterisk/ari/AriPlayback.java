package io.tocsin.platform.asterisk.ari;

import java.util.Optional;

/**
 * @param id ours
 * @param channelId where it plays, if that is a channel
 * @param bridgeId where it plays, if that is a bridge
 */
public record AriPlayback(String id, Optional<String> channelId, Optional<String> bridgeId, State state) {
    public enum State {
        QUEUED,
        PLAYING,
        /** Between two of its media. */
        CONTINUING,
        DONE,
        /** Not found, or cut off. */
        FAILED,
        OTHER
    }
}
