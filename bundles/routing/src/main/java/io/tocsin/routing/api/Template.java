package io.tocsin.routing.api;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text with {@code {{variable}}} places. A missing or blank variable is an error, never a blank: the launch checks
 * {@link #variables()} against every recipient first.
 */
public final class Template {
    /** Longer than a variable's name may be: of a recording there is what it is called and what it is. */
    private static final Pattern PLACE = Pattern.compile("\\{\\{\\s*([A-Za-z][A-Za-z0-9_.-]{0,159})\\s*}}");

    private final String source;
    private final Map<String, Integer> places;

    public Template(String source) {
        this.source = source;
        Map<String, Integer> found = new HashMap<>();
        for (Matcher m = PLACE.matcher(source); m.find(); ) {
            found.merge(m.group(1), 1, Integer::sum);
        }
        this.places = Map.copyOf(found);
    }

    /** The text as it is written. @since 1.6 */
    public String source() {
        return source;
    }

    /** The variables named in the text. */
    public Set<String> variables() {
        return places.keySet();
    }

    /** The variables named in the text, and how often each. */
    public Map<String, Integer> places() {
        return places;
    }

    /**
     * What the text is made of, in order.
     *
     * @since 1.6
     */
    public List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        int from = 0;
        for (Matcher m = PLACE.matcher(source); m.find(); from = m.end()) {
            if (m.start() > from) {
                parts.add(new Part(source.substring(from, m.start()), false));
            }
            parts.add(new Part(m.group(1), true));
        }
        if (from < source.length()) {
            parts.add(new Part(source.substring(from), false));
        }
        return parts;
    }

    /**
     * A stretch of text as it is written, or a place.
     *
     * @param text the text; of a place, the variable's name
     * @since 1.6
     */
    public record Part(String text, boolean place) {}

    /**
     * Fills the places in.
     *
     * @throws IllegalArgumentException naming the first variable that is missing or blank
     */
    public String render(Map<String, String> values) {
        return PLACE.matcher(source).replaceAll(place -> {
            String value = values.get(place.group(1));
            if (value == null || value.isBlank()) {
                throw new IllegalArgumentException("variable " + place.group(1) + " is missing");
            }
            return Matcher.quoteReplacement(value);
        });
    }

    /** As {@link #render}, with every value escaped for HTML text and attributes. */
    public String renderHtml(Map<String, String> values) {
        return PLACE.matcher(source).replaceAll(place -> {
            String value = values.get(place.group(1));
            if (value == null || value.isBlank()) {
                throw new IllegalArgumentException("variable " + place.group(1) + " is missing");
            }
            return Matcher.quoteReplacement(escape(value));
        });
    }

    private static String escape(String value) {
        return value.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
