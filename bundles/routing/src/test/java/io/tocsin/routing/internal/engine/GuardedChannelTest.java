package io.tocsin.routing.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.SendOutcome;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A channel that hangs or throws where it is asked anything but to send. */
@Timeout(120)
class GuardedChannelTest {
    private final AtomicLong now = new AtomicLong();
    private final CountDownLatch released = new CountDownLatch(1);
    private final Guest guest = Guest.onThreads("test");
    private final Wild wild = new Wild();

    private static final class Wild implements Channel {
        final AtomicInteger closings = new AtomicInteger();
        volatile Supplier<ChannelHealth> health = ChannelHealth::up;
        volatile Runnable closing = () -> {};

        @Override
        public CompletionStage<SendOutcome> send(OutboundMessage message) {
            return new CompletableFuture<>();
        }

        @Override
        public int window() {
            return -7;
        }

        @Override
        public ChannelHealth health() {
            return health.get();
        }

        @Override
        public void close() {
            closings.incrementAndGet();
            closing.run();
        }
    }

    @AfterEach
    void release() {
        released.countDown();
        await().atMost(Rig.LIMIT).until(() -> !guest.busy());
        guest.close();
    }

    @Test
    void aChannelThatOpensTooLateIsClosedAtOnce() {
        CompletableFuture<GuardedChannel> opened = open(() -> {
            hang();
            return wild;
        });
        opened.completeExceptionally(new CancellationException());
        released.countDown();
        await().atMost(Rig.LIMIT).until(() -> wild.closings.get() == 1);
    }

    @Test
    void whateverAProviderThrowsIsSaid() {
        assertThat(open(() -> {
                    throw new AssertionError("guest");
                }))
                .failsWithin(Rig.LIMIT);
        assertThat(open(() -> null)).failsWithin(Rig.LIMIT);
        wild.health = () -> {
            throw new NoClassDefFoundError("guest");
        };
        assertThat(open(() -> wild)).failsWithin(Rig.LIMIT);
        await().atMost(Rig.LIMIT).until(() -> wild.closings.get() == 1);
    }

    @Test
    void healthThatHangsIsDownAndNotAskedAgainMeanwhile() {
        GuardedChannel channel = open(() -> wild).join();
        assertThat(channel.window()).as("at least one").isEqualTo(1);
        AtomicInteger asked = new AtomicInteger();
        wild.health = () -> {
            asked.incrementAndGet();
            hang();
            return ChannelHealth.up();
        };
        channel.look();
        await().atMost(Rig.LIMIT).until(() -> asked.get() == 1);
        assertThat(channel.health().state()).isEqualTo(ChannelHealth.State.UP);
        now.addAndGet(Duration.ofSeconds(6).toNanos());
        channel.look();
        channel.look();
        assertThat(channel.health().state()).isEqualTo(ChannelHealth.State.DOWN);
        assertThat(channel.health().detail()).contains("health()");
        assertThat(asked).hasValue(1);
        released.countDown();
        await().atMost(Rig.LIMIT).until(() -> channel.health().state() == ChannelHealth.State.UP);
    }

    @Test
    void healthThatThrowsOrIsNullIsDown() {
        GuardedChannel channel = open(() -> wild).join();
        wild.health = () -> {
            throw new StackOverflowError();
        };
        channel.look();
        await().atMost(Rig.LIMIT).until(() -> channel.health().detail().contains("StackOverflowError"));
        wild.health = () -> null;
        await().atMost(Rig.LIMIT).until(() -> {
            channel.look();
            return channel.health().detail().contains("NullPointerException");
        });
        wild.health = ChannelHealth::up;
        await().atMost(Rig.LIMIT).until(() -> {
            channel.look();
            return channel.health().state() == ChannelHealth.State.UP;
        });
    }

    @Test
    void closingReturnsWhetherTheChannelDoesOrNotAndOnce() {
        GuardedChannel channel = open(() -> wild).join();
        AtomicInteger interrupted = new AtomicInteger();
        wild.closing = () -> {
            try {
                released.await();
            } catch (InterruptedException e) {
                interrupted.incrementAndGet();
            }
        };
        channel.close();
        channel.close();
        assertThat(wild.closings).hasValue(1);
        await().atMost(Rig.LIMIT).until(() -> interrupted.get() == 1);
    }

    @Test
    void itsThreadsEndWithTheChannel() {
        GuardedChannel channel = open(() -> wild).join();
        wild.closing = () -> {
            throw new IllegalStateException("guest");
        };
        channel.look();
        channel.close();
        await().atMost(Rig.LIMIT).until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("channel-test")));
    }

    @Test
    void aThreadItLeavesBehindIsKnownForItsOwn() {
        GuardedChannel channel = open(() -> {
                    Thread leaked = new Thread(this::hang, "leaked-by-the-guest");
                    leaked.setDaemon(true);
                    leaked.start();
                    return wild;
                })
                .join();
        channel.look();
        channel.close();
        assertThat(guest.left()).containsExactly("leaked-by-the-guest");
        released.countDown();
        await().atMost(Rig.LIMIT).until(() -> guest.left().isEmpty());
    }

    private CompletableFuture<GuardedChannel> open(Supplier<Channel> provider) {
        return GuardedChannel.open(
                (account, events) -> provider.get(),
                new ChannelAccount("test", Map.of()),
                null,
                guest,
                Duration.ofMillis(50),
                now::get);
    }

    /** Even when it is interrupted. */
    private void hang() {
        while (true) {
            try {
                released.await();
                return;
            } catch (InterruptedException e) {
                // a guest that does not listen
            }
        }
    }
}
