package io.tocsin.routing.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MomentTest {

    @ParameterizedTest
    @CsvSource({
        // A failure is followed at the next second, what is asked for under a minute later too.
        "06:00:00, PT0S, 06:00:00",
        "06:00:00.000001, PT0S, 06:00:01",
        "06:00:00.999, PT1S, 06:00:02",
        "06:00:01.5, PT30S, 06:00:32",
        "06:00:01, PT59S, 06:01:00",
        "06:00:00, PT59.5S, 06:01:00",
        // From a minute on, ten seconds make no difference.
        "06:00:00, PT1M, 06:01:00",
        "06:00:00.001, PT1M, 06:01:10",
        "06:00:09.999, PT1M, 06:01:10",
        "06:00:10, PT1M, 06:01:10",
        "06:00:11, PT15M, 06:15:20",
        "23:59:55, PT1M, 00:01:00"
    })
    void isTheNextThatOthersHaveToo(String from, Duration wait, String together) {
        Instant at = Instant.parse("2026-03-01T" + from + "Z");
        Moment moment = Moment.after(at, wait);
        assertThat(moment.asked()).isEqualTo(at.plus(wait));
        assertThat(moment.together().toString()).endsWith("T" + together + "Z");
    }

    @Test
    void isNeverEarlierThanAskedAndTenSecondsLaterAtMost() {
        Random random = new Random(5);
        for (int i = 0; i < 10_000; i++) {
            Instant from = Instant.ofEpochSecond(random.nextInt(2_000_000_000), random.nextInt(1_000_000_000));
            Duration wait = Duration.ofMillis(random.nextInt(7_200_000));
            Moment moment = Moment.after(from, wait);
            Duration later = Duration.between(moment.asked(), moment.together());
            assertThat(later).isGreaterThanOrEqualTo(Duration.ZERO);
            assertThat(later)
                    .isLessThan(
                            wait.compareTo(Duration.ofMinutes(1)) < 0 ? Duration.ofSeconds(1) : Duration.ofSeconds(10));
        }
    }
}
