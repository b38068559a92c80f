package io.tocsin.speech.internal;

import io.tocsin.speech.api.Recording.RecordingException;
import io.tocsin.speech.api.Recording.RecordingException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A WAV file as it comes in: its header is read at once, its sound in blocks. Everything it says of itself is checked. */
final class WavStream {

    private static final int PCM = 1;
    private static final int FLOAT = 3;
    private static final int A_LAW = 6;
    private static final int MU_LAW = 7;
    private static final int EXTENSIBLE = 0xFFFE;

    private static final int BLOCK_FRAMES = 4_096;

    /** Programs that write into a pipe cannot know the length: they say nothing, or nearly the most there is. */
    private static final long UNKNOWN_FROM = 0x7FFF_0000L;

    private final InputStream in;
    private final Format format;
    private final long length;

    /** @param fullScale from which on a sample is at the end of what this format can say */
    record Format(String coding, int tag, int channels, int rate, int bytes, float fullScale) {
        String words() {
            String many = channels == 1 ? "mono" : channels == 2 ? "stereo" : channels + " channels";
            return String.format(Locale.ROOT, "WAV, %s, %d Hz, %s", coding, rate, many);
        }
    }

    /** Takes blocks; the arrays are used again for the next. */
    interface Frames {
        void take(float[][] channels, int count) throws RecordingException;
    }

    private WavStream(InputStream in, Format format, long length) {
        this.in = in;
        this.format = format;
        this.length = length;
    }

    static WavStream open(InputStream in) throws IOException, RecordingException {
        byte[] riff = header(in, 12);
        if (!ascii(riff, 0).equals("RIFF") || !ascii(riff, 8).equals("WAVE")) {
            throw new RecordingException(Reason.FORMAT, "not a WAV file: save it as WAV (16 bit PCM) or MP3");
        }
        Format format = null;
        while (true) {
            byte[] chunk = header(in, 8);
            long size = little(chunk).getInt(4) & 0xFFFF_FFFFL;
            switch (ascii(chunk, 0)) {
                case "fmt " -> format = format(in, size);
                case "data" -> {
                    if (format == null) {
                        throw damaged("its sound comes before its format");
                    }
                    return new WavStream(in, format, size == 0 || size >= UNKNOWN_FROM ? -1 : size);
                }
                default -> skip(in, size + (size & 1));
            }
        }
    }

    Format format() {
        return format;
    }

    /** @return seconds the header promises; negative when it does not know */
    double promised() {
        return length < 0 ? -1 : length / ((double) format.bytes * format.channels * format.rate);
    }

    void read(Frames frames) throws IOException, RecordingException {
        int frameBytes = format.bytes * format.channels;
        byte[] block = new byte[BLOCK_FRAMES * frameBytes];
        float[][] channels = new float[format.channels][BLOCK_FRAMES];
        long left = length < 0 ? Long.MAX_VALUE : length;
        while (left > 0) {
            int wanted = (int) Math.min(block.length, left);
            int count = in.readNBytes(block, 0, wanted);
            left -= count;
            int whole = count / frameBytes;
            decode(ByteBuffer.wrap(block, 0, whole * frameBytes).order(ByteOrder.LITTLE_ENDIAN), channels, whole);
            frames.take(channels, whole);
            if (count < wanted) {
                if (length >= 0) {
                    throw damaged(String.format(
                            Locale.ROOT,
                            "it ends %.1f s before its header says",
                            left / (double) frameBytes / format.rate));
                }
                return;
            }
        }
    }

    private void decode(ByteBuffer from, float[][] channels, int frames) throws RecordingException {
        for (int i = 0; i < frames; i++) {
            for (float[] channel : channels) {
                channel[i] = sample(from);
            }
        }
    }

