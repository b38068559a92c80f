package io.tocsin.audit.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tocsin.audit.api.Actor;
import io.tocsin.audit.api.Drills.Drill;
import io.tocsin.audit.api.Drills.Runbook;
import io.tocsin.audit.api.Drills.Standing;
import io.tocsin.audit.api.Journal;
import io.tocsin.audit.internal.JournaledDrills.Settings;
import io.tocsin.persistence.testing.TestDatabase;
import java.lang.annotation.Annotation;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JournaledDrillsTest {
    private static final Actor OPERATOR = new Actor("lea@operator", "rest", "192.0.2.1");
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static TestDatabase db;

    @BeforeAll
    static void startDatabase() {
        db = TestDatabase.start();
    }

    @AfterAll
    static void stopDatabase() {
        db.close();
    }

    @BeforeEach
    void empty() {
        db.clear();
    }

    private static JournaledDrills at(Instant now) {
        return at(now, 30);
    }

    private static JournaledDrills at(Instant now, int overdueDays) {
        Clock clock = Clock.fixed(now, ZoneOffset.UTC);
        return new JournaledDrills(db.database(), new ChainedJournal(clock), new Days(overdueDays), clock);
    }

    /** Settings as a container would give them. */
    @SuppressWarnings("ClassExplicitlyAnnotation")
    private record Days(int overdueDays) implements Settings {
        @Override
        public Class<? extends Annotation> annotationType() {
            return Settings.class;
        }
    }

    private static Standing of(JournaledDrills drills, Runbook runbook) {
        return drills.standings().stream()
                .filter(standing -> standing.runbook() == runbook)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatWasNeverDrilledIsOverdue() {
        assertThat(at(NOON).standings()).hasSize(Runbook.values().length).allSatisfy(standing -> {
            assertThat(standing.last()).isEmpty();
            assertThat(standing.overdue()).isTrue();
        });
    }

    @Test
    void theLatestIsShownAsItWasRecordedAndIsInTheJournal() {
        at(NOON.minusSeconds(60)).record(Runbook.SITE_LOST, true, Optional.empty(), "", OPERATOR);
        at(NOON).record(
                        Runbook.SITE_LOST,
                        true,
                        Optional.of(Duration.ofMillis(22_500)),
                        "deux sites, à la main",
                        OPERATOR);

        Standing standing = of(at(NOON.plusSeconds(1)), Runbook.SITE_LOST);

        assertThat(standing.last())
                .contains(new Drill(
                        NOON, "lea@operator", true, Optional.of(Duration.ofMillis(22_500)), "deux sites, à la main"));
        assertThat(standing.overdue()).isFalse();
        assertThat(of(at(NOON), Runbook.LINK_CUT).last()).isEmpty();
        List<Journal.Entry> entries =
                db.database().asEngine(c -> new ChainedJournal().read(c, Journal.PLATFORM, 0, 10));
        assertThat(entries).extracting(Journal.Entry::action).containsExactly("runbook.drilled", "runbook.drilled");
    }

    @Test
    void oneThatDidNotWorkIsShownAndCountsForNothing() {
        at(NOON.minus(Duration.ofDays(40))).record(Runbook.RETURN, true, Optional.empty(), "", OPERATOR);
        at(NOON).record(Runbook.RETURN, false, Optional.empty(), "start failed", OPERATOR);

        Standing standing = of(at(NOON), Runbook.RETURN);

        assertThat(standing.last().orElseThrow().worked()).isFalse();
        assertThat(standing.lastWorked()).contains(NOON.minus(Duration.ofDays(40)));
        assertThat(standing.overdue()).isTrue();
        assertThat(of(at(NOON, 41), Runbook.RETURN).overdue())
                .as("an operator who allows more")
                .isFalse();
    }

    @Test
    void whatCannotBeIsRefusedByField() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> at(NOON).record(Runbook.RESTORE, true, Optional.of(Duration.ofSeconds(-1)), "", OPERATOR))
                .withMessageContaining("seconds: from 0 to 604800");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> at(NOON).record(Runbook.RESTORE, true, Optional.empty(), "x".repeat(501), OPERATOR))
                .withMessageContaining("note: 500 characters at most, not 501");
        assertThat(of(at(NOON), Runbook.RESTORE).last()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -3, 3651})
    void aLimitThatIsNoneIsRefused(int days) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> at(NOON, days))
                .withMessageContaining("overdueDays is " + days);
    }
}
