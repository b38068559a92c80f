package io.tocsin.routing.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.routing.internal.engine.CapPermits.Grant;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What caps let through, moment by moment. */
class CapPermitsTest {
    private static final Instant BEGIN = Instant.parse("2026-03-01T06:00:00Z");
    private Instant now = BEGIN;
    private final Map<Integer, CapPermits> caps = new TreeMap<>();

    private void cap(int id, double perSecond) {
        caps.put(id, new CapPermits(id, perSecond, Instant.EPOCH, Instant.EPOCH, Instant.EPOCH, 0));
    }

    private void rate(int id, double perSecond) {
        CapPermits c = caps.get(id);
        caps.put(id, new CapPermits(id, perSecond, c.takenUntil(), c.urgentUntil(), c.othersUntil(), c.urgentInARow()));
    }

    private Grant ask(int most, boolean urgent, int... ids) {
        return ask(0, most, urgent, ids);
    }

    private Grant ask(int unanswered, int most, boolean urgent, int... ids) {
        List<CapPermits> asked =
                java.util.Arrays.stream(ids).mapToObj(caps::get).toList();
        Grant grant = CapPermits.take(asked, now, unanswered, most, 1000, urgent);
        grant.caps().forEach(c -> caps.put(c.capId(), c));
        return grant;
    }

    private void pass(Duration time) {
        now = now.plus(time);
    }

    /** Asked whenever it is worth it, for a time. */
    private int taken(Duration time, int most, int... ids) {
        Instant end = now.plus(time);
        int taken = 0;
        while (now.isBefore(end)) {
            Grant grant = ask(most, false, ids);
            taken += grant.granted();
            pass(grant.again());
        }
        now = end;
        return taken;
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.25, 0.5, 1, 2, 7, 20, 33.3, 1000})
    void theRateIsKeptAndUsed(double perSecond) {
        cap(1, perSecond);
        Duration time = Duration.ofMinutes(2);
        double burst = Math.max(1, perSecond / 5);
        assertThat((double) taken(time, 250, 1)).isBetween(perSecond * 120 * 0.98 - 1, perSecond * 120 + burst);
        for (int i = 0; i < 20; i++) {
            assertThat((double) taken(Duration.ofMillis(100), 250, 1)).isLessThanOrEqualTo(perSecond / 10 + burst);
        }
    }

    @Test
    void nothingIsSavedUpBeyondAFifthOfASecond() {
        cap(1, 20);
        pass(Duration.ofHours(1));
        assertThat(ask(250, false, 1).granted()).isEqualTo(4);
        assertThat(ask(250, false, 1).granted()).isZero();
    }

    @Test
    void whoIsRefusedIsToldWhenToComeAgain() {
        cap(1, 0.5);
        assertThat(ask(1, false, 1).granted()).isEqualTo(1);
        pass(Duration.ofMillis(500));
        Grant refused = ask(1, false, 1);
        assertThat(refused.granted()).isZero();
        assertThat(refused.again())
                .as("no longer than it takes to see that a rate changed")
                .isEqualTo(Duration.ofSeconds(1));
        pass(Duration.ofMillis(1000));
        refused = ask(1, false, 1);
        assertThat(refused.again()).isEqualTo(Duration.ofMillis(500));
        pass(refused.again());
        assertThat(ask(1, false, 1).granted()).isEqualTo(1);
    }

    @Test
    void allMustAgreeAndOneThatRefusesTakesNothingOfTheOthers() {
        cap(1, 20);
        cap(2, 1);
        assertThat(ask(50, false, 1, 2).granted()).isEqualTo(1);
        assertThat(ask(50, false, 1, 2).granted()).isZero();
        assertThat(ask(50, false, 1).granted()).isEqualTo(3);
        pass(Duration.ofSeconds(1));
        assertThat(ask(50, false, 1, 2).granted()).isEqualTo(1);
    }

    /** Whoever waits for the site only keeps nobody of the exchange waiting. */
    @Test
    void lifeSafetyThatWaitsForTheSiteDoesNotHoldTheExchange() {
        cap(1, 20);
        cap(2, 1);
        ask(1, true, 1, 2);
        assertThat(ask(1, true, 1, 2).granted()).isZero();
        assertThat(ask(2, false, 1).granted()).isEqualTo(2);
    }

    @Test
    void lifeSafetyIsServedFirstAndTheOthersOnceInSixteen() {
        cap(1, 10);
        List<Boolean> urgent = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            // Who comes first each time is not who is served.
            boolean first = i % 2 == 0;
            if (ask(1, first, 1).granted() > 0) {
                urgent.add(first);
            }
            if (ask(1, !first, 1).granted() > 0) {
                urgent.add(!first);
            }
            pass(Duration.ofMillis(10));
        }
        assertThat(urgent).hasSizeBetween(195, 202);
        assertThat(urgent.stream().filter(u -> !u).count()).isBetween(11L, 15L);
    }

    @Test
    void whenNoLifeSafetyIsLeftTheOthersHaveAll() {
        cap(1, 10);
        ask(2, true, 1);
        assertThat(ask(1, true, 1).granted()).isZero();
        pass(Duration.ofSeconds(1));
        assertThat(taken(Duration.ofSeconds(10), 1, 1)).isGreaterThan(95);
    }

    @Test
    void aRateThatChangesCountsAtOnce() {
        cap(1, 0.01);
        assertThat(ask(1, false, 1).granted()).isEqualTo(1);
        pass(Duration.ofSeconds(1));
        assertThat(ask(1, false, 1).granted()).isZero();
        rate(1, 50);
        assertThat(ask(20, false, 1).granted()).isEqualTo(10);
        rate(1, 0.5);
        assertThat(ask(20, false, 1).granted()).isZero();
        assertThat(taken(Duration.ofSeconds(60), 20, 1)).isBetween(28, 31);
    }

    @Test
    void anIntentNobodyKnowsTheEndOfIsAllowedWholeOrNotAtAll() {
        cap(1, 20);
        assertThat(ask(2, false, 1).granted()).isEqualTo(2);
        assertThat(ask(2, false, 1).granted()).isEqualTo(2);
        assertThat(ask(2, 2, false, 1).granted()).isZero();
        pass(Duration.ofMillis(50));
        assertThat(ask(2, 2, false, 1).granted()).as("not a half of it").isZero();
        pass(Duration.ofMillis(50));
        assertThat(ask(2, 1, false, 1).granted()).as("whatever is wanted now").isEqualTo(2);
        // More than the cap ever lets go at once, since its rate was lowered: or it would wait for ever.
        rate(1, 1);
        pass(Duration.ofSeconds(5));
        assertThat(ask(8, 8, false, 1).granted()).isEqualTo(8);
        assertThat(ask(1, false, 1).granted()).isZero();
    }

    @Test
    void timeTakenBeforeTheClockWasPutBackIsFree() {
        cap(1, 1);
        ask(1, false, 1);
        now = BEGIN.minus(Duration.ofHours(1));
        assertThat(taken(Duration.ofSeconds(10), 1, 1)).isGreaterThan(7);
    }

    @Test
    void whereNoCapIsLeftEverythingMayGo() {
        assertThat(CapPermits.take(List.of(), now, 0, 250, 500, false).granted())
                .isEqualTo(250);
    }
}
