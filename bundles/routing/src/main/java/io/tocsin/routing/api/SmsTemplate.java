package io.tocsin.routing.api;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A text that leaves as SMS, and how it is kept within the segments one message may take (3GPP TS 23.038: GSM-7 160 in
 * one or 153 a segment, UCS-2 70 or 67).
 *
 * <p>What is the same for everybody is checked when a scenario is saved and when it is launched. What a person brings
 * along (a long name, a letter that GSM-7 does not have) must not cost them the alert: their own values are shortened,
 * the text, the launch's values and the answer link never are. Immutable.
 */
public final class SmsTemplate {
    /** More is not sent: operators drop longer messages, and telephones show them in pieces. */
    public static final int MOST_SEGMENTS = 10;

    /** What a person's own value keeps at least, in characters; a text without that much room is refused at its launch. */
    public static final int LEAST_OWN = 10;

    /** Every text up to here fits, whatever its characters: a pair that is not cut in two may leave one of 67 free. */
    public static final int ALWAYS_FITS = 66 * MOST_SEGMENTS;

    private static final String CUT = "...";
    private static final String BASIC = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
            + "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
    private static final String EXTENDED = "\f^{}\\[~]|€";
    private static final Map<Character, String> PLAIN = Map.of(
            'œ', "oe", 'Œ', "OE", '’', "'", '‘', "'", '“', "\"", '”', "\"", '–', "-", '—', "-", '`', "'", '°', "o");

    private final Template template;

    public SmsTemplate(Template template) {
        this.template = template;
    }

    /** @param shortened whether own values had to be cut, or lost letters that would have made the text longer */
    public record Rendered(String text, boolean shortened) {}

    /**
     * Fills the places in, and shortens a person's own values if the text would take more than {@link #MOST_SEGMENTS}. If
     * not even that helps, the text is as long as it is.
     *
     * @param shared values of the whole alert; never shortened
     * @param own values of the person; they count before shared ones of the same name
     * @throws IllegalArgumentException naming the first variable that is missing or blank
     */
    public Rendered render(Map<String, String> shared, Map<String, String> own) {
        return fitted(shared, used(own));
    }

    private Map<String, String> used(Map<String, String> own) {
        Map<String, String> used = new HashMap<>(own);
        used.keySet().retainAll(template.variables());
        return used;
    }

    private Rendered fitted(Map<String, String> shared, Map<String, String> own) {
        String whole = filled(shared, own, value -> value);
        if (whole.length() <= ALWAYS_FITS || fits(whole)) {
            return new Rendered(whole, false);
        }
        int asItIs = roomFor(shared, own, value -> value);
        int plain = roomFor(shared, own, SmsTemplate::plain);
        if (asItIs == 0 && plain == 0) {
            return new Rendered(whole, false);
        }
        // without accents a name is still read; in question marks only where nothing else fits
        boolean readable = own.values().stream().noneMatch(value -> plain(value).contains("?") && !value.contains("?"));
        boolean usePlain = asItIs == 0 || readable && plain > asItIs;
        return new Rendered(
                filled(shared, own, usePlain ? value -> cut(plain(value), plain) : value -> cut(value, asItIs)), true);
    }

    /** The most characters that own values may keep; 0 if not even {@link #LEAST_OWN} fit. */
    private int roomFor(Map<String, String> shared, Map<String, String> own, UnaryOperator<String> spelling) {
        int fitting = 0;
        int from = LEAST_OWN;
        int to = own.values().stream()
                .mapToInt(value -> spelling.apply(value).length())
                .reduce(LEAST_OWN, Math::max);
        while (from <= to) {
            int room = (from + to) >>> 1;
            if (fits(filled(shared, own, value -> cut(spelling.apply(value), room)))) {
                fitting = room;
                from = room + 1;
            } else {
                to = room - 1;
            }
        }
        return fitting;
    }

    private String filled(Map<String, String> shared, Map<String, String> own, UnaryOperator<String> shortened) {
        Map<String, String> values = new HashMap<>(shared);
        own.forEach((name, value) -> values.put(name, shortened.apply(value)));
        return template.render(values);
    }

    private static String cut(String value, int most) {
        if (value.length() <= most) {
            return value;
        }
        int end = most - CUT.length();
        return value.substring(0, Character.isHighSurrogate(value.charAt(end - 1)) ? end - 1 : end)
                        .stripTrailing()
                + CUT;
    }

    /** The nearest that GSM-7 holds, never blank: typographic signs become plain ones, letters lose accents it does not have. */
    private static String plain(String value) {
        StringBuilder plain = new StringBuilder(value.length());
        value.codePoints().forEach(point -> {
            char c = point <= Character.MAX_VALUE ? (char) point : '\uffff';
            if (septets(c) > 0) {
                plain.append(c);
            } else if (PLAIN.containsKey(c)) {
                plain.append(PLAIN.get(c));
            } else {
                String base = Normalizer.normalize(Character.toString(point), Normalizer.Form.NFKD)
                        .replaceAll("\\p{M}", "");
                boolean held = !base.isEmpty() && base.chars().allMatch(b -> septets((char) b) > 0);
                plain.append(held ? base : Character.getType(point) == Character.NON_SPACING_MARK ? "" : "?");
            }
        });
        return plain.toString().isBlank() ? "?" : plain.toString();
    }

    private static boolean fits(String text) {
        return segments(text) <= MOST_SEGMENTS;
    }

    /** How many segments a text takes; neither an escaped character nor a surrogate pair is cut in two. */
    public static int segments(String text) {
        boolean gsm = text.chars().allMatch(c -> septets((char) c) > 0);
        int total = gsm ? text.chars().map(c -> septets((char) c)).sum() : text.length();
        if (total <= (gsm ? 160 : 70)) {
            return 1;
        }
        int most = gsm ? 153 : 67;
        int segments = 1;
        int used = 0;
        for (int i = 0; i < text.length(); i++) {
            boolean pair =
                    !gsm && i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
            int units = gsm ? septets(text.charAt(i)) : pair ? 2 : 1;
            if (used + units > most) {
                segments++;
                used = 0;
            }
            used += units;
            i += pair ? 1 : 0;
        }
        return segments;
    }

    private static int septets(char c) {
        return BASIC.indexOf(c) >= 0 ? 1 : EXTENDED.indexOf(c) >= 0 ? 2 : 0;
    }
}
