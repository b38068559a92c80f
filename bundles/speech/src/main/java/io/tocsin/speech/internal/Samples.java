package io.tocsin.speech.internal;

import java.util.Arrays;

/** Samples that grow in number; 1 is full scale. */
final class Samples {

    private float[] values = new float[8_000];
    private int count;

    void add(float value) {
        if (count == values.length) {
            values = Arrays.copyOf(values, 2 * count);
        }
        values[count++] = value;
    }

    int count() {
        return count;
    }

    float[] toArray() {
        return Arrays.copyOf(values, count);
    }
}
