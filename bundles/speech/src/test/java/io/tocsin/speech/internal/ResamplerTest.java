package io.tocsin.speech.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResamplerTest {

    @ParameterizedTest
    @ValueSource(ints = {4_000, 6_000, 8_000, 11_025, 16_000, 22_050, 44_056, 44_100, 48_000, 96_000, 191_999, 192_000})
    void what_a_telephone_carries_stays_as_it_was(int rate) {
        double hertz = 1_000;
        float[] out = resampled(Tones.sine(hertz, 1, rate, -20), rate);

        assertThat(out.length).isCloseTo(8_000, within(2));
        for (int i = 400; i < 7_600; i++) {
            double expected = Math.sqrt(2) * 0.1 * Math.sin(2 * Math.PI * hertz * i / 8_000);
            assertThat((double) out[i]).as("sample %d at %d Hz", i, rate).isCloseTo(expected, within(2e-4));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4_100, 4_600, 5_000, 7_000, 9_000, 12_500, 15_000, 20_000})
    void nothing_above_folds_into_the_voice(int hertz) {
        float[] out = resampled(Tones.sine(hertz, 1, 44_100, -3), 44_100);

        assertThat(Tones.rms(out, 400, 7_600)).as("%d Hz", hertz).isLessThan(-70);
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 300, 1_000, 2_500, 3_400})
    void the_band_is_flat(int hertz) {
        float[] out = resampled(Tones.sine(hertz, 1, 48_000, -10), 48_000);

        assertThat(Tones.rms(out, 800, 7_200)).as("%d Hz", hertz).isCloseTo(-10, within(0.1));
    }

    private static float[] resampled(float[] samples, int rate) {
        Samples out = new Samples();
        Resampler resampler = new Resampler(rate, out);
        // Blocks of changing size: their borders must not be heard.
        int size = 1;
        for (int from = 0; from < samples.length; from += size, size = size * 3 % 4_093 + 1) {
            int count = Math.min(size, samples.length - from);
            float[] block = new float[count];
            System.arraycopy(samples, from, block, 0, count);
            resampler.push(block, count);
            size = count;
        }
        resampler.finish();
        return out.toArray();
    }
}
