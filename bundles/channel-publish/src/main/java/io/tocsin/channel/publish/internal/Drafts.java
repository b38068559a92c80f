package io.tocsin.channel.publish.internal;

import io.tocsin.channel.api.OutboundMessage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** What a message becomes before it is published: plain text without what no page, feed or post can hold. */
final class Drafts {
    static final int LONGEST_TEXT = 20_000;
    private static final int LONGEST_TITLE = 200;
    private static final Pattern LANGUAGE = Pattern.compile("[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*");
    private static final Pattern OF_A_TARGET = Pattern.compile("([0-9a-z]+\\.[0-9a-z]+)\\.[0-9a-z]+\\.[0-9a-z]+");

    private Drafts() {}

    /**
     * @param account whose: what another account publishes is another entry
     * @throws IllegalArgumentException if there is nothing to say, or too much
     */
    static Entry of(String account, OutboundMessage message, Instant now) {
        String text = clean(message.text()).strip();
        if (text.isEmpty()) {
            throw new IllegalArgumentException("text-empty");
        }
        if (text.length() > LONGEST_TEXT) {
            throw new IllegalArgumentException("text-too-long");
        }
        return new Entry(
                id(account, message),
                cut(clean(message.subject()).replaceAll("\\s+", " ").strip(), LONGEST_TITLE),
                text,
                LANGUAGE.matcher(message.language()).matches() ? message.language() : "",
                message.category().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                message.drill(),
                now,
                Optional.empty(),
                now,
                Optional.empty());
    }

    /**
     * The same for every message of an alert to an address: an alert that is sent again, or with other words, is one entry. Of a
     * reference that names a target (tenant, alert, wave, position) the first two parts are the alert's; any other is taken
     * whole.
     */
    private static String id(String account, OutboundMessage message) {
        var target = OF_A_TARGET.matcher(message.reference());
        String alert = target.matches() ? target.group(1) : message.reference();
        String key = account + '\n' + alert + '\n' + message.address().strip().toLowerCase(Locale.ROOT);
        return UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /** Line ends made one, and characters left out that XML 1.0 (section 2.2) cannot hold or nobody can see. */
    static String clean(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.replace("\r\n", "\n").replace('\r', '\n').codePoints().forEach(c -> {
            boolean control = Character.isISOControl(c) && c != '\n' && c != '\t';
            boolean none = c >= 0xd800 && c <= 0xdfff || (c & 0xfffe) == 0xfffe;
            if (!control && !none) {
                clean.appendCodePoint(c);
            }
        });
        return clean.toString();
    }

    /** At most so many characters (code points), ended at a word if one ends near, and said to be cut. */
    static String cut(String text, int most) {
        if (text.codePointCount(0, text.length()) <= most) {
            return text;
        }
        int end = text.offsetByCodePoints(0, most - 1);
        int space = text.lastIndexOf(' ', end);
        return text.substring(0, space > end / 2 ? space : end).strip() + "…";
    }
}
