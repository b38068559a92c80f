package io.tocsin.peers;

import java.nio.ByteBuffer;

/** Packets of RTP (RFC 3550) with A-law (payload type 8, RFC 3551) or keys (101, RFC 4733). */
final class Rtp {
    static final int ALAW = 8;
    static final int KEYS = 101;
    /** Octets of A-law, and ticks of the clock, in the 20 ms of a packet. */
    static final int FRAME = 160;

    private static final String KEY_NAMES = "0123456789*#ABCD";

    private Rtp() {}

    /** @throws IllegalArgumentException naming the first that is no key */
    static String keys(String keys) {
        for (char key : keys.toCharArray()) {
            if (KEY_NAMES.indexOf(key) < 0) {
                throw new IllegalArgumentException("'" + key + "' is no key of a telephone: " + KEY_NAMES);
            }
        }
        return keys;
    }

    static byte[] packet(int type, boolean first, int sequence, long timestamp, int source, byte[] payload) {
        return ByteBuffer.allocate(12 + payload.length)
                .put((byte) 0x80)
                .put((byte) (type | (first ? 0x80 : 0)))
                .putShort((short) sequence)
                .putInt((int) timestamp)
                .putInt(source)
                .put(payload)
                .array();
    }

    /** RFC 4733, 2.3: what key, whether it was let go, and how long it is held, in ticks. */
    static byte[] key(char key, boolean end, int duration) {
        return ByteBuffer.allocate(4)
                .put((byte) KEY_NAMES.indexOf(key))
                .put((byte) ((end ? 0x80 : 0) | 10))
                .putShort((short) duration)
                .array();
    }

    static char keyOf(int event) {
        return event < KEY_NAMES.length() ? KEY_NAMES.charAt(event) : '?';
    }
}
