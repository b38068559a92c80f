package io.tocsin.directory.internal.value;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Languages as ISO 639-1 codes, from a code, a tag with a region or the language's name in French or English. */
public final class LanguageTag {
    private static final Set<String> CODES = Set.of(Locale.getISOLanguages());
    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("francais", "fr"),
            Map.entry("french", "fr"),
            Map.entry("fra", "fr"),
            Map.entry("fre", "fr"),
            Map.entry("anglais", "en"),
            Map.entry("english", "en"),
            Map.entry("eng", "en"),
            Map.entry("allemand", "de"),
            Map.entry("german", "de"),
            Map.entry("deutsch", "de"),
            Map.entry("espagnol", "es"),
            Map.entry("spanish", "es"),
            Map.entry("espanol", "es"),
            Map.entry("italien", "it"),
            Map.entry("italian", "it"),
            Map.entry("portugais", "pt"),
            Map.entry("portuguese", "pt"),
            Map.entry("neerlandais", "nl"),
            Map.entry("dutch", "nl"),
            Map.entry("arabe", "ar"),
            Map.entry("arabic", "ar"),
            Map.entry("turc", "tr"),
            Map.entry("turkish", "tr"),
            Map.entry("ukrainien", "uk"),
            Map.entry("ukrainian", "uk"),
            Map.entry("russe", "ru"),
            Map.entry("russian", "ru"),
            Map.entry("chinois", "zh"),
            Map.entry("chinese", "zh"));

    private LanguageTag() {}

    /** @return the code, or empty if the text names no language */
    public static Optional<String> of(String text) {
        String key = CleanText.key(text);
        String named = NAMES.get(key);
        if (named != null) {
            return Optional.of(named);
        }
        String primary = key.indexOf(' ') > 0 ? key.substring(0, key.indexOf(' ')) : key;
        return primary.length() == 2 && CODES.contains(primary) ? Optional.of(primary) : Optional.empty();
    }
}
