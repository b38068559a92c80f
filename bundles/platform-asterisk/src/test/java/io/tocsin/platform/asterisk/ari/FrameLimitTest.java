package io.tocsin.platform.asterisk.ari;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameLimitTest {
    private static final int LIMIT = 1_000;
    private static final int[] LENGTHS = {0, 1, 125, 126, 127, 999, 1_000, 1_001, 65_535, 65_536, 200_000};

    /** Whatever the pieces in which the bytes come, the same goes on: short frames as they are, long ones empty. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 64, 1_500, 1 << 20})
    void onlyLongFramesAreEmptied(int most) {
        Random random = new Random(most);
        ByteBuf sent = Unpooled.buffer();
        ByteBuf expected = Unpooled.buffer();
        List<Long> skipped = new ArrayList<>();
        for (int frame = 0; frame < 60; frame++) {
            int length = LENGTHS[random.nextInt(most == 1 ? 8 : LENGTHS.length)];
            boolean masked = random.nextBoolean();
            int first = random.nextBoolean() ? 0x81 : 0x00;
            byte[] payload = new byte[length];
            random.nextBytes(payload);
            frame(sent, first, masked, payload);
            if (length > LIMIT) {
                skipped.add((long) length);
                expected.writeByte(first).writeByte(masked ? 0x80 : 0);
                if (masked) {
                    expected.writeInt(0);
                }
            } else {
                frame(expected, first, masked, payload);
            }
        }

        List<Long> told = new ArrayList<>();
        EmbeddedChannel channel = new EmbeddedChannel(new FrameLimit(LIMIT), new ChannelInboundHandlerAdapter() {
            @Override
            public void userEventTriggered(ChannelHandlerContext context, Object event) {
                told.add(((FrameLimit.Oversized) event).bytes());
            }
        });
        while (sent.isReadable()) {
            channel.writeInbound(sent.readRetainedSlice(Math.min(sent.readableBytes(), 1 + random.nextInt(most))));
        }
        ByteBuf passed = Unpooled.buffer();
        for (ByteBuf piece = channel.readInbound(); piece != null; piece = channel.readInbound()) {
            passed.writeBytes(piece);
            piece.release();
        }

        assertThat(passed).isEqualTo(expected);
        assertThat(told).isEqualTo(skipped);
        channel.finishAndReleaseAll();
        assertThat(sent.refCnt()).as("nothing kept").isEqualTo(1);
        sent.release();
    }

    private static void frame(ByteBuf out, int first, boolean masked, byte[] payload) {
        out.writeByte(first);
        int mask = masked ? 0x80 : 0;
        if (payload.length < 126) {
            out.writeByte(mask | payload.length);
        } else if (payload.length <= 0xffff) {
            out.writeByte(mask | 126).writeShort(payload.length);
        } else {
            out.writeByte(mask | 127).writeLong(payload.length);
        }
        if (masked) {
            out.writeInt(0x01020304);
        }
        out.writeBytes(payload);
    }
}
