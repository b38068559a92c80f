package io.tocsin.platform.asterisk.ari;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.netty.NettyConfiguration;
import org.apache.camel.impl.DefaultCamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one connection to a switch, kept up, whoever connects to whom: requests go in, events come out by the channel they
 * belong to. One CamelContext and one event loop a switch; its route is {@code voice-<account>-events}. Thread-safe.
 */
final class AriWire implements AutoCloseable, AriLink.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(AriWire.class);
    private static final Duration ROUTE_STOP_LIMIT = Duration.ofSeconds(2);
    private static final Duration LOOP_STOP_LIMIT = Duration.ofSeconds(5);

    private final AriSettings settings;
    private final SwitchListener listener;
    private final Oddities oddities;
    private final AriReader reader;
    private final EventLoopGroup group;
    private final EventLoop loop;
    private final ExecutorService resolver;
    private final ChannelGroup sockets = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE);
    private final Dialer dialer;
    private final DefaultCamelContext context;
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
        String name = "voice-" + settings.account();
        this.group = new NioEventLoopGroup(1, new DefaultThreadFactory(name, true));
        forgetWhoBeganNetty();
        this.loop = group.next();
        this.resolver = resolver(name + "-resolve");
        this.dialer = settings.direction() == AriSettings.Direction.DIAL
                ? new Dialer(settings, loop, resolver, this::notConnected)
                : null;
        this.context = new DefaultCamelContext();
        boolean begun = false;
        try {
            begin(name);
            begun = true;
        } finally {
            if (!begun) {
                close();
            }
        }
    }

    private void begin(String name) {
        context.getCamelContextExtension().setName(name);
        context.getExecutorServiceManager().setThreadNamePattern(name + " #counter# #name#");
        // in a container: Camel's own bundle, where components and converters are found
        context.setApplicationContextClassLoader(DefaultCamelContext.class.getClassLoader());
        context.getShutdownStrategy().setTimeUnit(TimeUnit.MILLISECONDS);
        context.getShutdownStrategy().setTimeout(ROUTE_STOP_LIMIT.toMillis());
        context.getShutdownStrategy().setShutdownNowOnTimeout(true);
        context.getShutdownStrategy().setLogInflightExchangesOnTimeout(false);
        context.setLoadTypeConverters(false);
        AriPipeline pipeline = new AriPipeline(settings, this::newLink, oddities, null);
        context.addComponent("ari", new AriComponent(configuration(pipeline), pipeline, () -> dialer));
        try {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    errorHandler(noErrorHandler());
                    from("ari:events").routeId(name + "-events").process(AriWire.this::dispatch);
                }
            });
        } catch (Exception e) { // Camel declares no less, of a route that needs nothing from outside
            throw new IllegalStateException("the route of " + name + " cannot be made", e);
        }
        try {
            context.start();
        } catch (RuntimeException e) { // only listening can fail at the start: dialling goes on trying
            throw new IllegalStateException(
                    "cannot listen on " + settings.host() + " port " + settings.port() + ": is it taken?", e);
        }
    }

    private NettyConfiguration configuration(AriPipeline pipeline) {
        NettyConfiguration netty = new NettyConfiguration();
        netty.setProtocol("tcp");
        netty.setHost(settings.host());
        netty.setPort(settings.port());
        netty.setSync(false); // events are not answered
        netty.setUsingExecutorService(false); // on the event loop: in order
        netty.setServerInitializerFactory(pipeline);
        netty.setBossGroup(group);
        netty.setWorkerGroup(group);
        netty.setChannelGroup(sockets);
        return netty;
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
        return sockets.stream()
                .filter(ServerSocketChannel.class::isInstance)
                .mapToInt(
                        socket -> ((ServerSocketChannel) socket).localAddress().getPort())
                .findFirst();
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
        resolver.execute(() -> {
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
        loop.submit(() -> {
                    if (link != null) {
                        link.close("closed");
                    }
                })
                .awaitUninterruptibly(LOOP_STOP_LIMIT.toMillis());
        context.stop();
        resolver.shutdownNow();
        sockets.close().awaitUninterruptibly(LOOP_STOP_LIMIT.toMillis());
        group.shutdownGracefully(0, LOOP_STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(2 * LOOP_STOP_LIMIT.toMillis());
        calls.clear();
    }

    /**
     * Netty keeps for ever an exception made when its first event loop is, and the JVM keeps with its trace the classes
     * that were on the stack: ours, so that the first version of this bundle would never be unloaded. The trace is taken
     * anew where nothing of ours is on the stack (the frame of a method reference is hidden from it).
     */
    private static void forgetWhoBeganNetty() {
        Throwable kept = GlobalEventExecutor.INSTANCE.terminationFuture().cause();
        if (kept != null) {
            Thread elsewhere = new Thread(kept::fillInStackTrace, "netty-trace");
            elsewhere.setDaemon(true);
            elsewhere.start();
        }
    }

    /** One thread while names are looked up, none otherwise. */
    private static ExecutorService resolver(String name) {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), new DefaultThreadFactory(name, true));
        executor.allowCoreThreadTimeOut(true);
        executor.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        return executor;
    }
}
