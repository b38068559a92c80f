package io.tocsin.channel.fax.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PressTest {
    private final ScheduledExecutorService alarms = Executors.newSingleThreadScheduledExecutor();
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        alarms.shutdownNow();
    }

    private Press.Job job(String name, CountDownLatch until) {
        return new Press.Job() {
            @Override
            public void draw(FaxPages pages) {
                boolean done = false;
                while (!done) { // as a document that heeds no interrupt
                    try {
                        done = until.await(2, TimeUnit.MINUTES);
                    } catch (InterruptedException e) {
                        told.add(name + " interrupted");
                    }
                }
                told.add(name + " drawn");
            }

            @Override
            public void overdue() {
                told.add(name + " overdue");
            }
        };
    }

    private String next() throws InterruptedException {
        return told.poll(2, TimeUnit.MINUTES);
    }

    @Test
    void whatTakesTooLongLosesItsThreadAndTheNextGoesOn() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (Press press = new Press("test-press", () -> null, () -> alarms, Duration.ofMillis(200))) {
            press.print(job("stuck", never));
            press.print(job("next", new CountDownLatch(0)));
            assertThat(new String[] {next(), next(), next()})
                    .containsExactlyInAnyOrder("stuck interrupted", "stuck overdue", "next drawn");
        } finally {
            never.countDown();
        }
        assertThat(next()).isEqualTo("stuck drawn");
    }

    @Test
    void nothingIsDrawnOnceItIsClosed() {
        Press press = new Press("test-press", () -> null, () -> alarms, Duration.ofMinutes(1));
        press.close();
        press.close();
        assertThatThrownBy(() -> press.print(job("late", new CountDownLatch(0))))
                .isInstanceOf(RejectedExecutionException.class);
    }
}
