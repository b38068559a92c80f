package io.tocsin.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.lab.smsc.SmscCounters;
import io.tocsin.persistence.testing.Conservation;
import org.junit.jupiter.api.Test;

/** A run that lost or doubled somebody is no measurement. */
class SmsBenchTest {
    private static final int PEOPLE = 100;

    @Test
    void aCleanRunCounts() {
        assertThat(SmsBench.wrong(ledger(100, 0, 0), carrier(100, 100), PEOPLE, false))
                .isEmpty();
    }

    @Test
    void aFlaggedCopyCountsAndAnUnflaggedOneDoesNot() {
        assertThat(SmsBench.wrong(ledger(100, 1, 0), carrier(101, 100), PEOPLE, false))
                .isEmpty();
        assertThat(SmsBench.wrong(ledger(100, 0, 0), carrier(101, 100), PEOPLE, false))
                .containsExactly("1 second copies reached the carrier, of which the ledger flagged 0");
    }

    @Test
    void aLostMessageDoesNot() {
        assertThat(SmsBench.wrong(ledger(100, 0, 0), carrier(99, 99), PEOPLE, false))
                .containsExactly("1 messages never reached the carrier");
    }

    @Test
    void aLimitReachedDoesNot() {
        assertThat(SmsBench.wrong(ledger(100, 0, 0), carrier(100, 100), PEOPLE, true))
                .singleElement()
                .asString()
                .contains("receipts had come");
    }

    @Test
    void aLedgerThatDoesNotAddUpOrLacksAnIntentDoesNot() {
        assertThat(SmsBench.wrong(ledger(99, 0, 0), carrier(100, 100), PEOPLE, false))
                .singleElement()
                .asString()
                .startsWith("recipients 100 is not");
        assertThat(SmsBench.wrong(ledger(100, 0, 2), carrier(100, 100), PEOPLE, false))
                .containsExactly("2 targets that left without an intent");
    }

    private static Conservation.Account ledger(long delivered, long flagged, long unintended) {
        return new Conservation.Account(1, 1, PEOPLE, 0, delivered, 0, 0, 0, flagged, PEOPLE, 0, unintended, 0, 0);
    }

    private static SmscCounters carrier(long messages, long destinations) {
        return new SmscCounters(
                messages, messages, 0, 0, messages, destinations, messages - destinations, messages, 0, 0, 0, 0, 4);
    }
}
