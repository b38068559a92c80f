package io.tocsin.platform.asterisk.internal;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.apache.camel.CamelContext;
import org.apache.camel.component.netty.NettyConsumer;
import org.apache.camel.component.netty.NettyServerBootstrapConfiguration;
import org.apache.camel.component.netty.NettyServerBootstrapFactory;
import org.apache.camel.support.service.ServiceSupport;

/**
 * Connects a consumer to its switch and keeps it so, as long as its route runs. In place of Camel's own client mode, which
 * tries again at a fixed pace, looks names up on the event loop and waits there for the connection.
 *
 * <p>Waits double from the first to the longest, give or take a fifth, so that the nodes of a site do not all knock at once;
 * a link that stood for the longest wait begins anew.
 */
public final class Dialer extends ServiceSupport implements NettyServerBootstrapFactory {
    private static final int MOST_DOUBLINGS = 16;

    private final Reach reach;
    private final EventLoop loop;
    private final Executor resolver;
    private final BiConsumer<String, Duration> failed;
    private ChannelInitializer<Channel> pipeline;
    private Channel channel;
    private boolean wanted;
    private int failures;
    private int attempts;
    private long upSince;
    private boolean up;

    /**
     * @param resolver where names are looked up, which blocks
     * @param failed told why an attempt to connect failed and when the next comes; on the loop
     */
    public Dialer(Reach reach, EventLoop loop, Executor resolver, BiConsumer<String, Duration> failed) {
        this.reach = reach;
        this.loop = loop;
        this.resolver = resolver;
        this.failed = failed;
    }

    @Override
    public void init(
            CamelContext context,
            NettyServerBootstrapConfiguration configuration,
            ChannelInitializer<Channel> pipeline) {
        this.pipeline = pipeline;
    }

    @Override
    public void init(
            ThreadFactory threads,
            NettyServerBootstrapConfiguration configuration,
            ChannelInitializer<Channel> pipeline) {
        this.pipeline = pipeline;
    }

    @Override
    protected void doStart() {
        loop.execute(() -> {
            wanted = true;
            failures = 0;
            connect();
        });
    }

    @Override
    protected void doStop() {
        loop.submit(() -> {
                    wanted = false;
                    if (channel != null) {
                        channel.close();
                    }
                })
                .awaitUninterruptibly(reach.connect().toMillis());
    }

    private void connect() {
        if (wanted && channel == null) {
            CompletableFuture.supplyAsync(this::addresses, resolver).whenComplete((found, failure) -> {
                try {
                    loop.execute(() -> resolved(found, failure));
                } catch (RejectedExecutionException e) {
                    // closed while the name was looked up: nobody waits
                }
            });
        }
    }

    private InetAddress[] addresses() {
        try {
            return InetAddress.getAllByName(reach.host());
        } catch (UnknownHostException e) {
            throw new CompletionException(e);
        }
    }

    private void resolved(InetAddress[] found, Throwable failure) {
        if (!wanted || channel != null) {
            return;
        }
        if (failure != null) {
            again("its name is not known: check it, and the name servers");
            return;
        }
        ChannelFuture connecting = new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        reach.connect().toMillis())
                .handler(pipeline)
                .connect(new InetSocketAddress(found[Math.floorMod(attempts++, found.length)], reach.port()));
        channel = connecting.channel();
        connecting.addListener(connected -> {
            if (!connected.isSuccess()) {
                channel = null;
                again("takes no connection on port " + reach.port() + ": " + reach.cure());
            }
        });
    }

    /** The handshake succeeded. On the loop. */
    public void succeeded() {
        up = true;
        upSince = System.nanoTime();
    }

    /** A connection is over. On the loop. @return when the next attempt comes, zero if none is wanted */
    public Duration lost(boolean stayAway) {
        channel = null;
        if (up && System.nanoTime() - upSince >= reach.longestWait().toNanos()) {
            failures = 0;
        }
        up = false;
        if (stayAway) {
            failures = MOST_DOUBLINGS;
        }
        return later();
    }

    private void again(String why) {
        if (wanted) {
            failed.accept(why, later());
        }
    }

    private Duration later() {
        if (!wanted) {
            return Duration.ZERO;
        }
        double doubled = reach.firstWait().toMillis() * Math.pow(2, Math.min(failures++, MOST_DOUBLINGS));
        double wait = Math.min(doubled, reach.longestWait().toMillis());
        long millis = (long) (wait * ThreadLocalRandom.current().nextDouble(0.8, 1.2));
        loop.schedule(this::connect, millis, TimeUnit.MILLISECONDS);
        return Duration.ofMillis(millis);
    }

    @Override
    public void addChannel(Channel connected) {
        // there is one, known already
    }

    @Override
    public void removeChannel(Channel disconnected) {
        // its link tells
    }

    @Override
    public void addConsumer(NettyConsumer consumer) {
        // one, for which it was made
    }

    @Override
    public void removeConsumer(NettyConsumer consumer) {
        // as above
    }
}
