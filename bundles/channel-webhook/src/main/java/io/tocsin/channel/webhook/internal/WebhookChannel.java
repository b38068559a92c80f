package io.tocsin.channel.webhook.internal;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelEvents;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.Receipt;
import io.tocsin.channel.api.SelfCheck;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.api.SendOutcome.Fault;
import io.tocsin.channel.api.SendOutcome.InDoubt;
import io.tocsin.channel.api.SendOutcome.Rejected;
import io.tocsin.channel.api.SendOutcome.Retry;
import io.tocsin.channel.api.SendOutcome.Scope;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One webhook account: a signed post a message, each on a connection of its own, all on one event loop; names are looked up by
 * threads that live only as long as there are names to look up.
 */
final class WebhookChannel implements Channel, SelfCheck {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookChannel.class);
    private static final Duration DRAIN = Duration.ofSeconds(8);
    private static final int RECEIPT_TRIES = 6;

    private final String account;
    private final WebhookSettings settings;
    private final ChannelEvents events;
    private final EventLoopGroup group;
    private final EventLoop loop;
    private final ExecutorService resolver;
    private final Clock clock;
    private final Dialer dialer;
    private final AccountHealth health;
    private final List<ReceiverWatch> watches;
    private final Map<Receiver, ReceiverWatch> watchOf;
    private final Set<Pending> pending = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * @param group of one loop; closed with the channel
     * @param resolver where names are looked up; closed with the channel
     */
    WebhookChannel(
            String account,
            WebhookSettings settings,
            ChannelEvents events,
            EventLoopGroup group,
            ExecutorService resolver,
            Clock clock) {
        this.account = account;
        this.settings = settings;
        this.events = events;
        this.group = group;
        this.loop = group.next();
        this.resolver = resolver;
        this.clock = clock;
        this.dialer = new Dialer(settings, loop, resolver);
        this.health = new AccountHealth(account, events);
        this.watches = settings.receivers().stream()
                .map(receiver -> new ReceiverWatch(receiver, settings, loop, dialer, this::look))
                .toList();
        this.watchOf = watches.stream().collect(Collectors.toMap(ReceiverWatch::receiver, Function.identity()));
    }

    /** Begins to look after the receivers; does not wait for them. */
    WebhookChannel start() {
        loop.execute(() -> watches.forEach(ReceiverWatch::check));
        return this;
    }

    private void look() {
        if (!closed.get()) {
            health.look(watches);
        }
    }

    @Override
    public CompletionStage<SendOutcome> send(OutboundMessage message) {
        WebhookUrl url;
        try {
            url = WebhookUrl.of(message.address());
        } catch (IllegalArgumentException e) {
            return CompletableFuture.completedFuture(new Rejected("address-invalid", Fault.ADDRESS));
        }
        Optional<Receiver> receiver = settings.receiver(url);
        if (receiver.isEmpty()) {
            return CompletableFuture.completedFuture(new Rejected("url-not-allowed", Fault.ADDRESS));
        }
        Pending one = new Pending(message, Post.of(message, url, receiver.get()));
        pending.add(one);
        one.outcome.whenComplete((outcome, failure) -> pending.remove(one));
        try {
            loop.execute(one::begin);
        } catch (RejectedExecutionException e) {
            one.abandon();
        }
        return one.outcome;
    }

    @Override
    public int window() {
        return settings.window();
    }

    @Override
    public ChannelHealth health() {
        return health.now();
    }

    @Override
    public CompletionStage<ChannelHealth> check() {
        CompletableFuture<ChannelHealth> checked = new CompletableFuture<>();
        try {
            loop.execute(() -> CompletableFuture.allOf(
                            watches.stream().map(ReceiverWatch::check).toArray(CompletableFuture[]::new))
                    .whenComplete((all, failure) -> checked.complete(health.now())));
        } catch (RejectedExecutionException e) {
            checked.complete(ChannelHealth.down("closed"));
        }
        return checked;
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        boolean interrupted = !drained();
        try {
            loop.execute(() -> {
                watches.forEach(ReceiverWatch::stop);
                pending.forEach(Pending::abandon);
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("webhook.loop-ended account={}", account);
        }
        resolver.shutdownNow();
        var ended = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        interrupted |= !ended.awaitUninterruptibly(2, TimeUnit.SECONDS);
        pending.forEach(Pending::abandon); // what came while the loop went away
        if (interrupted) {
            LOG.warn("webhook.closed-in-haste account={}", account);
        }
    }

    /** Waits for what is in flight. @return false if interrupted */
    private boolean drained() {
        CompletableFuture<?>[] inFlight =
                pending.stream().map(one -> one.outcome).toArray(CompletableFuture[]::new);
        try {
            CompletableFuture.allOf(inFlight).get(DRAIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException late) {
            LOG.info("webhook.closed-with-work-pending account={} messages={}", account, pending.size());
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
            return false;
        }
        return true;
    }

    @Override
    public String toString() {
        return "WebhookChannel[" + account + "]";
    }

    private boolean alone() {
        return watches.size() == 1;
    }

    /** A message between {@link #send} and its outcome. Everything but abandoning happens on the loop. */
    private final class Pending {
        private final OutboundMessage message;
        private final Post post;
        private final ReceiverWatch watch;
        private final CompletableFuture<SendOutcome> outcome = new CompletableFuture<>();
        private final AtomicBoolean writing = new AtomicBoolean();

        Pending(OutboundMessage message, Post post) {
            this.message = message;
            this.post = post;
            this.watch = watchOf.get(post.receiver());
        }

        void begin() {
            if (closed.get()) {
                abandon();
                return;
            }
            CompletableFuture<io.netty.channel.Channel> dialing = dialer.dial(post.url());
            outcome.whenComplete((ended, failure) -> dialing.cancel(false));
            dialing.whenComplete((connection, failure) -> {
                if (connection != null) {
                    exchange(connection);
                } else {
                    unreached(failure);
                }
            });
        }

        private void unreached(Throwable failure) {
            if (!(failure instanceof Unreached why)) {
                abandon(); // cancelled
                return;
            }
            watch.down(why.getMessage());
            if (why.forbidden()) {
                outcome.complete(new Rejected(why.code(), Fault.ACCOUNT));
            } else if (health.now().state() == ChannelHealth.State.DOWN) {
                outcome.complete(new Retry(why.code(), settings.retryInterval(), Scope.ACCOUNT));
            } else {
                outcome.complete(new Retry(why.code(), Duration.ZERO, Scope.MESSAGE));
            }
        }

        private void exchange(io.netty.channel.Channel connection) {
            if (outcome.isDone() || !writing.compareAndSet(false, true)) {
                connection.close();
                return;
            }
            CompletableFuture<Answer> answering =
                    Exchange.begin(connection, post, clock.instant(), settings.responseTimeout());
            outcome.whenComplete((ended, failure) -> answering.cancel(false));
            answering.whenComplete((answer, failure) -> {
                if (answer != null) {
                    answered(answer);
                } else {
                    outcome.complete(new InDoubt(
                            failure instanceof Exchange.Unanswered why ? why.getMessage() : "channel-closed"));
                }
            });
        }

        private void answered(Answer answer) {
            if (answer.refusesUs()) {
                watch.down("refuses us (HTTP " + answer.status() + "): check authorization, headers and secret");
            } else {
                watch.up();
            }
            boolean first = outcome.complete(
                    answer.outcome(post.reference(), alone(), settings.retryInterval(), clock.instant()));
            if (first && answer.delivered()) {
                delivered(RECEIPT_TRIES, Duration.ofMillis(500));
            }
        }

        /** What was not stored is told again: the receiver will not say it twice. */
        private void delivered(int tries, Duration pause) {
            Receipt receipt = new Receipt(
                    "",
                    Optional.of(post.reference()),
                    Optional.of(message.address()),
                    Receipt.State.DELIVERED,
                    "delivered",
                    clock.instant());
            events.receipt(receipt).whenComplete((stored, failure) -> {
                if (failure != null && tries > 1 && !closed.get()) {
                    try {
                        loop.schedule(
                                () -> delivered(tries - 1, pause.multipliedBy(2)),
                                pause.toMillis(),
                                TimeUnit.MILLISECONDS);
                    } catch (RejectedExecutionException e) {
                        LOG.warn("webhook.receipt-lost account={} reference={}", account, post.reference());
                    }
                } else if (failure != null) {
                    LOG.warn("webhook.receipt-lost account={} reference={}", account, post.reference());
                }
            });
        }

        /** Ends it without waiting any longer; from any thread. */
        void abandon() {
            outcome.complete(
                    writing.compareAndSet(false, true)
                            ? new Retry("channel-closed", Duration.ZERO, Scope.ACCOUNT)
                            : new InDoubt("channel-closed"));
        }
    }
}
