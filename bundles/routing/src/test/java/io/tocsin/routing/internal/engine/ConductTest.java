package io.tocsin.routing.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.channel.api.SendOutcome;
import io.tocsin.routing.api.DispatchStatus.AccountTraffic;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConductTest {
    private final Conduct conduct = new Conduct();

    @Test
    void whatCameOfMessagesIsCountedAndHowLongItTook() {
        assertThat(traffic().median()).isEmpty();
        for (int i = 0; i < 98; i++) {
            conduct.answered(new SendOutcome.Accepted("id"), Duration.ofMillis(3));
        }
        conduct.answered(
                new SendOutcome.Retry("busy", Duration.ZERO, SendOutcome.Scope.MESSAGE), Duration.ofMillis(900));
        conduct.answered(new SendOutcome.Rejected("no", SendOutcome.Fault.ADDRESS), Duration.ofSeconds(90));
        conduct.threw();
        conduct.timedOut();
        conduct.late();
        AccountTraffic traffic = traffic();
        assertThat(List.copyOf(traffic.counts().keySet()))
                .containsExactly("accepted", "retry", "rejected", "in-doubt", "failed", "timed-out", "late");
        assertThat(List.copyOf(traffic.counts().values())).containsExactly(98L, 1L, 1L, 0L, 1L, 1L, 1L);
        assertThat(traffic.median()).contains(Duration.ofMillis(5));
        assertThat(traffic.slowest()).contains(Duration.ofSeconds(1));
    }

    @Test
    void whatAChannelSaysIsKeptWithinTheVocabulary() {
        String code = "busy\r\n" + "x".repeat(100);
        SendOutcome retry =
                Outcomes.bounded(new SendOutcome.Retry(code, Duration.ofSeconds(1), SendOutcome.Scope.ACCOUNT));
        assertThat(retry)
                .isEqualTo(new SendOutcome.Retry(
                        "busy??" + "x".repeat(58), Duration.ofSeconds(1), SendOutcome.Scope.ACCOUNT));
        SendOutcome fine = new SendOutcome.InDoubt("socket", List.of("1"));
        assertThat(Outcomes.bounded(fine)).isSameAs(fine);
        SendOutcome accepted = new SendOutcome.Accepted(List.of("1", "2"));
        assertThat(Outcomes.bounded(accepted)).isSameAs(accepted);
    }

    private AccountTraffic traffic() {
        return conduct.traffic(1, "town.sms", "sms");
    }
}
