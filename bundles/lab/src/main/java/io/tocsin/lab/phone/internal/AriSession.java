package io.tocsin.lab.phone.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.flush.FlushConsolidationHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** One connection to the plant: who it is, and then requests over HTTP, or a WebSocket with requests and events. */
final class AriSession extends SimpleChannelInboundHandler<WebSocketFrame> {
    private static final int LONGEST_BODY = 1 << 20;
    /** Asterisk closes the connection at a longer frame. */
    private static final int LONGEST_FRAME = 65_535;
    /** A client that reads so little is dropped, as Asterisk drops one whose socket stays full. */
    private static final int MOST_UNREAD = 64 << 20;

    private final PlantCore plant;
    private final AriDoor door;
    private final List<String> applications;
    private final Set<String> disallowed = new HashSet<>();
    private ChannelHandlerContext context;
    private boolean flushing;

    private AriSession(PlantCore plant, AriDoor door, List<String> applications) {
        this.plant = plant;
        this.door = door;
        this.applications = applications;
    }

    static void install(Channel channel, PlantCore plant, AriDoor door) {
        channel.pipeline()
                .addLast(new FlushConsolidationHandler(256, true))
                .addLast(new HttpServerCodec())
                .addLast(new HttpObjectAggregator(LONGEST_BODY))
                .addLast(new Gate(plant, door));
    }

    /** Before it is known what the connection is for. */
    private static final class Gate extends SimpleChannelInboundHandler<FullHttpRequest> {
        private final PlantCore plant;
        private final AriDoor door;

        Gate(PlantCore plant, AriDoor door) {
            super(false);
            this.plant = plant;
            this.door = door;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            QueryStringDecoder asked = new QueryStringDecoder(request.uri());
            boolean socket = request.headers().contains(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true);
            if (!request.decoderResult().isSuccess()) {
                answer(context, request, AriDoor.Answer.wrong(400, "Bad Request"));
            } else if (!admitted(request, asked)) {
                answer(context, request, AriDoor.Answer.wrong(401, "Unauthorized"));
            } else if (socket
                    && asked.path().equals("/ari/events")
                    && asked.parameters().containsKey("app")) {
                List<String> applications =
                        List.of(asked.parameters().get("app").get(0).split(","));
                context.pipeline()
                        .addLast(new WebSocketServerProtocolHandler(
                                "/ari/events", "ari", true, LONGEST_FRAME, false, true))
                        .addLast(new AriSession(plant, door, applications));
                context.pipeline().remove(this);
                context.fireChannelRead(request);
            } else if (asked.path().startsWith("/ari/")) {
                answer(
                        context,
                        request,
                        door.answer(
                                request.method().name(),
                                request.uri().substring("/ari/".length()),
                                request.content().toString(StandardCharsets.UTF_8)));
            } else {
                answer(context, request, AriDoor.Answer.wrong(404, "Not Found"));
            }
        }

        private boolean admitted(FullHttpRequest request, QueryStringDecoder asked) {
            String login = plant.options().user() + ":" + plant.options().password();
            String basic = "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
            List<String> key = asked.parameters().getOrDefault("api_key", List.of(""));
            return same(request.headers().get(HttpHeaderNames.AUTHORIZATION, ""), basic) || same(key.get(0), login);
        }

        private static boolean same(String given, String wanted) {
            return MessageDigest.isEqual(
                    given.getBytes(StandardCharsets.UTF_8), wanted.getBytes(StandardCharsets.UTF_8));
        }

        private static void answer(ChannelHandlerContext context, FullHttpRequest request, AriDoor.Answer answer) {
            ByteBuf body = answer.sound() != null
                    ? Unpooled.wrappedBuffer(answer.sound())
                    : Unpooled.copiedBuffer(answer.body() == null ? "" : answer.body(), StandardCharsets.UTF_8);
            var response = new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()), body);
            response.headers()
                    .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes())
                    .set(
                            HttpHeaderNames.CONTENT_TYPE,
                            answer.sound() != null ? "application/octet-stream" : "application/json");
            if (answer.status() == HttpResponseStatus.UNAUTHORIZED.code()) {
                response.headers().set(HttpHeaderNames.WWW_AUTHENTICATE, "Basic realm=\"Asterisk REST Interface\"");
            }
            boolean more = HttpUtil.isKeepAlive(request) && answer.status() < 400;
            request.release();
            var written = context.writeAndFlush(response);
            if (!more) {
                written.addListener(ChannelFutureListener.CLOSE);
            }
            if (answer.then() != null) {
                answer.then().run();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (event instanceof WebSocketServerProtocolHandler.HandshakeComplete) {
            applications.forEach(application -> plant.applications().register(application, this));
        }
        super.userEventTriggered(context, event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        plant.applications().unregister(this);
        super.channelInactive(context);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) throws IOException {
        if (plant.options().mute() || !(frame instanceof TextWebSocketFrame)) {
            return;
        }
        JsonNode request;
        try {
            request = door.json().readTree(new ByteBufInputStream(frame.content()));
        } catch (JsonProcessingException e) {
            return; // Asterisk logs it and answers nothing
        }
        if (!request.path("type").asText().equals("RESTRequest")) {
            return;
        }
        String uri = request.path("uri").asText();
        AriDoor.Answer answer = door.answer(
                request.path("method").asText(),
                uri,
                request.path("message_body").asText(""));
        int query = uri.indexOf('?');
        write(plant.words()
                .response(
                        request.path("transaction_id").asText(),
                        request.path("request_id").asText(),
                        answer.status(),
                        HttpResponseStatus.valueOf(answer.status()).reasonPhrase(),
                        query < 0 ? uri : uri.substring(0, query),
                        answer.body(),
                        applications.get(0)));
        if (answer.then() != null) {
            answer.then().run();
        }
    }

    /** @param event whole */
    void tell(String type, CharSequence event) {
        if (!disallowed.contains(type)) {
            write(event);
        }
    }

    private void write(CharSequence message) {
        if (context.channel().unsafe().outboundBuffer() == null) {
            return;
        }
        if (context.channel().unsafe().outboundBuffer().totalPendingWriteBytes() > MOST_UNREAD) {
            context.close();
            return;
        }
        context.write(new TextWebSocketFrame(ByteBufUtil.writeUtf8(context.alloc(), message)));
        if (!flushing) {
            flushing = true;
            context.executor().execute(() -> {
                flushing = false;
                context.flush();
            });
        }
    }

    /** {@code PUT applications/…/eventFilter}: types that are not told. */
    void filter(JsonNode wanted) {
        disallowed.clear();
        wanted.path("disallowed").forEach(one -> disallowed.add(one.path("type").asText()));
    }
}
