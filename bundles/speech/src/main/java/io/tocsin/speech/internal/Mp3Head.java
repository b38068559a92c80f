package io.tocsin.speech.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The beginning of an MP3 file: its tags are read over (pictures and texts of strangers are nobody's business), and what
 * its encoder noted of its length in the first frame ("Xing" or "Info") is kept, because a decoder plays a file that was
 * cut off without a word.
 */
final class Mp3Head {

    private static final int ENOUGH = 64;
    private static final int[][] RATES = {
        {11_025, 12_000, 8_000}, {}, {22_050, 24_000, 16_000}, {44_100, 48_000, 32_000}
    };

    private final byte[] frame;

    private Mp3Head(byte[] frame) {
        this.frame = frame;
    }

    /** @param in at the beginning of the file; afterwards behind {@link #frame()} */
    static Mp3Head read(InputStream in) throws IOException {
        byte[] head = in.readNBytes(10);
        while (head.length == 10 && head[0] == 'I' && head[1] == 'D' && head[2] == '3') {
            long size = (head[6] & 0x7F) << 21 | (head[7] & 0x7F) << 14 | (head[8] & 0x7F) << 7 | head[9] & 0x7F;
            size += (head[5] & 0x10) != 0 ? 10 : 0;
            byte[] block = new byte[8_192];
            while (size > 0) {
                int read = in.readNBytes(block, 0, (int) Math.min(block.length, size));
                size = read == 0 ? 0 : size - read;
            }
            head = in.readNBytes(10);
        }
        byte[] rest = in.readNBytes(ENOUGH - head.length);
        byte[] frame = new byte[head.length + rest.length];
        System.arraycopy(head, 0, frame, 0, head.length);
        System.arraycopy(rest, 0, frame, head.length, rest.length);
        return new Mp3Head(frame);
    }

    /** The first bytes after the tags. */
    byte[] frame() {
        return frame;
    }

    /** @param bytes from the first frame to the end */
    record Noted(Optional<Double> seconds, Optional<Long> bytes) {}

    Noted noted() {
        Noted nothing = new Noted(Optional.empty(), Optional.empty());
        if (frame.length < ENOUGH || (frame[0] & 0xFF) != 0xFF || (frame[1] & 0xE6) != 0xE2) {
            return nothing;
        }
        int version = frame[1] >> 3 & 3;
        int rateIndex = frame[2] >> 2 & 3;
        if (version == 1 || rateIndex == 3) {
            return nothing;
        }
        boolean mono = (frame[3] >> 6 & 3) == 3;
        int note = 4 + (version == 3 ? mono ? 17 : 32 : mono ? 9 : 17);
        ByteBuffer head = ByteBuffer.wrap(frame);
        int name = head.getInt(note);
        if (name != 0x58696E67 && name != 0x496E666F) {
            return nothing;
        }
        int flags = head.getInt(note + 4);
        boolean frames = (flags & 1) != 0;
        boolean bytes = (flags & 2) != 0;
        int samples = version == 3 ? 1_152 : 576;
        return new Noted(
                frames
                        ? Optional.of(
                                (head.getInt(note + 8) & 0xFFFF_FFFFL) * samples / (double) RATES[version][rateIndex])
                        : Optional.empty(),
                bytes ? Optional.of(head.getInt(note + (frames ? 12 : 8)) & 0xFFFF_FFFFL) : Optional.empty());
    }
}
