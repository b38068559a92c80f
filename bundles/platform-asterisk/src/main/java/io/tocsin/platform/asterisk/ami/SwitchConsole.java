package io.tocsin.platform.asterisk.ami;

import io.netty.channel.EventLoop;
import io.tocsin.platform.asterisk.internal.Dialer;
import io.tocsin.platform.asterisk.internal.LinkRoute;
import io.tocsin.platform.asterisk.internal.Reach;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The manager interface (AMI) of an Asterisk switch: one connection, kept up; actions go in, events come out. One CamelContext and one
 * event loop; its route is {@code <purpose>-<account>-events}. Thread-safe; nothing blocks but {@link #close}. Futures end on the event
 * loop, within the request limit: with the result, or exceptionally with an {@link AmiException}, whose kind says what is certain. Do
 * not block there.
 */
public final class SwitchConsole implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SwitchConsole.class);

    private final AmiSettings settings;
    private final ConsoleListener listener;
    private final Oddities oddities;
    private final LinkRoute route;
    private final EventLoop loop;
    private final Dialer dialer;
    private final AtomicBoolean closed = new AtomicBoolean();
    private AmiLink link;
    private volatile boolean up;

    private SwitchConsole(AmiSettings settings, ConsoleListener listener, Clock clock) {
        this.settings = settings;
        this.listener = listener;
        this.oddities = new Oddities(settings.account(), clock);
        this.route = new LinkRoute(settings.purpose() + "-" + settings.account());
        this.loop = route.loop();
        AmiSettings.Limits limits = settings.limits();
        Reach reach = new Reach(
                settings.host(),
                settings.port(),
                limits.connect(),
                limits.firstWait(),
                limits.longestWait(),
                "is it on, is manager.conf enabled?");
        this.dialer = new Dialer(reach, loop, route.resolver(), this::notConnected);
    }

    /** Returns at once; {@link ConsoleListener#up} says when the link stands. */
    public static SwitchConsole open(AmiSettings settings, ConsoleListener listener, Clock clock) {
        SwitchConsole console = new SwitchConsole(settings, listener, clock);
        boolean begun = false;
        try {
            console.begin();
            begun = true;
            return console;
        } finally {
            if (!begun) {
                console.close();
            }
        }
    }

    private void begin() {
        AmiPipeline pipeline = new AmiPipeline(settings.limits(), () -> new AmiLink(settings, oddities, owner()), null);
        route.begin("ami", settings.host(), settings.port(), pipeline, () -> dialer, this::dispatch);
    }

    private AmiLink.Owner owner() {
        return new AmiLink.Owner() {
            @Override
            public void up(AmiLink connected) {
                linkUp(connected);
            }

            @Override
            public void gone(AmiLink lost, String why) {
                Duration wait = dialer.lost(false);
                link = null;
                notConnected(why, wait);
            }
        };
    }

    public boolean isUp() {
        return up;
    }

    /** What the switch did that it should not. */
    public Oddities oddities() {
        return oddities;
    }

    /** The link's event loop, on which the listener and all futures are told: what runs there needs no lock against them. */
    public ScheduledExecutorService loop() {
        return loop;
    }

    /** Asks for something that is answered in one message. */
    public CompletableFuture<AmiMessage> ask(AmiAction action) {
        CompletableFuture<AmiMessage> result = new CompletableFuture<>();
        ask(action, false, new PendingActions.Asker() {
            @Override
            public void answered(AmiMessage response, List<AmiMessage> events) {
                result.complete(response);
            }

            @Override
            public void failed(AmiException why) {
                result.completeExceptionally(why);
            }
        });
        return result;
    }

    /** Asks for something that is answered by a list of events; they reach nobody else. */
    public CompletableFuture<List<AmiMessage>> list(AmiAction action) {
        CompletableFuture<List<AmiMessage>> result = new CompletableFuture<>();
        ask(action, true, new PendingActions.Asker() {
            @Override
            public void answered(AmiMessage response, List<AmiMessage> events) {
                result.complete(events);
            }

            @Override
            public void failed(AmiException why) {
                result.completeExceptionally(why);
            }
        });
        return result;
    }

    private void ask(AmiAction action, boolean list, PendingActions.Asker asker) {
        try {
            loop.execute(() -> {
                if (link == null) {
                    asker.failed(new AmiException(
                            AmiException.Kind.NOT_SENT, action.name() + ": no connection to the switch"));
                } else {
                    link.ask(action, list, asker);
                }
            });
        } catch (RejectedExecutionException e) {
            asker.failed(new AmiException(AmiException.Kind.NOT_SENT, action.name() + ": closed"));
        }
    }

    private void linkUp(AmiLink connected) {
        if (closed.get()) {
            connected.close("closed");
            return;
        }
        link = connected;
        dialer.succeeded();
        up = true;
        LOG.info("switch-console-up account={} purpose={}", settings.account(), settings.purpose());
        tell(listener::up);
    }

    private void notConnected(String why, Duration nextTry) {
        boolean was = up;
        up = false;
        if (closed.get()) {
            return;
        }
        if (was) {
            LOG.warn(
                    "switch-console-down account={} purpose={} next-try-ms={} why={}",
                    settings.account(),
                    settings.purpose(),
                    nextTry.toMillis(),
                    why);
        } else {
            LOG.debug(
                    "switch-console-away account={} next-try-ms={} why={}",
                    settings.account(),
                    nextTry.toMillis(),
                    why);
        }
        tell(() -> listener.down(why));
    }

    /** An event, on the loop. */
    private void dispatch(Exchange exchange) {
        if (exchange.getMessage().getBody() instanceof AmiMessage event) {
            tell(() -> listener.event(event));
        }
    }

    private void tell(Runnable news) {
        try {
            news.run();
        } catch (RuntimeException e) { // one event's fault must not cost the others their link
            oddities.saw(Oddities.Kind.UNFORESEEN, e.getClass().getName());
            LOG.error(
                    "switch-console-listener-failed account={} failure={} at={}",
                    settings.account(),
                    e.getClass().getName(),
                    e.getStackTrace().length == 0 ? "?" : e.getStackTrace()[0]);
        }
    }

    /** What waits is in doubt. Idempotent; leaves no thread and no socket. Blocks for seconds at most; not on the event loop. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            route.close(() -> {
                up = false;
                if (link != null) {
                    link.close("closed");
                }
            });
        }
    }
}
