package io.tocsin.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What a phone makes of the packets it is sent, and what it sends. */
class PhoneAudioTest {
    private final PhoneCall call =
            new PhoneCall("id", "0639980001", "0199001234", "Mairie", new InetSocketAddress("127.0.0.1", 12_000));

    @Test
    void eachCodeOfAlawIsItself() {
        for (int code = 0; code < 256; code++) {
            assertThat(Alaw.encode(Alaw.decode((byte) code))).isEqualTo((byte) code);
        }
        assertThat(Alaw.encode(0)).isEqualTo(Alaw.SILENCE);
        assertThat(Alaw.decode(Alaw.encode(32_767))).isEqualTo(32_256);
        assertThat(Alaw.decode(Alaw.encode(-32_768))).isEqualTo(-32_256);
        assertThat(Alaw.loudness(Alaw.tone(440, 1))).isCloseTo(16_000 / Math.sqrt(2), within(200.0));
        assertThat(Alaw.loudness(Alaw.silence(1))).isLessThan(20);
    }

    @Test
    void whatIsLateTakesItsPlaceAndWhatIsLostIsSilence() {
        byte[] said = Alaw.sweep(0.08, 1);
        hear(7, 1000, frame(said, 0));
        hear(10, 1480, frame(said, 3));
        hear(8, 1160, frame(said, 1));
        byte[] heard = call.heard();
        assertThat(heard).hasSize(4 * 160);
        assertThat(Arrays.copyOfRange(heard, 320, 480)).containsOnly(Alaw.SILENCE);
        assertThat(Alaw.share(heard, said)).isEqualTo(0.75);
        assertThat(Alaw.share(said, said)).isEqualTo(1);
        assertThat(Alaw.share(Alaw.sweep(0.08, 2), said)).isZero();
    }

    @Test
    void aSourceThatChangesGoesOnWhereTheOtherEnded() {
        call.received(ByteBuffer.wrap(Rtp.packet(Rtp.ALAW, true, 1, 4_000_000_000L, 1, Alaw.tone(300, 0.02))));
        call.received(ByteBuffer.wrap(Rtp.packet(Rtp.ALAW, true, 1, 5, 2, Alaw.tone(400, 0.02))));
        assertThat(call.heard()).isEqualTo(joined(Alaw.tone(300, 0.02), Alaw.tone(400, 0.02)));
    }

    @Test
    void aKeyIsOneHoweverOftenItIsSaid() {
        for (int i = 0; i < 3; i++) {
            call.received(ByteBuffer.wrap(Rtp.packet(Rtp.KEYS, false, i, 800, 1, Rtp.key('#', i == 2, 160 * i))));
        }
        call.received(ByteBuffer.wrap(Rtp.packet(Rtp.KEYS, false, 4, 8000, 1, Rtp.key('#', true, 480))));
        call.received(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        assertThat(call.keysHeard()).isEqualTo("##");
    }

    @Test
    void aKeyPressedIsEventsOfOneTimeThatGrow() {
        call.up(null);
        call.press("5");
        long time = 0;
        for (int i = 1; i <= 5; i++) {
            ByteBuffer packet = ByteBuffer.wrap(call.tick().get(0));
            assertThat(packet.get(1) & 0xFF).isEqualTo(i == 1 ? 101 | 0x80 : 101);
            assertThat(packet.get(12)).isEqualTo((byte) 5);
            assertThat(packet.getShort(14)).isEqualTo((short) (160 * i));
            time = i == 1 ? packet.getInt(4) : time;
            assertThat(packet.getInt(4)).isEqualTo((int) time);
        }
        assertThat(call.tick()).hasSize(3).allSatisfy(end -> assertThat(end[13] & 0x80)
                .isEqualTo(0x80));
        assertThat(call.tick()).hasSize(1).allSatisfy(silence -> assertThat(silence[1] & 0x7F)
                .isEqualTo(Rtp.ALAW));
    }

    private void hear(int sequence, long time, byte[] frame) {
        call.received(ByteBuffer.wrap(Rtp.packet(Rtp.ALAW, false, sequence, time, 99, frame)));
    }

    private static byte[] frame(byte[] said, int frame) {
        return Arrays.copyOfRange(said, frame * 160, (frame + 1) * 160);
    }

    private static byte[] joined(byte[] one, byte[] next) {
        byte[] both = Arrays.copyOf(one, one.length + next.length);
        System.arraycopy(next, 0, both, one.length, next.length);
        return both;
    }

    @Test
    void aSignalIsToldFromWhatIsSaid() {
        byte[] signal = joined(Alaw.sweep(2, 3), joined(Alaw.tone(1_000, 0.3), Alaw.silence(1)));
        assertThat(Alaw.hasTone(signal, 1_000)).isTrue();
        assertThat(Alaw.hasTone(signal, 440)).isFalse();
        assertThat(Alaw.hasTone(Alaw.silence(2), 1_000)).isFalse();
        assertThat(Alaw.hasTone(Alaw.tone(1_000, 0.05), 1_000)).as("too short").isFalse();
    }
}
