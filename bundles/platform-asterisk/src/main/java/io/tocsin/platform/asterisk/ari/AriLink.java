package io.tocsin.platform.asterisk.ari;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket08FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.timeout.IdleStateEvent;
import java.util.concurrent.TimeUnit;

/**
 * One connection to a switch, from its handshake to its end: writes requests and gives each its answer, passes events on,
 * notices when nobody is there any more. The same for both directions. On its event loop only.
 */
final class AriLink extends SimpleChannelInboundHandler<WebSocketFrame> {
    /** Asterisk closes the connection at a frame that does not fit into 64 KiB. */
    static final int LONGEST_REQUEST = 65_535;

    private static final long GOODBYE_MILLIS = 1_000;
    private static final int UNAUTHORIZED = 401;

    /** Whose connection it is. */
    interface Owner {
        void up(AriLink link);

        /** Once, also for one that was never up; its requests are in doubt already. */
        void gone(AriLink link, String why);
    }

    private final AriSettings.Limits limits;
    private final AriReader reader;
    private final Oddities oddities;
    private final Owner owner;
    private ChannelHandlerContext context;
    private PendingRequests pending;
    private boolean up;
    private boolean over;
    private boolean skipNext;
    private String why = "the connection was lost";

    AriLink(AriSettings.Limits limits, AriReader reader, Oddities oddities, Owner owner) {
        this.limits = limits;
        this.reader = reader;
        this.oddities = oddities;
        this.owner = owner;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        this.context = context;
        this.pending = new PendingRequests(context.channel().eventLoop(), limits, oddities);
    }

    /** Answered on the event loop. */
    void request(AriRequest request, PendingRequests.Asker asker) {
        if (!up || over) {
            asker.failed(AriException.notSent(request.what() + ": no connection to the switch"));
            return;
        }
        if (pending.full()) {
            asker.failed(AriException.notSent(
                    request.what() + ": " + limits.pending() + " requests wait for the switch already"));
            return;
        }
        String transaction = pending.add(request, asker);
        ByteBuf frame = ByteBufUtil.writeUtf8(context.alloc(), json(request, transaction));
        if (frame.readableBytes() > LONGEST_REQUEST) {
            frame.release();
            pending.failed(
                    transaction,
                    AriException.notSent(request.what() + ": longer than the " + LONGEST_REQUEST
                            + " bytes a switch takes: shorten its variables"));
            return;
        }
        context.writeAndFlush(new TextWebSocketFrame(frame)).addListener(written -> {
            if (!written.isSuccess()) {
                pending.failed(transaction, AriException.inDoubt(request.what() + ": the connection was lost"));
            }
        });
    }

    private String json(AriRequest request, String transaction) {
        ObjectNode root = reader.mapper().createObjectNode();
        root.put("type", "RESTRequest")
                .put("transaction_id", transaction)
                .put("request_id", request.what())
                .put("method", request.method())
                .put("uri", request.uri());
        request.body()
                .ifPresent(body -> root.put("content_type", "application/json").put("message_body", body));
        return root.toString();
    }

    /** Says goodbye; what waits for an answer is in doubt at once. */
    void close(String reason) {
        if (over) {
            return;
        }
        why = reason;
        boolean polite = up && context.channel().isActive();
        end();
        if (polite) {
            context.writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.NORMAL_CLOSURE))
                    .addListener(written -> context.close());
            // a switch that reads no more would keep that write, and with it the connection
            context.channel().eventLoop().schedule(() -> context.close(), GOODBYE_MILLIS, TimeUnit.MILLISECONDS);
        } else {
            context.close();
        }
    }

    private void end() {
        if (!over) {
            over = true;
            pending.abandon(why);
            owner.gone(this, why);
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
        if (skipNext) {
            skipNext = false;
            return;
        }
        if (over) {
            return;
        }
        if (!(frame instanceof TextWebSocketFrame)) {
            oddities.saw(Oddities.Kind.BINARY, frame.getClass().getSimpleName());
            return;
        }
        AriMessage message;
        try {
            message = reader.read(new ByteBufInputStream(frame.content()));
        } catch (AriReader.Unreadable e) {
            oddities.saw(Oddities.Kind.MALFORMED, e.getMessage());
            return;
        }
        if (message instanceof AriMessage.Response response) {
            pending.answered(response);
        } else if (message instanceof AriMessage.Event event) {
            context.fireChannelRead(event.event());
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE
                || event instanceof WebSocketServerProtocolHandler.HandshakeComplete) {
            up();
        } else if (event == ClientHandshakeStateEvent.HANDSHAKE_TIMEOUT) {
            close("the switch did not answer the handshake in time");
        } else if (event instanceof FrameLimit.Oversized oversized) {
            skipNext = true;
            oddities.saw(Oddities.Kind.OVERSIZED, oversized.bytes() + "-bytes");
        } else if (event instanceof IdleStateEvent quiet) {
            quiet(quiet.isFirst());
        }
    }

    private void up() {
        String decoder =
                context.pipeline().context(WebSocket08FrameDecoder.class).name();
        context.pipeline().addBefore(decoder, "frame-limit", new FrameLimit(limits.messageBytes()));
        up = true;
        owner.up(this);
    }

    /** A half-open connection looks like a quiet one; only a question tells. */
    private void quiet(boolean first) {
        if (!up) {
            close("connected and did not shake hands");
        } else if (first) {
            context.writeAndFlush(new PingWebSocketFrame());
        } else {
            why = "half-open: no byte in " + limits.quiet().multipliedBy(2).toMillis() + " ms, not even to a ping";
            end();
            context.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end();
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof TooLongFrameException) { // its fragments: Netty drops the rest of them
            skipNext = false;
            oddities.saw(Oddities.Kind.OVERSIZED, "fragments-above-" + limits.messageBytes() + "-bytes");
        } else if (cause instanceof WebSocketClientHandshakeException refused
                && refused.response() != null
                && HttpStatusClass.valueOf(refused.response().status().code()) != HttpStatusClass.UNKNOWN) {
            int status = refused.response().status().code();
            close("the switch refused the connection: " + status
                    + (status == UNAUTHORIZED ? ", wrong user or password" : ""));
        } else if (cause instanceof WebSocketHandshakeException) {
            close("is no ARI switch: its handshake is wrong");
        } else if (cause instanceof CorruptedWebSocketFrameException) {
            oddities.saw(Oddities.Kind.PROTOCOL, cause.getClass().getSimpleName());
            close("broke the rules of WebSocket");
        } else {
            // the message may quote what came; an I/O error needs no trace
            close("the connection failed: " + cause.getClass().getSimpleName());
        }
    }
}
