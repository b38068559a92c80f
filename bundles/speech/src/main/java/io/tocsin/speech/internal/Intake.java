package io.tocsin.speech.internal;

import io.tocsin.speech.api.Recording.RecordingException;
import io.tocsin.speech.api.Recording.RecordingException.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

/** One sound on its way in: made mono, brought to 8 kHz, and watched for what cannot be seen afterwards. */
final class Intake {

    /** So many samples in a row at the end of the scale are no peak: something was cut off. */
    private static final int CLIPPED_RUN = 3;

    private final WavStream wav;
    private final Duration longest;
    private final Samples mix = new Samples();
    private final Samples first = new Samples();
    private final Resampler mixTo;
    private final Resampler firstTo;
    private final int[] run;
    private final float[] mean = new float[8_192];
    private long frames;
    private long clipped;
    private double mixPower;
    private double channelPower;

    private Intake(WavStream wav, Duration longest) {
        this.wav = wav;
        this.longest = longest;
        mixTo = new Resampler(wav.format().rate(), mix);
        firstTo = wav.format().channels() == 1
                ? mixTo
                : new Resampler(wav.format().rate(), first);
        run = new int[wav.format().channels()];
    }

    /**
     * @param samples at 8 kHz
     * @param clippedShare of all samples that came
     * @param opposed channels that cancel each other: {@code samples} are the first one's
     */
    record Taken(WavStream.Format format, float[] samples, double clippedShare, boolean opposed) {}

    static Taken take(WavStream wav, Duration longest) throws IOException, RecordingException {
        if (wav.promised() > longest.toMillis() / 1e3) {
            throw tooLong(longest, String.format(Locale.ROOT, "%.0f s", wav.promised()));
        }
        Intake intake = new Intake(wav, longest);
        wav.read(intake::block);
        return intake.taken();
    }

    private void block(float[][] channels, int count) throws RecordingException {
        frames += count;
        if (frames * 1_000 / wav.format().rate() > longest.toMillis()) {
            throw tooLong(longest, "more than that");
        }
        for (int i = 0; i < count; i++) {
            float sum = 0;
            for (int channel = 0; channel < channels.length; channel++) {
                float sample = channels[channel][i];
                sum += sample;
                channelPower += sample * sample;
                clipping(channel, Math.abs(sample) >= wav.format().fullScale());
            }
            mean[i] = sum / channels.length;
            mixPower += mean[i] * mean[i];
        }
        mixTo.push(mean, count);
        if (channels.length > 1) {
            firstTo.push(channels[0], count);
        }
    }

    private void clipping(int channel, boolean full) {
        run[channel] = full ? run[channel] + 1 : 0;
        if (run[channel] >= CLIPPED_RUN) {
            clipped += run[channel] == CLIPPED_RUN ? CLIPPED_RUN : 1;
        }
    }

    private Taken taken() {
        int channels = wav.format().channels();
        mixTo.finish();
        if (channels > 1) {
            firstTo.finish();
        }
        // Channels of unlike sounds lose half their power in the mean; those that lose 99 % are each other's reverse.
        boolean opposed = channels > 1 && mixPower < channelPower / channels / 100;
        return new Taken(
                wav.format(),
                (opposed ? first : mix).toArray(),
                clipped / (double) Math.max(1, frames * channels),
                opposed);
    }

    private static RecordingException tooLong(Duration longest, String found) {
        return new RecordingException(
                Reason.TOO_LONG,
                "at most " + longest.toSeconds() + " s may be played; this is " + found + ": record it shorter");
    }
}
