package io.tocsin.directory.internal.value;

import java.text.Normalizer;

/**
 * Text as it may be stored: composed (NFC), trimmed, on one line, without control characters, bidirectional marks or
 * invisible characters. A cell such as {@code =cmd()} is kept as the text it is; whoever exports to a spreadsheet
 * defuses it there.
 */
public final class CleanText {
    private CleanText() {}

    /** @param text may be null, which reads as empty */
    public static String of(String text) {
        if (text == null || text.isEmpty()) {
            return "";
        }
        if (isPlainAscii(text)) {
            return text.strip();
        }
        StringBuilder kept = new StringBuilder(text.length());
        boolean gap = false;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
                gap = !kept.isEmpty();
            } else if (!invisible(c)) {
                if (gap) {
                    kept.append(' ');
                    gap = false;
                }
                kept.appendCodePoint(c);
            }
        }
        return Normalizer.normalize(kept, Normalizer.Form.NFC);
    }

    /** Lower case without accents, letters and digits only, words parted by one space: for comparing, never for show. */
    public static String key(String text) {
        String bare = Normalizer.normalize(text == null ? "" : text, Normalizer.Form.NFD);
        StringBuilder key = new StringBuilder(bare.length());
        boolean gap = false;
        for (int i = 0; i < bare.length(); ) {
            int c = bare.codePointAt(i);
            i += Character.charCount(c);
            if (Character.isLetterOrDigit(c)) {
                if (gap && !key.isEmpty()) {
                    key.append(' ');
                }
                gap = false;
                key.appendCodePoint(Character.toLowerCase(c));
            } else if (Character.getType(c) != Character.NON_SPACING_MARK) {
                gap = true;
            }
        }
        return key.toString();
    }

    private static boolean isPlainAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || c == ' ' && i > 0 && text.charAt(i - 1) == ' ') {
                return false;
            }
        }
        return true;
    }

    private static boolean invisible(int c) {
        return Character.isISOControl(c)
                || c == 0x061C
                || c == 0x200B
                || c == 0x200E
                || c == 0x200F
                || c >= 0x202A && c <= 0x202E
                || c >= 0x2060 && c <= 0x206F
                || c == 0xFEFF
                || c >= 0xFFF9 && c <= 0xFFFB
                || Character.getType(c) == Character.SURROGATE
                || Character.getType(c) == Character.UNASSIGNED
                || Character.getType(c) == Character.PRIVATE_USE;
    }
}
