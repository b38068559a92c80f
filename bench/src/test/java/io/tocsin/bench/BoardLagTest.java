package io.tocsin.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/** An answer is shown by the first event that counts it, and not before. */
class BoardLagTest {
    private final BoardLag lag = new BoardLag();

    private static Instant at(long millis) {
        return Instant.ofEpochMilli(millis);
    }

    @Test
    void anAnswerWaitsForTheEventThatCountsIt() {
        lag.recorded(at(1_300));
        lag.recorded(at(1_000));
        lag.shown(at(500), 0);
        lag.shown(at(1_100), 1);
        lag.shown(at(1_400), 1);
        lag.shown(at(1_900), 2);

        assertThat(lag.lags(at(0), at(1_200)).percentile(1)).isEqualTo(100_000_000);
        assertThat(lag.lags(at(1_200), at(2_000)).percentile(1)).isEqualTo(600_000_000);
        assertThat(lag.lags(at(0), at(2_000)).count()).isEqualTo(2);
        assertThat(lag.shown()).isEqualTo(2);
        assertThat(lag.events()).isEqualTo(4);
    }

    @Test
    void whatIsNeverShownIsNoLag() {
        lag.recorded(at(1_000));
        lag.shown(at(1_100), 0);

        assertThatThrownBy(() -> lag.lags(at(0), at(2_000))).hasMessageContaining("answer 1 was never shown");
    }
}
