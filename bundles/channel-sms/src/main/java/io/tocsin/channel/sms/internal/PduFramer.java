package io.tocsin.channel.sms.internal;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/**
 * Cuts the carrier's octets into PDUs (SMPP 3.4 §3.2) and hands each on at once. One that is longer than any SMPP has is
 * skipped but for its header, and the session goes on: closing it would leave everything pending in doubt. A length that
 * cannot be one means that the next PDU cannot be found.
 */
final class PduFramer extends ByteToMessageDecoder {
    static final int HEADER = 16;
    /** A message_payload of 64 KiB and the fields around it. */
    static final int LARGEST = 66 * 1024;

    private static final int LARGEST_SKIPPED = 16 * 1024 * 1024;

    /** Takes PDUs, on the session's event loop. */
    interface Sink {
        /** @param body what follows the header, valid during the call only; empty if {@code oversized} */
        void pdu(int command, int status, int sequence, ByteBuf body, boolean oversized);

        /** The connection is to be closed. */
        void framingLost(long length);

        /** The connection ended in the middle of a PDU, that began so. */
        void cutOff(byte first, int octets);
    }

    private final Sink sink;
    private int toSkip;
    private boolean lost;

    PduFramer(Sink sink) {
        this.sink = sink;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (lost) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (toSkip > 0) {
            int now = Math.min(toSkip, in.readableBytes());
            in.skipBytes(now);
            toSkip -= now;
            return;
        }
        if (in.readableBytes() < HEADER) {
            return;
        }
        long length = in.getUnsignedInt(in.readerIndex());
        if (length < HEADER || length > LARGEST_SKIPPED) {
            lost = true;
            in.skipBytes(in.readableBytes());
            sink.framingLost(length);
            return;
        }
        boolean oversized = length > LARGEST;
        if (!oversized && in.readableBytes() < length) {
            return;
        }
        in.skipBytes(Integer.BYTES);
        int command = in.readInt();
        int status = in.readInt();
        int sequence = in.readInt();
        int bodyLength = (int) length - HEADER;
        if (oversized) {
            toSkip = bodyLength;
            sink.pdu(command, status, sequence, Unpooled.EMPTY_BUFFER, true);
        } else {
            sink.pdu(command, status, sequence, in.readSlice(bodyLength), false);
        }
    }

    @Override
    protected void decodeLast(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        int before;
        do {
            before = in.readableBytes();
            decode(context, in, out);
        } while (in.isReadable() && in.readableBytes() < before);
        if (in.isReadable() && !lost) {
            sink.cutOff(in.getByte(in.readerIndex()), in.readableBytes());
        }
    }

    /** Does not read on by itself, as its superclass does when it has decoded nothing: whether to read is the session's. */
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        discardSomeReadBytes();
        context.fireChannelReadComplete();
    }
}
