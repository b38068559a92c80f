package io.tocsin.speech.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes WAV files of every kind, and wrong ones. */
record WavFile(int tag, int bits, int rate, float[]... channels) {

    byte[] bytes() {
        return bytes(-1);
    }

    /** @param dataSize what the header says; negative: the truth */
    byte[] bytes(long dataSize) {
        int frames = channels[0].length;
        int data = frames * channels.length * bits / 8;
        ByteBuffer wav = ByteBuffer.allocate(12 + 8 + 40 + 12 + 8 + data).order(ByteOrder.LITTLE_ENDIAN);
        wav.put(ascii("RIFF")).putInt(0).put(ascii("WAVE"));
        // An odd chunk that nobody knows, padded.
        wav.put(ascii("LIST")).putInt(3).put(new byte[4]);
        boolean extensible = tag == 0xFFFE;
        wav.put(ascii("fmt ")).putInt(extensible ? 40 : 16);
        int align = channels.length * bits / 8;
        wav.putShort((short) tag).putShort((short) channels.length).putInt(rate).putInt(rate * align);
        wav.putShort((short) align).putShort((short) bits);
        if (extensible) {
            wav.putShort((short) 22)
                    .putShort((short) bits)
                    .putInt(0)
                    .putShort((short) 1)
                    .put(new byte[14]);
        }
        wav.put(ascii("data")).putInt((int) (dataSize < 0 ? data : dataSize));
        for (int i = 0; i < frames; i++) {
            for (float[] channel : channels) {
                put(wav, channel[i]);
            }
        }
        byte[] bytes = new byte[wav.position()];
        wav.flip().get(bytes);
        return bytes;
    }

    private void put(ByteBuffer wav, float sample) {
        double value = Math.max(-1, Math.min(0.99999, sample));
        switch (tag) {
            case 3 -> {
                if (bits == 32) {
                    wav.putFloat(sample);
                } else {
                    wav.putDouble(sample);
                }
            }
            case 6 -> wav.put(G711.toALaw((int) (value * 32_768)));
            case 7 -> wav.put(muLaw((int) (value * 32_768)));
            default -> {
                switch (bits) {
                    case 8 -> wav.put((byte) (128 + Math.round(value * 127)));
                    case 16 -> wav.putShort((short) (value * 32_768));
                    case 24 -> {
                        int x = (int) (value * 8_388_608);
                        wav.put((byte) x).put((byte) (x >> 8)).put((byte) (x >> 16));
                    }
                    default -> wav.putInt((int) (value * 2_147_483_648L));
                }
            }
        }
    }

    /** The nearest of the 256 there are: slow, and needs no second coder to be wrong in. */
    private static byte muLaw(int sample) {
        int best = 0;
        for (int code = 0; code < 256; code++) {
            if (Math.abs(G711.fromMuLaw((byte) code) - sample) < Math.abs(G711.fromMuLaw((byte) best) - sample)) {
                best = code;
            }
        }
        return (byte) best;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
