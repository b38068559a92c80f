package io.tocsin.speech.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tocsin.speech.api.Measure;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MasteringTest {

    @ParameterizedTest
    @ValueSource(doubles = {0.02, 0.1, 0.5, 1.0, 3.0})
    void every_voice_leaves_at_one_level_without_clipping(double peak) throws IOException {
        Mastering.Mastered mastered = Mastering.master(Tones.syllables(6, 8_000, peak));

        float[] heard = Tones.decoded(mastered.sound().alaw());
        assertThat(Loudness.of(heard)).isCloseTo(Measure.LEVEL, within(0.3));
        assertThat(Loudness.peak(heard)).isLessThan(Measure.CEILING + 0.3);
        assertThat(mastered.measure().level()).isEqualTo(Loudness.of(heard));
    }

    @Test
    void a_crack_does_not_make_the_voice_quiet() throws IOException {
        float[] samples = Tones.syllables(6, 8_000, 0.1);
        for (int i = 0; i < samples.length; i += 4_000) {
            samples[i] = 0.95f;
        }

        float[] heard = Tones.decoded(Mastering.master(samples).sound().alaw());

        assertThat(Loudness.of(heard)).isCloseTo(Measure.LEVEL, within(0.5));
        assertThat(Loudness.peak(heard)).isLessThan(Measure.CEILING + 0.3);
    }

    @Test
    void pauses_do_not_count_as_quiet_speech() {
        float[] speech = Tones.syllables(3, 8_000, 0.5);
        double alone = Loudness.of(speech);

        assertThat(Loudness.of(Tones.joined(speech, Tones.silence(20, 8_000), speech)))
                .isCloseTo(alone, within(0.3));
    }

    @Test
    void silence_goes_from_both_ends_and_stays_inside() {
        float[] word = Tones.sine(440, 1, 8_000, -30);
        float[] samples =
                Tones.joined(Tones.silence(2, 8_000), word, Tones.silence(1.5, 8_000), word, Tones.silence(5, 8_000));

        Mastering.Mastered mastered = Mastering.master(samples);

        assertThat(mastered.measure().duration()).isBetween(Duration.ofMillis(3_750), Duration.ofMillis(3_850));
        assertThat(Mastering.longestPause(mastered.sound()))
                .isBetween(Duration.ofMillis(1_450), Duration.ofMillis(1_510));
    }

    @Test
    void an_offset_is_no_loudness() throws IOException {
        float[] samples = Tones.syllables(4, 8_000, 0.2);
        for (int i = 0; i < samples.length; i++) {
            samples[i] += 0.4f;
        }

        float[] heard = Tones.decoded(Mastering.master(samples).sound().alaw());

        double mean = 0;
        for (float sample : heard) {
            mean += sample / heard.length;
        }
        assertThat(mean).isCloseTo(0, within(0.005));
        assertThat(Loudness.of(heard)).isCloseTo(Measure.LEVEL, within(0.3));
    }

    @Test
    void nothing_comes_of_silence() {
        assertThat(Mastering.master(Tones.silence(3, 8_000)).measure().duration())
                .isZero();
        assertThat(Mastering.master(new float[0]).measure().duration()).isZero();
        assertThat(Mastering.master(Tones.sine(300, 2, 8_000, -70)).measure().duration())
                .isZero();
    }
}
