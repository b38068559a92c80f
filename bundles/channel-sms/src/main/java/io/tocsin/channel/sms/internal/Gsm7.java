package io.tocsin.channel.sms.internal;

import java.util.Arrays;

/** The GSM 7-bit default alphabet and its extension table (3GPP TS 23.038 §6.2.1), one septet an octet, unpacked. */
final class Gsm7 {
    static final byte ESCAPE = 0x1b;

    private static final String BASIC = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
            + "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
    private static final String EXTENDED = "\f^{}\\[~]|€";
    private static final byte[] EXTENDED_OCTETS = {0x0a, 0x14, 0x28, 0x29, 0x2f, 0x3c, 0x3d, 0x3e, 0x40, 0x65};

    /** Octet of a character below 0x100, or -1; Greek letters and the euro take the slower way. */
    private static final byte[] LATIN = new byte[0x100];

    static {
        Arrays.fill(LATIN, (byte) -1);
        for (int i = 0; i < BASIC.length(); i++) {
            char c = BASIC.charAt(i);
            if (c < LATIN.length && i != ESCAPE) {
                LATIN[c] = (byte) i;
            }
        }
    }

    private Gsm7() {}

    /** How many septets a character takes: 1, 2 with an escape, or 0 if the alphabet does not have it. */
    static int septets(char c) {
        if (basic(c) >= 0) {
            return 1;
        }
        return EXTENDED.indexOf(c) >= 0 ? 2 : 0;
    }

    /** The octets of a text that has only characters of the alphabet. */
    static byte[] encode(CharSequence text) {
        byte[] octets = new byte[text.length() * 2];
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int basic = basic(c);
            if (basic >= 0) {
                octets[length++] = (byte) basic;
            } else {
                octets[length++] = ESCAPE;
                octets[length++] = EXTENDED_OCTETS[EXTENDED.indexOf(c)];
            }
        }
        return Arrays.copyOf(octets, length);
    }

    /** The text of unpacked septets; an escape before an unknown septet reads as a space, as the standard asks. */
    static String decode(byte[] octets) {
        StringBuilder text = new StringBuilder(octets.length);
        for (int i = 0; i < octets.length; i++) {
            byte octet = (byte) (octets[i] & 0x7f);
            if (octet == ESCAPE && i + 1 < octets.length) {
                text.append(extended(octets[++i]));
            } else if (octet != ESCAPE) {
                text.append(BASIC.charAt(octet));
            }
        }
        return text.toString();
    }

    private static char extended(byte octet) {
        for (int i = 0; i < EXTENDED_OCTETS.length; i++) {
            if (EXTENDED_OCTETS[i] == octet) {
                return EXTENDED.charAt(i);
            }
        }
        return ' ';
    }

    private static int basic(char c) {
        return c < LATIN.length ? LATIN[c] : BASIC.indexOf(c);
    }
}
