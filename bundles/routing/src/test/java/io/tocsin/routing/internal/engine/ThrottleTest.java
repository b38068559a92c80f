package io.tocsin.routing.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ThrottleTest {
    private static final long SECOND = 1_000_000_000L;
    private long now;

    private Throttle throttle(double rate) {
        return new Throttle(rate, () -> now);
    }

    private int taken(Throttle throttle, int seconds) {
        int taken = 0;
        for (int i = 0; i < seconds * 100; i++) {
            now += SECOND / 100;
            taken += throttle.take(1000);
        }
        return taken;
    }

    @Test
    void theRateIsKept() {
        assertThat(taken(throttle(50), 10)).isBetween(495, 506);
        assertThat(taken(throttle(1), 10)).isBetween(9, 11);
    }

    @Test
    void withoutARateEverythingMayGo() {
        assertThat(throttle(Double.POSITIVE_INFINITY).take(1000)).isEqualTo(1000);
    }

    @Test
    void aComplaintHalvesTheRateOnceThenItIsWonBack() {
        Throttle throttle = throttle(100);
        taken(throttle, 1);
        throttle.tooFast();
        throttle.tooFast();
        assertThat(taken(throttle, 1)).isBetween(45, 62);
        taken(throttle, 15);
        assertThat(taken(throttle, 1)).isBetween(98, 102);
    }

    @Test
    void aComplaintSlowsAnAccountThatHadNoRate() {
        Throttle throttle = throttle(Double.POSITIVE_INFINITY);
        for (int i = 0; i < 20; i++) {
            now += SECOND / 10;
            throttle.take(100);
        }
        throttle.tooFast();
        assertThat(taken(throttle, 1)).isBetween(400, 700);
    }

    @Test
    void aClosedAccountGivesNothingUntilItsTime() {
        Throttle throttle = throttle(100);
        throttle.closeFor(SECOND);
        assertThat(throttle.take(1)).isZero();
        now += SECOND + 1;
        assertThat(throttle.take(1)).isEqualTo(1);
    }

    @Test
    void nodesShareARate() {
        Throttle throttle = throttle(100);
        throttle.limit(50);
        taken(throttle, 1);
        assertThat(taken(throttle, 4)).isBetween(195, 206);
    }
}
