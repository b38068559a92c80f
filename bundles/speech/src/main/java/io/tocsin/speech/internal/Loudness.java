package io.tocsin.speech.internal;

import io.tocsin.speech.api.Sound;
import java.util.Arrays;

/** How loud the speech in a sound is, pauses left out: the gates of EBU R 128, without its weighting, on a telephone's band. */
final class Loudness {

    /** Nothing is quieter. */
    static final double SILENCE = -100;

    /** Blocks below this are pauses, whatever the rest is like. */
    static final double ABSOLUTE_GATE = -60;

    private static final double RELATIVE_GATE = -10;
    private static final int BLOCK = Sound.RATE / 10;

    private Loudness() {}

    /** @return dBov; {@link #SILENCE} when nothing is over the gate */
    static double of(float[] samples) {
        double[] powers = powers(samples);
        double first = mean(powers, power(ABSOLUTE_GATE));
        return first == 0
                ? SILENCE
                : decibels(mean(powers, Math.max(first * power(RELATIVE_GATE), power(ABSOLUTE_GATE))));
    }

    /** @return dB below full scale */
    static double peak(float[] samples) {
        double peak = 0;
        for (float sample : samples) {
            peak = Math.max(peak, Math.abs(sample));
        }
        return decibels(peak * peak);
    }

    static double power(double decibels) {
        return Math.pow(10, decibels / 10);
    }

    static double decibels(double power) {
        return Math.max(SILENCE, 10 * Math.log10(power));
    }

    /** Mean squares of blocks that overlap by half; one block when there is no whole one. */
    private static double[] powers(float[] samples) {
        int hop = BLOCK / 2;
        int blocks = Math.max(1, (samples.length - BLOCK) / hop + 1);
        double[] powers = new double[blocks];
        for (int i = 0; i < blocks; i++) {
            int end = Math.min(samples.length, i * hop + BLOCK);
            powers[i] = power(samples, i * hop, end);
        }
        return powers;
    }

    /** Mean square; 0 of nothing. */
    static double power(float[] samples, int from, int end) {
        double sum = 0;
        for (int i = from; i < end; i++) {
            sum += (double) samples[i] * samples[i];
        }
        return sum / Math.max(1, end - from);
    }

    private static double mean(double[] powers, double gate) {
        return Arrays.stream(powers).filter(power -> power > gate).average().orElse(0);
    }
}
