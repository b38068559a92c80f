package io.tocsin.lab.phone.internal;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What people said into the telephone: being recorded, and kept. On the loop only. */
final class Recordings {
    private static final int MOST_KEPT = 1_000;
    private static final int RATE = 8_000;
    private static final int LONGEST_SECONDS = 600;
    /** A-law of a 400 Hz tone: 20 samples a period. */
    private static final int PERIOD = 20;

    /** A recording that is kept. */
    record Stored(String name, String format, long millis) {}

    /** A recording under way. */
    static final class Live {
        private final String name;
        private final String format;
        private final Call call;
        private final String endKey;
        private final long begun;
        private String state = "recording";
        private int seconds = -1;

        Live(String name, String format, Call call, String endKey, long begun) {
            this.name = name;
            this.format = format;
            this.call = call;
            this.endKey = endKey;
            this.begun = begun;
        }

        String name() {
            return name;
        }

        String format() {
            return format;
        }

        String channelId() {
            return call.id();
        }

        Call call() {
            return call;
        }

        String state() {
            return state;
        }

        /** -1 while it goes on. */
        int seconds() {
            return seconds;
        }

        boolean endsWith(char key) {
            return endKey.equals("any") || endKey.length() == 1 && endKey.charAt(0) == key;
        }

        long millis(long now) {
            return Math.max(0, now - begun);
        }

        void ended(String how, long millis) {
            state = how;
            seconds = (int) ((millis + 500) / 1_000);
        }
    }

    private final Map<String, Live> live = new HashMap<>();
    private final Map<String, Stored> stored = new LinkedHashMap<>();

    boolean known(String name) {
        return live.containsKey(name) || stored.containsKey(name);
    }

    void begin(Live recording) {
        live.put(recording.name(), recording);
    }

    Optional<Live> live(String name) {
        return Optional.ofNullable(live.get(name));
    }

    /** @param kept false throws it away */
    void end(Live recording, long millis, boolean kept) {
        live.remove(recording.name());
        recording.ended(kept ? "done" : "canceled", millis);
        if (kept) {
            stored.put(recording.name(), new Stored(recording.name(), recording.format(), millis));
            if (stored.size() > MOST_KEPT) {
                stored.remove(stored.keySet().iterator().next());
            }
        }
    }

    Optional<Stored> stored(String name) {
        return Optional.ofNullable(stored.get(name));
    }

    boolean delete(String name) {
        return stored.remove(name) != null;
    }

    Iterable<Stored> all() {
        return stored.values();
    }

    void forget() {
        live.clear();
    }

    /** What it sounds like: a tone, as long as the person spoke. */
    static byte[] sound(Stored recording) {
        int samples = (int) Math.min((long) LONGEST_SECONDS * RATE, recording.millis() * RATE / 1_000);
        boolean wav = recording.format().equals("wav");
        ByteArrayOutputStream sound = new ByteArrayOutputStream(samples * 2 + 44);
        if (wav) {
            sound.writeBytes(head(samples * 2));
        }
        for (int i = 0; i < samples; i++) {
            int level = (int) (8_000 * Math.sin(2 * Math.PI * (i % PERIOD) / PERIOD));
            if (wav) {
                sound.write(level);
                sound.write(level >> 8);
            } else {
                sound.write(alaw(level));
            }
        }
        return sound.toByteArray();
    }

    /** Of a WAV file: PCM, mono, 8 kHz, 16 bits. */
    private static byte[] head(int bytes) {
        return ByteBuffer.allocate(44)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("RIFF".getBytes(StandardCharsets.US_ASCII))
                .putInt(36 + bytes)
                .put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII))
                .putInt(16)
                .putShort((short) 1)
                .putShort((short) 1)
                .putInt(RATE)
                .putInt(2 * RATE)
                .putShort((short) 2)
                .putShort((short) 16)
                .put("data".getBytes(StandardCharsets.US_ASCII))
                .putInt(bytes)
                .array();
    }

    /** ITU-T G.711, A-law: sign, segment, four bits of the rest, every other bit turned. */
    private static int alaw(int sample) {
        int level = Math.min(Math.abs(sample) >> 4, 2_047);
        int segment = Math.max(0, 28 - Integer.numberOfLeadingZeros(level));
        int mantissa = (segment == 0 ? level : level >> segment - 1) & 15;
        return ((sample >= 0 ? 0x80 : 0) | segment << 4 | mantissa) ^ 0x55;
    }
}
