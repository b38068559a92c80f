package io.tocsin.channel.webhook.internal;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.ChannelHealth.State;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Whether one receiver is there, by what messages to it and connections without a message showed. A siren nobody has written to
 * for a year is known to be away before it is needed. Changed on the loop, read anywhere.
 */
final class ReceiverWatch {
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final Receiver receiver;
    private final WebhookSettings settings;
    private final EventLoop loop;
    private final Dialer dialer;
    private final Runnable changed;
    private volatile ChannelHealth health = ChannelHealth.down("not reached yet");
    private boolean stopped;
    private int failures;
    private Future<?> next;

    ReceiverWatch(Receiver receiver, WebhookSettings settings, EventLoop loop, Dialer dialer, Runnable changed) {
        this.receiver = receiver;
        this.settings = settings;
        this.loop = loop;
        this.dialer = dialer;
        this.changed = changed;
    }

    ChannelHealth health() {
        return health;
    }

    Receiver receiver() {
        return receiver;
    }

    /** Connects, and hangs up. @return ends on the loop, once the result is in {@link #health()} */
    CompletableFuture<Void> check() {
        CompletableFuture<Void> checked = new CompletableFuture<>();
        dialer.dial(receiver.url()).whenComplete((Channel connection, Throwable failure) -> {
            if (connection != null) {
                connection.close();
                up();
            } else if (failure instanceof Unreached why) {
                down(why.getMessage());
            }
            checked.complete(null);
        });
        return checked;
    }

    void up() {
        failures = 0;
        tell(ChannelHealth.up());
        again(settings.checkInterval());
    }

    /** @param why follows the receiver's name */
    void down(String why) {
        Duration pause = settings.retryInterval().multipliedBy(1L << Math.min(failures++, 10));
        Duration most =
                LONGEST_PAUSE.compareTo(settings.retryInterval()) > 0 ? LONGEST_PAUSE : settings.retryInterval();
        tell(ChannelHealth.down(receiver.url().authority() + " " + why));
        again(pause.compareTo(most) < 0 ? pause : most);
    }

    void stop() {
        stopped = true;
        if (next != null) {
            next.cancel(false);
        }
    }

    private void tell(ChannelHealth now) {
        if (!now.equals(health)) {
            health = now;
            changed.run();
        }
    }

    private void again(Duration pause) {
        if (next != null) {
            next.cancel(false);
        }
        if (!stopped) {
            next = loop.schedule(this::check, pause.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    boolean isDown() {
        return health.state() == State.DOWN;
    }
}
