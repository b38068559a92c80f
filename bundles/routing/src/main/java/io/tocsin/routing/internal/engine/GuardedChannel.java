package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelEvents;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.ChannelProvider;
import io.tocsin.channel.api.LineCapacity;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.Reattachment;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.routing.internal.LogScope;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A channel as the core holds it: opening, health and closing run on the account's own threads and have a limit, so that
 * whoever asks goes on whatever the channel does. Sending is guarded by {@link Send} and {@link LaneThreads}.
 */
final class GuardedChannel implements Channel {
    private static final Logger LOG = LoggerFactory.getLogger(GuardedChannel.class);
    private static final Duration HEALTH_LIMIT = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final Duration ASK_LIMIT = Duration.ofSeconds(10);

    private final String account;
    private final Channel channel;
    private final Guest guest;
    private final Duration closeLimit;
    private final LongSupplier nanoTime;
    private final int window;
    private final Optional<Duration> longest;
    private final boolean findsOnlyOwn;
    private final AtomicBoolean asking = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile long askedAt;
    private volatile ChannelHealth health;
    private volatile int lines;

    private GuardedChannel(
            String account,
            Channel channel,
            Guest guest,
            Duration closeLimit,
            LongSupplier nanoTime,
            int window,
            Optional<Duration> longest,
            boolean findsOnlyOwn,
            ChannelHealth health) {
        this.account = account;
        this.channel = channel;
        this.guest = guest;
        this.closeLimit = closeLimit;
        this.nanoTime = nanoTime;
        this.window = window;
        this.longest = longest;
        this.findsOnlyOwn = findsOnlyOwn;
        this.health = health;
        this.lines = linesNow();
    }

