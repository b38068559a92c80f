package io.tocsin.speech.internal;

import java.lang.Character.UnicodeScript;
import java.util.Optional;
import java.util.Set;

/** Which letters a language is written in: an engine spells out foreign ones as "Chinese letter", which nobody wants to hear. */
final class Script {

    private static final Set<String> LATIN = Set.of("fr", "en");

    private Script() {}

    /** @return the first word with a letter that the language does not know */
    static Optional<String> foreignWord(String text, String language) {
        if (!LATIN.contains(language)) {
            return Optional.empty();
        }
        for (String word : text.split("[^\\p{L}\\p{M}\\p{N}]+")) {
            if (word.codePoints().anyMatch(Script::foreign)) {
                return Optional.of(word.length() <= 40 ? word : word.substring(0, 40) + "…");
            }
        }
        return Optional.empty();
    }

    private static boolean foreign(int character) {
        UnicodeScript script = UnicodeScript.of(character);
        return Character.isLetter(character)
                && script != UnicodeScript.LATIN
                && script != UnicodeScript.COMMON
                && script != UnicodeScript.INHERITED;
    }
}
