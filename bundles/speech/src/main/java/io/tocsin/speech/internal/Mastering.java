package io.tocsin.speech.internal;

import io.tocsin.speech.api.Measure;
import io.tocsin.speech.api.Sound;
import java.time.Duration;
import java.util.Arrays;

/**
 * The last hand on every sound: no rumble, one loudness, no clipping, no silence at its ends; A-law. What it says of the
 * result is measured on the bytes that will be played.
 */
final class Mastering {

    /** Raising more than this would play a room's noise, not a voice. */
    static final double MOST_GAIN = 30;

    /** The limiter is not pushed further than this: a crack must not flatten the voice. */
    private static final double MOST_PRESSED = 6;

    private static final double TRIM_BELOW = -48;
    private static final int FRAME = Sound.RATE / 100;
    private static final int BEFORE = Sound.RATE / 10;
    private static final int AFTER = Sound.RATE / 5;
    private static final int LOOK_AHEAD = Sound.RATE / 200;

    private Mastering() {}

    /** @param levelBefore of the sound as it came, in dBov */
    record Mastered(Sound sound, Measure measure, double levelBefore) {}

    /**
     * @param samples at 8 kHz
     * @return empty sound, of no duration, when there is nothing but silence
     */
    static Mastered master(float[] samples) {
        float[] clean = withoutRumble(samples);
        double before = Loudness.of(clean);
        if (before <= Loudness.ABSOLUTE_GATE) {
            return new Mastered(Sound.of(new byte[0]), measure(Sound.of(new byte[0])), before);
        }
        Sound sound = coded(faded(levelled(trimmed(raised(clean, before)))));
        return new Mastered(sound, measure(sound), before);
    }

    static Measure measure(Sound sound) {
        float[] samples = samples(sound);
        return new Measure(sound.duration(), Loudness.of(samples), Loudness.peak(samples));
    }

    /** The longest stretch in which nothing is said. */
    static Duration longestPause(Sound sound) {
        float[] samples = samples(sound);
        double gate = Loudness.power(TRIM_BELOW);
        int longest = 0;
        int now = 0;
        for (int from = 0; from < samples.length; from += FRAME) {
            int end = Math.min(samples.length, from + FRAME);
            now = Loudness.power(samples, from, end) > gate ? 0 : now + end - from;
            longest = Math.max(longest, now);
        }
        return Duration.ofMillis(longest * 1_000L / Sound.RATE);
    }

    private static float[] samples(Sound sound) {
        byte[] alaw = sound.alaw();
        float[] samples = new float[alaw.length];
        for (int i = 0; i < alaw.length; i++) {
            samples[i] = G711.fromALaw(alaw[i]) / 32_768f;
        }
        return samples;
    }

    /** A first-order high pass at 80 Hz: a telephone does not carry what is below, and an offset would count as loudness. */
    private static float[] withoutRumble(float[] samples) {
        double keep = Math.exp(-2 * Math.PI * 80 / Sound.RATE);
        float[] clean = new float[samples.length];
        double before = samples.length == 0 ? 0 : samples[0];
        double value = 0;
        for (int i = 0; i < samples.length; i++) {
            value = keep * (value + samples[i] - before);
            before = samples[i];
            clean[i] = (float) value;
        }
        return clean;
    }

    /** Nearly there, so that what is silence can be told. */
    private static float[] raised(float[] samples, double level) {
        double gain = factor(Math.min(MOST_GAIN, Measure.LEVEL - level));
        float[] raised = new float[samples.length];
        for (int i = 0; i < samples.length; i++) {
            raised[i] = (float) (samples[i] * gain);
        }
        return raised;
    }

    /** Limiting takes some loudness away: it is given back, as often as it matters. */
    private static float[] levelled(float[] samples) {
        double gain = 0;
        float[] levelled = limited(samples, gain);
        for (int round = 0; round < 8; round++) {
            double missing = Measure.LEVEL - Loudness.of(levelled);
            double next = Math.min(MOST_PRESSED, gain + missing);
            if (Math.abs(next - gain) < 0.05) {
                break;
            }
            gain = next;
            levelled = limited(samples, gain);
        }
        return levelled;
    }

    private static double factor(double decibels) {
        return Math.pow(10, decibels / 20);
    }

    /**
     * Each sample's gain is the mean of the least gains around it. The window of either holds the sample itself, so
     * no peak passes; and the gain moves slowly enough not to be heard.
     */
    private static float[] limited(float[] samples, double decibels) {
        float gain = (float) factor(decibels);
        float ceiling = (float) factor(Measure.CEILING);
        int n = samples.length;
        float[] least = new float[n];
        Arrays.fill(least, 1);
        for (int i = 0; i < n; i++) {
            float loud = Math.abs(samples[i]) * gain;
            if (loud > ceiling) {
                int end = Math.min(n, i + LOOK_AHEAD + 1);
                for (int k = Math.max(0, i - LOOK_AHEAD); k < end; k++) {
                    least[k] = Math.min(least[k], ceiling / loud);
                }
            }
        }
        float[] limited = new float[n];
        double sum = 0;
        int from = 0;
        int to = 0;
        for (int i = 0; i < n; i++) {
            while (to < Math.min(n, i + LOOK_AHEAD + 1)) {
                sum += least[to++];
            }
            while (from < i - LOOK_AHEAD) {
                sum -= least[from++];
            }
            limited[i] = (float) (samples[i] * gain * sum / (to - from));
        }
        return limited;
    }

    /** From 100 ms before the first sound to 200 ms after the last. */
    private static float[] trimmed(float[] samples) {
        double gate = Loudness.power(TRIM_BELOW);
        int first = -1;
        int last = 0;
        for (int from = 0; from < samples.length; from += FRAME) {
            int end = Math.min(samples.length, from + FRAME);
            if (Loudness.power(samples, from, end) > gate) {
                first = first < 0 ? from : first;
                last = end;
            }
        }
        // Given where there is none: a line that was just answered swallows the first moment.
        float[] trimmed = new float[BEFORE + last - first + AFTER];
        int from = Math.max(0, first - BEFORE);
        int to = Math.min(samples.length, last + AFTER);
        System.arraycopy(samples, from, trimmed, BEFORE - (first - from), to - from);
        return trimmed;
    }

    /** 5 ms at each end: a cut in a hum would click. */
    private static float[] faded(float[] samples) {
        int fade = Math.min(Sound.RATE / 200, samples.length / 2);
        for (int i = 0; i < fade; i++) {
            float part = i / (float) fade;
            samples[i] *= part;
            samples[samples.length - 1 - i] *= part;
        }
        return samples;
    }

    private static Sound coded(float[] samples) {
        byte[] alaw = new byte[samples.length];
        for (int i = 0; i < samples.length; i++) {
            alaw[i] = G711.toALaw(Math.max(-32_768, Math.min(32_767, Math.round(samples[i] * 32_768f))));
        }
        return Sound.of(alaw);
    }
}
