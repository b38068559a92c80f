package io.tocsin.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ThroughputTest {
    private static final double NANOS = 1e9;
    private static final double TENTH = 0.1;

    private final Throughput throughput = new Throughput();
    private double now;
    private double messages;

    /** Looks on for so many seconds at a carrier that takes so many messages a second. */
    private void takes(double perSecond, double seconds) {
        for (int i = 0; i < Math.round(seconds / TENTH); i++) {
            throughput.add(Math.round(now * NANOS), Math.round(messages));
            now += TENTH;
            messages += perSecond * TENTH;
        }
        throughput.add(Math.round(now * NANOS), Math.round(messages));
    }

    private static long at(double seconds) {
        return Math.round(seconds * NANOS);
    }

    @Test
    void theRateIsWhatWasTakenBetweenTwoMoments() {
        takes(1000, 4);
        assertThat(throughput.rate(at(1), at(3))).isCloseTo(1000, within(1.0));
        assertThat(throughput.rate(at(1.03), at(1.07))).isCloseTo(1000, within(1.0));
        assertThat(throughput.rate(at(3), at(3))).isZero();
    }

    @Test
    void theMomentOfACountLiesBetweenTwoLooks() {
        takes(1000, 4);
        assertThat(throughput.reached(2050).orElseThrow() / NANOS).isCloseTo(2.05, within(0.001));
        assertThat(throughput.reached(5000)).isEmpty();
        assertThat(throughput.messages()).isEqualTo(4000);
    }

    @Test
    void recoveryEndsWithTheFirstSecondAsFastAsBefore() {
        takes(1000, 4);
        takes(0, 3);
        takes(500, 2);
        takes(1000, 3);
        assertThat(throughput.recovery(at(4), Long.MAX_VALUE, 1000).orElseThrow())
                .isCloseTo(6, within(0.11));
    }

    @Test
    void whoWasNeverDisturbedNeedsTheSecondOfMeasuring() {
        takes(1000, 4);
        assertThat(throughput.recovery(at(2), Long.MAX_VALUE, 999).orElseThrow())
                .isCloseTo(1, within(0.11));
    }

    @Test
    void lessThanBeforeIsNoRecovery() {
        takes(1000, 4);
        takes(0, 1);
        takes(990, 10);
        assertThat(throughput.recovery(at(5), Long.MAX_VALUE, 1000)).isEmpty();
    }

    @Test
    void recoveryAfterTheNextStrikeDoesNotCount() {
        takes(1000, 4);
        takes(0, 3);
        takes(1000, 3);
        assertThat(throughput.recovery(at(4), at(7.5), 1000)).isEmpty();
    }

    @Test
    void theBestSecondLiesAfterTheFault() {
        takes(2000, 3);
        takes(0, 1);
        takes(400, 2);
        takes(800, 3);
        takes(500, 2);
        assertThat(throughput.best(at(4))).isCloseTo(800, within(1.0));
        assertThat(throughput.best(at(11))).isZero();
    }
}
