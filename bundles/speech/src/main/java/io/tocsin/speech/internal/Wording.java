package io.tocsin.speech.internal;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is written short, in the words that are said: numbers to call, times, dates, units. An ordered list of rules for
 * each language; whatever no rule knows is left to the engine.
 */
final class Wording {

    private static final Map<String, Wording> KNOWN = Map.of("fr", FrenchWords.wording(), "en", EnglishWords.wording());
    private static final Wording NONE = new Wording(List.of());

    private static final Pattern SPACES = Pattern.compile("\\p{Zs}+");
    private static final Pattern CONTROLS = Pattern.compile("[\\p{Cc}&&[^\\n]]+");

    /** Soft hyphens, byte order marks, directions; not the joiner that makes one sign of two emoji. */
    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cf}&&[^\\u200D]]+");

    private final List<Rule> rules;

    /** @param said null: leave it as it is */
    record Rule(Pattern written, Function<MatchResult, String> said) {

        static Rule of(String written, Function<MatchResult, String> said) {
            return new Rule(Pattern.compile(written, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE), said);
        }

        static Rule of(String written, String said) {
            Pattern pattern = Pattern.compile(written, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
            return new Rule(pattern, match -> said);
        }

        String apply(String text) {
            return written.matcher(text).replaceAll(match -> {
                String words = said.apply(match);
                return Matcher.quoteReplacement(words == null ? match.group() : words);
            });
        }
    }

    Wording(List<Rule> rules) {
        this.rules = rules;
    }

    static Wording of(String language) {
        return KNOWN.getOrDefault(language, NONE);
    }

    String read(String text) {
        String said = UNSEEN.matcher(text.replace("\r\n", "\n")).replaceAll("");
        said = CONTROLS.matcher(said).replaceAll(" ");
        said = SPACES.matcher(said).replaceAll(" ");
        for (Rule rule : rules) {
            said = rule.apply(said);
        }
        return said.strip();
    }
}
