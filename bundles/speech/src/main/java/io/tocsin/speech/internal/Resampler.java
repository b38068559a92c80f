package io.tocsin.speech.internal;

import io.tocsin.speech.api.Sound;
import java.util.Arrays;

/**
 * Any rate to 8 kHz, a block at a time: a windowed sinc (Kaiser, 80 dB) that passes up to 3.4 kHz and is silent from
 * 4 kHz on, so that nothing above folds into the voice. A rate under 8 kHz keeps 85 % of its own band.
 */
final class Resampler {

    private static final double ATTENUATION = 80;
    private static final double PASS = 3_400;
    private static final double STOP = 4_000;

    /** Points of the kernel per input sample; between them it is interpolated. */
    private static final int FINE = 256;

    private final double step;
    private final int half;
    private final float[] kernel;
    private final Samples out;

    private float[] held = new float[0];
    private int heldCount;

    /** Input position of {@code held[0]}; negative at first: silence before the beginning. */
    private long heldFrom;

    private long produced;

    /** @param out receives the result */
    Resampler(int rate, Samples out) {
        this.out = out;
        step = rate / (double) Sound.RATE;
        double stop = Math.min(STOP, rate / 2.0);
        double pass = Math.min(PASS, stop * 0.85);
        double cutoff = (pass + stop) / 2 / rate;
        double transition = 2 * Math.PI * (stop - pass) / rate;
        half = (int) Math.ceil((ATTENUATION - 8) / (2.285 * transition) / 2);
        kernel = kernel(half, cutoff);
        heldFrom = -half;
        held = new float[4 * half];
        heldCount = half;
    }

    void push(float[] block, int count) {
        makeRoom(count);
        System.arraycopy(block, 0, held, heldCount, count);
        heldCount += count;
        produce();
    }

    /** What the kernel still holds. */
    void finish() {
        push(new float[half], half);
    }

    private void makeRoom(int count) {
        long firstNeeded = (long) Math.floor(produced * step) - half;
        int drop = (int) Math.min(heldCount, Math.max(0, firstNeeded - heldFrom));
        System.arraycopy(held, drop, held, 0, heldCount - drop);
        heldFrom += drop;
        heldCount -= drop;
        if (heldCount + count > held.length) {
            held = Arrays.copyOf(held, Math.max(heldCount + count, 2 * held.length));
        }
    }

    private void produce() {
        for (; ; produced++) {
            double centre = produced * step;
            long first = (long) Math.ceil(centre - half);
            long last = (long) Math.floor(centre + half);
            if (last >= heldFrom + heldCount) {
                return;
            }
            double sum = 0;
            double at = (first - centre + half) * FINE;
            int index = (int) at;
            float between = (float) (at - index);
            for (int i = (int) (first - heldFrom), end = (int) (last - heldFrom); i <= end; i++, index += FINE) {
                sum += held[i] * (kernel[index] + between * (kernel[index + 1] - kernel[index]));
            }
            out.add((float) sum);
        }
    }

    private static float[] kernel(int half, double cutoff) {
        float[] kernel = new float[2 * half * FINE + 2];
        double beta = 0.1102 * (ATTENUATION - 8.7);
        double unit = bessel(beta);
        double sum = 0;
        for (int i = 0; i <= 2 * half * FINE; i++) {
            double at = i / (double) FINE - half;
            double x = at / half;
            double sinc = at == 0 ? 2 * cutoff : Math.sin(2 * Math.PI * cutoff * at) / (Math.PI * at);
            kernel[i] = (float) (sinc * bessel(beta * Math.sqrt(Math.max(0, 1 - x * x))) / unit);
            sum += kernel[i];
        }
        float unity = (float) (FINE / sum);
        for (int i = 0; i < kernel.length; i++) {
            kernel[i] *= unity;
        }
        return kernel;
    }

    /** Modified Bessel function of the first kind, order 0. */
    private static double bessel(double x) {
        double sum = 1;
        double term = 1;
        for (int k = 1; term > sum * 1e-12; k++) {
            term *= (x / 2 / k) * (x / 2 / k);
            sum += term;
        }
        return sum;
    }
}
