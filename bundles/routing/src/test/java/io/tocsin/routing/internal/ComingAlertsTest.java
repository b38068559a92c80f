package io.tocsin.routing.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.channel.api.OutboundMessage.Category;
import org.junit.jupiter.api.Test;

class ComingAlertsTest {
    private static final long MILLI = 1_000_000L;
    private long now = Long.MAX_VALUE - 100 * MILLI;
    private final ComingAlerts coming = new ComingAlerts(() -> now);

    private boolean othersWait() {
        assertThat(coming.makesWay(Category.LIFE_SAFETY)).isFalse();
        assertThat(coming.makesWay(Category.INFORMATION)).isEqualTo(coming.makesWay(Category.OPERATIONAL));
        return coming.makesWay(Category.OPERATIONAL);
    }

    @Test
    void nobodyWaitsForNothing() {
        assertThat(othersWait()).isFalse();
        coming.coming(Category.OPERATIONAL);
        assertThat(othersWait()).isFalse();
    }

    @Test
    void othersMakeWayForAQuarterOfTheTimeAtMostHoweverOftenSomebodyLaunches() {
        int waited = 0;
        for (int i = 0; i < 100; i++) {
            coming.coming(Category.LIFE_SAFETY);
            waited += othersWait() ? 1 : 0;
            now += 50 * MILLI;
        }
        assertThat(waited).isEqualTo(25);
    }
}
