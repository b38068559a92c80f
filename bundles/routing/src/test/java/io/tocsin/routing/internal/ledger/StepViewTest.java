package io.tocsin.routing.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StepViewTest {

    @Test
    void oneRuleIsSaidForSeveralWaves() {
        assertThat(StepView.rule(List.of("not answered after step 1"))).isEqualTo("not answered after step 1");
        assertThat(StepView.rule(List.of("tried again after: busy"))).isEqualTo("tried again after: busy");
        assertThat(StepView.rule(List.of(
                        "tried again after: busy, no-answer",
                        "tried again after: declined",
                        "tried again after: busy: really")))
                .isEqualTo("tried again after: busy, busy: really, declined, no-answer");
        assertThat(StepView.rule(List.of("tried again after: a, b, c, d, e", "tried again after: f")))
                .as("the first few")
                .isEqualTo("tried again after: a, b, c, d, e");
    }
}
