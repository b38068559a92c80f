package io.tocsin.platform.asterisk.ami;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.TooLongFrameException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AmiFramerTest {
    private static final int LIMIT = 200;
    private static final String GREETING = "Asterisk Call Manager/11.0.0\r\n";

    private final List<Object> told = new ArrayList<>();
    private final EmbeddedChannel channel =
            new EmbeddedChannel(new AmiFramer(LIMIT), new ChannelInboundHandlerAdapter() {
                @Override
                public void userEventTriggered(ChannelHandlerContext context, Object event) {
                    told.add(event);
                }
            });

    private void feed(String text, int step) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < bytes.length; at += step) {
            channel.writeInbound(Unpooled.copiedBuffer(bytes, at, Math.min(step, bytes.length - at)));
        }
    }

    private List<AmiMessage> messages() {
        List<AmiMessage> all = new ArrayList<>();
        for (AmiMessage one = channel.readInbound(); one != null; one = channel.readInbound()) {
            all.add(one);
        }
        return all;
    }

    @Test
    void messagesAreTheSameHoweverTheBytesCome() {
        String wire =
                GREETING + "Event: Hangup\r\nUniqueid: fax-1\r\nCause-txt: Normal: clearing\r\nAccountCode: \r\n\r\n"
                        + "\r\nResponse: Success\nOutput: one\nOutput: deux é\n\n";
        for (int step : new int[] {1, 2, 3, 7, 1_000}) {
            EmbeddedChannel each = new EmbeddedChannel(new AmiFramer(LIMIT));
            byte[] bytes = wire.getBytes(StandardCharsets.UTF_8);
            for (int at = 0; at < bytes.length; at += step) {
                each.writeInbound(Unpooled.copiedBuffer(bytes, at, Math.min(step, bytes.length - at)));
            }
            AmiMessage hangup = each.readInbound();
            assertThat(hangup.event()).isEqualTo("Hangup");
            assertThat(hangup.get("Cause-txt")).isEqualTo("Normal: clearing");
            assertThat(hangup.find("AccountCode")).isEmpty();
            assertThat(hangup.find("Nothing")).isEmpty();
            AmiMessage response = each.readInbound();
            assertThat(response.all("Output")).containsExactly("one", "deux é");
            assertThat((Object) each.readInbound()).isNull();
        }
    }

    @Test
    void whatIsTooLongIsDroppedToItsEndAndTold() {
        for (int step : new int[] {1, 13, 10_000}) {
            feed(told.isEmpty() ? GREETING : "", step);
            feed("Event: Long\r\nValue: " + "x".repeat(3 * LIMIT) + "\r\nMore: y\r\n\r\nEvent: After\r\n\r\n", step);
            assertThat(messages()).extracting(AmiMessage::event).containsExactly("After");
        }
        assertThat(told).filteredOn(AmiFramer.Oversized.class::isInstance).hasSize(3);
    }

    @Test
    void manyShortFieldsAreTooLongAsWell() {
        feed(GREETING + "Event: Long\r\n" + "A: b\r\n".repeat(LIMIT) + "\r\nEvent: After\r\n\r\n", 50);
        assertThat(messages()).extracting(AmiMessage::event).containsExactly("After");
    }

    @Test
    void whatNeverEndsIsNotWaitedFor() {
        feed(GREETING, 100);
        assertThatThrownBy(() -> feed("A: b\r\n".repeat(LIMIT * LIMIT), 1_000))
                .isInstanceOf(TooLongFrameException.class);
    }

    @Test
    void aGreetingWithoutEndIsNone() {
        assertThatThrownBy(() -> feed("HTTP/1.1 ".repeat(100), 10)).isInstanceOf(TooLongFrameException.class);
    }

    @Test
    void linesWithoutColonAreToldAndPassedOver() {
        feed(GREETING + "Event: One\r\nnonsense\r\n: x\r\nA: b\r\n\r\n", 5);
        assertThat(messages()).singleElement().satisfies(one -> assertThat(one.get("A"))
                .isEqualTo("b"));
        assertThat(told).filteredOn(AmiFramer.Malformed.class::isInstance).hasSize(2);
    }

    @Test
    void noiseIsBounded() {
        Random random = new Random(7);
        feed(GREETING, 100);
        byte[] noise = new byte[100_000];
        random.nextBytes(noise);
        try {
            channel.writeInbound(Unpooled.wrappedBuffer(noise));
        } catch (TooLongFrameException e) {
            // as good an end as any
        }
        assertThat(messages()).allSatisfy(one -> assertThat(one.toString()).hasSizeLessThan(400));
    }
}
