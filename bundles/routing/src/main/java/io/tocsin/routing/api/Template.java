package io.tocsin.routing.api;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text with {@code {{variable}}} places. A missing or blank variable is an error, never a blank: the launch checks
 * {@link #variables()} against every recipient first.
 */
public final class Template {
    private static final Pattern PLACE = Pattern.compile("\\{\\{\\s*([A-Za-z][A-Za-z0-9_.-]{0,63})\\s*}}");

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

    /** The variables named in the text. */
    public Set<String> variables() {
        return places.keySet();
    }

    /** The variables named in the text, and how often each. */
    public Map<String, Integer> places() {
        return places;
    }

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
