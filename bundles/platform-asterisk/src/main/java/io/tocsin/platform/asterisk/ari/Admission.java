package io.tocsin.platform.asterisk.ari;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** Who may connect to us as a switch: whoever asks for the right path with the right user and password. */
final class Admission extends SimpleChannelInboundHandler<FullHttpRequest> {
    private final AriSettings settings;
    private final Oddities oddities;

    Admission(AriSettings settings, Oddities oddities) {
        super(false);
        this.settings = settings;
        this.oddities = oddities;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        HttpResponseStatus refusal = refusal(request);
        if (refusal == null) {
            context.pipeline().remove(this);
            context.fireChannelRead(request);
            return;
        }
        request.release();
        oddities.saw(Oddities.Kind.STRANGER, "refused-with-" + refusal.code());
        var response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, refusal);
        response.headers().set(HttpHeaderNames.CONTENT_LENGTH, 0).set(HttpHeaderNames.CONNECTION, "close");
        if (refusal == HttpResponseStatus.UNAUTHORIZED) {
            response.headers().set(HttpHeaderNames.WWW_AUTHENTICATE, "Basic realm=\"ari\"");
        }
        context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }

    /** @return null if there is none */
    private HttpResponseStatus refusal(FullHttpRequest request) {
        if (!request.decoderResult().isSuccess()) {
            return HttpResponseStatus.BAD_REQUEST;
        }
        String given = request.headers().get(HttpHeaderNames.AUTHORIZATION, "");
        if (!MessageDigest.isEqual(
                given.getBytes(StandardCharsets.UTF_8), settings.authorization().getBytes(StandardCharsets.UTF_8))) {
            return HttpResponseStatus.UNAUTHORIZED;
        }
        return request.uri().equals(settings.path()) ? null : HttpResponseStatus.NOT_FOUND;
    }
}
