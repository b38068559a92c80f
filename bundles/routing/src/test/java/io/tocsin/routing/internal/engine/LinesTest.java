package io.tocsin.routing.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LinesTest {
    private long now = 1;
    private int ofChannel = 100;
    private final SimStore store = new SimStore(() -> Instant.EPOCH.plusNanos(now), 10);
    private final SimLedger ledger = new SimLedger(store, statement -> {});

    private Lines lines(boolean rated) {
        Lines lines = new Lines(
                () -> ofChannel,
                new LineShare(ledger, 1, "n", 100, Duration.ofMinutes(10), until -> true, () -> now),
                rated,
                () -> now);
        lines.look(0, 1000);
        return lines;
    }

    private void after(Duration time) {
        now += time.toNanos();
    }

    /** So many calls ended in the second before. */
    private void freed(Lines lines, int perSecond) {
        after(Duration.ofSeconds(1));
        for (int i = 0; i < perSecond; i++) {
            lines.freed();
        }
    }

    @Test
    void asManyAsThereAreLinesAndNoMoreWhileNoneComesFree() {
        Lines lines = lines(false);
        assertThat(lines.worthIntending(0, 0)).isEqualTo(100);
        assertThat(lines.worthIntending(60, 40)).isZero();
        assertThat(lines.worthIntending(100, 0)).isZero();
    }

    @Test
    void theChannelMayHaveFewer() {
        Lines lines = lines(false);
        ofChannel = 10;
        assertThat(lines.now()).isEqualTo(10);
        assertThat(lines.worthIntending(4, 0)).isEqualTo(6);
        ofChannel = 0;
        assertThat(lines.worthIntending(0, 0)).isZero();
    }

    @Test
    void whatLeavesInASecondIsIntendedAheadByHalves() {
        Lines lines = lines(false);
        freed(lines, 20);
        assertThat(lines.worthIntending(100, 0)).isEqualTo(20);
        assertThat(lines.worthIntending(100, 15)).as("more than half is there").isZero();
        assertThat(lines.worthIntending(100, 10)).isEqualTo(10);
        freed(lines, 1000);
        assertThat(lines.worthIntending(100, 0))
                .as("a quarter of the lines at most")
                .isEqualTo(25);
        after(Duration.ofSeconds(5));
        assertThat(lines.worthIntending(100, 0)).as("nothing came free lately").isZero();
    }

    @Test
    void withARateNothingIsAheadAndAFewFreeLinesAreFilledTogether() {
        Lines lines = lines(true);
        freed(lines, 200);
        assertThat(lines.worthIntending(100, 0)).isZero();
        assertThat(lines.worthIntending(98, 0))
                .as("two, where four come free in a moment")
                .isZero();
        after(Duration.ofMillis(20));
        assertThat(lines.worthIntending(98, 0)).isEqualTo(2);
        assertThat(lines.worthIntending(95, 0)).isEqualTo(5);
    }

    @Test
    void aSingleLineIsFilledAtOnce() {
        ofChannel = 1;
        Lines lines = lines(false);
        assertThat(lines.worthIntending(0, 0)).isEqualTo(1);
        lines.freed();
        assertThat(lines.worthIntending(0, 0)).isEqualTo(1);
    }
}
