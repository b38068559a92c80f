package io.tocsin.channel.mail.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReconnectPauseTest {
    private static final Duration INTERVAL = Duration.ofSeconds(2);

    private static List<Long> seconds(ReconnectPause pause, boolean login, int failures) {
        return Stream.generate(() -> pause.next(login).toSeconds())
                .limit(failures)
                .toList();
    }

    @Test
    void doublesUpToFifteenSeconds() {
        ReconnectPause pause = new ReconnectPause(INTERVAL, () -> 1);
        assertThat(seconds(pause, false, 7)).containsExactly(2L, 4L, 8L, 15L, 15L, 15L, 15L);
        pause.reached();
        assertThat(seconds(pause, false, 2)).containsExactly(2L, 4L);
    }

    @Test
    void leavesARefusedLoginAloneForLonger() {
        assertThat(seconds(new ReconnectPause(INTERVAL, () -> 1), true, 4)).containsExactly(16L, 32L, 60L, 60L);
    }

    @Test
    void staysShortHoweverLongTheIntervalAndTheOutage() {
        ReconnectPause pause = new ReconnectPause(Duration.ofHours(1), () -> 1);
        assertThat(seconds(pause, false, 1_000)).containsOnly(15L);
    }

    @Test
    void isUpToAQuarterShorterByChance() {
        assertThat(new ReconnectPause(INTERVAL, () -> 0).next(false)).isEqualTo(Duration.ofMillis(1_500));
        ReconnectPause pause = new ReconnectPause(Duration.ofSeconds(60), new Random(7)::nextDouble);
        List<Duration> pauses =
                Stream.generate(() -> pause.next(false)).limit(200).toList();
        assertThat(pauses)
                .allSatisfy(one -> assertThat(one).isBetween(Duration.ofMillis(11_250), ReconnectPause.LONGEST));
        assertThat(pauses.stream().distinct().count()).isGreaterThan(150);
    }
}
