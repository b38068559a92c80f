package io.tocsin.platform.asterisk.ami;

import io.netty.channel.Channel;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.handler.timeout.IdleStateHandler;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.camel.component.netty.NettyConsumer;
import org.apache.camel.component.netty.ServerInitializerFactory;
import org.apache.camel.component.netty.handlers.ServerChannelHandler;

/** What stands between a socket and the route: messages out of bytes, an {@link AmiLink}, and Camel's own handler. */
final class AmiPipeline extends ServerInitializerFactory {
    private static final int FLUSH_AFTER = 64;

    private final AmiSettings.Limits limits;
    private final Supplier<AmiLink> links;
    private final NettyConsumer consumer;

    /** @param consumer null until Camel has one */
    AmiPipeline(AmiSettings.Limits limits, Supplier<AmiLink> links, NettyConsumer consumer) {
        this.limits = limits;
        this.links = links;
        this.consumer = consumer;
    }

    @Override
    public ServerInitializerFactory createPipelineFactory(NettyConsumer of) {
        return new AmiPipeline(limits, links, of);
    }

    @Override
    protected void initChannel(Channel channel) {
        channel.pipeline()
                .addLast(new IdleStateHandler(limits.quiet().toMillis(), 0, 0, TimeUnit.MILLISECONDS))
                .addLast(new FlushConsolidationHandler(FLUSH_AFTER, true))
                .addLast(new AmiFramer(limits.messageBytes()))
                .addLast(links.get())
                .addLast(new ServerChannelHandler(consumer));
    }
}
