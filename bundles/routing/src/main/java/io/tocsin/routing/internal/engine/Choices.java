package io.tocsin.routing.internal.engine;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the choice out of what a person wrote: a key or a meaning, whatever their case and accents. Never guesses. */
final class Choices {
    /** What an answer is when nothing was asked. */
    static final String REPLY = "reply";

    private static final Pattern MARKS = Pattern.compile("\\p{M}+");
    private static final Pattern NOT_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");

    private Choices() {}

    /** @return the choice's key; empty if the text names none, or could mean two */
    static Optional<String> read(Map<String, String> choices, String text) {
        if (choices.isEmpty()) {
            return Optional.of(REPLY);
        }
        String written = plain(firstLine(text));
        if (written.isEmpty()) {
            return Optional.empty();
        }
        String firstWord = written.split(" ", 2)[0];
        for (String key : choices.keySet()) {
            if (plain(key).equals(firstWord) || plain(key).equals(written)) {
                return Optional.of(key);
            }
        }
        for (Map.Entry<String, String> choice : choices.entrySet()) {
            if (plain(choice.getValue()).equals(written)) {
                return Optional.of(choice.getKey());
            }
        }
        return unambiguous(choices, written, firstWord);
    }

    /** A meaning that starts with the first word written, or that the text starts with — if only one does. */
    private static Optional<String> unambiguous(Map<String, String> choices, String written, String firstWord) {
        Optional<String> found = Optional.empty();
        for (Map.Entry<String, String> choice : choices.entrySet()) {
            String meaning = plain(choice.getValue());
            boolean matches = !meaning.isEmpty()
                    && (meaning.split(" ", 2)[0].equals(firstWord) || (written + ' ').startsWith(meaning + ' '));
            if (matches) {
                if (found.isPresent()) {
                    return Optional.empty();
                }
                found = Optional.of(choice.getKey());
            }
        }
        return found;
    }

    /** Mail replies quote what they answer: only the first line that says something counts. */
    private static String firstLine(String text) {
        return text.lines().filter(line -> !plain(line).isEmpty()).findFirst().orElse("");
    }

    private static String plain(String text) {
        String bare =
                MARKS.matcher(Normalizer.normalize(text, Normalizer.Form.NFD)).replaceAll("");
        return NOT_WORD.matcher(bare.toLowerCase(Locale.ROOT)).replaceAll(" ").strip();
    }
}
