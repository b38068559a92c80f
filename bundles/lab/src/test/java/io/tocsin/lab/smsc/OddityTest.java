package io.tocsin.lab.smsc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class OddityTest {

    @Test
    void optionsNameThem() {
        SmscOptions options = SmscMain.apply(
                        Map.of("odd", "twice,wrong-sequence", "odd-every", "3", "first-id", "1"), SmscOptions.builder())
                .build();
        assertThat(options.odd()).containsExactlyInAnyOrder(Oddity.TWICE, Oddity.WRONG_SEQUENCE);
        assertThat(options.oddEvery()).isEqualTo(3);
        assertThat(options.firstId()).isEqualTo(1);
        assertThat(SmscMain.apply(Map.of("odd", ""), options.toBuilder())
                        .build()
                        .odd())
                .isEmpty();
    }

    @Test
    void unknownOneIsRefusedWithThoseThereAre() {
        assertThatThrownBy(() -> SmscMain.apply(Map.of("odd", "thrice"), SmscOptions.builder()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("thrice")
                .hasMessageContaining("wrong-sequence");
        assertThatThrownBy(() -> SmscMain.apply(Map.of("odd-every", "0"), SmscOptions.builder()))
                .hasMessageContaining("odd-every");
    }

    @Test
    void acceptanceWithoutAnIdCountsAsOne() throws Exception {
        try (SimulatedSmsc smsc = SimulatedSmsc.start(SmscOptions.builder()
                .odd(Oddity.EMPTY_ID)
                .oddEvery(3)
                .firstId(100)
                .build())) {
            RawSubmitter.Result result =
                    new RawSubmitter("127.0.0.1", smsc.port(), "tocsin", "tocsin").run(1, 1, 9, 30);
            assertThat(result.submits()).isEqualTo(9);
            assertThat(smsc.counters().messages()).isEqualTo(9);
        }
    }
}
