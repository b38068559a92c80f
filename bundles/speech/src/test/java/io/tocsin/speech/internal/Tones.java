package io.tocsin.speech.internal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Random;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;

/** Sounds to try with, and another decoder than ours to judge by. */
final class Tones {

    private Tones() {}

    /** @param decibels of its RMS, dBov */
    static float[] sine(double hertz, double seconds, int rate, double decibels) {
        float[] samples = new float[(int) Math.round(seconds * rate)];
        double amplitude = Math.sqrt(2) * Math.pow(10, decibels / 20);
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) (amplitude * Math.sin(2 * Math.PI * hertz * i / rate));
        }
        return samples;
    }

    static float[] silence(double seconds, int rate) {
        return new float[(int) Math.round(seconds * rate)];
    }

    /** Something like a voice: syllables of changing loudness, four a second, with peaks. */
    static float[] syllables(double seconds, int rate, double peak) {
        Random random = new Random(7);
        float[] samples = new float[(int) Math.round(seconds * rate)];
        double loud = 1;
        for (int i = 0; i < samples.length; i++) {
            double syllable = Math.sin(Math.PI * 4 * i / rate);
            if (i % (rate / 4) == 0) {
                loud = 0.2 + 0.8 * random.nextDouble();
            }
            double voice = Math.sin(2 * Math.PI * 160 * i / rate)
                    + 0.6 * Math.sin(2 * Math.PI * 640 * i / rate)
                    + 0.3 * Math.sin(2 * Math.PI * 2_080 * i / rate);
            samples[i] = (float) (peak / 1.9 * loud * syllable * syllable * voice);
        }
        return samples;
    }

    static float[] joined(float[]... parts) {
        Samples all = new Samples();
        for (float[] part : parts) {
            for (float sample : part) {
                all.add(sample);
            }
        }
        return all.toArray();
    }

    /** Headerless A-law as the Java platform's decoder understands it. */
    static float[] decoded(byte[] alaw) throws IOException {
        AudioFormat coded = new AudioFormat(AudioFormat.Encoding.ALAW, 8_000, 8, 1, 1, 8_000, false);
        AudioFormat linear = new AudioFormat(8_000, 16, 1, true, false);
        try (AudioInputStream in = AudioSystem.getAudioInputStream(
                linear, new AudioInputStream(new ByteArrayInputStream(alaw), coded, alaw.length))) {
            byte[] bytes = in.readAllBytes();
            float[] samples = new float[bytes.length / 2];
            for (int i = 0; i < samples.length; i++) {
                samples[i] = (short) (bytes[2 * i] & 0xFF | bytes[2 * i + 1] << 8) / 32_768f;
            }
            return samples;
        }
    }

    static double rms(float[] samples, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += samples[i] * samples[i];
        }
        return 10 * Math.log10(sum / (to - from) + 1e-12);
    }
}
