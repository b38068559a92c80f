package io.tocsin.speech.api;

import java.time.Duration;

/**
 * What can be said of a sound without listening, measured on the very bytes that will be played.
 *
 * @param duration with the short silence left at both ends
 * @param level how loud its speech is, in dBov: RMS over full scale (ITU-T G.100.1) of 100 ms blocks, leaving out pauses
 *     (blocks under −60 dBov, then those 10 dB below the rest: the gates of EBU R 128)
 * @param peak highest sample, in dB below full scale
 */
public record Measure(Duration duration, double level, double peak) {

    /** The level everything leaves at, in dBov. 6 dB over ITU-T P.56's nominal −26: an alert is heard in a kitchen. */
    public static final double LEVEL = -20;

    /** The peak nothing exceeds but for A-law's own rounding, in dB below full scale. */
    public static final double CEILING = -1;
}