    /**
     * Opens a channel. Whoever no longer wants it completes the future otherwise: what is opened after that is closed.
     *
     * @return completes exceptionally with whatever the provider threw
     */
    static CompletableFuture<GuardedChannel> open(
            ChannelProvider provider,
            ChannelAccount account,
            ChannelEvents events,
            Guest guest,
            Duration closeLimit,
            LongSupplier nanoTime) {
        CompletableFuture<GuardedChannel> opened = new CompletableFuture<>();
        guest.run(() -> {
            try (LogScope about = LogScope.account(account.id())) {
                Channel channel =
                        Objects.requireNonNull(provider.open(account, events), "the provider gave no channel");
                GuardedChannel guarded = null;
                try {
                    int window = Math.max(1, channel.window());
                    ChannelHealth health = Objects.requireNonNull(channel.health(), "the channel has no health");
                    Optional<Duration> longest =
                            channel instanceof LineCapacity lines ? Optional.of(longest(lines)) : Optional.empty();
                    boolean findsOnlyOwn = channel instanceof Reattachment finds && finds.findsOnlyOwn();
                    guarded = new GuardedChannel(
                            account.id(), channel, guest, closeLimit, nanoTime, window, longest, findsOnlyOwn, health);
                } finally {
                    if (guarded == null || !opened.complete(guarded)) {
                        channel.close();
                    }
                }
            } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
                // a guest's code: no error of its own may be one of ours
                opened.completeExceptionally(e);
            } catch (Error e) {
                opened.completeExceptionally(e);
                throw e;
            }
        });
        return opened;
    }

    private static Duration longest(LineCapacity channel) {
        Duration said = Objects.requireNonNull(channel.longest(), "longest() is null");
        if (said.isNegative() || said.isZero()) {
            throw new IllegalStateException("longest() is " + said + "; say how long a message may be under way");
        }
        return said.compareTo(LONGEST) > 0 ? LONGEST : said;
    }

    /** How long a message may be under way, of a channel that has lines; empty: it has none. */
    Optional<Duration> longest() {
        return longest;
    }

    /** How many messages may be under way on its lines, as it said last; {@link #look} asks again. Of a channel without lines its window. */
    int lines() {
        return lines;
    }

    private int linesNow() {
        return channel instanceof LineCapacity has ? Math.max(0, Math.min(has.lines(), window)) : window;
    }

    /** Whether of messages in doubt it can find those of this node alone. */
    boolean findsOnlyOwn() {
        return findsOnlyOwn;
    }

    /** Whether the channel has an ability that only some have. */
    boolean can(Class<?> ability) {
        return ability.isInstance(channel);
    }

    @Override
    public CompletionStage<SendOutcome> send(OutboundMessage message) {
        return channel.send(message);
    }

    @Override
    public int window() {
        return window;
    }

    /** As it said last; {@link #look} asks again. */
    @Override
    public ChannelHealth health() {
        return health;
    }

    /** It said so by itself. */
    void health(ChannelHealth now) {
        health = now;
    }

    /** Asks the channel how it is, unless it still owes the last answer. Returns at once. */
    void look() {
        if (asking.compareAndSet(false, true)) {
            askedAt = nanoTime.getAsLong();
            try {
                guest.run(this::ask);
            } catch (RejectedExecutionException closing) {
                asking.set(false);
            }
        } else if (nanoTime.getAsLong() - askedAt > HEALTH_LIMIT.toNanos()) {
            down("does not say how it is: health() has not returned for " + HEALTH_LIMIT.toSeconds() + " s");
        }
    }

    private void ask() {
        try (LogScope about = LogScope.account(account)) {
            lines = linesNow();
            health = Objects.requireNonNull(channel.health(), "no health");
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) { // a guest's code
            down("throws when asked how it is: " + e.getClass().getSimpleName());
        } finally {
            asking.set(false);
        }
    }

    private void down(String why) {
        ChannelHealth now = ChannelHealth.down("the channel " + why);
        if (!now.equals(health)) {
            health = now;
            try (LogScope about = LogScope.account(account)) {
                LOG.warn("channel.health-failed account={} problem=\"{}\"", account, why);
            }
        }
    }

    /**
     * Asks for something only some channels can do, on the account's own threads. Returns at once.
     *
     * @return empty if this channel cannot. Otherwise completes with what it says, exceptionally with what it threw, or with a
     *     {@link TimeoutException} after ten seconds
     */
    <A, R> Optional<CompletableFuture<R>> ask(Class<A> ability, Function<A, CompletionStage<R>> question) {
        if (!ability.isInstance(channel)) {
            return Optional.empty();
        }
        CompletableFuture<R> answer = new CompletableFuture<>();
        try {
            guest.run(() -> {
                try (LogScope about = LogScope.account(account)) {
                    question.apply(ability.cast(channel)).whenComplete((said, failure) -> {
                        if (failure == null) {
                            answer.complete(said);
                        } else {
                            answer.completeExceptionally(failure);
                        }
                    });
                } catch (Exception | LinkageError | AssertionError | StackOverflowError e) { // a guest's code
                    answer.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException closing) {
            answer.completeExceptionally(closing);
        }
        return Optional.of(answer.orTimeout(ASK_LIMIT.toSeconds(), TimeUnit.SECONDS));
    }

    /** Once; returns within the limit, whether the channel does or not. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        guest.run(() -> closeIt(done));
        try {
            done.get(closeLimit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.error(
                    "channel.close-hangs account={} limit={}s: its bundle keeps threads or sockets; it goes on without it",
                    account,
                    closeLimit.toSeconds());
        } catch (ExecutionException e) {
            LOG.warn("channel.close-failed account={} failure={}", account, Redaction.described(e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            guest.close();
            new Departure(account, guest).begin();
        }
    }

    /** A thread for sending through this channel. */
    Thread thread(Runnable work, String name) {
        return guest.thread(work, name);
    }

    private void closeIt(CompletableFuture<Void> done) {
        try (LogScope about = LogScope.account(account)) {
            channel.close();
            done.complete(null);
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) { // a guest's code
            done.completeExceptionally(e);
        } catch (Error e) {
            done.completeExceptionally(e);
            throw e;
        }
    }
}
