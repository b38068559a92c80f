package io.tocsin.platform.asterisk.ami;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.TooLongFrameException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Bytes to messages: lines {@code Name: value} up to an empty one, after a greeting of one line. What is too long is dropped to its end
 * and told; what has no end closes the connection.
 */
final class AmiFramer extends ByteToMessageDecoder {
    private static final int LONGEST_GREETING = 200;
    private static final int MOST_FIELDS = 1_000;
    /** How many times the limit is dropped before it counts as endless. */
    private static final int ENDLESS = 64;

    /** The first line of a connection. */
    record Greeting(String text) {}

    /** A message was dropped. */
    record Oversized(long bytes) {}

    /** A line was dropped. */
    record Malformed() {}

    private final int limit;
    private final List<String> names = new ArrayList<>();
    private final List<String> values = new ArrayList<>();
    private boolean greeted;
    private int scanned;
    private long size;
    private boolean dropping;
    private boolean lineDropped;

    AmiFramer(int limit) {
        this.limit = limit;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        int end = in.indexOf(in.readerIndex() + scanned, in.writerIndex(), (byte) '\n');
        if (end < 0) {
            scanned = in.readableBytes();
            // a lone byte may be the first half of an empty line: the end of what is dropped
            if (scanned > 1 && size + scanned > (greeted ? limit : LONGEST_GREETING)) {
                drop(scanned);
                in.skipBytes(scanned);
                scanned = 0;
                lineDropped = true;
            }
            return;
        }
        scanned = 0;
        int length = end - in.readerIndex();
        if (dropping || size + length > limit) {
            boolean last = length == 0 || length == 1 && in.getByte(end - 1) == '\r';
            boolean ends = dropping && last && !lineDropped;
            drop(length + 1L);
            in.skipBytes(length + 1);
            lineDropped = false;
            if (ends) {
                context.fireUserEventTriggered(new Oversized(size));
                begin();
            }
            return;
        }
        String line = in.toString(in.readerIndex(), length, StandardCharsets.UTF_8);
        in.skipBytes(length + 1);
        size += length + 1L;
        line(context, line.endsWith("\r") ? line.substring(0, line.length() - 1) : line, out);
    }

    private void line(ChannelHandlerContext context, String line, List<Object> out) {
        if (!greeted) {
            greeted = true;
            size = 0;
            context.fireUserEventTriggered(new Greeting(line));
            return;
        }
        int colon = line.indexOf(':');
        if (line.isEmpty()) {
            if (!names.isEmpty()) {
                out.add(new AmiMessage(names, values));
            }
            begin();
        } else if (colon <= 0) {
            context.fireUserEventTriggered(new Malformed());
        } else if (names.size() == MOST_FIELDS) {
            drop(0);
        } else {
            names.add(line.substring(0, colon));
            values.add(line.substring(line.startsWith(" ", colon + 1) ? colon + 2 : colon + 1));
        }
    }

    private void begin() {
        names.clear();
        values.clear();
        size = 0;
        dropping = false;
    }

    private void drop(long bytes) {
        dropping = true;
        names.clear();
        values.clear();
        size += bytes;
        if (!greeted || size > (long) ENDLESS * limit) {
            throw new TooLongFrameException("no end");
        }
    }
}
