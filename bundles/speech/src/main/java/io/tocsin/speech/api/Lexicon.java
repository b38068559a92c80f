package io.tocsin.speech.api;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * How a tenant's own words are said: "POI" is "P O I", "Loue" is "lou". A value; the same entries make equal lexicons.
 *
 * <p>Whole words only, the longest entry first where several begin ("Saint-Aurel-sur-Loue" before "Loue"), each place
 * replaced once: what an entry says is not looked up again. Spaces in a word match any white space.
 */
public final class Lexicon {

    private static final int MOST_ENTRIES = 5_000;
    private static final int LONGEST = 200;
    private static final Pattern WHITE = Pattern.compile("(?U)[\\s\\p{Cc}]+");

    private final List<Entry> entries;
    private final Map<String, Entry> byKey = new HashMap<>();
    private final int mostParts;

    /**
     * @param word as it is written; letters or digits at its ends. In capitals only ("POI") it is found in capitals only;
     *     otherwise in any case
     * @param spoken what to say instead: plain text of the language, not phonemes; may be empty (leave the word out)
     * @param language BCP 47 language subtag the entry is for; empty: every language
     */
    public record Entry(String word, String spoken, String language) {

        /** @throws IllegalArgumentException naming the word, the rule and the cure */
        public Entry {
            word = plain(word);
            spoken = plain(spoken);
            language = language.strip().toLowerCase(Locale.ROOT);
            if (word.isEmpty() || word.length() > LONGEST || spoken.length() > LONGEST) {
                throw new IllegalArgumentException("lexicon: “" + shortened(word) + "”: a word has 1 to " + LONGEST
                        + " characters and its pronunciation at most " + LONGEST + "; shorten it");
            }
            if (!Character.isLetterOrDigit(word.codePointAt(0))
                    || !Character.isLetterOrDigit(word.codePointBefore(word.length()))) {
                throw new IllegalArgumentException("lexicon: “" + shortened(word)
                        + "”: a word begins and ends with a letter or a digit; leave the other signs out");
            }
        }

        boolean exactCase() {
            return word.codePoints().anyMatch(Character::isUpperCase)
                    && word.codePoints().noneMatch(Character::isLowerCase);
        }

        private static String plain(String text) {
            return WHITE.matcher(Normalizer.normalize(text, Normalizer.Form.NFC))
                    .replaceAll(" ")
                    .strip();
        }

        private static String shortened(String word) {
            return word.length() <= 40 ? word : word.substring(0, 40) + "…";
        }
    }

    /** @throws IllegalArgumentException when a word stands there twice or there are too many; names it and the cure */
    public Lexicon(List<Entry> entries) {
        this.entries = List.copyOf(entries);
        if (entries.size() > MOST_ENTRIES) {
            throw new IllegalArgumentException(
                    "lexicon: " + entries.size() + " entries; at most " + MOST_ENTRIES + ": remove those not in use");
        }
        int parts = 0;
        for (Entry entry : this.entries) {
            if (byKey.putIfAbsent(key(entry.language(), entry.word(), entry.exactCase()), entry) != null) {
                throw new IllegalArgumentException("lexicon: “" + Entry.shortened(entry.word()) + "” stands there twice"
                        + (entry.language().isEmpty() ? "" : " for " + entry.language()) + "; keep one");
            }
            String word = entry.word();
            parts = Math.max(parts, (int) IntStream.rangeClosed(1, word.length())
                    .filter(at -> wordEnds(word, at))
                    .count());
        }
        mostParts = parts;
    }

    /** No words of one's own. */
    public static Lexicon none() {
        return new Lexicon(List.of());
    }

    public List<Entry> entries() {
        return entries;
    }

    /**
     * The text with each word as it is said. Never blocks; any thread.
     *
     * @param text in Unicode's composed form (NFC), as entries are
     * @param language BCP 47 language subtag
     */
    public String apply(String text, String language) {
        StringBuilder said = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            Place place = wordStarts(text, at) ? longest(text, at, language) : null;
            if (place != null) {
                said.append(place.entry().spoken());
                at = place.end();
            } else {
                said.appendCodePoint(text.codePointAt(at));
                at += Character.charCount(text.codePointAt(at));
            }
        }
        return said.toString();
    }

    private record Place(Entry entry, int end) {}

    private Place longest(String text, int start, String language) {
        Place longest = null;
        int ends = 0;
        for (int end = start + 1; end <= text.length() && ends < mostParts; end++) {
            if (wordEnds(text, end)) {
                ends++;
                Entry entry = entry(WHITE.matcher(text.substring(start, end)).replaceAll(" "), language);
                longest = entry == null ? longest : new Place(entry, end);
            }
        }
        return longest;
    }

    /** The language's own before every language's, exact case before any case. */
    private Entry entry(String word, String language) {
        for (String of : List.of(language, "")) {
            Entry entry = byKey.get(key(of, word, true));
            entry = entry != null ? entry : byKey.get(key(of, word, false));
            if (entry != null) {
                return entry;
            }
        }
        return null;
    }

    private static String key(String language, String word, boolean exactCase) {
        return language
                + (exactCase ? "=" + word : "~" + word.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT));
    }

    private static boolean wordStarts(String text, int at) {
        return inWord(text.codePointAt(at)) && (at == 0 || !inWord(text.codePointBefore(at)));
    }

    private static boolean wordEnds(String text, int at) {
        return inWord(text.codePointBefore(at)) && (at == text.length() || !inWord(text.codePointAt(at)));
    }

    private static boolean inWord(int character) {
        return Character.isLetterOrDigit(character) || Character.getType(character) == Character.NON_SPACING_MARK;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Lexicon lexicon && entries.equals(lexicon.entries);
    }

    @Override
    public int hashCode() {
        return entries.hashCode();
    }

    @Override
    public String toString() {
        return "Lexicon of " + entries.size() + " words";
    }
}
