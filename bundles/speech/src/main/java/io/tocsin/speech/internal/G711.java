package io.tocsin.speech.internal;

/** ITU-T G.711: the two ways a telephone line codes a sample in eight bits. */
public final class G711 {

    /** Highest magnitude each can say, of 32,768. */
    static final int MOST_A_LAW = 32_256;

    static final int MOST_MU_LAW = 32_124;

    private static final int MU_BIAS = 0x84;

    private G711() {}

    public static short fromALaw(byte coded) {
        int bits = (coded ^ 0x55) & 0xFF;
        int segment = bits >> 4 & 7;
        int magnitude = (bits & 0x0F) << 4;
        magnitude = segment == 0 ? magnitude + 8 : magnitude + 0x108 << segment - 1;
        return (short) ((bits & 0x80) != 0 ? magnitude : -magnitude);
    }

    static byte toALaw(int sample) {
        boolean positive = sample >= 0;
        // Thirteen bits; negative samples are one's complement, so that −1 is the smallest magnitude.
        int magnitude = Math.min(positive ? sample >> 3 : ~sample >> 3, 0xFFF);
        int segment = Math.max(0, 32 - Integer.numberOfLeadingZeros(magnitude >> 5));
        int step = segment < 2 ? magnitude >> 1 & 0x0F : magnitude >> segment & 0x0F;
        return (byte) ((segment << 4 | step | (positive ? 0x80 : 0)) ^ 0x55);
    }

    static short fromMuLaw(byte coded) {
        int bits = ~coded & 0xFF;
        int magnitude = ((bits & 0x0F) << 3) + MU_BIAS << (bits >> 4 & 7);
        magnitude -= MU_BIAS;
        return (short) ((bits & 0x80) != 0 ? -magnitude : magnitude);
    }
}
