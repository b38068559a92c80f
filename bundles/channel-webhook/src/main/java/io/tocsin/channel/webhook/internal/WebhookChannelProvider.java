package io.tocsin.channel.webhook.internal;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelEvents;
import io.tocsin.channel.api.ChannelProvider;
import io.tocsin.channel.api.ChannelSettingsException;
import io.tocsin.channel.api.ChannelType;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Opens webhook accounts: messages as signed HTTPS posts, for sirens, signage and chat tools. */
@Component(service = ChannelProvider.class)
@ChannelType(type = "webhook", endpoints = "webhook", settings = WebhookAccount.class)
public final class WebhookChannelProvider implements ChannelProvider {
    private static final int RESOLVERS = 4;
    private static final int MOST_LOOKUPS = 1024;

    private final Clock clock;

    @Activate
    public WebhookChannelProvider() {
        this(Clock.systemUTC());
    }

    WebhookChannelProvider(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Channel open(ChannelAccount account, ChannelEvents events) throws ChannelSettingsException {
        WebhookSettings settings = WebhookSettings.of(account);
        String name = "webhook-" + account.id();
        return new WebhookChannel(account.id(), settings, events, loop(name), resolver(name + "-resolve"), clock)
                .start();
    }

    private static EventLoopGroup loop(String name) {
        EventLoopGroup loop = new NioEventLoopGroup(1, new DefaultThreadFactory(name, true));
        forgetWhoBeganNetty();
        return loop;
    }

    /**
     * Netty keeps for ever an exception made when its first event loop is, and the JVM keeps with its trace the classes that were
     * on the stack: if they were ours, the first version of this bundle would never be unloaded. So the trace is taken anew
     * where nothing of ours is on the stack.
     */
    private static void forgetWhoBeganNetty() {
        Throwable kept = GlobalEventExecutor.INSTANCE.terminationFuture().cause();
        if (kept != null) {
            Thread elsewhere = new Thread(kept::fillInStackTrace, "netty-trace");
            elsewhere.setDaemon(true);
            elsewhere.start();
        }
    }

    /** A few threads while names are looked up, none otherwise: one name server that is slow holds up few others. */
    private static ExecutorService resolver(String name) {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                RESOLVERS,
                RESOLVERS,
                1,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MOST_LOOKUPS),
                new DefaultThreadFactory(name, true));
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }
}
