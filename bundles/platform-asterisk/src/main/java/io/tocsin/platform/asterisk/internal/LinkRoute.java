package io.tocsin.platform.asterisk.internal;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.netty.NettyConfiguration;
import org.apache.camel.component.netty.NettyServerBootstrapFactory;
import org.apache.camel.component.netty.ServerInitializerFactory;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * What a link to a switch runs on: one event loop, one CamelContext whose one route takes what comes, and a thread while a name
 * is looked up. The route is {@code <name>-events}.
 */
public final class LinkRoute implements AutoCloseable {
    private static final Duration ROUTE_STOP_LIMIT = Duration.ofSeconds(2);
    private static final Duration LOOP_STOP_LIMIT = Duration.ofSeconds(5);

    private final String name;
    private final EventLoopGroup group;
    private final EventLoop loop;
    private final ExecutorService resolver;
    private final ChannelGroup sockets = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE);
    private final DefaultCamelContext context;

    /** @param name of its threads, its context and its route */
    public LinkRoute(String name) {
        this.name = name;
        this.group = new NioEventLoopGroup(1, new DefaultThreadFactory(name, true));
        forgetWhoBeganNetty();
        this.loop = group.next();
        this.resolver = resolver(name + "-resolve");
        this.context = new DefaultCamelContext();
    }

    public EventLoop loop() {
        return loop;
    }

    /** Where names are looked up, which blocks. */
    public Executor resolver() {
        return resolver;
    }

    /**
     * Starts the route.
     *
     * @param scheme of its address, {@code <scheme>:events}
     * @param dialing gives null where the switch connects to us
     * @param dispatch given each message, on the loop, in order
     * @throws IllegalStateException if the port to listen on cannot be had
     */
    public void begin(
            String scheme,
            String host,
            int port,
            ServerInitializerFactory pipeline,
            Supplier<NettyServerBootstrapFactory> dialing,
            Processor dispatch) {
        context.getCamelContextExtension().setName(name);
        context.getExecutorServiceManager().setThreadNamePattern(name + " #counter# #name#");
        // in a container: Camel's own bundle, where components and converters are found
        context.setApplicationContextClassLoader(DefaultCamelContext.class.getClassLoader());
        context.getShutdownStrategy().setTimeUnit(TimeUnit.MILLISECONDS);
        context.getShutdownStrategy().setTimeout(ROUTE_STOP_LIMIT.toMillis());
        context.getShutdownStrategy().setShutdownNowOnTimeout(true);
        context.getShutdownStrategy().setLogInflightExchangesOnTimeout(false);
        context.setLoadTypeConverters(false);
        context.addComponent(scheme, new SwitchComponent(configuration(host, port, pipeline), pipeline, dialing));
        try {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    errorHandler(noErrorHandler());
                    from(scheme + ":events").routeId(name + "-events").process(dispatch);
                }
            });
        } catch (Exception e) { // Camel declares no less, of a route that needs nothing from outside
            throw new IllegalStateException("the route of " + name + " cannot be made", e);
        }
        try {
            context.start();
        } catch (RuntimeException e) { // only listening can fail at the start: dialling goes on trying
            throw new IllegalStateException("cannot listen on " + host + " port " + port + ": is it taken?", e);
        }
    }

    private NettyConfiguration configuration(String host, int port, ServerInitializerFactory pipeline) {
        NettyConfiguration netty = new NettyConfiguration();
        netty.setProtocol("tcp");
        netty.setHost(host);
        netty.setPort(port);
        netty.setSync(false); // events are not answered
        netty.setUsingExecutorService(false); // on the event loop: in order
        netty.setServerInitializerFactory(pipeline);
        netty.setBossGroup(group);
        netty.setWorkerGroup(group);
        netty.setChannelGroup(sockets);
        return netty;
    }

    /** Where the switch may connect to. Empty if we connect. */
    public OptionalInt port() {
        return sockets.stream()
                .filter(ServerSocketChannel.class::isInstance)
                .mapToInt(
                        socket -> ((ServerSocketChannel) socket).localAddress().getPort())
                .findFirst();
    }

    /** Leaves no thread and no socket. Not on the loop. */
    public void close(Runnable goodbye) {
        loop.submit(goodbye).awaitUninterruptibly(LOOP_STOP_LIMIT.toMillis());
        close();
    }

    @Override
    public void close() {
        context.stop();
        resolver.shutdownNow();
        sockets.close().awaitUninterruptibly(LOOP_STOP_LIMIT.toMillis());
        group.shutdownGracefully(0, LOOP_STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(2 * LOOP_STOP_LIMIT.toMillis());
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
