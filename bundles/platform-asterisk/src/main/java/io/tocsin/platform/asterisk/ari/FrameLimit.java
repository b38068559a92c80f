package io.tocsin.platform.asterisk.ari;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Stands before Netty's frame decoder, which ends the connection at a frame that is too long: here such a frame is skipped,
 * an empty one goes on in its place (with its opcode, its end of message), and {@link Oversized} says so just before. A
 * connection to a switch carries every call there is; one long message is no reason to lose sight of them. RFC 6455, 5.2.
 */
final class FrameLimit extends ChannelInboundHandlerAdapter {
    private static final int LONGEST_HEADER = 14;
    private static final int MASKED = 0x80;
    /** No frame: where the next one begins cannot be waited for. Netty's decoder is left to say so, and ends the connection. */
    private static final long LONGEST_SKIPPED = 1L << 30;

    /** The frame that comes next stands for one of that many bytes. */
    record Oversized(long bytes) {}

    private final long limit;
    private final byte[] header = new byte[LONGEST_HEADER];
    private int have;
    private long remaining;
    private boolean skipping;

    FrameLimit(long limit) {
        this.limit = limit;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof ByteBuf in)) {
            context.fireChannelRead(message);
            return;
        }
        try {
            int from = in.readerIndex(); // from here on nothing was passed yet
            while (in.isReadable()) {
                if (remaining > 0) {
                    int step = (int) Math.min(remaining, in.readableBytes());
                    in.skipBytes(step);
                    remaining -= step;
                    if (skipping) {
                        from = in.readerIndex();
                    }
                    continue;
                }
                int headerAt = in.readerIndex();
                boolean carried = have > 0;
                if (!headerComplete(in)) {
                    pass(context, in, from, headerAt);
                    from = in.readerIndex();
                    break;
                }
                remaining = payload();
                boolean framed = remaining >= 0 && remaining <= Math.max(limit, LONGEST_SKIPPED);
                skipping = framed && remaining > limit;
                if (skipping) {
                    pass(context, in, from, headerAt);
                    substitute(context);
                    from = in.readerIndex();
                } else if (carried) {
                    context.fireChannelRead(Unpooled.copiedBuffer(header, 0, have));
                    from = in.readerIndex();
                }
                have = 0;
                if (!framed) {
                    remaining = 0;
                }
            }
            pass(context, in, from, in.readerIndex());
        } finally {
            in.release();
        }
    }

    private static void pass(ChannelHandlerContext context, ByteBuf in, int from, int to) {
        if (to > from) {
            context.fireChannelRead(in.retainedSlice(from, to - from));
        }
    }

    private boolean headerComplete(ByteBuf in) {
        while (in.isReadable() && have < length()) {
            header[have++] = in.readByte();
        }
        return have >= 2 && have == length();
    }

    /** Of the header, as far as it is known. */
    private int length() {
        if (have < 2) {
            return 2;
        }
        int extended =
                switch (header[1] & 0x7f) {
                    case 126 -> 2;
                    case 127 -> 8;
                    default -> 0;
                };
        return 2 + extended + ((header[1] & MASKED) != 0 ? 4 : 0);
    }

    private long payload() {
        int length = header[1] & 0x7f;
        if (length < 126) {
            return length;
        }
        long extended = 0;
        for (int n = 0; n < (length == 126 ? 2 : 8); n++) {
            extended = extended << 8 | header[2 + n] & 0xff;
        }
        return extended;
    }

    private void substitute(ChannelHandlerContext context) {
        context.fireUserEventTriggered(new Oversized(remaining));
        ByteBuf empty = Unpooled.buffer(6).writeByte(header[0]).writeByte(header[1] & MASKED);
        context.fireChannelRead((header[1] & MASKED) != 0 ? empty.writeInt(0) : empty);
    }
}
