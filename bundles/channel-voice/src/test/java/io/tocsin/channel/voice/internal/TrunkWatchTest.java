package io.tocsin.channel.voice.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.api.SendOutcome.Fault;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrunkWatchTest {
    private Instant now = Instant.parse("2026-11-22T12:00:00Z");
    private final TrunkWatch trunk = new TrunkWatch(new Clock() {
        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    });

    private static SendOutcome outcome(String code) {
        return code.equals(CallEnd.SOUND_NOT_PLAYED) ? CallEnd.retry(code, Map.of()) : CallEnd.trunk(code);
    }

    private void fail(String code, int times) {
        for (int n = 0; n < times; n++) {
            assertThat(trunk.ended(outcome(code))).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"trunk-dead", "trunk-refused", "switch-refused", "sound-not-played"})
    void fiveInARowLeaveTheAccountAloneForAWhile(String code) {
        fail(code, 4);
        assertThat(trunk.trouble()).isEmpty();
        assertThat(trunk.ended(outcome(code))).isTrue();
        assertThat(trunk.trouble()).hasValueSatisfying(said -> assertThat(said).contains(code));
        now = now.plus(Duration.ofSeconds(15));
        assertThat(trunk.trouble()).isEmpty();
        assertThat(trunk.ended(outcome(code))).as("the next is enough").isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"switch-away", "channel-closed", "route-stopped"})
    void whatWasNeverTriedSaysNothing(String code) {
        fail(code, 9);
        fail("trunk-dead", 4);
        fail(code, 3);
        assertThat(trunk.ended(outcome("trunk-dead"))).isTrue();
    }

    @Test
    void whatEndedTooEarlySaysNothing() {
        fail("trunk-dead", 4);
        trunk.ended(new SendOutcome.InDoubt("call-lost"));
        trunk.ended(new SendOutcome.Rejected("withdrawn", Fault.CARRIER));
        assertThat(trunk.ended(outcome("trunk-dead"))).isTrue();
    }

    @Test
    void oneThatGoesThroughShowsThatItIsWell() {
        fail("trunk-dead", 4);
        trunk.ended(CallEnd.retry("busy", Map.of()));
        fail("sound-not-played", 4);
        trunk.ended(new SendOutcome.Accepted("id"));
        fail("trunk-refused", 4);
        assertThat(trunk.trouble()).isEmpty();
    }
}
