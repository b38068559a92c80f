package io.tocsin.channel.publish.internal;

import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelEvents;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.SelfCheck;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.api.SendOutcome.Fault;
import io.tocsin.channel.api.SendOutcome.Rejected;
import io.tocsin.channel.api.SendOutcome.Retry;
import io.tocsin.channel.api.SendOutcome.Scope;
import java.time.Clock;
import java.time.Duration;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One publish account: each message goes to one outlet, a page of this node's or an account on another server. It is accepted
 * once it is published; there is no receipt, for nobody knows who reads it.
 */
final class PublishChannel implements Channel, SelfCheck {
    private static final Logger LOG = LoggerFactory.getLogger(PublishChannel.class);
    private static final Duration DRAIN = Duration.ofSeconds(8);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final String account;
    private final PublishSettings settings;
    private final PublicFolder folder;
    private final Workers workers;
    private final Clock clock;
    private final AccountHealth health;
    private final OutletWatch watch;
    private final Set<Pending> pending = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean closed = new AtomicBoolean();

    /** @param workers closed with the channel */
    PublishChannel(
            String account,
            PublishSettings settings,
            PublicFolder folder,
            ChannelEvents events,
            Workers workers,
            Clock clock) {
        this.account = account;
        this.settings = settings;
        this.folder = folder;
        this.workers = workers;
        this.clock = clock;
        this.health = new AccountHealth(account, events);
        this.watch = new OutletWatch(settings, folder, workers.timer(), health);
    }

    /** Begins to look after the outlets; does not wait for them. */
    PublishChannel start() {
        workers.looks().execute(() -> look(0));
        return this;
    }

    /** @param failures looks in a row that did not find everything well */
    private void look(int failures) {
        if (closed.get()) {
            return;
        }
        watch.look();
        int now = health.isUp() ? 0 : failures + 1;
        Duration pause = settings.checkInterval();
        if (now > 0) {
            Duration longer = settings.retryInterval().multipliedBy(1L << Math.min(now - 1, 10));
            pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
        }
        try {
            workers.timer()
                    .schedule(() -> workers.looks().execute(() -> look(now)), pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("publish.closing account={}", account);
        }
    }

    @Override
    public CompletionStage<SendOutcome> send(OutboundMessage message) {
        if (closed.get()) {
            return ended(new Retry("channel-closed", Duration.ZERO, Scope.ACCOUNT));
        }
        Outlet outlet;
        try {
            outlet = Outlet.of(message.address());
        } catch (IllegalArgumentException e) {
            return ended(new Rejected("address-invalid", Fault.ADDRESS));
        }
        if (message.drill() && !settings.drills()) {
            return ended(new Rejected("drill-not-published", Fault.ACCOUNT));
        }
        Optional<Pending> one;
        ExecutorService worker;
        try {
            Entry entry = Drafts.of(account, message, clock.instant());
            if (outlet instanceof Outlet.Page page) {
                one = publication(page, entry);
                worker = workers.pages();
            } else {
                one = posting((Outlet.Handle) outlet, entry, message.reference());
                worker = workers.posts();
            }
        } catch (IllegalArgumentException unfit) {
            return ended(new Rejected(unfit.getMessage(), Fault.CONTENT));
        }
        if (one.isEmpty()) {
            return ended(new Rejected("outlet-unknown", Fault.ADDRESS));
        }
        return begin(one.get(), worker);
    }

    private static CompletionStage<SendOutcome> ended(SendOutcome outcome) {
        return CompletableFuture.completedFuture(outcome);
    }

    private CompletionStage<SendOutcome> begin(Pending one, ExecutorService worker) {
        pending.add(one);
        one.outcome.whenComplete((outcome, failure) -> pending.remove(one));
        try {
            worker.execute(one);
        } catch (RejectedExecutionException e) {
            one.abandon();
        }
        return one.outcome;
    }

    /** Empty if this account has no such page. */
    private Optional<Pending> publication(Outlet.Page page, Entry entry) {
        return settings.site()
                .filter(site -> site.name().equals(page.site()) && site.pages().containsKey(page.page()))
                .map(site -> new PagePublication(
                        folder.page(page.site(), page.page()),
                        entry,
                        settings.entries(),
                        new Retry(
                                "not-written",
                                settings.retryInterval(),
                                settings.mastodon().isEmpty() ? Scope.ACCOUNT : Scope.MESSAGE),
                        health));
    }

    /** Empty if this account does not post there. */
    private Optional<Pending> posting(Outlet.Handle handle, Entry entry, String reference) {
        return settings.mastodon()
                .filter(mastodon -> mastodon.tokens().containsKey(handle))
                .map(mastodon -> new Posting(
                        handle,
                        settings,
                        folder.posts(account, handle),
                        entry,
                        StatusPost.of(entry, mastodon, readOn()),
                        reference,
                        workers.timer(),
                        health,
                        clock));
    }

    /** Where more is to be read: the first page, if pages are served. */
    private Optional<String> readOn() {
        return settings.site()
                .filter(Site::html)
                .map(site -> site.url(site.pages().keySet().iterator().next()));
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
        try {
            return CompletableFuture.supplyAsync(
                    () -> {
                        watch.look();
                        return health.now();
                    },
                    workers.looks());
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(ChannelHealth.down("closed"));
        }
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        boolean interrupted = !drained();
        pending.forEach(Pending::abandon);
        watch.stop();
        interrupted |= !workers.close();
        pending.forEach(Pending::abandon); // what came while the threads went away
        if (interrupted) {
            LOG.warn("publish.closed-in-haste account={}", account);
        }
    }

    /** Waits for what is in flight. @return false if interrupted */
    private boolean drained() {
        CompletableFuture<?>[] inFlight =
                pending.stream().map(one -> one.outcome).toArray(CompletableFuture[]::new);
        try {
            CompletableFuture.allOf(inFlight).get(DRAIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException late) {
            LOG.info("publish.closed-with-work-pending account={} messages={}", account, pending.size());
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
            return false;
        }
        return true;
    }

    @Override
    public String toString() {
        return "PublishChannel[" + account + "]";
    }
}
