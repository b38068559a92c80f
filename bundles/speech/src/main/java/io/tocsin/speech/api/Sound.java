package io.tocsin.speech.api;

import io.tocsin.speech.internal.G711;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Something that can be played on a telephone line: 8 kHz mono A-law (ITU-T G.711), in memory. Does not change. */
public final class Sound {

    /** Samples a second; with A-law, bytes a second. */
    public static final int RATE = 8_000;

    private final byte[] alaw;

    private Sound(byte[] alaw) {
        this.alaw = alaw;
    }

    /** @param alaw headerless; copied */
    public static Sound of(byte[] alaw) {
        return new Sound(alaw.clone());
    }

    /** @param file headerless A-law, as {@link Speech} leaves it */
    public static Sound read(Path file) throws IOException {
        return new Sound(Files.readAllBytes(file));
    }

    /** @return headerless A-law, a copy */
    public byte[] alaw() {
        return alaw.clone();
    }

    public Duration duration() {
        return Duration.ofNanos(alaw.length * 1_000_000_000L / RATE);
    }

    public void write(OutputStream out) throws IOException {
        out.write(alaw);
    }

    /** For pre-listening in any browser: a WAV file of 16 bit PCM. */
    public byte[] wav() {
        ByteBuffer wav = ByteBuffer.allocate(44 + 2 * alaw.length).order(ByteOrder.LITTLE_ENDIAN);
        wav.put(ascii("RIFF")).putInt(36 + 2 * alaw.length).put(ascii("WAVE"));
        wav.put(ascii("fmt "))
                .putInt(16)
                .putShort((short) 1)
                .putShort((short) 1)
                .putInt(RATE)
                .putInt(2 * RATE);
        wav.putShort((short) 2).putShort((short) 16).put(ascii("data")).putInt(2 * alaw.length);
        for (byte sample : alaw) {
            wav.putShort(G711.fromALaw(sample));
        }
        return wav.array();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
