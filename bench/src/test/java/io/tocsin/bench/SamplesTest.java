package io.tocsin.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Percentiles are samples that were measured, by nearest rank. */
class SamplesTest {
    @Test
    void nearestRank() {
        Samples samples = new Samples();
        for (long i = 1000; i >= 1; i--) {
            samples.add(i);
        }
        assertThat(samples.count()).isEqualTo(1000);
        assertThat(samples.percentile(0.5)).isEqualTo(500);
        assertThat(samples.percentile(0.99)).isEqualTo(990);
        assertThat(samples.percentile(1)).isEqualTo(1000);
    }

    @Test
    void ofTwentyTheLargestIsThe99th() {
        Samples samples = new Samples();
        for (int i = 1; i <= 20; i++) {
            samples.add(i);
        }
        assertThat(samples.percentile(0.99)).isEqualTo(20);
        assertThat(samples.percentile(0.95)).isEqualTo(19);
    }

    @Test
    void ofNoneNothingIsSaid() {
        assertThat(new Samples().percentile(0.99)).isZero();
    }
}
