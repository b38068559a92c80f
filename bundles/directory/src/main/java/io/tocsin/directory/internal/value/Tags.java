package io.tocsin.directory.internal.value;

import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Tags as stored: clean, lower case, sorted, so that "Quartier Nord" and "quartier nord" are one. */
public final class Tags {
    public static final int MAX_LENGTH = 64;
    public static final int MAX_TAGS = 50;
    private static final Pattern SEPARATORS = Pattern.compile("[,;|\\r\\n]+");

    private Tags() {}

    /** The tags of a cell: parted by comma, semicolon, bar or line break. */
    public static Set<String> ofCell(String cell) {
        return cell == null || cell.isBlank() ? Set.of() : of(java.util.List.of(SEPARATORS.split(cell)));
    }

    public static Set<String> of(Collection<String> written) {
        Set<String> tags = new TreeSet<>();
        for (String tag : written) {
            String clean = CleanText.of(tag).toLowerCase(Locale.ROOT);
            if (!clean.isEmpty()) {
                tags.add(clean);
            }
        }
        return tags;
    }
}
