package io.tocsin.lab.phone.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** How well lines are used, on a clock of its own. */
class LinesTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void theLineThatWasFreeLongestIsNextAndItsIdleTimeIsSeen() {
        Lines lines = new Lines(2, 0);
        assertThat(lines.take(0)).isZero();
        assertThat(lines.take(0)).isEqualTo(1);
        assertThat(lines.take(0)).isEqualTo(-1);
        lines.release(1, SECOND);
        lines.release(0, 2 * SECOND);
        assertThat(lines.take(2 * SECOND + SECOND / 10)).isEqualTo(1);
        assertThat(lines.take(2 * SECOND + SECOND / 5)).isZero();
        assertThat(lines.gapMillis(0.5)).isEqualTo(200);
        assertThat(lines.gapMillis(0.95)).isEqualTo(1_100);
        assertThat(lines.longestGapMillis()).isEqualTo(1_100);
    }

    @Test
    void busyTimeIsAddedUpSinceTheMark() {
        Lines lines = new Lines(4, 0);
        lines.take(0);
        lines.mark(10 * SECOND);
        lines.take(10 * SECOND);
        lines.release(0, 11 * SECOND);
        assertThat(lines.lineSeconds(12 * SECOND)).isEqualTo(3, Offset.offset(1e-9));
        assertThat(lines.seconds(12 * SECOND)).isEqualTo(2);
        assertThat(lines.mostBusy()).isEqualTo(2);
        assertThat(lines.callSeconds()).isEqualTo(11, Offset.offset(1e-9));
        assertThat(lines.gapMillis(0.95)).isZero();
    }

    @Test
    void callsAreCountedIntoTheirSecond() {
        Lines lines = new Lines(1, 0);
        lines.mark(5 * SECOND);
        lines.begun(5 * SECOND);
        lines.begun(5 * SECOND + 1);
        lines.begun(7 * SECOND);
        lines.begun(7 * SECOND + SECOND / 2);
        assertThat(lines.perSecond(8 * SECOND - 1)).isEqualTo(List.of(2, 0));
        assertThat(lines.perSecond(8 * SECOND)).isEqualTo(List.of(2, 0, 2));
        lines.begun(5 * SECOND + 4_000 * SECOND);
        assertThat(lines.perSecond(5 * SECOND + 4_000 * SECOND)).hasSize(3_600);
    }
}
