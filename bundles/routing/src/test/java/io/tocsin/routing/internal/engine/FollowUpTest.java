package io.tocsin.routing.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.routing.internal.engine.WaveRows.Due;
import io.tocsin.routing.internal.ledger.Replacement;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is decided about a target whose time has come, case by case. */
class FollowUpTest {
    private static final String FIRST = "+33639980001";
    private static final String SECOND = "+33639980002";

    /** @param expected try, address (1 or 2), and ! when flagged; empty: nothing */
    @ParameterizedTest(name = "{0} {1} person {2} over {3} try {4} of {5}: {6}")
    @CsvSource(
            nullValues = "-",
            value = {
                "retry, retry, pending, false, 1, 3, 2 at 1",
                "retry, retry, pending, false, 3, 3, 1 at 2",
                "retry, accepted, pending, false, 1, 3, -",
                "retry, retry, pending, true, 1, 3, -",
                "retry, retry, answered, false, 1, 3, -",
                "retry, retry, delivered, false, 1, 3, -",
                "not-sent, retry, pending, false, 2, 2, 2 at 1",
                "not-sent, accepted, pending, false, 1, 2, -",
                "failed, failed, pending, false, 1, 3, 1 at 2",
                "failed, delivered, pending, false, 1, 3, -",
                "failed, failed, delivered, false, 1, 3, -",
                "in-doubt, in-doubt, pending, false, 1, 1, 2 at 1 !",
                "in-doubt, in-doubt, pending, false, 2, 2, -",
                "in-doubt, in-doubt, pending, false, 2, 3, 3 at 1 !",
                "in-doubt, accepted, pending, false, 1, 3, -",
                "in-doubt, retry, pending, false, 1, 3, -",
                "in-doubt, in-doubt, answered, false, 1, 3, -",
                "in-doubt, in-doubt, delivered, false, 1, 3, -",
                "in-doubt, in-doubt, pending, true, 1, 3, -",
            })
    void isAsThePolicySays(
            String kind, String state, String person, boolean over, int tryNo, int maxAttempts, String expected) {
        Due due = new Due(
                1,
                4,
                kind,
                "code",
                state,
                person,
                over,
                1,
                "sms",
                maxAttempts,
                5,
                FIRST,
                tryNo,
                false,
                "[{\"kind\":\"mobile\",\"address\":\"" + FIRST + "\"},{\"kind\":\"mobile\",\"address\":\"" + SECOND
                        + "\"}]");
        Optional<Replacement> decided = FollowUp.decide(due, Set.of("mobile"));
        assertThat(decided.map(r -> r.tryNo() + " at " + (r.address().equals(FIRST) ? 1 : 2)
                                + (r.possibleDuplicate() ? " !" : ""))
                        .orElse(null))
                .isEqualTo(expected);
    }
}
