package io.tocsin.channel.sms.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.channel.sms.internal.Oddities.Kind;
import io.tocsin.channel.testkit.CapturedLog;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class OdditiesTest {
    private Instant now = Instant.parse("2026-03-01T10:00:00Z");

    @Test
    void eachKindIsSaidOnceAndAgainAfterAWhileWithItsCount() {
        Clock clock = new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now;
            }
        };
        try (CapturedLog log = new CapturedLog()) {
            Oddities oddities = new Oddities("acme", clock);
            assertThat(oddities.summary()).isEmpty();
            for (int i = 0; i < 1_000; i++) {
                oddities.saw(Kind.OVERSIZED, "bind-1", "command 0x05");
                oddities.saw(Kind.LATE_RESPONSE, "bind-1", "submit_sm_resp");
            }
            assertThat(lines(log)).hasSize(2).allMatch(line -> line.contains("account=acme"));
            now = now.plus(Duration.ofMinutes(11));
            oddities.saw(Kind.OVERSIZED, "bind-2", "command 0x05");
            assertThat(lines(log)).hasSize(3);
            assertThat(lines(log).get(2))
                    .contains("kind=oversized", "since-last-told=1000", "in-all=1001", "bind=bind-2");
            assertThat(oddities.summary()).isEqualTo("oversized ×1001, late-response ×1000");
        }
    }

    private static List<String> lines(CapturedLog log) {
        return log.text()
                .lines()
                .filter(line -> line.contains("sms-carrier-odd"))
                .toList();
    }
}
