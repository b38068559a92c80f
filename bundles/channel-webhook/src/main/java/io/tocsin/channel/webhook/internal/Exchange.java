package io.tocsin.channel.webhook.internal;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * One request and its answer on a connection of their own (HTTP/1.1, RFC 9112). No connection is kept: on a kept one that the
 * receiver closes meanwhile, nobody would know whether the message had been read. Runs on the loop.
 */
final class Exchange extends SimpleChannelInboundHandler<HttpObject> {
    private static final int MOST_BODY = 8 * 1024;
    private static final HttpDecoderConfig LIMITS = new HttpDecoderConfig()
            .setMaxInitialLineLength(4096)
            .setMaxHeaderSize(16 * 1024)
            .setMaxChunkSize(MOST_BODY);

    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private HttpResponse response;
    private boolean interim;

    private Exchange() {}

    /** The message may have left, and no answer came that says what became of it. */
    static final class Unanswered extends Exception {
        private static final long serialVersionUID = 1L;

        Unanswered(String code) {
            super(code, null, false, false);
        }
    }

    /**
     * Writes the request now. The future ends on the loop, within the limit, with an answer or with {@link Unanswered}; the
     * connection is closed then. Cancelling it closes the connection.
     */
    static CompletableFuture<Answer> begin(Channel connection, Post post, Instant now, Duration limit) {
        Exchange exchange = new Exchange();
        Future<?> timer = connection
                .eventLoop()
                .schedule(() -> exchange.end("response-timeout"), limit.toMillis(), TimeUnit.MILLISECONDS);
        exchange.answer.whenComplete((answered, failure) -> {
            timer.cancel(false);
            connection.close();
        });
        connection.pipeline().addLast(new HttpClientCodec(LIMITS, false, false)).addLast(exchange);
        connection.writeAndFlush(post.request(now)).addListener(written -> {
            if (!written.isSuccess()) {
                exchange.end("connection-lost");
            }
        });
        return exchange.answer;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject part) throws IOException {
        if (answer.isDone()) {
            return;
        }
        if (part.decoderResult().isFailure()) {
            end("response-unreadable");
            return;
        }
        if (part instanceof HttpResponse head) {
            int status = head.status().code();
            interim = status < 200 && status != 101;
            if (!interim) {
                response = head;
                if (status < 200 || status > 299) {
                    answered(new byte[0]); // whatever it says besides
                    return;
                }
            }
        }
        if (part instanceof HttpContent content && response != null && !interim) {
            ByteBuf bytes = content.content();
            if (body.size() + bytes.readableBytes() > MOST_BODY) {
                answered(new byte[0]);
                return;
            }
            bytes.readBytes(body, bytes.readableBytes());
            if (part instanceof LastHttpContent) {
                answered(body.toByteArray());
            }
        }
    }

    private void answered(byte[] whole) {
        answer.complete(new Answer(
                response.status().code(),
                Optional.ofNullable(response.headers().get("x-request-id")),
                Optional.ofNullable(response.headers().get(HttpHeaderNames.RETRY_AFTER)),
                whole));
    }

    /** Nothing more comes: the status, if it came, stands. */
    private void end(String code) {
        if (response != null) {
            answered(new byte[0]);
        } else {
            answer.completeExceptionally(new Unanswered(code));
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end("connection-lost");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        end("connection-lost");
    }
}
