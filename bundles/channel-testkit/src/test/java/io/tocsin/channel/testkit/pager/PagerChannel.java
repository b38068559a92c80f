package io.tocsin.channel.testkit.pager;

import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelEvents;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.api.SendOutcome.Retry;
import io.tocsin.channel.api.SendOutcome.Scope;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** An account at a gateway: keeps one connection to it, and says how that goes. The smallest honest channel. */
final class PagerChannel implements Channel {
    private static final Duration BETWEEN_CONNECTIONS = Duration.ofMillis(500);
    private static final Duration DRAIN = Duration.ofSeconds(2);

    private final String account;
    private final PagerAccount settings;
    private final ChannelEvents events;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread keeper;
    private volatile PagerLine line;
    private volatile ChannelHealth health = ChannelHealth.down("connecting");

    PagerChannel(String account, PagerAccount settings, ChannelEvents events) {
        this.account = account;
        this.settings = settings;
        this.events = events;
        this.keeper = new Thread(this::keepConnected, "pager-" + account);
    }

    /** Returns at once: a gateway that is not there is a matter of {@code health()}. */
    void start() {
        keeper.start();
    }

    @Override
    public CompletionStage<SendOutcome> send(OutboundMessage message) {
        PagerLine now = line;
        return now == null
                ? CompletableFuture.completedFuture(new Retry("not-connected", Duration.ofSeconds(1), Scope.ACCOUNT))
                : now.page(message);
    }

    private void keepConnected() {
        while (closed.getCount() > 0) {
            try (PagerLine next = new PagerLine(account, settings, events)) {
                line = next;
                if (closed.getCount() > 0) {
                    next.login();
                    tell(ChannelHealth.up());
                    next.listen();
                }
            } catch (PagerLine.Refused e) {
                tell(ChannelHealth.down("the gateway refuses the token: ask its operator for another"));
            } catch (IOException e) {
                tell(ChannelHealth.down("no connection to " + settings.host() + ":" + settings.port()));
            }
            pause();
        }
    }

    private void pause() {
        try {
            closed.await(BETWEEN_CONNECTIONS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            closed.countDown();
        }
    }

    private void tell(ChannelHealth now) {
        if (!now.equals(health)) {
            health = now;
            events.health(now);
        }
    }

    @Override
    public int window() {
        return settings.window();
    }

    @Override
    public ChannelHealth health() {
        return health;
    }

    /** What was sent has two seconds to be answered; then the connection ends, and the rest is in doubt. */
    @Override
    public void close() {
        closed.countDown();
        PagerLine last = line;
        if (last != null) {
            last.drain(DRAIN);
            last.close();
        }
        try {
            keeper.join(DRAIN.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return "PagerChannel[" + account + "]";
    }
}