    private float sample(ByteBuffer from) throws RecordingException {
        float value =
                switch (format.tag) {
                    case A_LAW -> G711.fromALaw(from.get()) / 32_768f;
                    case MU_LAW -> G711.fromMuLaw(from.get()) / 32_768f;
                    case FLOAT -> format.bytes == 4 ? from.getFloat() : (float) from.getDouble();
                    default ->
                        switch (format.bytes) {
                            case 1 -> ((from.get() & 0xFF) - 128) / 128f;
                            case 2 -> from.getShort() / 32_768f;
                            case 3 -> ((from.get() & 0xFF) | (from.get() & 0xFF) << 8 | from.get() << 16) / 8_388_608f;
                            default -> from.getInt() / 2_147_483_648f;
                        };
                };
        if (!(Math.abs(value) <= 64)) {
            throw damaged("it holds values that are no sound");
        }
        return value;
    }

    private static Format format(InputStream in, long size) throws IOException, RecordingException {
        if (size < 16 || size > 4_096) {
            throw damaged("its format takes " + size + " bytes");
        }
        ByteBuffer chunk = little(header(in, (int) (size + (size & 1))));
        int tag = chunk.getShort(0) & 0xFFFF;
        int channels = chunk.getShort(2) & 0xFFFF;
        long rate = chunk.getInt(4) & 0xFFFF_FFFFL;
        int align = chunk.getShort(12) & 0xFFFF;
        int bits = chunk.getShort(14) & 0xFFFF;
        if (tag == EXTENSIBLE && size >= 40) {
            tag = chunk.getShort(24) & 0xFFFF;
        }
        if (channels < 1 || channels > 8 || rate < 4_000 || rate > 192_000) {
            throw new RecordingException(
                    Reason.FORMAT,
                    "WAV of " + channels + " channels at " + rate
                            + " Hz: save it with 1 to 8 channels at 8,000 to 192,000 Hz");
        }
        int bytes = bits / 8;
        String coding =
                switch (tag) {
                    case PCM -> bits == 8 || bits == 16 || bits == 24 || bits == 32 ? "PCM " + bits + " bit" : null;
                    case FLOAT -> bits == 32 || bits == 64 ? "floating point " + bits + " bit" : null;
                    case A_LAW -> bits == 8 ? "A-law" : null;
                    case MU_LAW -> bits == 8 ? "mu-law" : null;
                    default -> null;
                };
        if (coding == null) {
            throw new RecordingException(
                    Reason.FORMAT,
                    "WAV of coding " + tag + " with " + bits + " bits is not read: save it as WAV, 16 bit PCM");
        }
        if (align != bytes * channels) {
            throw damaged("its format contradicts itself");
        }
        return new Format(coding, tag, channels, (int) rate, bytes, fullScale(tag, bytes));
    }

    private static float fullScale(int tag, int bytes) {
        return switch (tag) {
            case A_LAW -> G711.MOST_A_LAW / 32_768f;
            case MU_LAW -> G711.MOST_MU_LAW / 32_768f;
            case FLOAT -> 1;
            default -> bytes == 1 ? 127 / 128f : 32_766 / 32_768f;
        };
    }

    private static byte[] header(InputStream in, int count) throws IOException, RecordingException {
        byte[] header = in.readNBytes(count);
        if (header.length < count) {
            throw damaged("it ends before its sound begins");
        }
        return header;
    }

    private static void skip(InputStream in, long count) throws IOException, RecordingException {
        byte[] block = new byte[8_192];
        for (long left = count; left > 0; ) {
            int read = in.readNBytes(block, 0, (int) Math.min(block.length, left));
            if (read == 0) {
                throw damaged("it ends before its sound begins");
            }
            left -= read;
        }
    }

    private static RecordingException damaged(String how) {
        return new RecordingException(
                Reason.DAMAGED, "the WAV file is damaged: " + how + ". Save it again, or upload it again");
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static String ascii(byte[] bytes, int from) {
        return new String(bytes, from, 4, StandardCharsets.ISO_8859_1);
    }
}
