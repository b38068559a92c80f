package io.tocsin.platform.asterisk.ari;

import io.netty.channel.EventLoop;
import io.tocsin.platform.asterisk.internal.Dialer;
import io.tocsin.platform.asterisk.internal.LinkRoute;
import io.tocsin.platform.asterisk.internal.Reach;
import io.tocsin.platform.asterisk.internal.WireText;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one connection to a switch, kept up, whoever connects to whom: requests go in, events come out by the channel they
 * belong to. One CamelContext and one event loop a switch; its route is {@code voice-<account>-events}. Thread-safe.
 */
final class AriWire implements AutoCloseable, AriLink.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(AriWire.class);

    private final AriSettings settings;
    private final SwitchListener listener;
    private final Oddities oddities;
    private final AriReader reader;
    private final LinkRoute route;
    private final EventLoop loop;
    private final Dialer dialer;
    private final Map<String, CallListener> calls = new ConcurrentHashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private AriLink link;
    private boolean replaced;
    private volatile boolean up;

    /** Returns at once; {@link SwitchListener#up} says when the link stands. */
    AriWire(AriSettings settings, SwitchListener listener, Clock clock) {
        this.settings = settings;
        this.listener = listener;
        this.oddities = new Oddities(settings.account(), clock);
        this.reader = new AriReader(clock, settings.limits().messageBytes());
        this.route = new LinkRoute("voice-" + settings.account());
        this.loop = route.loop();
        AriSettings.Limits limits = settings.limits();
        this.dialer = settings.direction() == AriSettings.Direction.DIAL
                ? new Dialer(
                        new Reach(
                                settings.host(),
                                settings.port(),
                                limits.connect(),
                                limits.firstWait(),
                                limits.longestWait(),
                                "is it on, is http.conf enabled?"),
                        loop,
                        route.resolver(),
                        this::notConnected)
                : null;
        boolean begun = false;
        try {
            AriPipeline pipeline = new AriPipeline(settings, this::newLink, oddities, null);
            route.begin("ari", settings.host(), settings.port(), pipeline, () -> dialer, this::dispatch);
            begun = true;
        } finally {
            if (!begun) {
                close();
            }
        }
    }

    private AriLink newLink() {
        return new AriLink(settings.limits(), reader, oddities, this);
    }

    boolean isUp() {
        return up;
    }

    Oddities oddities() {
        return oddities;
    }

    AriReader reader() {
        return reader;
    }

    String application() {
        return settings.application();
    }

    /** Where the switch may connect to. Empty if we connect. */
    OptionalInt port() {
        return route.port();
    }

    /**
     * Events of the channel go there from now on, until it is destroyed or detached. @return false if somebody has it
     * already
     */
    boolean attach(String channelId, CallListener call) {
        return calls.putIfAbsent(channelId, call) == null;
    }

    void detach(String channelId) {
        calls.remove(channelId);
    }

    int attached() {
        return calls.size();
    }

    /** Never blocks. Answered once, within the request limit, on the event loop (closed: at once, here); do not block there. */
    void request(AriRequest request, PendingRequests.Asker asker) {
        try {
            loop.execute(() -> {
                if (link == null) {
                    asker.failed(AriException.notSent(request.what() + ": no connection to the switch"));
                } else {
                    link.request(request, asker);
                }
            });
        } catch (RejectedExecutionException e) {
            asker.failed(AriException.notSent(request.what() + ": closed"));
        }
    }

    /** A file, by HTTP; on the thread that looks names up, one at a time. */
    CompletableFuture<byte[]> fetch(String path) {
        CompletableFuture<byte[]> fetched = new CompletableFuture<>();
        route.resolver().execute(() -> {
            try {
                if (dialer == null) {
                    throw new IOException("the switch connects to us: where it serves files is not known");
                }
                fetched.complete(settings.fetch(path));
            } catch (IOException e) {
                fetched.completeExceptionally(e);
            }
        });
        return fetched;
    }

    /** On the event loop, after what is there already; not at all once closed. */
    void execute(Runnable work) {
        try {
            loop.execute(() -> tell(work));
        } catch (RejectedExecutionException e) {
            LOG.debug("voice-work-after-close account={}", settings.account());
        }
    }

    /** On the event loop, unless cancelled or closed before. */
    Future<?> schedule(Runnable work, Duration after) {
        try {
            return loop.schedule(() -> tell(work), after.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(null);
        }
    }

    @Override
    public void up(AriLink connected) {
        if (closed.get()) {
            connected.close("closed");
            return;
        }
        AriLink before = link;
        link = connected;
        if (before != null) { // Asterisk connected again before we noticed that it was gone
            before.close("the switch connected anew");
            tell(() -> listener.down("the switch connected anew"));
        }
        if (dialer != null) {
            dialer.succeeded();
        }
        up = true;
        LOG.info("voice-switch-up account={}", settings.account());
        tell(listener::up);
    }

    @Override
    public void gone(AriLink lost, String why) {
        if (dialer != null) {
            Duration wait = dialer.lost(replaced);
            replaced = false;
            if (lost == link || link == null) {
                link = null;
                notConnected(why, wait);
            }
        } else if (lost == link) {
            link = null;
            notConnected(why, Duration.ZERO);
        }
    }

    private void notConnected(String why, Duration nextTry) {
        boolean was = up;
        up = false;
        if (closed.get()) {
            return;
        }
        if (was) {
            LOG.warn("voice-switch-down account={} next-try-ms={} why={}", settings.account(), nextTry.toMillis(), why);
        } else {
            LOG.debug(
                    "voice-switch-away account={} next-try-ms={} why={}", settings.account(), nextTry.toMillis(), why);
        }
        tell(() -> listener.down(why));
    }

    /** An event, on the loop. */
    private void dispatch(Exchange exchange) {
        if (!(exchange.getMessage().getBody() instanceof AriEvent event)) {
            return;
        }
        if (event instanceof AriEvent.Unrecognised unknown && !unknown.known()) {
            oddities.saw(Oddities.Kind.UNKNOWN_EVENT, unknown.type());
        }
        CallListener call = event.channelId().map(calls::get).orElse(null);
        if (call != null) {
            if (event instanceof AriEvent.ChannelDestroyed end) {
                calls.remove(end.channel().id(), call);
            }
            tell(() -> call.event(event));
        } else if (event instanceof AriEvent.StasisStart start) {
            tell(() -> listener.arrived(start));
        } else {
            if (event instanceof AriEvent.OfChannel stray) {
                oddities.saw(
                        Oddities.Kind.UNKNOWN_CHANNEL,
                        event.getClass().getSimpleName() + "-of-"
                                + stray.channel().id());
            }
            tell(() -> listener.event(event));
            if (event instanceof AriEvent.ApplicationReplaced taken
                    && taken.application().equals(settings.application())
                    && link != null) {
                replaced = true; // whoever has it now keeps it for a while: two that fight hear only half each
                link.close("another connection took the application " + WireText.logged(settings.application()));
            }
        }
    }

    private void tell(Runnable news) {
        try {
            news.run();
        } catch (RuntimeException e) { // one call's fault must not cost the others their link
            oddities.saw(Oddities.Kind.UNFORESEEN, e.getClass().getName());
            LOG.error(
                    "voice-listener-failed account={} failure={} at={}",
                    settings.account(),
                    e.getClass().getName(),
                    e.getStackTrace().length == 0 ? "?" : e.getStackTrace()[0]);
        }
    }

    /** What waits is in doubt; idempotent; leaves no thread and no socket. Not on the event loop. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        route.close(() -> {
            if (link != null) {
                link.close("closed");
            }
        });
        calls.clear();
    }
}
