package io.tocsin.platform.asterisk.ari;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.handler.timeout.IdleStateHandler;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.camel.component.netty.NettyConsumer;
import org.apache.camel.component.netty.ServerInitializerFactory;
import org.apache.camel.component.netty.handlers.ServerChannelHandler;

/**
 * What stands between a socket and the route: HTTP for the handshake, WebSocket, an {@link AriLink}, and Camel's own handler,
 * which makes an exchange of each event, on the event loop: in order.
 */
final class AriPipeline extends ServerInitializerFactory {
    private static final int HANDSHAKE_BYTES = 8_192;
    private static final int FLUSH_AFTER = 64;
    /** A server that does not mean this is none of ARI's. */
    private static final String SUBPROTOCOL = "ari";

    private final AriSettings settings;
    private final Supplier<AriLink> links;
    private final Oddities oddities;
    private final NettyConsumer consumer;

    /** @param consumer null until Camel has one */
    AriPipeline(AriSettings settings, Supplier<AriLink> links, Oddities oddities, NettyConsumer consumer) {
        this.settings = settings;
        this.links = links;
        this.oddities = oddities;
        this.consumer = consumer;
    }

    @Override
    public ServerInitializerFactory createPipelineFactory(NettyConsumer of) {
        return new AriPipeline(settings, links, oddities, of);
    }

    @Override
    protected void initChannel(Channel channel) {
        AriSettings.Limits limits = settings.limits();
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.addLast(new IdleStateHandler(limits.quiet().toMillis(), 0, 0, TimeUnit.MILLISECONDS));
        pipeline.addLast(new FlushConsolidationHandler(FLUSH_AFTER, true));
        if (settings.direction() == AriSettings.Direction.DIAL) {
            pipeline.addLast(new HttpClientCodec());
            pipeline.addLast(new HttpObjectAggregator(HANDSHAKE_BYTES));
            pipeline.addLast(new WebSocketClientProtocolHandler(dialling(limits)));
        } else {
            pipeline.addLast(new HttpServerCodec());
            pipeline.addLast(new HttpObjectAggregator(HANDSHAKE_BYTES));
            pipeline.addLast(new Admission(settings, oddities));
            pipeline.addLast(new WebSocketServerProtocolHandler(listening(limits)));
        }
        pipeline.addLast(new WebSocketFrameAggregator(limits.messageBytes()));
        pipeline.addLast(links.get());
        pipeline.addLast(new ServerChannelHandler(consumer));
    }

    /*
     * No UTF-8 check in Netty: it would end the connection, where the JSON reader skips the message. No close frame of its
     * own: it waits for that write even where nobody reads any more.
     */

    private WebSocketClientProtocolConfig dialling(AriSettings.Limits limits) {
        HttpHeaders headers = new DefaultHttpHeaders().set(HttpHeaderNames.AUTHORIZATION, settings.authorization());
        return WebSocketClientProtocolConfig.newBuilder()
                .webSocketUri(URI.create("ws://" + hostInUri() + ":" + settings.port() + settings.target()))
                .subprotocol(SUBPROTOCOL)
                .customHeaders(headers)
                .generateOriginHeader(false)
                .maxFramePayloadLength(limits.messageBytes())
                .handshakeTimeoutMillis(limits.connect().toMillis())
                .withUTF8Validator(false)
                .sendCloseFrame(null)
                .build();
    }

    private String hostInUri() {
        return settings.host().indexOf(':') >= 0 ? "[" + settings.host() + "]" : settings.host();
    }

    private WebSocketServerProtocolConfig listening(AriSettings.Limits limits) {
        return WebSocketServerProtocolConfig.newBuilder()
                .websocketPath(settings.path())
                .subprotocols(SUBPROTOCOL)
                .handshakeTimeoutMillis(limits.connect().toMillis())
                .decoderConfig(WebSocketDecoderConfig.newBuilder()
                        .maxFramePayloadLength(limits.messageBytes())
                        .withUTF8Validator(false)
                        .build())
                .sendCloseFrame(null)
                .build();
    }
}
