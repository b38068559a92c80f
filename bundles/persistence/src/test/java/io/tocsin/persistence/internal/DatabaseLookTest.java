package io.tocsin.persistence.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.persistence.api.DatabaseState;
import io.tocsin.persistence.api.DatabaseState.Condition;
import io.tocsin.persistence.api.DatabaseState.Standby;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a look is called, and what is said of it. */
class DatabaseLookTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final Duration QUICK = Duration.ofMillis(20);
    private static final Optional<Duration> NOBODY_WAITS = Optional.empty();
    private static final List<Standby> FOLLOWED = List.of(new Standby("b", true, 120, Duration.ofMillis(3)));
    private static final List<Standby> BESIDE = List.of(new Standby("b", false, 120, Duration.ofMillis(3)));

    @Test
    void eachStateHasItsNameAndSaysWhatToDo() {
        is(Condition.PRIMARY, "", look(1, false, true, "b", true, NOBODY_WAITS, FOLLOWED, NOW));
        is(Condition.PRIMARY, "", look(1, false, false, "", true, NOBODY_WAITS, List.of(), NOW));
        is(Condition.UNPROTECTED, "other site", look(1, false, true, "", true, NOBODY_WAITS, List.of(), NOW));
        is(Condition.UNPROTECTED, "other site", look(1, false, true, "", true, NOBODY_WAITS, BESIDE, NOW));
        is(Condition.WAITING_FOR_STANDBY, "(b)", look(1, false, true, "b", true, NOBODY_WAITS, List.of(), NOW));
        is(Condition.READ_ONLY, "refuses to write", look(1, true, true, "b", true, NOBODY_WAITS, FOLLOWED, NOW));
        is(Condition.NO_PRIMARY, "standby", look(0, true, true, "", true, NOBODY_WAITS, List.of(), NOW));
    }

    @Test
    void aCommitThatWaitsIsSeenAlsoByARoleThatIsToldNothing() {
        is(
                Condition.PRIMARY,
                "grant pg_read_all_stats",
                look(1, false, true, "b", false, Optional.of(Duration.ofMillis(200)), List.of(), NOW));
        is(
                Condition.WAITING_FOR_STANDBY,
                "(b)",
                look(1, false, true, "b", false, Optional.of(Duration.ofSeconds(4)), List.of(), NOW));
    }

    @Test
    void clocksFarApartAreNamedWithTheDirection() {
        Instant serverAhead = NOW.plus(Duration.ofMinutes(3));
        is(Condition.CLOCK_APART, "behind", look(1, false, true, "b", true, NOBODY_WAITS, FOLLOWED, serverAhead));
        Instant serverBehind = NOW.minus(Duration.ofMinutes(3));
        is(Condition.CLOCK_APART, "ahead of", look(1, false, true, "b", true, NOBODY_WAITS, FOLLOWED, serverBehind));
    }

    @Test
    void aSlowAnswerIsNamedButNeverHidesThatNothingCanBeWritten() {
        assertThat(look(1, false, true, "b", true, NOBODY_WAITS, FOLLOWED, NOW)
                        .state(NOW, Duration.ofSeconds(3), true)
                        .condition())
                .isEqualTo(Condition.SLOW);
        assertThat(look(1, true, true, "b", true, NOBODY_WAITS, FOLLOWED, NOW)
                        .state(NOW, Duration.ofSeconds(3), true)
                        .condition())
                .isEqualTo(Condition.READ_ONLY);
    }

    private static void is(Condition condition, String said, DatabaseLook look) {
        DatabaseState state = look.state(NOW, QUICK, false);
        assertThat(state.condition()).as(look.toString()).isEqualTo(condition);
        assertThat(state.detail()).contains(said);
    }

    private static DatabaseLook look(
            long timeline,
            boolean readOnly,
            boolean several,
            String wanted,
            boolean told,
            Optional<Duration> waiting,
            List<Standby> standbys,
            Instant serverTime) {
        return new DatabaseLook(
                new ServerIdentity(7391, timeline, "192.0.2.1:5432"),
                readOnly,
                several,
                wanted,
                told,
                waiting,
                standbys,
                serverTime);
    }
}
