package io.tocsin.platform.asterisk.internal;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** What came from the wire, made harmless; and what goes there, written so that it stays one word. */
public final class WireText {
    private static final int LONGEST_LOGGED = 64;

    private WireText() {}

    /** For logs and health: printable ASCII without quotes, 64 characters. */
    public static String logged(String text) {
        StringBuilder safe = new StringBuilder();
        text.codePoints()
                .limit(LONGEST_LOGGED)
                .forEach(c -> safe.append(c > 0x20 && c < 0x7f && c != '"' && c != '\\' && c != '=' ? (char) c : '_'));
        return safe.toString();
    }

    /**
     * A name as a stranger's telephone or exchange gave it: without control characters (a line break would become a header
     * or a line of a log further on), direction marks and surrogates left alone; cut.
     */
    public static String name(String text, int longest) {
        StringBuilder clean = new StringBuilder();
        text.codePoints()
                .filter(c -> switch (Character.getType(c)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR,
                            Character.SURROGATE,
                            Character.UNASSIGNED,
                            Character.PRIVATE_USE -> false;
                    default -> true;
                })
                .limit(longest)
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }

    /** For a path segment or a query value. */
    public static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
