package io.tocsin.channel.sms.internal;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A text as SMS: which encoding it needs, how many segments it takes, their octets.
 *
 * <p>GSM 7-bit holds 160 septets, or 153 a segment when there are several; UCS-2 holds 70 code units, or 67. Several
 * segments carry a user data header with an 8-bit reference (3GPP TS 23.040 §9.2.3.24.1). Neither an escaped character
 * nor a surrogate pair is cut in two. Immutable.
 */
final class SmsText {

    /** How the octets of {@code short_message} are to be read, with its data_coding (SMPP 3.4 §5.2.19). */
    enum Encoding {
        /** The SMSC's default alphabet, GSM 7-bit unpacked. */
        GSM7(0x00, 160, 153),
        /** ISO 8859-1, for SMSCs that turn it into GSM 7-bit themselves: counted as GSM 7-bit. */
        LATIN1(0x03, 160, 153),
        UCS2(0x08, 70, 67);

        private final byte dataCoding;
        private final int alone;
        private final int concatenated;

        Encoding(int dataCoding, int alone, int concatenated) {
            this.dataCoding = (byte) dataCoding;
            this.alone = alone;
            this.concatenated = concatenated;
        }

        byte dataCoding() {
            return dataCoding;
        }
    }

    private static final int MOST_SEGMENTS = 255;
    private static final Map<Character, String> PLAIN = Map.ofEntries(
            Map.entry('œ', "oe"),
            Map.entry('Œ', "OE"),
            Map.entry('ÿ', "y"),
            Map.entry('’', "'"),
            Map.entry('‘', "'"),
            Map.entry('“', "\""),
            Map.entry('”', "\""),
            Map.entry('«', "\""),
            Map.entry('»', "\""),
            Map.entry('…', "..."),
            Map.entry('–', "-"),
            Map.entry('—', "-"),
            Map.entry('\u2011', "-"),
            Map.entry('\u00a0', " "),
            Map.entry('\u202f', " "),
            Map.entry('\u2009', " "),
            Map.entry('\t', " "),
            Map.entry('°', "o"),
            Map.entry('•', "-"));

    private final Encoding encoding;
    private final List<String> parts;

    private SmsText(Encoding encoding, List<String> parts) {
        this.encoding = encoding;
        this.parts = parts;
    }

    /**
     * Takes the densest encoding that holds the text.
     *
     * @param preferred {@code GSM7} or {@code LATIN1} where the text allows it, or {@code UCS2} always
     */
    static SmsText of(String text, Encoding preferred) {
        Encoding encoding = holds(preferred, text) ? preferred : Encoding.UCS2;
        return new SmsText(encoding, cut(text, encoding));
    }

    Encoding encoding() {
        return encoding;
    }

    int segmentCount() {
        return parts.size();
    }

    /** True if the protocol can number that many segments. */
    boolean fits() {
        return parts.size() <= MOST_SEGMENTS;
    }

    /**
     * The octets of each segment in order, with a user data header when there are several.
     *
     * @param reference tells this message's segments from those of others to the same person; its lowest 8 bits count
     */
    List<byte[]> segments(int reference) {
        if (parts.size() == 1) {
            return List.of(octets(parts.get(0)));
        }
        List<byte[]> segments = new ArrayList<>(parts.size());
        for (int i = 0; i < parts.size(); i++) {
            byte[] octets = octets(parts.get(i));
            byte[] segment = new byte[octets.length + 6];
            segment[0] = 5; // octets of header that follow
            segment[1] = 0; // concatenated message, 8-bit reference
            segment[2] = 3; // octets of this element
            segment[3] = (byte) reference;
            segment[4] = (byte) parts.size();
            segment[5] = (byte) (i + 1);
            System.arraycopy(octets, 0, segment, 6, octets.length);
            segments.add(segment);
        }
        return segments;
    }

    /**
     * The nearest text that GSM 7-bit holds: what the alphabet has stays, typographic signs become plain ones, other
     * letters lose their accents, the rest becomes a question mark.
     */
    static String gsmSafe(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().forEach(point -> {
            if (point <= Character.MAX_VALUE && Gsm7.septets((char) point) > 0) {
                safe.append((char) point);
            } else if (point <= Character.MAX_VALUE && PLAIN.containsKey((char) point)) {
                safe.append(PLAIN.get((char) point));
            } else {
                safe.append(withoutAccent(point));
            }
        });
        return safe.toString();
    }

    private static String withoutAccent(int point) {
        StringBuilder kept = new StringBuilder();
        Normalizer.normalize(Character.toString(point), Normalizer.Form.NFKD)
                .chars()
                .filter(c -> Gsm7.septets((char) c) > 0)
                .forEach(c -> kept.append((char) c));
        boolean accentAlone = Character.getType(point) == Character.NON_SPACING_MARK;
        return kept.isEmpty() && !accentAlone ? "?" : kept.toString();
    }

    private static boolean holds(Encoding encoding, String text) {
        return encoding == Encoding.UCS2
                || text.chars().allMatch(c -> Gsm7.septets((char) c) > 0 && (encoding == Encoding.GSM7 || c < 0x100));
    }

    private static List<String> cut(String text, Encoding encoding) {
        int total = 0;
        for (int i = 0; i < text.length(); i++) {
            total += units(text.charAt(i), encoding);
        }
        if (total <= encoding.alone) {
            return List.of(text);
        }
        List<String> parts = new ArrayList<>();
        int begin = 0;
        int used = 0;
        for (int i = 0; i < text.length(); ) {
            int step = encoding == Encoding.UCS2 && startsPair(text, i) ? 2 : 1;
            int units = step == 2 ? 2 : units(text.charAt(i), encoding);
            if (used + units > encoding.concatenated) {
                parts.add(text.substring(begin, i));
                begin = i;
                used = 0;
            }
            used += units;
            i += step;
        }
        parts.add(text.substring(begin));
        return List.copyOf(parts);
    }

    private static boolean startsPair(String text, int at) {
        return at + 1 < text.length() && Character.isSurrogatePair(text.charAt(at), text.charAt(at + 1));
    }

    private static int units(char c, Encoding encoding) {
        return encoding == Encoding.UCS2 ? 1 : Gsm7.septets(c);
    }

    private byte[] octets(String part) {
        return switch (encoding) {
            case GSM7 -> Gsm7.encode(part);
            case LATIN1 -> part.getBytes(StandardCharsets.ISO_8859_1);
            case UCS2 -> part.getBytes(StandardCharsets.UTF_16BE);
        };
    }
}
