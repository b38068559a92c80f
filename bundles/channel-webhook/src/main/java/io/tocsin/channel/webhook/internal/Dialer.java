package io.tocsin.channel.webhook.internal;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Connects to receivers: looks the name up, leaves out addresses the account may not reach, connects to one that is left and
 * makes TLS on it. The address that was checked is the one that is connected to, whatever the name leads to a moment later.
 * No proxy of the environment is asked.
 */
final class Dialer {
    private static final int MOST_ADDRESSES = 4;

    private final WebhookSettings settings;
    private final EventLoop loop;
    private final ExecutorService resolver;

    /** @param resolver where names are looked up, which blocks */
    Dialer(WebhookSettings settings, EventLoop loop, ExecutorService resolver) {
        this.settings = settings;
        this.loop = loop;
        this.resolver = resolver;
    }

    /**
     * Called on the loop. The future ends on the loop, within the connect timeout: with a connection, whose pipeline holds TLS
     * only, or exceptionally with {@link Unreached}. Cancelling it closes what there is.
     */
    CompletableFuture<Channel> dial(WebhookUrl url) {
        CompletableFuture<Channel> dialed = new CompletableFuture<>();
        var limit = loop.schedule(
                () -> dialed.completeExceptionally(new Unreached("connect-timeout", "did not connect in time")),
                settings.connectTimeout().toMillis(),
                TimeUnit.MILLISECONDS);
        dialed.whenComplete((channel, failure) -> limit.cancel(false));
        try {
            Future<?> lookup = resolver.submit(() -> {
                try {
                    List<InetAddress> found = Arrays.asList(InetAddress.getAllByName(url.host()));
                    loop.execute(() -> connectToOne(url, found, dialed));
                } catch (UnknownHostException e) {
                    fail(
                            dialed,
                            new Unreached("host-unknown", "its name is not known: check it, and the name servers"));
                } catch (RejectedExecutionException e) {
                    dialed.cancel(false); // the account is closed: nobody waits any more
                }
            });
            dialed.whenComplete((channel, failure) -> lookup.cancel(true));
        } catch (RejectedExecutionException e) {
            dialed.completeExceptionally(new Unreached("busy", "too many names are being looked up"));
        }
        return dialed;
    }

    private void fail(CompletableFuture<Channel> dialed, Unreached why) {
        try {
            loop.execute(() -> dialed.completeExceptionally(why));
        } catch (RejectedExecutionException e) {
            dialed.cancel(false);
        }
    }

    private void connectToOne(WebhookUrl url, List<InetAddress> found, CompletableFuture<Channel> dialed) {
        List<InetAddress> permitted = found.stream()
                .filter(settings.network()::permits)
                .limit(MOST_ADDRESSES)
                .toList();
        if (permitted.isEmpty()) {
            dialed.completeExceptionally(new Unreached(
                    "address-not-allowed",
                    "its name leads to this node or its site: set network to site or node if that is meant",
                    true));
            return;
        }
        connect(url, permitted.iterator(), dialed);
    }

    private void connect(WebhookUrl url, Iterator<InetAddress> addresses, CompletableFuture<Channel> dialed) {
        if (dialed.isDone()) {
            return;
        }
        Ready ready = new Ready();
        SslHandler tls = url.tls() ? settings.tls().handler(url) : null;
        ChannelFuture connecting = new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0) // the limit of the whole counts
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (tls != null) {
                            channel.pipeline().addLast(tls);
                        }
                        channel.pipeline().addLast(ready);
                    }
                })
                .connect(new InetSocketAddress(addresses.next(), url.port()));
        Channel channel = connecting.channel();
        dialed.whenComplete((winner, failure) -> {
            if (failure != null) {
                channel.close();
            }
        });
        connecting.addListener(connected -> {
            if (!connected.isSuccess()) {
                if (addresses.hasNext()) {
                    connect(url, addresses, dialed);
                } else {
                    dialed.completeExceptionally(new Unreached(
                            "not-connected", "does not take connections on port " + url.port() + ": is it on?"));
                }
            } else if (tls == null) {
                succeed(channel, ready, dialed);
            } else {
                tls.handshakeFuture().addListener(shaken -> {
                    if (shaken.isSuccess()) {
                        succeed(channel, ready, dialed);
                    } else {
                        dialed.completeExceptionally(
                                new Unreached("tls-failed", ReceiverTls.reason(shaken.cause(), url)));
                    }
                });
            }
        });
    }

    private static void succeed(Channel channel, Ready ready, CompletableFuture<Channel> dialed) {
        channel.pipeline().remove(ready);
        if (!dialed.complete(channel)) {
            channel.close();
        }
    }

    /** Holds the end of the pipeline while nobody else does: what goes wrong is told by the futures. */
    private static final class Ready extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
