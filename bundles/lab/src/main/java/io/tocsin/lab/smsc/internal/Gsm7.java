package io.tocsin.lab.smsc.internal;

import java.nio.charset.StandardCharsets;

/** The telephone's side of text: decodes what data_coding says, GSM 7-bit unpacked (3GPP TS 23.038), UCS-2 or Latin-1. */
final class Gsm7 {
    private static final char ESCAPE = '\u001b';
    private static final String BASIC = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
            + "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

    private Gsm7() {}

    static String decode(byte[] octets, byte dataCoding) {
        return switch (dataCoding & 0x0f) {
            case 0x08 -> new String(octets, StandardCharsets.UTF_16BE);
            case 0x03, 0x01 -> new String(octets, StandardCharsets.ISO_8859_1);
            default -> unpacked(octets);
        };
    }

    /** Encodes what the basic table holds; anything else becomes a question mark. */
    static byte[] encode(String text) {
        byte[] octets = new byte[text.length()];
        for (int i = 0; i < octets.length; i++) {
            int at = BASIC.indexOf(text.charAt(i));
            octets[i] = (byte) (at < 0 ? '?' : at);
        }
        return octets;
    }

    private static String unpacked(byte[] octets) {
        StringBuilder text = new StringBuilder(octets.length);
        for (int i = 0; i < octets.length; i++) {
            char c = BASIC.charAt(octets[i] & 0x7f);
            if (c == ESCAPE && i + 1 < octets.length) {
                i++;
                c = extended(octets[i]);
            }
            text.append(c);
        }
        return text.toString();
    }

    private static char extended(byte octet) {
        return switch (octet) {
            case 0x0a -> '\f';
            case 0x14 -> '^';
            case 0x28 -> '{';
            case 0x29 -> '}';
            case 0x2f -> '\\';
            case 0x3c -> '[';
            case 0x3d -> '~';
            case 0x3e -> ']';
            case 0x40 -> '|';
            case 0x65 -> '€';
            default -> ' ';
        };
    }
}
