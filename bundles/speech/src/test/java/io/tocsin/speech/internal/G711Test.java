package io.tocsin.speech.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioFormat.Encoding;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.Test;

/** Against the Java platform's own tables. */
class G711Test {

    private static final AudioFormat LINEAR = new AudioFormat(8_000, 16, 1, true, false);

    @Test
    void decodes_every_code_as_the_platform_does() throws IOException {
        byte[] codes = new byte[256];
        for (int i = 0; i < 256; i++) {
            codes[i] = (byte) i;
        }
        byte[] a = converted(codes, coded(Encoding.ALAW), LINEAR, 256);
        byte[] mu = converted(codes, coded(Encoding.ULAW), LINEAR, 256);
        for (int i = 0; i < 256; i++) {
            assertThat(G711.fromALaw((byte) i)).as("A-law %d", i).isEqualTo(linear(a, i));
            assertThat(G711.fromMuLaw((byte) i)).as("mu-law %d", i).isEqualTo(linear(mu, i));
        }
    }

    @Test
    void encodes_every_sample_to_a_code_no_further_than_its_step() {
        for (int sample = -32_768; sample <= 32_767; sample++) {
            int back = G711.fromALaw(G711.toALaw(sample));
            int step = Math.max(16, Integer.highestOneBit(Math.max(1, Math.abs(sample))) / 16);
            assertThat(Math.abs(back - sample))
                    .as("%d became %d", sample, back)
                    .isLessThanOrEqualTo(Math.max(step, Math.abs(sample) - G711.MOST_A_LAW));
        }
        for (int code = 0; code < 256; code++) {
            assertThat(G711.toALaw(G711.fromALaw((byte) code))).isEqualTo((byte) code);
        }
    }

    private static AudioFormat coded(Encoding encoding) {
        return new AudioFormat(encoding, 8_000, 8, 1, 1, 8_000, false);
    }

    private static byte[] converted(byte[] from, AudioFormat is, AudioFormat to, int frames) throws IOException {
        try (AudioInputStream in =
                AudioSystem.getAudioInputStream(to, new AudioInputStream(new ByteArrayInputStream(from), is, frames))) {
            return in.readAllBytes();
        }
    }

    private static short linear(byte[] bytes, int index) {
        return (short) (bytes[2 * index] & 0xFF | bytes[2 * index + 1] << 8);
    }
}
