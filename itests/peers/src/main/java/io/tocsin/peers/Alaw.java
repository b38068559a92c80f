package io.tocsin.peers;

import java.util.Arrays;

/** ITU-T G.711 A-law, 8,000 samples a second, one octet each. */
public final class Alaw {
    /** The octet of a sample of value zero. */
    public static final byte SILENCE = (byte) 0xD5;

    public static final int RATE = 8000;

    private static final double AUDIBLE = 300;
    private static final int FRAME = 160;

    private Alaw() {}

    public static byte encode(int linear) {
        int sample = Math.max(-32_768, Math.min(32_767, linear));
        int sign = sample >= 0 ? 0x80 : 0;
        int value = (sample >= 0 ? sample : -sample - 1) >> 4;
        int exponent = value < 16 ? 0 : 28 - Integer.numberOfLeadingZeros(value);
        int mantissa = exponent <= 1 ? value & 0x0F : value >> exponent - 1 & 0x0F;
        return (byte) ((sign | exponent << 4 | mantissa) ^ 0x55);
    }

    public static int decode(byte octet) {
        int bits = octet ^ 0x55;
        int exponent = bits >> 4 & 0x07;
        int value = (bits & 0x0F) << 4 | 0x08;
        if (exponent > 0) {
            value = value + 0x100 << exponent - 1;
        }
        return (bits & 0x80) != 0 ? value : -value;
    }

    /** A tone of half the full scale. */
    public static byte[] tone(double hertz, double seconds) {
        byte[] alaw = new byte[(int) (seconds * RATE)];
        for (int i = 0; i < alaw.length; i++) {
            alaw[i] = encode((int) (16_000 * Math.sin(2 * Math.PI * hertz * i / RATE)));
        }
        return alaw;
    }

    public static byte[] silence(double seconds) {
        byte[] alaw = new byte[(int) (seconds * RATE)];
        Arrays.fill(alaw, SILENCE);
        return alaw;
    }

    /** Whether a tenth of a second of what is heard is one tone and nothing else: a signal, not a voice. By Goertzel's algorithm. */
    public static boolean hasTone(byte[] heard, double hertz) {
        int length = RATE / 10;
        double turn = 2 * Math.cos(2 * Math.PI * hertz / RATE);
        for (int from = 0; from + length <= heard.length; from += length / 4) {
            double energy = 0;
            double last = 0;
            double beforeLast = 0;
            for (int i = from; i < from + length; i++) {
                double sample = decode(heard[i]);
                energy += sample * sample;
                double now = sample + turn * last - beforeLast;
                beforeLast = last;
                last = now;
            }
            double ofTone = (last * last + beforeLast * beforeLast - turn * last * beforeLast) * 2 / length;
            if (Math.sqrt(energy / length) > AUDIBLE && ofTone > 0.9 * energy) {
                return true;
            }
        }
        return false;
    }

    /** The root mean square of what is heard, 0 to 32,767. */
    public static double loudness(byte[] alaw) {
        double sum = 0;
        for (byte octet : alaw) {
            double sample = decode(octet);
            sum += sample * sample;
        }
        return alaw.length == 0 ? 0 : Math.sqrt(sum / alaw.length);
    }

    /**
     * A sound of which no two frames are alike: a tone that climbs.
     *
     * @param seed sounds of different seeds differ
     */
    public static byte[] sweep(double seconds, int seed) {
        byte[] alaw = new byte[(int) (seconds * RATE)];
        for (int i = 0; i < alaw.length; i++) {
            double second = (double) i / RATE;
            alaw[i] = encode((int)
                    (16_000 * Math.sin(2 * Math.PI * (300 + 13 * (seed % 50) + 350 * second / seconds) * second)));
        }
        return alaw;
    }

    /**
     * How much of {@code said} is in {@code heard}, in its order: the share of its frames of 20 ms that are there octet by octet, 0 to 1. What is
     * late or lost on the way makes it less; what was coded anew on the way makes it 0.
     */
    public static double share(byte[] heard, byte[] said) {
        int found = 0;
        int from = 0;
        int frames = said.length / FRAME;
        for (int frame = 0; frame < frames; frame++) {
            int at = find(heard, from, said, frame * FRAME);
            if (at >= 0) {
                found++;
                from = at + FRAME;
            }
        }
        return frames == 0 ? 1 : (double) found / frames;
    }

    private static int find(byte[] heard, int from, byte[] said, int frame) {
        for (int at = from; at + FRAME <= heard.length; at++) {
            if (Arrays.equals(heard, at, at + FRAME, said, frame, frame + FRAME)) {
                return at;
            }
        }
        return -1;
    }
}
