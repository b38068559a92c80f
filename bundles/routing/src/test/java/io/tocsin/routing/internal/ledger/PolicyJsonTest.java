package io.tocsin.routing.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.channel.api.CallScript.AnsweringMachine;
import io.tocsin.routing.api.DispatchPolicy;
import io.tocsin.routing.api.DispatchPolicy.CallPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PolicyJsonTest {
    @Test
    void howPeopleAreCalledIsKept() {
        DispatchPolicy policy = policy(
                Optional.of(new CallPolicy(
                        Duration.ofSeconds(45),
                        2,
                        AnsweringMachine.HANG_UP,
                        Optional.of("code"),
                        Map.of("9", "+33199000009"),
                        Optional.of("0"),
                        Map.of("busy", Duration.ofMinutes(1)))),
                3);

        assertThat(PolicyJson.read(PolicyJson.write(policy))).isEqualTo(policy);
        DispatchPolicy usual = policy(Optional.of(CallPolicy.usual(true)), 0);
        assertThat(PolicyJson.read(PolicyJson.write(usual))).isEqualTo(usual);
    }

    @Test
    void aPolicyOfBeforeCallsNobody() {
        DispatchPolicy read = PolicyJson.read("{\"cascade\":[],\"choices\":[],\"variables\":{}}");

        assertThat(read.call()).isEmpty();
        assertThat(read.lexicon()).isZero();
    }

    private static DispatchPolicy policy(Optional<CallPolicy> call, int lexicon) {
        return new DispatchPolicy(
                List.of(), Map.of(), Map.of(), Optional.empty(), Optional.empty(), Optional.empty(), call, lexicon);
    }
}
