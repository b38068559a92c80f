package io.tocsin.routing.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.channel.api.OutboundMessage.Category;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a rate comes to when each transaction takes as long as its commit waits for a distant site. */
class AccountTimeTest {
    private static final int PER_SECOND = 60;
    private static final Duration WHILE = Duration.ofMinutes(2);

    private long nanos;

    /** @return messages that left in {@link #WHILE} */
    private long left(Duration transaction) {
        SimLedger ledger = new SimLedger(new SimStore(() -> Instant.EPOCH.plusNanos(nanos), 500), statement -> {});
        DispatchLedger slow = new DispatchLedger() {
            @Override
            public <T> T transact(Work<T> work) {
                nanos += transaction.toNanos() / 4;
                T result = ledger.transact(work);
                nanos += transaction.toNanos() * 3 / 4;
                return result;
            }

            @Override
            public Session session() {
                return ledger.session();
            }
        };
        Throttle throttle = new Throttle(PER_SECOND, () -> nanos);
        AccountTime time = new AccountTime(slow, 1, AccountTime.STRETCH, throttle, () -> nanos);
        long left = 0;
        while (nanos < WHILE.toNanos()) {
            time.look(Category.LIFE_SAFETY);
            int permits = throttle.take(250);
            left += permits;
            nanos += permits > 0 ? transaction.toNanos() : Duration.ofMillis(5).toNanos();
        }
        return left;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 20, 100, 300, 500})
    void moreThanHalfOfTheRateIsLeftAndNeverMoreThanTheRate(int millis) {
        long most = PER_SECOND * WHILE.toSeconds();
        assertThat(left(Duration.ofMillis(millis))).isBetween(most / 2, most + PER_SECOND / 2);
    }

    @Test
    void ofADatabaseThatTakesASecondAThirdOfTheRateIsLeft() {
        assertThat(left(Duration.ofSeconds(1))).isGreaterThan(PER_SECOND * WHILE.toSeconds() / 3);
    }

    @Test
    void aQuickDatabaseLeavesTheWholeRate() {
        long most = PER_SECOND * WHILE.toSeconds();
        assertThat(left(Duration.ofMillis(2))).isGreaterThan(most * 98 / 100);
    }
}
