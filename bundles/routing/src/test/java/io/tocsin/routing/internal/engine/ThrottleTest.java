package io.tocsin.routing.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ThrottleTest {
    private static final long SECOND = 1_000_000_000L;
    private long now;

    private Throttle throttle(double rate) {
        Throttle throttle = new Throttle(rate, () -> now);
        throttle.mine(now, now + 1000 * SECOND);
        return throttle;
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
        now += 3600 * SECOND;
        assertThat(throttle.take(1000)).isEqualTo(1000);
        assertThat(throttle.take(1000)).isEqualTo(1000);
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
    void nothingIsSavedUpInTheTimeOfOthers() {
        Throttle throttle = new Throttle(100, () -> now);
        throttle.mine(now + SECOND, now + 2 * SECOND);
        assertThat(taken(throttle, 1)).isEqualTo(10);
        assertThat(throttle.mineForNanos()).isEqualTo(SECOND);
        assertThat(taken(throttle, 1)).isBetween(99, 101);
        assertThat(throttle.mineForNanos()).isZero();
        assertThat(taken(throttle, 5)).isZero();
        throttle.mine(now, now + SECOND / 4);
        throttle.mine(now + SECOND / 2, now + 3 * SECOND / 4);
        assertThat(taken(throttle, 1)).isBetween(49, 51);
    }

    @Test
    void permitsAreTakenManyAtOnceOrNotAtAll() {
        Throttle throttle = throttle(1000);
        throttle.take(1000);
        int takings = 0;
        int taken = 0;
        for (int i = 0; i < 1000; i++) {
            now += SECOND / 1000;
            int permits = throttle.take(250);
            takings += permits > 0 ? 1 : 0;
            taken += permits;
        }
        assertThat(taken).isBetween(950, 1000);
        assertThat(takings).isLessThanOrEqualTo(20);
        // The last few of a batch do not wait for more.
        now += SECOND / 1000 * 3;
        assertThat(throttle.take(2)).isEqualTo(2);
    }

    @Test
    void aRateOfLessThanOneAStretchIsKept() {
        Throttle throttle = new Throttle(1, () -> now);
        int taken = 0;
        for (int i = 0; i < 40; i++) {
            throttle.mine(now, now + SECOND / 4);
            now += SECOND / 4;
            taken += throttle.take(10);
        }
        assertThat(taken).isBetween(10, 11);
    }

    @Test
    void nodesSaveUpATenthOfASecondTogether() {
        Throttle throttle = throttle(100);
        throttle.nodes(5);
        throttle.take(1000);
        now += 10 * SECOND;
        assertThat(throttle.take(1000)).isEqualTo(2);
    }

    @Test
    void timeForAFewIsForThoseOnlyAndLetsThemGoAsItBegins() {
        Throttle throttle = new Throttle(50, () -> now);
        throttle.nodes(5);
        throttle.take(1000);
        assertThat(throttle.comes(2)).isFalse();
        assertThat(throttle.timeOf(2)).isEqualTo(Duration.ofMillis(40));
        throttle.mine(now + SECOND / 10, 2);
        assertThat(throttle.comes(2)).isTrue();
        assertThat(throttle.mineForNanos()).isZero();
        assertThat(throttle.take(2)).isZero();
        now += SECOND / 10;
        assertThat(throttle.take(2)).isEqualTo(2);
        assertThat(taken(throttle, 5)).isZero();
    }

    @Test
    void anAccountWithoutARateIsEverybodysForEver() {
        assertThat(new Throttle(Double.POSITIVE_INFINITY, () -> now).mineForNanos())
                .isEqualTo(Long.MAX_VALUE);
    }
}
