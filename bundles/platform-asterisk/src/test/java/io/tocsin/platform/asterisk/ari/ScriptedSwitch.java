package io.tocsin.platform.asterisk.ari;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakerFactory;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** The switch's side of ARI, as a test wants it to be: waits for us, or connects to us. Every connection is the latest. */
final class ScriptedSwitch implements AutoCloseable {
    static final String USER = "tocsin";
    static final String PASSWORD = "s3cret-of-ari";

    /** An answer to a request; null for none. */
    interface Script extends Function<JsonNode, String> {}

    record Handshake(String uri, String authorization, String subprotocol) {}

    final BlockingQueue<Handshake> handshakes = new LinkedBlockingQueue<>();
    final BlockingQueue<JsonNode> requests = new LinkedBlockingQueue<>();
    private final EventLoopGroup loop = new NioEventLoopGroup(1, new DefaultThreadFactory("scripted-switch", true));
    private final ObjectMapper mapper = new ObjectMapper();
    private final Channel server;
    private volatile Script script;
    private volatile Channel latest;
    volatile String password = PASSWORD;

    ScriptedSwitch(Script script) {
        this.script = script;
        this.server = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(new FlushConsolidationHandler(64, true))
                                .addLast(new HttpServerCodec())
                                .addLast(new HttpObjectAggregator(8_192))
                                .addLast(new Gate())
                                .addLast(new WebSocketServerProtocolHandler(
                                        "/ari/events", "ari", false, 65_535, false, true))
                                .addLast(new Ari());
                    }
                })
                .bind("127.0.0.1", 0)
                .syncUninterruptibly()
                .channel();
    }

    /** Answers everything with 200 and an empty object. */
    ScriptedSwitch() {
        this(request -> answer(request, 200, "{}"));
    }

    static String answer(JsonNode request, int status, String body) {
        ObjectNode answer = new ObjectMapper().createObjectNode();
        answer.put("type", "RESTResponse")
                .put("transaction_id", request.path("transaction_id").asText())
                .put("request_id", request.path("request_id").asText())
                .put("status_code", status)
                .put("reason_phrase", HttpResponseStatus.valueOf(status).reasonPhrase())
                .put("uri", request.path("uri").asText());
        if (body != null) {
            answer.put("content_type", "application/json").put("message_body", body);
        }
        return answer.toString();
    }

    int port() {
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    void script(Script next) {
        script = next;
    }

    JsonNode request() throws InterruptedException {
        return requests.poll(2, TimeUnit.MINUTES);
    }

    void send(String message) {
        latest().writeAndFlush(new TextWebSocketFrame(message));
    }

    void send(WebSocketFrame frame) {
        latest().writeAndFlush(frame);
    }

    /** Bytes past the WebSocket encoder. */
    void raw(ByteBuf bytes) {
        latest().pipeline().firstContext().writeAndFlush(bytes);
    }

    void drop() {
        Channel dropped = latest();
        latest = null;
        dropped.close().syncUninterruptibly();
    }

    /** As behind a firewall that forgot the connection: open, and nobody reads or answers. */
    void freeze() {
        latest().config().setAutoRead(false);
    }

    /** Who shook hands with us knows it a moment before we do. */
    private Channel latest() {
        if (latest == null) {
            await().atMost(2, TimeUnit.MINUTES).until(() -> latest != null);
        }
        return latest;
    }

    boolean connected() {
        return latest != null && latest.isActive();
    }

    /** Takes no more connections. */
    void stopListening() {
        server.close().syncUninterruptibly();
    }

    /** Connects as Asterisk with an outbound WebSocket. @return the HTTP status of a refusal, or 101 */
    Channel dial(int port, String path, String authorization) {
        DefaultHttpHeaders headers = new DefaultHttpHeaders();
        if (authorization != null) {
            headers.set("Authorization", authorization);
        }
        WebSocketClientProtocolHandler handshake =
                new WebSocketClientProtocolHandler(WebSocketClientHandshakerFactory.newHandshaker(
                        URI.create("ws://127.0.0.1:" + port + path), WebSocketVersion.V13, "ari", false, headers));
        return new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(new HttpClientCodec())
                                .addLast(new HttpObjectAggregator(8_192))
                                .addLast(handshake)
                                .addLast(new Ari());
                    }
                })
                .connect("127.0.0.1", port)
                .syncUninterruptibly()
                .channel();
    }

    @Override
    public void close() {
        server.close();
        loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private final class Gate extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            String given = request.headers().get("Authorization", "");
            handshakes.add(new Handshake(request.uri(), given, request.headers().get("Sec-WebSocket-Protocol", "")));
            if (given.equals(basic(USER, password))) {
                // what the protocol handler compares has no query
                context.fireChannelRead(request.retain().setUri(request.uri().replaceFirst("\\?.*", "")));
            } else {
                var refusal = new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1, HttpResponseStatus.UNAUTHORIZED, Unpooled.EMPTY_BUFFER);
                refusal.headers().set("Content-Length", 0);
                context.writeAndFlush(refusal);
            }
        }
    }

    static String basic(String user, String password) {
        return "Basic " + java.util.Base64.getEncoder().encodeToString((user + ":" + password).getBytes());
    }

    private final class Ari extends SimpleChannelInboundHandler<TextWebSocketFrame> {
        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof WebSocketServerProtocolHandler.HandshakeComplete
                    || event == WebSocketClientProtocolHandler.ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
                latest = context.channel();
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, TextWebSocketFrame frame) {
            JsonNode request;
            try {
                request = mapper.readTree(frame.text());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            requests.add(request);
            String answer = script.apply(request);
            if (answer != null) {
                // after whatever was sent before
                context.channel().eventLoop().execute(() -> context.writeAndFlush(new TextWebSocketFrame(answer)));
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
