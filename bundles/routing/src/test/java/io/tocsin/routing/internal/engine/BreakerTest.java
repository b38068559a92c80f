package io.tocsin.routing.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BreakerTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000_000_000L);
    private final Breaker breaker = new Breaker(now::get, Duration.ofSeconds(40));

    @Test
    void aFewFailuresOrFailuresBetweenAnswersChangeNothing() {
        for (int i = 0; i < 20; i++) {
            fail(Breaker.FAILURES_IN_A_ROW - 1);
            breaker.answered();
        }
        assertThat(breaker.lets()).isTrue();
        assertThat(breaker.trouble()).isEmpty();
    }

    @Test
    void failuresInARowLeaveItAloneAndOneMessageShowsHowItGoes() {
        fail(Breaker.FAILURES_IN_A_ROW);
        assertThat(breaker.lets()).isFalse();
        assertThat(breaker.enter()).isFalse();
        assertThat(breaker.trouble())
                .hasValueSatisfying(why -> assertThat(why).contains("5 failures in a row", "boom"));
        pass(2);
        assertThat(breaker.lets()).isTrue();
        assertThat(breaker.enter()).as("the one").isTrue();
        assertThat(breaker.waits()).as("the others").isTrue();
        assertThat(breaker.enter()).isFalse();
        breaker.answered();
        assertThat(breaker.waits()).isFalse();
        assertThat(breaker.enter()).isTrue();
        assertThat(breaker.trouble()).isEmpty();
    }

    @Test
    void thePauseGrowsWhileItDoesNotGetBetterAndNoFurther() {
        fail(Breaker.FAILURES_IN_A_ROW);
        for (int pause : new int[] {2, 4, 8, 16, 30, 30}) {
            pass(pause - 1);
            assertThat(breaker.lets()).as("a second before %s s", pause).isFalse();
            pass(1);
            assertThat(breaker.enter()).isTrue();
            assertThat(breaker.failed("boom")).isTrue();
        }
    }

    @Test
    void aProbeThatNobodyHearsOfAgainIsFollowedByAnother() {
        fail(Breaker.FAILURES_IN_A_ROW);
        pass(2);
        assertThat(breaker.enter()).isTrue();
        pass(40);
        assertThat(breaker.waits()).isFalse();
        assertThat(breaker.enter()).isTrue();
    }

    @Test
    void whatIsHeldIsLeftAloneUntilReleased() {
        breaker.trip("3 calls that did not return", true);
        pass(1000);
        assertThat(breaker.lets()).isFalse();
        assertThat(breaker.trouble()).hasValueSatisfying(why -> assertThat(why).contains("deploy its bundle again"));
        breaker.release();
        assertThat(breaker.enter()).isTrue();
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            breaker.failed("boom");
        }
    }

    private void pass(int seconds) {
        now.addAndGet(Duration.ofSeconds(seconds).toNanos());
    }

    /** A call may take minutes: one that is under way for a while shows that the channel takes messages again. */
    @Test
    void aCallThatIsWellUnderWayIsAnswerEnough() {
        Breaker calls = new Breaker(now::get, Duration.ofMinutes(10), Optional.of(Duration.ofSeconds(5)));
        for (int i = 0; i < Breaker.FAILURES_IN_A_ROW; i++) {
            calls.failed("thrown");
        }
        now.addAndGet(Duration.ofSeconds(3).toNanos());
        assertThat(calls.enter()).isTrue();
        assertThat(calls.waits()).isTrue();
        now.addAndGet(Duration.ofSeconds(5).toNanos());
        assertThat(calls.waits()).isFalse();
        assertThat(calls.lets()).isTrue();
        assertThat(calls.failed("thrown again")).as("one more is enough").isTrue();
    }

    @Test
    void aCallUnderWayProvesNothingOfAChannelThatDoesNotSayHowCallsEnd() {
        Breaker calls = new Breaker(now::get, Duration.ofMinutes(10), Optional.of(Duration.ofSeconds(5)));
        for (int i = 0; i < Breaker.FAILURES_IN_A_ROW; i++) {
            calls.silent();
        }
        now.addAndGet(Duration.ofSeconds(3).toNanos());
        assertThat(calls.enter()).isTrue();
        now.addAndGet(Duration.ofMinutes(1).toNanos());
        assertThat(calls.waits()).isTrue();
        calls.answered();
        assertThat(calls.lets()).isTrue();
    }
}
