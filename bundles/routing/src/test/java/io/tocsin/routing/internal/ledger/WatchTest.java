package io.tocsin.routing.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.routing.api.Totals;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Who asks is given what there is: newer figures when they can be had in a moment, and never a wait behind a slow look. */
class WatchTest {
    private final AtomicLong now = new AtomicLong();
    private final AtomicInteger looks = new AtomicInteger();
    private final AtomicLong took = new AtomicLong();
    private final Deque<Runnable> later = new ArrayDeque<>();

    /** Each look sees one more delivered. */
    private Totals look() {
        now.addAndGet(took.get());
        return totals(looks.incrementAndGet());
    }

    private static Totals totals(int delivered) {
        return new Totals(1000, 0, delivered, 0, 0, 1000 - delivered, 0);
    }

    private Watch watch(Supplier<Totals> figures, Watch.Later executor) {
        return new Watch(figures, executor, now::get, 4, Duration.ofSeconds(1));
    }

    private static void now(Runnable look, long delay) {
        look.run();
    }

    @Test
    void whoAsksIsGivenFiguresOfAfterTheyAsked() {
        Watch watch = watch(this::look, WatchTest::now);
        assertThat(watch.totals()).isEqualTo(totals(1));
        assertThat(watch.totals()).isEqualTo(totals(2));
    }

    @Test
    void nobodyWaitsWhileLooksRest() {
        took.set(Duration.ofMillis(200).toNanos());
        Watch watch = watch(this::look, (look, delay) -> later.add(look));
        assertThat(watch.totals()).isEqualTo(totals(1));
        for (int i = 0; i < 10; i++) {
            assertThat(watch.totals()).isEqualTo(totals(1));
        }
        assertThat(later).as("one look to come for all who asked").hasSize(1);
        later.remove().run();
        assertThat(watch.totals()).isEqualTo(totals(2));
        assertThat(later).hasSize(1);
    }

    @Test
    void nobodyWaitsBehindASlowLook() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        AtomicInteger begun = new AtomicInteger();
        Watch watch = watch(
                () -> {
                    if (begun.incrementAndGet() > 1) {
                        await(mayEnd);
                    }
                    return look();
                },
                (look, delay) -> CompletableFuture.runAsync(look));
        assertThat(watch.totals()).isEqualTo(totals(1));
        CompletableFuture<?>[] readers = new CompletableFuture<?>[8];
        for (int i = 0; i < readers.length; i++) {
            readers[i] =
                    CompletableFuture.runAsync(() -> assertThat(watch.totals()).isEqualTo(totals(1)));
        }
        CompletableFuture.allOf(readers).get(2, TimeUnit.MINUTES);
        assertThat(begun).hasValue(2);
        mayEnd.countDown();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void overdueFiguresAreWaitedFor() {
        Watch watch = watch(this::look, WatchTest::now);
        watch.totals();
        now.addAndGet(Duration.ofSeconds(4).toNanos());
        assertThat(watch.totals()).isEqualTo(totals(2));
    }

    @Test
    void aLookThatFailsLeavesTheLastFiguresUntilTheyAreOverdue() {
        AtomicInteger away = new AtomicInteger();
        Watch watch = watch(
                () -> {
                    if (away.get() > 0) {
                        throw new IllegalStateException("the database is away");
                    }
                    return look();
                },
                WatchTest::now);
        away.set(1);
        assertThatThrownBy(watch::totals).as("no figures yet").hasMessage("the database is away");
        away.set(0);
        assertThat(watch.totals()).isEqualTo(totals(1));
        away.set(1);
        assertThat(watch.totals()).isEqualTo(totals(1));
        now.addAndGet(Duration.ofSeconds(4).toNanos());
        assertThatThrownBy(watch::totals).hasMessage("the database is away");
        away.set(0);
        assertThat(watch.totals()).isEqualTo(totals(2));
    }

    @Test
    void aStoppedNodeStillShowsTheLastFigures() {
        Watch watch = watch(this::look, (look, delay) -> {
            throw new RejectedExecutionException("stopping");
        });
        assertThat(watch.totals()).isEqualTo(totals(1));
        assertThat(watch.totals()).isEqualTo(totals(1));
    }
}
