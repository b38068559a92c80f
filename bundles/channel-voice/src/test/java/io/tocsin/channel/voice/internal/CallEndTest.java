package io.tocsin.channel.voice.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.channel.api.SendOutcome;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Causes as Asterisk 22 paired them with SIP statuses on a real trunk. */
class CallEndTest {

    @ParameterizedTest
    @CsvSource({
        "17, 486, false, retry busy MESSAGE",
        "17, 600, false, retry busy MESSAGE",
        "34, 503, false, retry congestion MESSAGE",
        "1, 404, false, rejected unallocated ADDRESS",
        "19, 480, false, retry unavailable MESSAGE",
        "19, 480, true, retry no-answer MESSAGE",
        "19, 0, false, retry no-answer MESSAGE",
        "21, 603, false, retry declined MESSAGE",
        "28, 484, false, rejected number-incomplete ADDRESS",
        "58, 488, false, rejected media-refused CARRIER",
        "38, 500, false, retry congestion MESSAGE",
        "18, 408, false, retry trunk-dead ACCOUNT",
        "52, 403, false, retry trunk-refused ACCOUNT",
        "0, 0, false, retry ended-0 MESSAGE",
        "99999, 0, false, retry ended-999 MESSAGE",
        "-7, 0, false, retry ended-0 MESSAGE"
    })
    void everyCauseIsAnOutcome(int cause, int sip, boolean rang, String expected) {
        SendOutcome outcome =
                CallEnd.unanswered(cause, sip == 0 ? OptionalInt.empty() : OptionalInt.of(sip), rang, Map.of());
        assertThat(
                        outcome instanceof SendOutcome.Retry retry
                                ? "retry " + retry.code() + " " + retry.scope()
                                : "rejected " + ((SendOutcome.Rejected) outcome).code() + " "
                                        + ((SendOutcome.Rejected) outcome).fault())
                .isEqualTo(expected);
    }

    @Test
    void theScenarioSaysWhenToTryAgain() {
        assertThat(((SendOutcome.Retry) CallEnd.retry("busy", Map.of("busy", Duration.ofSeconds(7)))).after())
                .isEqualTo(Duration.ofSeconds(7));
    }
}
